// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "base/bounded_queue.hpp"
#include "net/task.hpp"

namespace stillroom::net {

/// How threads talk to a worker: bounded, in order of arrival, woken through an eventfd.
class Mailbox {
 public:
  /// Beyond it a sender is refused and says so to whoever asked (a room's queue answers the
  /// caller, a moved connection is closed).
  static constexpr std::size_t kTasksMax = 65'536;

  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// From any thread.
  [[nodiscard]] Result<void, QueueError> post(Task task);
  /// On the worker's thread: everything that had arrived, oldest first.
  void take(std::vector<Task>& into);
  /// Readable while something waits.
  [[nodiscard]] int descriptor() const { return event_fd_; }

 private:
  std::mutex mutex_;
  std::vector<Task> waiting_;
  int event_fd_;
};

}  // namespace stillroom::net
