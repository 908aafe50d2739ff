// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "audit/record.hpp"

namespace stillroom::store {

/// Notes that wait in front of the database; one more is only counted.
inline constexpr std::size_t kNotesWaitingMax = 4096;
/// Counts are written once at most this many notes wait: there is room, and they stay near the end.
inline constexpr std::size_t kNotesWaitingRoomy = kNotesWaitingMax / 2;

/// Counts the notes that did not fit, by kind and outcome, so that a flood can hide what each of
/// them said but never that they were there.
class MissedNotes {
 public:
  void count(const audit::Record& note) {
    Entry& entry = entries_[{note.kind, note.outcome}];
    entry.times += 1;
    entry.last = note.at;
  }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// One record for each kind and outcome, reason `count:<n>`, dated as its last; then empty.
  [[nodiscard]] std::vector<audit::Record> take() {
    std::vector<audit::Record> records;
    for (const auto& [what, entry] : entries_) {
      audit::Record record;
      record.kind = what.first;
      record.outcome = what.second;
      record.at = entry.last;
      record.reason = "count:" + std::to_string(entry.times);
      records.push_back(std::move(record));
    }
    entries_.clear();
    return records;
  }

 private:
  struct Entry {
    std::uint64_t times = 0;
    WallTime last;
  };
  std::map<std::pair<audit::Kind, audit::Outcome>, Entry> entries_;
};

}  // namespace stillroom::store
