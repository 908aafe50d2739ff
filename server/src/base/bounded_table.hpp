// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <list>
#include <unordered_set>
#include <utility>

namespace stillroom {

/// Remembers what was used last, up to a capacity: the one that was idle longest goes, unless it
/// must stay.
template <class Key, class Value, class Hash = std::hash<Key>>
class BoundedTable {
 public:
  /// How many old entries that must stay are passed over before a newcomer is refused.
  static constexpr int kPassedOverMax = 8;

  explicit BoundedTable(std::size_t capacity, Hash hash = Hash())
      : capacity_(capacity), places_(0, ByKey{hash}, ByKey{hash}) {}

  /// The value of `key`, made when it is new; null when there is no room for it. `may_go(value)`
  /// says which may be forgotten for it. Valid until the next call.
  template <class MayGo>
  [[nodiscard]] Value* touch(const Key& key, const MayGo& may_go) {
    if (const auto found = places_.find(key); found != places_.end()) {
      entries_.splice(entries_.begin(), entries_, *found);
      return &(*found)->second;
    }
    if (entries_.size() >= capacity_ && !make_room(may_go)) return nullptr;
    entries_.emplace_front(key, Value());
    places_.insert(entries_.begin());
    return &entries_.front().second;
  }
  [[nodiscard]] Value* find(const Key& key) {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &(*found)->second;
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<std::pair<const Key, Value>>;
  using Place = typename Entries::iterator;

  /// A place is found by its entry's key, which is kept there only.
  struct ByKey {
    using is_transparent = void;
    std::size_t operator()(const Key& key) const { return hash(key); }
    std::size_t operator()(Place place) const { return hash(place->first); }
    bool operator()(const Key& key, Place place) const { return key == place->first; }
    bool operator()(Place place, const Key& key) const { return key == place->first; }
    bool operator()(Place a, Place b) const { return a->first == b->first; }
    Hash hash;
  };

  template <class MayGo>
  bool make_room(const MayGo& may_go) {
    for (int passed = 0; passed < kPassedOverMax; ++passed) {
      const auto oldest = std::prev(entries_.end());
      if (may_go(oldest->second)) {
        places_.erase(oldest);
        entries_.pop_back();
        return true;
      }
      entries_.splice(entries_.begin(), entries_, oldest);
    }
    return false;
  }

  std::size_t capacity_;
  Entries entries_;  ///< last used first
  std::unordered_set<Place, ByKey, ByKey> places_;
};

}  // namespace stillroom
