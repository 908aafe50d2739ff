// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <variant>

#include "base/clock.hpp"
#include "store/database.hpp"
#include "store/missed_notes.hpp"
#include "store/operation.hpp"
#include "store/tables.hpp"

namespace stillroom::store {

class Group;

inline constexpr std::size_t kOperationsWaitingMax = 4096;  ///< one more is answered `unavailable`
inline constexpr std::size_t kGroupOperationsMax = 256;     ///< then the group is committed
inline constexpr milliseconds kGroupTimeMax{5};             ///< or after this, whichever is first
inline constexpr int kLogPagesMax = 1000;  ///< then the log is copied into the file

/// The one thread that touches the database. Operations wait in one bounded queue; a group is
/// committed as soon as the queue is empty, so that a quiet server never waits for company.
class Writer {
 public:
  using OnFatal = std::function<void(std::string_view reason)>;

  Writer(std::unique_ptr<Database> database, Tables tables, const Clock& clock, OnFatal on_fatal);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void ask(Asked asked);
  void note(audit::Record record);
  /// Does what waits, closes the database and returns. What is asked later is `unavailable`.
  void stop();

 private:
  using Item = std::variant<Asked, audit::Record>;
  enum class State : std::uint8_t { running, stopping, broken };

  void loop();
  /// Waits for work; false when there will be none.
  [[nodiscard]] bool wait_for_work();
  [[nodiscard]] bool do_group();
  void fill(Group& group);
  /// The oldest item, if any. Fewer notes wait afterwards, so the ones that were only counted come
  /// with it once there is room.
  [[nodiscard]] std::optional<Item> take(MissedNotes& missed);
  void settle(Group& group, std::optional<Fault> fault);
  void write_last_counts();
  void break_down(std::string_view reason);
  [[nodiscard]] bool keep_log_short();

  std::unique_ptr<Database> database_;  // before the statements that need it
  std::optional<Tables> tables_;
  const Clock& clock_;
  OnFatal on_fatal_;

  std::mutex mutex_;
  std::condition_variable work_;
  // Guarded by mutex_.
  std::deque<Item> waiting_;
  std::size_t notes_waiting_ = 0;
  MissedNotes missed_;
  State state_ = State::running;

  std::thread thread_;  // last: it sees everything above
};

}  // namespace stillroom::store
