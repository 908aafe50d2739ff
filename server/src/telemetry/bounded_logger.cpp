// SPDX-License-Identifier: Apache-2.0
#include "telemetry/bounded_logger.hpp"

#include <utility>
#include <vector>

namespace stillroom::telemetry {
namespace {

constexpr Literal kOtherKinds = "other_events";

}  // namespace

std::int64_t BoundedLogger::second_now() const {
  return std::chrono::floor<seconds>(clock_.mono_now().time_since_epoch()).count();
}

BoundedLogger::Verdict BoundedLogger::charge(Literal event) {
  const std::int64_t now = second_now();
  const std::lock_guard lock(mutex_);
  auto place = budgets_.find(event.text());
  if (place == budgets_.end()) {
    const Literal kind = budgets_.size() < kKindsMax ? event : kOtherKinds;
    place = budgets_.try_emplace(kind.text(), Budget{kind, now}).first;
  }
  Budget& budget = place->second;
  std::uint64_t before = 0;
  if (budget.second != now) {
    before = std::exchange(budget.suppressed, 0);
    budget.second = now;
    budget.passed = 0;
  }
  const bool pass = budget.passed < per_second_;
  if (pass) {
    ++budget.passed;
  } else {
    ++budget.suppressed;
  }
  return {before, pass};
}

void BoundedLogger::tell(Literal event, std::uint64_t suppressed) {
  next_.warning("events_suppressed", {{"kind", event}, {"count", suppressed}});
}

void BoundedLogger::write(Severity severity, Literal event, std::span<const Field> fields) {
  if (severity == Severity::error) {
    next_.write(severity, event, fields);
    return;
  }
  const Verdict verdict = charge(event);
  if (verdict.suppressed_before > 0) tell(event, verdict.suppressed_before);
  if (verdict.pass) next_.write(severity, event, fields);
}

void BoundedLogger::flush() {
  const std::int64_t now = second_now();
  std::vector<std::pair<Literal, std::uint64_t>> untold;
  {
    const std::lock_guard lock(mutex_);
    for (auto& [name, budget] : budgets_) {
      if (budget.second == now || budget.suppressed == 0) continue;
      untold.emplace_back(budget.event, std::exchange(budget.suppressed, 0));
    }
  }
  for (const auto& [event, suppressed] : untold) tell(event, suppressed);
}

}  // namespace stillroom::telemetry
