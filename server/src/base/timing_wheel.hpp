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
/// there is no cancelling: whoever is woken looks whether the deadline still stands (the key's owner
/// keeps the truth) and may set it anew. Resolution 1 ms, never early.
class TimingWheel {
 public:
  using Key = std::uint64_t;

  explicit TimingWheel(MonoTime start);

  void arm(Key key, MonoTime deadline);
  /// Keys whose deadline is not after `now`, appended to `due` in order of their instants (by ms).
  void advance(MonoTime now, std::vector<Key>& due);
  /// The earliest instant at which advance() could yield something; nothing when empty.
  [[nodiscard]] std::optional<MonoTime> next() const;
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Entry {
    Key key;
    std::uint64_t tick;
  };
  static constexpr std::size_t kSlots = 256;   ///< per level; three levels reach 4.6 hours
  static constexpr std::size_t kLevels = 3;
  [[nodiscard]] std::uint64_t tick_of(MonoTime time) const;
  void place(Entry entry);
  void cascade(std::size_t level);

  MonoTime start_;
  std::uint64_t tick_ = 0;
  std::size_t size_ = 0;
  std::array<std::array<std::vector<Entry>, kSlots>, kLevels> slots_;
  std::vector<Entry> far_;  ///< beyond the last level; looked at once per turn of it
};

}  // namespace stillroom
