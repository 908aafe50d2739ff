// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "net/mailbox.hpp"

struct epoll_event;  // NOLINT(readability-identifier-naming): the kernel's name
namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Boost's name
}

namespace stillroom::net {

class Connection;
struct TlsScratch;

/// Woken when its descriptor is ready. Lives on one worker's thread.
class Pollable {
 public:
  virtual ~Pollable() = default;
  virtual void ready(std::uint32_t epoll_events) = 0;
};

/// One thread's loop: a level-triggered epoll set for client sockets, which is itself one
/// descriptor inside Asio's loop, where everything else runs. Descriptors are served before the
/// mailbox, so that what arrived on a socket first is seen first.
class Worker {
 public:
  /// Called when a deadline is due; says when the next one is.
  using Tick = std::function<std::optional<MonoTime>(MonoTime now)>;

  Worker(std::uint32_t index, const Clock& clock);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// The loop, on the calling thread, until stop().
  void run();
  /// From any thread.
  void stop();
  /// From any thread. Full: nothing is done.
  [[nodiscard]] Result<void, QueueError> post(Task task);
  /// From any thread: an effect of work that was accepted.
  void post_consequence(Task task) { mailbox_.post_consequence(std::move(task)); }

  // On the worker's own thread only:
  [[nodiscard]] std::uint32_t index() const { return index_; }
  [[nodiscard]] boost::asio::io_context& context() { return *context_; }
  [[nodiscard]] MonoTime now() const { return clock_.mono_now(); }
  [[nodiscard]] const Clock& clock() const { return clock_; }

  void watch(int fd, Pollable& who, std::uint32_t events);
  void rewatch(int fd, Pollable& who, std::uint32_t events);
  /// Also forgets events of this round that `who` has not seen yet.
  void unwatch(int fd, const Pollable& who);

  void on_tick(Tick tick) { tick_ = std::move(tick); }
  /// A deadline may now be earlier than the one the loop waits for.
  void wake_at(MonoTime deadline);

  /// The connection has corked output; it is flushed when the current event is done.
  void mark_dirty(Connection& connection);
  void forget_dirty(const Connection& connection);
  /// Runs when the current event is done, before what is corked leaves.
  void after_event(Task task);
  /// Dies when the current event is done, never inside its own callback.
  void bury(std::shared_ptr<void> remains);

  /// Buffers for output that wait for their next use, so that an idle connection holds none and a
  /// busy one allocates none.
  [[nodiscard]] std::string take_buffer();
  void give_buffer(std::string buffer);

  /// Room for one read and for TLS; shared by all connections of the thread.
  [[nodiscard]] TlsScratch& scratch() { return *scratch_; }

 private:
  static constexpr std::size_t kEventsPerRound = 256;
  static constexpr std::size_t kSpareBuffersMax = 64;
  static constexpr std::size_t kSpareBufferBytesMax = 65'536;  ///< a larger one is freed

  void wait_for_events();
  void serve_events();
  void serve_mailbox();
  void finish_event();
  void finish_soon();
  void tick();
  void arm_timer(MonoTime deadline);

  std::uint32_t index_;
  const Clock& clock_;
  struct Loop;
  std::unique_ptr<boost::asio::io_context> context_;
  std::unique_ptr<Loop> loop_;
  int epoll_fd_;
  Mailbox mailbox_;
  std::vector<epoll_event> events_;
  std::size_t round_size_ = 0;
  bool mail_waits_ = false;
  bool in_event_ = false;  ///< finish_event() is certain to follow
  bool finish_posted_ = false;
  std::vector<Task> tasks_;
  std::vector<Task> after_event_;
  std::vector<Connection*> dirty_;
  std::vector<std::shared_ptr<void>> graveyard_;
  std::vector<std::shared_ptr<void>> dying_;  ///< of graveyard_, kept to keep its memory
  std::vector<std::string> spare_buffers_;
  std::unique_ptr<TlsScratch> scratch_;
  Tick tick_;
  std::optional<MonoTime> timer_at_;
};

}  // namespace stillroom::net
