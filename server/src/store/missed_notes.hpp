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
  void count(const audit::Record& note) { merge({note.kind, note.outcome}, {note.times, note.at}); }
  void add(const MissedNotes& others) {
    for (const auto& [what, entry] : others.entries_) merge(what, entry);
  }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// One record for each kind and outcome, reason `count:<n>`, dated as the last it stands for.
  [[nodiscard]] std::vector<audit::Record> records() const {
    std::vector<audit::Record> records;
    for (const auto& [what, entry] : entries_) {
      audit::Record record;
      record.kind = what.first;
      record.outcome = what.second;
      record.at = entry.last;
      record.reason = "count:" + std::to_string(entry.times);
      record.times = entry.times;
      records.push_back(std::move(record));
    }
    return records;
  }

 private:
  using What = std::pair<audit::Kind, audit::Outcome>;
  struct Entry {
    std::uint64_t times = 0;
    WallTime last;
  };
  void merge(const What& what, const Entry& more) {
    Entry& entry = entries_[what];
    entry.times += more.times;
    if (more.last > entry.last) entry.last = more.last;
  }
  std::map<What, Entry> entries_;
};

}  // namespace stillroom::store
