// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stillroom {

/// Time that only goes forward: lifetimes and deadlines. Arbitrary origin.
using MonoTime = std::chrono::steady_clock::time_point;
/// Time of day, UTC, in milliseconds: what people and records see.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// The only source of time. Rules get instants as arguments; whoever holds a `Clock` does I/O.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual MonoTime mono_now() const = 0;
  [[nodiscard]] virtual WallTime wall_now() const = 0;
};

/// The machine's clocks.
[[nodiscard]] const Clock& system_clock();

/// `2026-11-24T10:15:00.000Z` (RFC 3339, always UTC, always milliseconds).
[[nodiscard]] std::string to_rfc3339(WallTime time);

enum class TimeTextError { malformed };
/// RFC 3339 `date-time` with any offset; fractions beyond milliseconds are cut.
[[nodiscard]] Result<WallTime, TimeTextError> parse_rfc3339(std::string_view text);

}  // namespace stillroom
