// SPDX-License-Identifier: Apache-2.0
#include "base/timing_wheel.hpp"

#include <algorithm>
#include <bit>

namespace stillroom {
namespace {

/// The first set bit at or behind `from`; nothing when there is none.
template <std::size_t kWords>
std::optional<std::size_t> first_set(const std::array<std::uint64_t, kWords>& bits,
                                     std::size_t from) {
  for (std::size_t word = from / 64; word < kWords; ++word) {
    std::uint64_t masked = bits[word];
    if (word == from / 64) masked &= ~std::uint64_t{0} << from % 64;
    if (masked != 0) return word * 64 + static_cast<std::size_t>(std::countr_zero(masked));
  }
  return std::nullopt;
}

}  // namespace

TimingWheel::TimingWheel(MonoTime start) : start_(start) {}

/// Rounded up: a deadline inside a millisecond is due at the end of it, never early.
std::int64_t TimingWheel::tick_of(MonoTime time) const {
  return std::chrono::ceil<milliseconds>(time - start_).count();
}

void TimingWheel::arm(Key key, MonoTime deadline) {
  place({key, tick_of(deadline)});
  ++size_;
}

/// An entry lives on the level of the highest digit (base 256) in which its tick differs from now,
/// in the slot of its own digit there: all slots in use lie ahead of the current one.
void TimingWheel::place(Entry entry) {
  // What is overdue goes into the slot that is drained next.
  const std::uint64_t tick =
      std::max(static_cast<std::uint64_t>(std::max<std::int64_t>(entry.tick, 0)), tick_);
  const std::uint64_t differing = tick ^ tick_;
  for (std::size_t level = 0; level < kLevels; ++level) {
    if (differing >> (kSlotBits * (level + 1)) != 0) continue;
    const auto slot = static_cast<std::size_t>(tick >> (kSlotBits * level)) % kSlots;
    levels_[level].slots[slot].push_back(entry);
    levels_[level].occupied[slot / 64] |= std::uint64_t{1} << slot % 64;
    return;
  }
  far_.push_back(entry);
}

void TimingWheel::place_again(std::vector<Entry>& entries) {
  scratch_.swap(entries);
  for (const Entry& entry : scratch_) place(entry);
  scratch_.clear();
}

/// Called when `tick_` has arrived at the beginning of one or more slots above level 0: what waits
/// there moves down, from the top, so that a slot filled by a higher level is emptied in turn.
void TimingWheel::cascade() {
  const auto at_turn_of = [this](std::size_t digits) {
    return (tick_ & ((std::uint64_t{1} << (kSlotBits * digits)) - 1)) == 0;
  };
  if (at_turn_of(kLevels)) place_again(far_);
  for (std::size_t level = kLevels - 1; level > 0; --level) {
    if (!at_turn_of(level)) continue;
    const auto slot = static_cast<std::size_t>(tick_ >> (kSlotBits * level)) % kSlots;
    levels_[level].occupied[slot / 64] &= ~(std::uint64_t{1} << slot % 64);
    place_again(levels_[level].slots[slot]);
  }
}

void TimingWheel::drain(std::vector<Key>& due) {
  const auto slot = static_cast<std::size_t>(tick_) % kSlots;
  std::vector<Entry>& entries = levels_[0].slots[slot];
  if (entries.empty()) return;
  // Only overdue entries differ in their tick. Not stable_sort: libstdc++ 12's uses a function that
  // clang reports as deprecated; the order within one tick is not promised, only repeatable.
  const auto earlier = [](const Entry& a, const Entry& b) { return a.tick < b.tick; };
  if (!std::is_sorted(entries.begin(), entries.end(), earlier)) {
    std::sort(entries.begin(), entries.end(), earlier);
  }
  for (const Entry& entry : entries) due.push_back(entry.key);
  size_ -= entries.size();
  entries.clear();
  levels_[0].occupied[slot / 64] &= ~(std::uint64_t{1} << slot % 64);
}

/// The next tick, from the current one on, at which a slot is due or moves down.
std::optional<std::uint64_t> TimingWheel::next_tick() const {
  for (std::size_t level = 0; level < kLevels; ++level) {
    const std::uint64_t digit = tick_ >> (kSlotBits * level);
    const auto current = static_cast<std::size_t>(digit) % kSlots;
    if (const auto slot = first_set(levels_[level].occupied, current)) {
      return (digit - current + *slot) << (kSlotBits * level);
    }
  }
  if (far_.empty()) return std::nullopt;
  return ((tick_ >> (kSlotBits * kLevels)) + 1) << (kSlotBits * kLevels);
}

void TimingWheel::advance(MonoTime now, std::vector<Key>& due) {
  if (now < start_) return;
  const auto target =
      static_cast<std::uint64_t>(std::chrono::floor<milliseconds>(now - start_).count());
  while (true) {
    const std::optional<std::uint64_t> next = next_tick();
    if (!next || *next > target) break;
    if (*next != tick_) {
      tick_ = *next;
      cascade();
    }
    drain(due);
  }
  // Nothing begins between here and the target, so no slot is jumped over.
  tick_ = std::max(tick_, target);
}

std::optional<MonoTime> TimingWheel::next() const {
  const auto tick = next_tick();
  if (!tick) return std::nullopt;
  return start_ + milliseconds(*tick);
}

}  // namespace stillroom
