// SPDX-License-Identifier: Apache-2.0
#include "signalling/budget.hpp"

#include <algorithm>
#include <utility>

namespace stillroom::signalling {

EventKind kind_of(std::string_view event) {
  constexpr std::array<std::pair<std::string_view, EventKind>, 7> kKnown{{
      {"ice-candidate", EventKind::candidate},
      {"offer", EventKind::offer},
      {"answer", EventKind::answer},
      {"join-room", EventKind::join},
      {"start-call", EventKind::call},
      {"end-call", EventKind::call},
      {"leave-room", EventKind::leave},
  }};
  for (const auto& [name, kind] : kKnown) {
    if (name == event) return kind;
  }
  return EventKind::other;
}

bool Budget::take(EventKind kind, MonoTime now, const BudgetSettings& settings) {
  const auto at = static_cast<std::size_t>(kind);
  const Allowance& allowance = settings.of[at];
  if (allowance.per_minute == 0) return false;
  const auto refill = std::chrono::nanoseconds(minutes(1)) / allowance.per_minute;
  return buckets_[at].take(now, {std::max(allowance.burst, 1U), refill});
}

}  // namespace stillroom::signalling
