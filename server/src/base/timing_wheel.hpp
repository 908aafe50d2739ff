// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"

namespace stillroom {

/// Deadlines of one worker, in buckets instead of a timer each. A deadline is a key and an instant;
/// there is no cancelling: whoever is woken looks whether the deadline still stands (the key's
/// owner keeps the truth) and may set it anew. Resolution 1 ms, never early.
class TimingWheel {
 public:
  using Key = std::uint64_t;

  explicit TimingWheel(MonoTime start);

  void arm(Key key, MonoTime deadline);
  /// Keys whose deadline is not after `now`, appended to `due` in order of their instants (by ms).
  void advance(MonoTime now, std::vector<Key>& due);
  /// When to call advance() next: never after the first deadline; before it (at most once for each
  /// level) when far deadlines have to be sorted again. Nothing when empty.
  [[nodiscard]] std::optional<MonoTime> next() const;
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Entry {
    Key key;
    std::int64_t tick;  ///< below zero: due before the wheel began
  };
  static constexpr std::size_t kSlotBits = 8;
  static constexpr std::size_t kSlots = 1U << kSlotBits;  ///< per level
  static constexpr std::size_t kLevels = 3;               ///< three levels reach 4.6 hours
  struct Level {
    std::array<std::vector<Entry>, kSlots> slots;
    std::array<std::uint64_t, kSlots / 64> occupied{};  ///< a bit for each slot
  };
  [[nodiscard]] std::int64_t tick_of(MonoTime time) const;
  [[nodiscard]] std::optional<std::uint64_t> next_tick() const;
  void place(Entry entry);
  void place_again(std::vector<Entry>& entries);
  void cascade();
  void drain(std::vector<Key>& due);

  MonoTime start_;
  std::uint64_t tick_ = 0;  ///< everything before it has been yielded
  std::size_t size_ = 0;
  std::array<Level, kLevels> levels_;
  std::vector<Entry> far_;      ///< beyond the last level; looked at once per turn of it
  std::vector<Entry> scratch_;  ///< what a cascade moves, kept to keep its memory
};

}  // namespace stillroom
