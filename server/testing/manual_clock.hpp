// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"

namespace stillroom::testing {

/// Time that a test turns by hand. Both clocks move together unless told otherwise.
class ManualClock final : public Clock {
 public:
  /// Begins at 2026-11-24T10:00:00Z, an instant with nothing special about it.
  explicit ManualClock(WallTime wall = WallTime(milliseconds(1'795'514'400'000)))
      : mono_(std::chrono::hours(1)), wall_(wall) {}

  [[nodiscard]] MonoTime mono_now() const override { return mono_; }
  [[nodiscard]] WallTime wall_now() const override { return wall_; }

  void advance(milliseconds by) {
    mono_ += by;
    wall_ += by;
  }
  /// The time of day jumps, as after a correction of the machine's clock; deadlines do not notice.
  void step_wall(milliseconds by) { wall_ += by; }

 private:
  MonoTime mono_;
  WallTime wall_;
};

}  // namespace stillroom::testing
