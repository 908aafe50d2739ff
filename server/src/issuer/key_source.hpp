// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "issuer/fetch.hpp"
#include "issuer/schedule.hpp"
#include "telemetry/logger.hpp"

namespace stillroom::issuer {

/// Keeps an issuer's keys fresh, on a thread of its own. While the issuer is down the last keys
/// stay, until the stale limit; then there are none, and its tokens open nothing (fail closed).
class KeySource {
 public:
  /// The text of a key set to use from now on, or nothing: use none. The error says why the text is
  /// no key set; the old ones stay then. Called on the source's thread.
  using Use = std::function<Result<void, std::string>(std::optional<std::string_view> text)>;

  KeySource(Target target, Ages ages, const Clock& clock, telemetry::Logger& log, Use use);
  ~KeySource();
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;

  void start();
  /// Somebody named a key that is not there: ask soon. From any thread; cheap when repeated.
  void hurry();
  /// Returns when the thread has ended, after about a second at most.
  void stop();

 private:
  void run();
  void ask();
  void fail_with(Trouble trouble);
  void drop_old(MonoTime now);

  const Target target_;
  const Clock& clock_;
  telemetry::Logger& log_;
  Use use_;
  Schedule schedule_;  ///< of the thread
  std::mutex mutex_;   ///< for waiting only
  std::condition_variable changed_;
  std::atomic<bool> hurried_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace stillroom::issuer
