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
               OnFatal on_fatal)
    : database_(std::move(database)),
      tables_(std::move(tables)),
      clock_(clock),
      on_fatal_(std::move(on_fatal)),
      thread_([this] { loop(); }) {}

Writer::~Writer() {
  stop();
}

void Writer::ask(Asked asked) {
  {
    const std::lock_guard guard(mutex_);
    if (state_ == State::running && waiting_.size() - notes_waiting_ < kOperationsWaitingMax) {
      waiting_.emplace_back(std::move(asked));
      work_.notify_one();
      return;
    }
  }
  refuse(std::move(asked));
}

void Writer::note(audit::Record record) {
  const std::lock_guard guard(mutex_);
  if (state_ != State::running) return;
  if (notes_waiting_ >= kNotesWaitingMax) {
    missed_.count(record);
    return;
  }
  notes_waiting_ += 1;
  waiting_.emplace_back(std::move(record));
  work_.notify_one();
}

void Writer::stop() {
  {
    const std::lock_guard guard(mutex_);
    if (state_ == State::running) state_ = State::stopping;
    work_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  tables_.reset();
  database_.reset();
}

void Writer::loop() {
  while (wait_for_work()) {
    if (!do_group()) return;
    if (!keep_log_short()) return;
  }
  write_last_counts();
}

/// The end is the last chance for notes that were only counted.
void Writer::write_last_counts() {
  MissedNotes missed;
  {
    const std::lock_guard guard(mutex_);
    missed = std::exchange(missed_, {});
  }
  if (missed.empty()) return;
  Group group(*database_, *tables_);
  group.add(missed);
  static_cast<void>(group.finish());
}

bool Writer::wait_for_work() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [this] { return !waiting_.empty() || state_ != State::running; });
  return !waiting_.empty();
}

bool Writer::do_group() {
  Group group(*database_, *tables_);
  fill(group);
  const auto finished = group.finish();
  settle(group, finished ? std::nullopt : std::optional(finished.error()));
  return finished || finished.error() != Fault::fatal;
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

bool Writer::keep_log_short() {
  if (database_->log_pages() < kLogPagesMax) return true;
  const auto copied = database_->checkpoint();
  if (copied || copied.error() != Fault::fatal) return true;
  break_down(database_->reason());
  return false;
}

}  // namespace stillroom::store
