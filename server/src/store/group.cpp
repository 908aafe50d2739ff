// SPDX-License-Identifier: Apache-2.0
#include "store/group.hpp"

namespace stillroom::store {

void Group::add(Asked asked) {
  if (!fault_) {
    if (const auto done = run(*asked.operation); !done) {
      if (done.error() == Fault::conflict) {
        asked.operation->refuse(signalling::StoreError::conflict);
      } else {
        fault(done.error());
      }
    }
  }
  answered_.push_back(std::move(asked));
}

void Group::add(audit::Record note) {
  lost_.count(note);
  if (fault_) return;
  if (const auto done = append(note); !done) fault(done.error());
}

void Group::add(const MissedNotes& missed) {
  lost_.add(missed);
  for (const audit::Record& record : missed.records()) {
    if (fault_) return;
    if (const auto done = append(record); !done) fault(done.error());
  }
}

Result<void, Fault> Group::run(Operation& operation) {
  if (operation.effect() == Effect::reads) return operation.run(tables_);
  if (auto begun = begin(); !begun) return begun;
  return run_alone(operation);
}

/// A savepoint around each commit: its conflict takes nobody else's work with it.
Result<void, Fault> Group::run_alone(Operation& operation) {
  if (auto saved = database_.run("SAVEPOINT one"); !saved) return saved;
  auto done = operation.run(tables_);
  if (!done && done.error() != Fault::conflict) return done;
  if (!done) {
    if (auto undone = database_.run("ROLLBACK TO one"); !undone) return fail(Fault::fatal);
  }
  if (auto released = database_.run("RELEASE one"); !released) return fail(Fault::fatal);
  return done;
}

Result<void, Fault> Group::append(const audit::Record& record) {
  if (auto begun = begin(); !begun) return begun;
  return tables_.append(record);
}

Result<void, Fault> Group::begin() {
  if (begun_) return {};
  // IMMEDIATE: the write lock now, so that no statement in the middle finds it taken.
  auto done = database_.run("BEGIN IMMEDIATE");
  if (done) begun_ = true;
  return done;
}

void Group::fault(Fault fault) {
  reason_ = database_.reason();
  fault_ = fault;
  undo();
}

void Group::undo() {
  // SQLite has already rolled back by itself after some of its errors. After a fatal one the handle
  // is not touched again.
  if (fault_ != Fault::fatal && database_.in_transaction() && !database_.run("ROLLBACK")) {
    fault_ = Fault::fatal;
  }
}

Result<void, Fault> Group::finish() {
  if (!fault_ && begun_) {
    if (const auto done = database_.run("COMMIT"); !done) {
      fault(done.error() == Fault::transient ? Fault::transient : Fault::fatal);
    }
  }
  if (!fault_) {
    lost_ = {};
    return {};
  }
  for (Asked& asked : answered_) asked.operation->refuse(signalling::StoreError::unavailable);
  return fail(*fault_);
}

}  // namespace stillroom::store
