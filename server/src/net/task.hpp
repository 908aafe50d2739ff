// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace stillroom::net {

/// Work for another thread, done once. Moves only, so that it can carry a connection.
class Task {
 public:
  Task() = default;
  template <std::invocable F>
    requires(!std::same_as<std::decay_t<F>, Task>)
  explicit Task(F work) : work_(std::make_unique<Work<F>>(std::move(work))) {}

  void operator()() { work_->run(); }
  explicit operator bool() const { return work_ != nullptr; }

 private:
  struct Any {
    virtual ~Any() = default;
    virtual void run() = 0;
  };
  template <class F>
  struct Work final : Any {
    explicit Work(F f) : function(std::move(f)) {}
    void run() override { function(); }
    F function;
  };
  std::unique_ptr<Any> work_;
};

}  // namespace stillroom::net
