// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "signalling/ports.hpp"

namespace stillroom::testing {

/// `signalling::Passwords` that costs nothing: the hash of `x` is `plain x`. Answers through a
/// queue, as the real one does.
class PlainPasswords final : public signalling::Passwords {
 public:
  explicit PlainPasswords(std::function<void(std::function<void()>)> post)
      : post_(std::move(post)) {}

  void hash(const SecretText& password, Answered<std::string> answer) override {
    hashed += 1;
    post_([answer = std::move(answer), busy = busy, text = "plain " + given(password)] {
      if (busy) return answer(fail(signalling::PasswordsBusy()));
      answer(text);
    });
  }
  void verify(const SecretText& password, const std::optional<std::string>& hash, Place place,
              Answered<bool> answer) override {
    verified += 1;
    post_([answer = std::move(answer), busy = busy || (place == Place::open && full),
           fits = hash == "plain " + given(password)] {
      if (busy) return answer(fail(signalling::PasswordsBusy()));
      answer(fits);
    });
  }

  int hashed = 0;
  int verified = 0;
  bool busy = false;
  bool full = false;  ///< of strangers: only the kept places are free

 private:
  static std::string given(const SecretText& password) { return std::string(password.reveal()); }
  std::function<void(std::function<void()>)> post_;
};

}  // namespace stillroom::testing
