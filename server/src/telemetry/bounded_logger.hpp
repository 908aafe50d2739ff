// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>

#include "base/clock.hpp"
#include "telemetry/logger.hpp"

namespace stillroom::telemetry {

/// Stands before another logger and lets each kind of event through at most `per_second` times in a
/// second; the rest is counted and told as `events_suppressed` when that kind comes again in a
/// later second, or by flush(). A flood can so neither fill a disk nor vanish. Errors always pass.
/// `next` and `clock` must outlive it. For any thread.
class BoundedLogger final : public Logger {
 public:
  static constexpr std::uint32_t kPerSecondDefault = 20;
  static constexpr std::size_t kKindsMax = 512;  ///< beyond it kinds share one budget

  BoundedLogger(Logger& next, const Clock& clock, std::uint32_t per_second = kPerSecondDefault)
      : next_(next), clock_(clock), per_second_(per_second) {}

  void write(Severity severity, Literal event, std::span<const Field> fields) override;
  /// Tells what was suppressed in seconds that are over: call it now and then, and at the end.
  void flush();

 private:
  struct Budget {
    Literal event;
    std::int64_t second = 0;
    std::uint32_t passed = 0;
    std::uint64_t suppressed = 0;
  };
  [[nodiscard]] std::int64_t second_now() const;
  /// What was suppressed before, or nothing to tell; `pass` says whether this one may go on.
  struct Verdict {
    std::uint64_t suppressed_before;
    bool pass;
  };
  [[nodiscard]] Verdict charge(Literal event);
  void tell(Literal event, std::uint64_t suppressed);

  Logger& next_;
  const Clock& clock_;
  std::uint32_t per_second_;
  std::mutex mutex_;  ///< guards budgets_; never held while writing
  std::map<std::string_view, Budget> budgets_;
};

}  // namespace stillroom::telemetry
