// SPDX-License-Identifier: Apache-2.0
#include "net/worker.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "net/connection.hpp"
#include "net/tls.hpp"

namespace stillroom::net {

struct Worker::Loop {
  explicit Loop(boost::asio::io_context& context, int epoll_fd)
      : set(context, epoll_fd), timer(context) {}
  boost::asio::posix::stream_descriptor set;
  boost::asio::steady_timer timer;
};

namespace {
int make_epoll() {
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
  return fd;
}
}  // namespace

Worker::Worker(std::uint32_t index, const Clock& clock)
    : index_(index),
      clock_(clock),
      context_(std::make_unique<boost::asio::io_context>(1)),
      epoll_fd_(make_epoll()),
      events_(kEventsPerRound),
      scratch_(std::make_unique<TlsScratch>()) {
  loop_ = std::make_unique<Loop>(*context_, epoll_fd_);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;  // the mailbox: the only entry without a Pollable
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, mailbox_.descriptor(), &event);
}

Worker::~Worker() = default;

void Worker::run() {
  tick();
  wait_for_events();
  context_->run();
  graveyard_.clear();
}

void Worker::stop() {
  context_->stop();
}

Result<void, QueueError> Worker::post(Task task) {
  return mailbox_.post(std::move(task));
}

void Worker::wait_for_events() {
  loop_->set.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [this](const boost::system::error_code& error) {
                          if (error) return;
                          serve_events();
                          serve_mailbox();
                          wait_for_events();
                        });
}

void Worker::serve_events() {
  const int count = ::epoll_wait(epoll_fd_, events_.data(), static_cast<int>(events_.size()), 0);
  round_size_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  in_event_ = true;
  for (std::size_t i = 0; i < round_size_; ++i) {
    if (events_[i].events == 0) continue;  // unwatched meanwhile
    if (events_[i].data.ptr == nullptr) {
      mail_waits_ = true;
      continue;
    }
    static_cast<Pollable*>(events_[i].data.ptr)->ready(events_[i].events);
    finish_event();
  }
  round_size_ = 0;
  in_event_ = false;
}

void Worker::serve_mailbox() {
  if (!mail_waits_) return;
  mail_waits_ = false;
  mailbox_.take(tasks_);
  in_event_ = true;
  for (Task& task : tasks_) {
    task();
    finish_event();
  }
  in_event_ = false;
  tasks_.clear();
}

void Worker::finish_event() {
  // Either may lead to more of both: until it is quiet.
  while (!after_event_.empty() || !dirty_.empty()) {
    std::vector<Task> tasks;
    tasks.swap(after_event_);
    for (Task& task : tasks) task();
    if (dirty_.empty()) continue;
    Connection* connection = dirty_.back();
    dirty_.pop_back();
    if (connection != nullptr) connection->flush();
  }
  // The dead may release others.
  while (!graveyard_.empty()) {
    dying_.swap(graveyard_);
    dying_.clear();
  }
}

void Worker::watch(int fd, Pollable& who, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &who;
  if (::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl add");
  }
}

void Worker::rewatch(int fd, Pollable& who, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &who;
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_MOD, fd, &event);
}

void Worker::unwatch(int fd, const Pollable& who) {
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
  for (std::size_t i = 0; i < round_size_; ++i) {
    if (events_[i].data.ptr == &who) events_[i].events = 0;
  }
}

// Handlers of Asio (timers, coroutines) are not followed by finish_event(): they ask for it.
void Worker::finish_soon() {
  if (in_event_ || finish_posted_) return;
  finish_posted_ = true;
  boost::asio::post(*context_, [this] {
    finish_posted_ = false;
    finish_event();
  });
}

void Worker::mark_dirty(Connection& connection) {
  dirty_.push_back(&connection);
  finish_soon();
}

void Worker::after_event(Task task) {
  after_event_.push_back(std::move(task));
  finish_soon();
}

void Worker::bury(std::shared_ptr<void> remains) {
  graveyard_.push_back(std::move(remains));
  finish_soon();
}

void Worker::forget_dirty(const Connection& connection) {
  for (Connection*& entry : dirty_) {
    if (entry == &connection) entry = nullptr;
  }
}

std::string Worker::take_buffer() {
  if (spare_buffers_.empty()) return {};
  std::string buffer = std::move(spare_buffers_.back());
  spare_buffers_.pop_back();
  return buffer;
}

void Worker::give_buffer(std::string buffer) {
  if (spare_buffers_.size() >= kSpareBuffersMax || buffer.capacity() > kSpareBufferBytesMax) return;
  buffer.clear();
  spare_buffers_.push_back(std::move(buffer));
}

void Worker::wake_at(MonoTime deadline) {
  if (!timer_at_ || deadline < *timer_at_) arm_timer(deadline);
}

void Worker::arm_timer(MonoTime deadline) {
  timer_at_ = deadline;
  loop_->timer.expires_at(deadline);
  loop_->timer.async_wait([this](const boost::system::error_code& error) {
    if (error) return;  // armed anew
    timer_at_.reset();
    tick();
  });
}

void Worker::tick() {
  if (!tick_) return;
  in_event_ = true;
  const std::optional<MonoTime> next = tick_(now());
  finish_event();
  in_event_ = false;
  if (next) wake_at(*next);
}

}  // namespace stillroom::net
