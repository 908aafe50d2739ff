// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/result.hpp"
#include "signalling/ports.hpp"
#include "store/poster.hpp"

namespace stillroom::store {

/// Stands in for a worker's loop where there is none, as in the command line: ask, and wait for the
/// reply. Tasks run on the thread that waits.
class ReplyLoop {
 public:
  /// Give it to `SqliteStore::for_worker`. May outlive the loop.
  [[nodiscard]] Poster poster() {
    return [tasks = tasks_](std::function<void()> task) { tasks->post(std::move(task)); };
  }

  /// `auto user = loop.wait<std::optional<User>>([&](auto reply) { port->find_user(id, reply); });`
  template <class T>
  [[nodiscard]] Result<T, signalling::StoreError> wait(
      const std::function<void(signalling::Reply<T>)>& ask) {
    std::optional<Result<T, signalling::StoreError>> answer;
    ask([&answer](Result<T, signalling::StoreError> reply) { answer = std::move(reply); });
    while (!answer) run_one();
    return std::move(*answer);
  }

  /// Waits for a task and runs it.
  void run_one() { tasks_->take()(); }

 private:
  class Tasks {
   public:
    void post(std::function<void()> task) {
      const std::lock_guard guard(mutex_);
      waiting_.push_back(std::move(task));
      some_.notify_one();
    }
    std::function<void()> take() {
      std::unique_lock lock(mutex_);
      some_.wait(lock, [this] { return !waiting_.empty(); });
      std::function<void()> task = std::move(waiting_.front());
      waiting_.pop_front();
      return task;
    }

   private:
    std::mutex mutex_;
    std::condition_variable some_;
    std::deque<std::function<void()>> waiting_;  // bounded by the operations that were asked
  };
  // Shared with the posters, which the store may call until it has stopped.
  std::shared_ptr<Tasks> tasks_ = std::make_shared<Tasks>();
};

}  // namespace stillroom::store
