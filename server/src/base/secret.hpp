// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace stillroom {

/// Overwrites memory in a way the compiler may not remove.
inline void wipe(void* data, std::size_t bytes) {
  auto* at = static_cast<volatile unsigned char*>(data);
  while (bytes-- > 0) *at++ = 0;
}

/// Holds a secret: does not copy, does not print, is wiped when it goes. `reveal()` is the one way
/// to the value, so that every use can be found.
template <class T>
class Secret;

template <>
class Secret<std::string> {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : value_(other.value_) { other.clear(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      clear();
      value_ = other.value_;
      other.clear();
    }
    return *this;
  }
  ~Secret() { clear(); }

  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }
  /// A copy is asked for in words, where two owners really are needed.
  [[nodiscard]] Secret duplicate() const { return Secret(std::string(value_)); }

 private:
  void clear() {
    wipe(value_.data(), value_.size());
    value_.clear();
  }
  std::string value_;
};

using SecretText = Secret<std::string>;

}  // namespace stillroom
