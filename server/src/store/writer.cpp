// SPDX-License-Identifier: Apache-2.0
#include "store/writer.hpp"

#include <utility>
#include <vector>

#include "store/group.hpp"

namespace stillroom::store {
namespace {

void refuse(Asked asked) {
  asked.operation->refuse(signalling::StoreError::unavailable);
  std::vector<Asked> one;
  one.push_back(std::move(asked));
  post_replies(std::move(one));
}

}  // namespace

Writer::Writer(std::unique_ptr<Database> database, Tables tables, const Clock& clock,
               OnFatal on_fatal, OnWork on_work)
    : database_(std::move(database)),
      tables_(std::move(tables)),
      clock_(clock),
      on_fatal_(std::move(on_fatal)),
      on_work_(std::move(on_work)) {}

Writer::~Writer() {
  stop();
}

void Writer::ask(Asked asked) {
  if (!queue(asked)) return refuse(std::move(asked));
  on_work_();
}

bool Writer::queue(Asked& asked) {
  const std::lock_guard guard(mutex_);
  if (state_ != State::running) return false;
  if (waiting_.size() - notes_waiting_ >= kOperationsWaitingMax) return false;
  waiting_.emplace_back(std::move(asked));
  return true;
}

void Writer::note(audit::Record record) {
  {
    const std::lock_guard guard(mutex_);
    if (state_ != State::running) return;
    if (notes_waiting_ >= kNotesWaitingMax) {
      missed_.count(record);
      return;
    }
    notes_waiting_ += 1;
    waiting_.emplace_back(std::move(record));
  }
  on_work_();
}

bool Writer::work() {
  if (!anything_waits()) return false;
  Group group(*database_, *tables_);
  fill(group);
  const auto finished = group.finish();
  settle(group, finished ? std::nullopt : std::optional(finished.error()));
  if (!finished && finished.error() == Fault::fatal) return false;
  keep_log_short();
  return true;
}

bool Writer::anything_waits() {
  const std::lock_guard guard(mutex_);
  return state_ != State::broken && !waiting_.empty();
}

void Writer::stop() {
  if (!database_) return;
  {
    const std::lock_guard guard(mutex_);
    if (state_ == State::running) state_ = State::stopping;
  }
  while (work()) {
  }
  write_last_counts();
  tables_.reset();
  database_.reset();
}

/// The end is the last chance for notes that were only counted.
void Writer::write_last_counts() {
  MissedNotes missed;
  {
    const std::lock_guard guard(mutex_);
    if (state_ == State::broken) return;
    missed = std::exchange(missed_, {});
  }
  if (missed.empty()) return;
  Group group(*database_, *tables_);
  group.add(missed);
  static_cast<void>(group.finish());
}

void Writer::fill(Group& group) {
  const MonoTime end = clock_.mono_now() + kGroupTimeMax;
  for (std::size_t done = 0; done < kGroupOperationsMax; ++done) {
    MissedNotes missed;
    std::optional<Item> item = take(missed);
    if (!item) return;
    std::visit([&group](auto& one) { group.add(std::move(one)); }, *item);
    if (!missed.empty()) group.add(missed);
    if (clock_.mono_now() >= end) return;
  }
}

std::optional<Writer::Item> Writer::take(MissedNotes& missed) {
  const std::lock_guard guard(mutex_);
  if (waiting_.empty()) return std::nullopt;
  std::optional<Item> item(std::move(waiting_.front()));
  waiting_.pop_front();
  if (std::holds_alternative<audit::Record>(*item)) notes_waiting_ -= 1;
  if (notes_waiting_ <= kNotesWaitingRoomy) missed = std::exchange(missed_, {});
  return item;
}

void Writer::settle(Group& group, std::optional<Fault> fault) {
  std::vector<Asked> answered = group.take_answered();
  if (fault == Fault::fatal) {
    // Closed to new operations before anybody hears of it, so that nobody asks a dead store.
    {
      const std::lock_guard guard(mutex_);
      state_ = State::broken;
    }
    post_replies(std::move(answered));
    break_down(group.reason());
    return;
  }
  if (fault) {
    const std::lock_guard guard(mutex_);
    missed_.add(group.lost());
  }
  post_replies(std::move(answered));
}

void Writer::break_down(std::string_view reason) {
  std::deque<Item> abandoned;
  {
    const std::lock_guard guard(mutex_);
    state_ = State::broken;
    abandoned = std::exchange(waiting_, {});
    notes_waiting_ = 0;
  }
  // After a failed fsync the same handle may report success for lost pages: no checkpoint by it.
  database_->forget_log();
  for (Item& item : abandoned) {
    if (Asked* asked = std::get_if<Asked>(&item)) refuse(std::move(*asked));
  }
  if (on_fatal_) on_fatal_(reason);
}

void Writer::keep_log_short() {
  if (database_->log_pages() < kLogPagesMax) return;
  const auto copied = database_->checkpoint();
  if (copied || copied.error() != Fault::fatal) return;
  break_down(database_->reason());
}

}  // namespace stillroom::store
