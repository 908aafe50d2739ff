// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "signalling/ports.hpp"
#include "store/open_error.hpp"
#include "store/poster.hpp"

namespace stillroom::store {

/// A command holds the folder's lock for some milliseconds; who holds it longer is a server.
inline constexpr milliseconds kLockPatience{2000};

struct SqliteSettings {
  const Clock* clock = &system_clock();
  /// Called once, by whoever does the store's work, when the disk or the file failed: everything is
  /// then `unavailable` for ever, and the process should end so that the next one recovers. The
  /// reason holds no data.
  std::function<void(std::string_view reason)> on_fatal;
  /// Set, the store has no thread of its own: this is called, from any thread, when something
  /// waits, and `work` has to be called for it to be done. For a world whose time is not the real
  /// one.
  std::function<void()> on_work;
  /// How long to wait for another process to let go of the folder.
  milliseconds lock_patience = kLockPatience;
  std::string vfs;  ///< name of a registered SQLite VFS; empty: the system's
};

class SqliteCore;

/// Users, sessions, link codes and the audit trail in `<folder>/stillroom.db`. One thread does all
/// of it, for every worker; a reply comes after its group is on the disk.
class SqliteStore {
 public:
  /// Makes the folder and the file when they are not there, takes the lock, migrates.
  [[nodiscard]] static Result<std::unique_ptr<SqliteStore>, OpenError> open(
      const std::filesystem::path& folder, SqliteSettings settings = {});
  ~SqliteStore();
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  /// The port for one worker: replies come through `worker`, which has to work until `stop` has
  /// returned. The port may outlive this object; then it answers `unavailable`.
  [[nodiscard]] std::unique_ptr<signalling::Store> for_worker(Poster worker);

  /// With `on_work` only: does one group; false when nothing waited, or never will again.
  bool work();

  /// Does what waits, gives every reply, closes the file and the lock.
  void stop();

 private:
  explicit SqliteStore(std::shared_ptr<SqliteCore> core) : core_(std::move(core)) {}
  // Shared with the workers' ports: they end in no fixed order.
  std::shared_ptr<SqliteCore> core_;
};

struct DatabaseStatus {
  std::uint32_t version = 0;         ///< of the schema; 0: there is no database yet
  std::uint32_t newest = 0;          ///< that this program knows
  std::vector<std::string> pending;  ///< names of migrations still to be done
  bool sound = true;                 ///< SQLite's own check of the file found nothing
};

/// Looks without a lock and changes nothing: works beside a running server.
[[nodiscard]] Result<DatabaseStatus, OpenError> database_status(
    const std::filesystem::path& folder);

/// What opening does too, alone: returns how many migrations were done. Needs the lock.
[[nodiscard]] Result<std::uint32_t, OpenError> migrate_database(
    const std::filesystem::path& folder, const Clock& clock = system_clock());

}  // namespace stillroom::store
