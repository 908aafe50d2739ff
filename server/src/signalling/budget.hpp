// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"

namespace stillroom::signalling {

/// Kinds of client events that are counted apart (contract §4).
enum class EventKind : std::uint8_t { join, offer, answer, candidate, call, leave, other };
inline constexpr std::size_t kEventKinds = 7;

[[nodiscard]] EventKind kind_of(std::string_view event);

struct Allowance {
  std::uint32_t burst = 0;       ///< at once
  std::uint32_t per_minute = 0;  ///< and again over time
};

struct BudgetSettings {
  std::array<Allowance, kEventKinds> of{{
      {10, 30},     // join
      {40, 120},    // offer
      {40, 120},    // answer
      {300, 1200},  // candidate
      {10, 30},     // call
      {10, 30},     // leave
      {20, 60},     // other, unknown names included
  }};
};

/// What one connection may still say; lives with the connection, on its worker.
class Budget {
 public:
  /// False: over the limit, answer `Rate limit exceeded` and do nothing.
  [[nodiscard]] bool take(EventKind kind, MonoTime now, const BudgetSettings& settings);

 private:
  std::array<TokenBucket, kEventKinds> buckets_{};
};

}  // namespace stillroom::signalling
