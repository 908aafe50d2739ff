// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace stillroom::gateway {

/// Names a thing in `Slots` for as long as it lives there; never another thing later.
struct SlotId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< 0 names nothing

  friend bool operator==(const SlotId&, const SlotId&) = default;
};

/// Owns things by number. Asking for one that is gone gives null, which is how late answers,
/// deadlines and messages from other threads find out.
template <class T>
class Slots {
 public:
  /// The id is known before the thing is made, so that it can be told who it is.
  [[nodiscard]] SlotId reserve() {
    if (free_.empty()) {
      entries_.emplace_back();
      free_.push_back(static_cast<std::uint32_t>(entries_.size() - 1));
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return {slot, entries_[slot].generation};
  }
  void fill(SlotId id, std::shared_ptr<T> thing) {
    entries_[id.slot].thing = std::move(thing);
    ++size_;
  }
  [[nodiscard]] T* find(SlotId id) const {
    if (id.slot >= entries_.size() || entries_[id.slot].generation != id.generation) return nullptr;
    return entries_[id.slot].thing.get();
  }
  /// Whatever lives in that slot now, or null.
  [[nodiscard]] T* at(std::uint32_t slot) const {
    return slot < entries_.size() ? entries_[slot].thing.get() : nullptr;
  }
  /// Takes it out; the id names nothing from now on.
  [[nodiscard]] std::shared_ptr<T> remove(SlotId id) {
    if (find(id) == nullptr) return nullptr;
    Entry& entry = entries_[id.slot];
    if (++entry.generation == 0) entry.generation = 1;
    free_.push_back(id.slot);
    --size_;
    return std::exchange(entry.thing, nullptr);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Every id that names something now; stays valid while things come and go.
  [[nodiscard]] std::vector<SlotId> ids() const {
    std::vector<SlotId> all;
    for (std::uint32_t slot = 0; slot < entries_.size(); ++slot) {
      if (entries_[slot].thing) all.push_back({slot, entries_[slot].generation});
    }
    return all;
  }

 private:
  struct Entry {
    std::shared_ptr<T> thing;  ///< shared only with the worker's graveyard
    std::uint32_t generation = 1;
  };
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace stillroom::gateway
