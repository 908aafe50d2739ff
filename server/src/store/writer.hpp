// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
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

/// The queue in front of the database and the work behind it, group by group: a group takes what
/// waits, so that a quiet server never waits for company. Has no thread of its own: see
/// WriterThread.
class Writer {
 public:
  using OnFatal = std::function<void(std::string_view reason)>;
  /// Something waits that did not before; called by whoever asked.
  using OnWork = std::function<void()>;

  Writer(std::unique_ptr<Database> database, Tables tables, const Clock& clock, OnFatal on_fatal,
         OnWork on_work);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // For any thread.
  void ask(Asked asked);
  void note(audit::Record record);

  // For one thread at a time, which then has the database to itself.
  /// Does one group; false when nothing waited, or never will again.
  bool work();
  /// Does what waits and closes the database. What is asked later is `unavailable`.
  void stop();

 private:
  using Item = std::variant<Asked, audit::Record>;
  enum class State : std::uint8_t { running, stopping, broken };

  /// Takes it only when there is room.
  [[nodiscard]] bool queue(Asked& asked);
  [[nodiscard]] bool anything_waits();
  void fill(Group& group);
  /// The oldest item, if any. Fewer notes wait afterwards, so the ones that were only counted come
  /// with it once there is room.
  [[nodiscard]] std::optional<Item> take(MissedNotes& missed);
  void settle(Group& group, std::optional<Fault> fault);
  void write_last_counts();
  void break_down(std::string_view reason);
  void keep_log_short();

  std::unique_ptr<Database> database_;  // before the statements that need it
  std::optional<Tables> tables_;
  const Clock& clock_;
  OnFatal on_fatal_;
  OnWork on_work_;

  std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<Item> waiting_;
  std::size_t notes_waiting_ = 0;
  MissedNotes missed_;
  State state_ = State::running;
};

}  // namespace stillroom::store
