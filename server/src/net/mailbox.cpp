// SPDX-License-Identifier: Apache-2.0
#include "net/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <system_error>

namespace stillroom::net {

Mailbox::Mailbox() : event_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Mailbox::~Mailbox() {
  ::close(event_fd_);
}

Result<void, QueueError> Mailbox::post(Task task) {
  return put(std::move(task), kTasksMax);
}

void Mailbox::post_consequence(Task task) {
  if (!put(std::move(task), kConsequencesMax)) std::abort();
}

Result<void, QueueError> Mailbox::put(Task task, std::size_t bound) {
  bool was_empty = false;
  {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= bound) return fail(QueueError::full);
    was_empty = waiting_.empty();
    waiting_.push_back(std::move(task));
  }
  if (was_empty) {
    const std::uint64_t one = 1;
    // The counter cannot overflow: it is written once per emptying.
    [[maybe_unused]] const auto written = ::write(event_fd_, &one, sizeof one);
  }
  return {};
}

void Mailbox::take(std::vector<Task>& into) {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(event_fd_, &count, sizeof count);
  const std::scoped_lock lock(mutex_);
  into.swap(waiting_);
}

}  // namespace stillroom::net
