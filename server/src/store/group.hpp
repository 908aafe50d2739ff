// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "audit/record.hpp"
#include "base/result.hpp"
#include "store/database.hpp"
#include "store/missed_notes.hpp"
#include "store/operation.hpp"
#include "store/tables.hpp"

namespace stillroom::store {

/// Operations that share one transaction and one flush. A conflict undoes its own commit only; any
/// other fault undoes the group. No reply is given before `finish`.
class Group {
 public:
  Group(Database& database, Tables& tables) : database_(database), tables_(tables) {}
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  /// After a fault these only collect: everything in the group shares its fate.
  void add(Asked asked);
  void add(audit::Record note);
  void add(const MissedNotes& missed);

  /// COMMIT, or ROLLBACK after a fault. Operations then hold their final results.
  [[nodiscard]] Result<void, Fault> finish();
  [[nodiscard]] std::vector<Asked> take_answered() { return std::move(answered_); }
  /// Notes that were lost with an undone group.
  [[nodiscard]] const MissedNotes& lost() const { return lost_; }
  /// What SQLite said, when `finish` failed.
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  [[nodiscard]] Result<void, Fault> run(Operation& operation);
  [[nodiscard]] Result<void, Fault> run_alone(Operation& operation);
  [[nodiscard]] Result<void, Fault> append(const audit::Record& record);
  [[nodiscard]] Result<void, Fault> begin();
  void fault(Fault fault);
  void undo();

  Database& database_;
  Tables& tables_;
  std::vector<Asked> answered_;
  MissedNotes lost_;  ///< every note of the group, until it has finished well
  std::optional<Fault> fault_;
  std::string reason_;
  bool begun_ = false;
};

}  // namespace stillroom::store
