// SPDX-License-Identifier: Apache-2.0
#include "issuer/schedule.hpp"

#include <algorithm>

namespace stillroom::issuer {

MonoTime Schedule::next_question(bool hurried) const {
  if (!asked_at_) return MonoTime::min();
  const MonoTime earliest = *asked_at_ + ages_.min_age;
  if (hurried || !fresh_ || !answered_at_) return earliest;
  return std::max(earliest, *answered_at_ + age_);
}

std::optional<MonoTime> Schedule::end_of_keys() const {
  if (!answered_at_) return std::nullopt;
  return *answered_at_ + ages_.stale_limit;
}

void Schedule::asked(MonoTime now) {
  asked_at_ = now;
}

void Schedule::answered(MonoTime now, std::optional<milliseconds> said_age) {
  answered_at_ = now;
  age_ = std::clamp(said_age.value_or(ages_.max_age), ages_.min_age, ages_.max_age);
  fresh_ = true;
}

}  // namespace stillroom::issuer
