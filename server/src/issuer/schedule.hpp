// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/clock.hpp"

namespace stillroom::issuer {

struct Ages {
  milliseconds min_age{};      ///< between two questions, whatever happens
  milliseconds max_age{};      ///< until the issuer is asked again, unless it said less
  milliseconds stale_limit{};  ///< from the last good answer until its keys are dropped
};

/// When to ask, and until when the last answer counts. No thread, no clock: instants come in.
class Schedule {
 public:
  explicit Schedule(Ages ages) : ages_(ages) {}

  /// At once when nobody has asked yet. `hurried`: somebody named a key that is not in the answer.
  [[nodiscard]] MonoTime next_question(bool hurried) const;
  /// When the keys in use have to go; nothing when none are in use.
  [[nodiscard]] std::optional<MonoTime> end_of_keys() const;

  void asked(MonoTime now);
  /// The question of `asked` was answered well. `said_age` is the issuer's own word (RFC 9111
  /// §5.2.2.1), taken between min_age and max_age.
  void answered(MonoTime now, std::optional<milliseconds> said_age);
  /// It was not: the next one follows after min_age.
  void failed() { fresh_ = false; }
  void dropped() { answered_at_.reset(); }

 private:
  Ages ages_;
  std::optional<MonoTime> asked_at_;
  std::optional<MonoTime> answered_at_;
  milliseconds age_{};
  bool fresh_ = false;
};

}  // namespace stillroom::issuer
