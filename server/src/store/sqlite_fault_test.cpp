// SPDX-License-Identifier: Apache-2.0
// The disk fails at every step in turn. Whatever it was, what was acknowledged is there afterwards,
// what was refused is not half there, and the audit trail has no gap.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <set>

#include "store/database.hpp"
#include "store/reply_loop.hpp"
#include "store/sqlite_store.hpp"
#include "store/store_samples.hpp"
#include "testing/fault_vfs.hpp"
#include "testing/scratch_folder.hpp"

namespace stillroom::store {
namespace {

using signalling::StoreError;

struct Outcome {
  std::set<std::string> acknowledged;
  std::set<std::string> refused;
  bool opened = false;
};

std::string name_of(int number) {
  return "user-" + std::to_string(number);
}

/// Twelve commits of a user and a record each, three in flight at a time.
void add_users(SqliteStore& store, Outcome& outcome) {
  ReplyLoop loop;
  const auto port = store.for_worker(loop.poster());
  int answered = 0;
  for (int number = 0; number < 12; ++number) {
    const std::string id = name_of(number);
    port->commit({{signalling::AddUser{samples::user(id)}}, {samples::record(id)}},
                 [&outcome, &answered, id](const auto& done) {
                   answered += 1;
                   (done ? outcome.acknowledged : outcome.refused).insert(id);
                 });
    while (number + 1 - answered >= 3) loop.run_one();
  }
  while (answered < 12) loop.run_one();
}

Outcome run_on(const std::filesystem::path& folder, testing::FaultVfs& disk,
               std::atomic<int>& fatal) {
  Outcome outcome;
  SqliteSettings settings;
  settings.vfs = disk.name();
  settings.on_fatal = [&fatal](std::string_view) { fatal += 1; };
  auto store = SqliteStore::open(folder, std::move(settings));
  if (!store) return outcome;
  outcome.opened = true;
  add_users(**store, outcome);
  return outcome;
}

struct Found {
  std::set<std::string> users;
  std::vector<std::string> reasons;
};

Found look(const std::filesystem::path& folder) {
  Found found;
  auto store = SqliteStore::open(folder);
  if (!store) {
    ADD_FAILURE() << store.error().sentence;
    return found;
  }
  ReplyLoop loop;
  const auto port = (*store)->for_worker(loop.poster());
  const auto users = loop.wait<std::vector<identity::User>>(
      [&port](auto reply) { port->all_users({100, 0}, std::move(reply)); });
  for (const identity::User& user : users.value()) found.users.insert(user.id.text());
  (*store)->stop();
  auto database = Database::open(folder / "stillroom.db", Mode::read_only, {});
  auto rows = database->prepare("SELECT reason FROM audit WHERE kind <> 'migrated'");
  Query query(*rows);
  while (query.step().value()) found.reasons.emplace_back(query.text(0));
  return found;
}

void expect_nothing_lost(const Found& found, const Outcome& outcome) {
  for (const std::string& id : outcome.acknowledged) EXPECT_TRUE(found.users.contains(id)) << id;
  for (const std::string& id : outcome.refused) EXPECT_FALSE(found.users.contains(id)) << id;
  // A user never without the record, a record never without the user.
  EXPECT_EQ(std::set<std::string>(found.reasons.begin(), found.reasons.end()), found.users);
  EXPECT_EQ(found.reasons.size(), found.users.size());
}

class EveryStepFails : public ::testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Codes, EveryStepFails,
                         ::testing::Values(SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE, SQLITE_FULL));

TEST_P(EveryStepFails, nothing_acknowledged_is_lost) {
  constexpr int kStepsMax = 400;
  int step = 0;
  int failed_runs = 0;
  for (; step < kStepsMax; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    const testing::ScratchFolder folder(testing::memory_disk());
    testing::FaultVfs disk;
    disk.fail_from(step, GetParam());
    std::atomic<int> fatal = 0;
    Outcome outcome = run_on(folder.path(), disk, fatal);
    const bool reached = disk.steps() > step;
    failed_runs += outcome.refused.empty() ? 0 : 1;
    disk.heal();
    const std::size_t answers = outcome.acknowledged.size() + outcome.refused.size();
    EXPECT_EQ(answers, outcome.opened ? 12U : 0U);
    // A disk that is full is no reason to end; everything else is.
    const bool ends = GetParam() != SQLITE_FULL && !outcome.refused.empty();
    EXPECT_EQ(fatal, ends ? 1 : 0);
    // After a failed sync nobody knows what the disk has kept, so the store ends.
    if (ends) outcome.refused.clear();
    expect_nothing_lost(look(folder.path()), outcome);
    if (!reached || ::testing::Test::HasFailure()) break;
  }
  EXPECT_LT(step, kStepsMax);
  EXPECT_GT(failed_runs, 5);  // the loop did fail while commits were on their way
  std::printf("steps failed in turn: %d\n", step);
}

TEST(PowerLoss, nothing_acknowledged_is_lost) {
  // The power goes at each step: from there on nothing reaches the disk, and what was written but
  // not synced is gone.
  constexpr int kStepsMax = 400;
  int step = 0;
  for (; step < kStepsMax; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    const testing::ScratchFolder folder(testing::memory_disk());
    testing::FaultVfs disk;
    disk.fail_from(step, SQLITE_IOERR_WRITE);
    std::atomic<int> fatal = 0;
    Outcome outcome = run_on(folder.path(), disk, fatal);
    const bool reached = disk.steps() > step;
    disk.lose_power();
    disk.heal();
    outcome.refused.clear();  // a crash may leave what nobody was told
    expect_nothing_lost(look(folder.path()), outcome);
    if (!reached || ::testing::Test::HasFailure()) break;
  }
  EXPECT_LT(step, kStepsMax);
}

TEST(PowerLoss, what_a_new_process_found_lasts) {
  // A process dies between writing a commit and syncing it: the next one sees it, and may tell of
  // it.
  const testing::ScratchFolder folder(testing::memory_disk());
  testing::FaultVfs disk;
  std::atomic<int> fatal = 0;
  disk.fail_from(0, SQLITE_OK);
  ASSERT_EQ(run_on(folder.path(), disk, fatal).acknowledged.size(), 12U);
  int found_unsynced = 0;
  for (int step = 0; step < 40; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    const std::string id = "late-" + std::to_string(step);
    SqliteSettings settings;
    settings.vfs = disk.name();
    auto store = SqliteStore::open(folder.path(), settings);
    ASSERT_TRUE(store) << store.error().sentence;
    disk.fail_from(step, SQLITE_IOERR_FSYNC);
    ReplyLoop loop;
    const auto port = (*store)->for_worker(loop.poster());
    const auto done = loop.wait<void>([&port, &id](auto reply) {
      port->commit({{signalling::AddUser{samples::user(id)}}, {samples::record(id)}},
                   std::move(reply));
    });
    store->reset();
    disk.heal();
    const auto next = SqliteStore::open(folder.path(), settings);
    ASSERT_TRUE(next) << next.error().sentence;
    const auto there = [&loop, &id](SqliteStore& from) {
      const auto reader = from.for_worker(loop.poster());
      return loop
          .wait<std::optional<identity::User>>(
              [&reader, &id](auto reply) { reader->find_user(UserId(id), std::move(reply)); })
          .value()
          .has_value();
    };
    if (!there(**next)) continue;
    found_unsynced += done ? 0 : 1;
    disk.fail_from(0, SQLITE_IOERR_WRITE);
    (*next)->stop();
    disk.lose_power();
    disk.heal();
    const auto last = SqliteStore::open(folder.path(), settings);
    ASSERT_TRUE(last) << last.error().sentence;
    EXPECT_TRUE(there(**last));
  }
  EXPECT_GT(found_unsynced, 0);
}

/// The canary: the same power loss finds a database that does not wait for the disk.
TEST(PowerLoss, unsynced_commits_are_lost) {
  const testing::ScratchFolder folder(testing::memory_disk());
  const std::filesystem::path file = folder.path() / "plain.db";
  testing::FaultVfs disk;
  ASSERT_EQ(::system(("touch " + file.string()).c_str()), 0);
  {
    auto database = Database::open(file, Mode::read_write, disk.name());
    ASSERT_TRUE(database);
    ASSERT_TRUE(
        database->run("PRAGMA journal_mode = WAL; CREATE TABLE t (x); "
                      "PRAGMA synchronous = FULL; INSERT INTO t VALUES (1);"
                      "PRAGMA synchronous = OFF; INSERT INTO t VALUES (2);"));
    database->forget_log();
  }
  disk.lose_power();
  auto database = Database::open(file, Mode::read_write, {});
  EXPECT_EQ(database->integer_of("SELECT count(*) FROM t").value(), 1);
}

TEST(GroupCommit, commits_that_wait_share_one_flush) {
  const testing::ScratchFolder folder(testing::memory_disk());
  testing::FaultVfs disk;
  SqliteSettings settings;
  settings.vfs = disk.name();
  auto store = SqliteStore::open(folder.path(), std::move(settings));
  ASSERT_TRUE(store) << store.error().sentence;
  ReplyLoop loop;
  const auto port = (*store)->for_worker(loop.poster());
  disk.heal();
  int answered = 0;
  for (int number = 0; number < 1000; ++number) {
    port->commit({{}, {samples::record("r")}}, [&answered](const auto&) { answered += 1; });
  }
  while (answered < 1000) loop.run_one();
  EXPECT_GE(disk.syncs(), 4);  // 256 operations a group at most
  EXPECT_LE(disk.syncs(), 250);
  std::printf("1,000 commits, %d flushes\n", disk.syncs());
}

}  // namespace
}  // namespace stillroom::store
