// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "network.hpp"
#include "store/sqlite_store.hpp"
#include "store/tables.hpp"
#include "testing/fault_vfs.hpp"
#include "testing/scratch_folder.hpp"

namespace stillroom::sim {

/// The shipped store on a disk that fails: what stays while servers come and go. Its work is done
/// when the schedule says so, a group at a time.
class Disk {
 public:
  enum class End : std::uint8_t { process, power };

  Disk(Schedule& schedule, testing::SeededRng& rng, const Weather& weather);
  ~Disk();
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  /// The store failed for good: its process has to end before anything else happens.
  std::function<void()> on_fatal;

  /// For one worker: replies come in order, and none after a crash.
  [[nodiscard]] std::unique_ptr<signalling::Store> port();
  /// For the beginning of a world: done when this returns.
  void commit_now(signalling::Commit commit);

  // Faults.
  /// Nothing can be written until `make_room`.
  void fill_up();
  void make_room();
  /// The write or sync with this number, counted from here, fails and with it the store.
  void break_at(int number);
  /// What is asked waits until `go_on`.
  void hang() { hangs_ = true; }
  void go_on();
  /// The process dies, with it what it had not done and what nobody had been told; or the power
  /// goes, with it what was not synced. Then the next process opens what is left, and all is well.
  void crash(End end);

  // What another process reads in the file, now.
  [[nodiscard]] identity::User user(const UserId& id);
  [[nodiscard]] session::Session session(const SessionId& id);
  /// Every durable record in its order, as far as a judge needs it: kind, actor, subject, session,
  /// connection.
  [[nodiscard]] const std::vector<audit::Record>& records();

 private:
  /// One life of the process that has the store.
  struct Life {};
  struct Reader {
    store::Database database;
    store::Tables tables;
    store::Statement new_records;
  };

  void open();
  [[nodiscard]] Reader read_beside() const;
  void something_waits();
  void work();
  void read_new_records();

  Schedule& schedule_;
  testing::SeededRng& rng_;
  const Weather& weather_;
  testing::ScratchFolder folder_{testing::memory_disk()};
  testing::FaultVfs faults_;
  std::shared_ptr<Life> life_;
  std::unique_ptr<store::SqliteStore> store_;
  std::optional<Reader> reader_;
  std::vector<audit::Record> records_;
  bool changed_ = true;  ///< since the records were read
  bool due_ = false;     ///< the next work stands in the schedule
  bool hangs_ = false;
  bool broken_ = false;
};

}  // namespace stillroom::sim
