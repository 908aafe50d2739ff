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
  /// Beyond it a sender of new work is refused and says so to whoever asked (the caller of a
  /// command gets its failure text, a moved connection is closed).
  static constexpr std::size_t kTasksMax = 65'536;
  /// What follows from work already accepted has room beyond that: it may not be lost, and there
  /// is only so much of it for each task. More is a broken invariant.
  static constexpr std::size_t kConsequencesMax = 16 * kTasksMax;

  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// From any thread.
  [[nodiscard]] Result<void, QueueError> post(Task task);
  /// From any thread: an effect of accepted work.
  void post_consequence(Task task);
  /// On the worker's thread: everything that had arrived, oldest first.
  void take(std::vector<Task>& into);
  /// Readable while something waits.
  [[nodiscard]] int descriptor() const { return event_fd_; }

 private:
  [[nodiscard]] Result<void, QueueError> put(Task task, std::size_t bound);

  std::mutex mutex_;
  std::vector<Task> waiting_;
  int event_fd_;
};

}  // namespace stillroom::net
