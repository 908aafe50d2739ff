// SPDX-License-Identifier: Apache-2.0
// The files: whose they are, what is in them, and what nobody can do to them.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "store/data_folder.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"
#include "store/open_database.hpp"
#include "store/reply_loop.hpp"
#include "store/sqlite_store.hpp"
#include "store/store_samples.hpp"
#include "testing/scratch_folder.hpp"

namespace stillroom::store {
namespace {

using std::filesystem::path;

std::optional<OpenErrorKind> error_of(const path& folder) {
  SqliteSettings settings;
  settings.lock_patience = milliseconds(0);
  const auto opened = SqliteStore::open(folder, std::move(settings));
  return opened ? std::nullopt : std::optional(opened.error().kind);
}

void make_database(const path& folder) {
  ASSERT_TRUE(SqliteStore::open(folder));
}

/// Any SQL, by SQLite itself: an intruder with the file in hand.
std::string run_raw(const path& file, const char* sql) {
  sqlite3* database = nullptr;
  sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  char* message = nullptr;
  sqlite3_exec(database, sql, nullptr, nullptr, &message);
  std::string said = message != nullptr ? message : "";
  sqlite3_free(message);
  sqlite3_close(database);
  return said;
}

unsigned mode_of(const path& file) {
  struct stat facts{};
  EXPECT_EQ(::stat(file.c_str(), &facts), 0) << file;
  return facts.st_mode & 0777U;
}

void add_record(SqliteStore& store, const std::string& reason) {
  ReplyLoop loop;
  const auto port = store.for_worker(loop.poster());
  ASSERT_TRUE(loop.wait<void>([&port, &reason](auto reply) {
    port->commit({{}, {samples::record(reason)}}, std::move(reply));
  }));
}

TEST(Files, are_for_their_owner_only) {
  const testing::ScratchFolder base;
  const path folder = base.path() / "new" / "data";
  const auto store = SqliteStore::open(folder);
  ASSERT_TRUE(store) << store.error().sentence;
  EXPECT_EQ(mode_of(folder), 0700U);
  for (const char* name : {"stillroom.db", "stillroom.db-wal", "stillroom.lock"}) {
    EXPECT_EQ(mode_of(folder / name), 0600U) << name;
  }
}

TEST(Files, open_to_others_are_refused) {
  const testing::ScratchFolder folder;
  make_database(folder.path());
  const path file = folder.path() / "stillroom.db";
  for (const mode_t mode : {0640U, 0604U, 0660U}) {
    ::chmod(file.c_str(), mode);
    EXPECT_EQ(error_of(folder.path()), OpenErrorKind::permissions) << std::oct << mode;
  }
  ::chmod(file.c_str(), 0600);
  ::chmod(folder.path().c_str(), 0777);
  EXPECT_EQ(error_of(folder.path()), OpenErrorKind::permissions);
  ::chmod(folder.path().c_str(), 0700);
  EXPECT_EQ(error_of(folder.path()), std::nullopt);
}

TEST(Files, of_another_account_are_refused) {
  if (::geteuid() != 0) GTEST_SKIP() << "1 test: only root can give a file away";
  const testing::ScratchFolder folder;
  make_database(folder.path());
  ASSERT_EQ(::chown((folder.path() / "stillroom.db").c_str(), 12345, 12345), 0);
  EXPECT_EQ(error_of(folder.path()), OpenErrorKind::permissions);
}

TEST(Files, symbolic_links_are_refused) {
  const testing::ScratchFolder folder;
  const testing::ScratchFolder elsewhere;
  make_database(elsewhere.path());
  std::filesystem::create_symlink(elsewhere.path() / "stillroom.db",
                                  folder.path() / "stillroom.db");
  EXPECT_EQ(error_of(folder.path()), OpenErrorKind::io);
}

TEST(Files, open_twice_in_one_process_is_refused) {
  const testing::ScratchFolder folder;
  const auto first = SqliteStore::open(folder.path());
  ASSERT_TRUE(first);
  EXPECT_EQ(error_of(folder.path()), OpenErrorKind::in_use);
  EXPECT_EQ(migrate_database(folder.path()).error().kind, OpenErrorKind::in_use);
  (*first)->stop();
  EXPECT_EQ(error_of(folder.path()), std::nullopt);
}

TEST(Files, lock_is_waited_for_while_a_command_holds_it) {
  const testing::ScratchFolder folder;
  auto first = SqliteStore::open(folder.path());
  ASSERT_TRUE(first);
  std::atomic<bool> opened = false;
  std::thread second([&folder, &opened] { opened = SqliteStore::open(folder.path()).ok(); });
  (*first)->stop();
  second.join();
  EXPECT_TRUE(opened);
}

TEST(Files, folder_that_is_a_file_is_refused) {
  const testing::ScratchFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  EXPECT_EQ(error_of(folder.path() / "file"), OpenErrorKind::io);
}

TEST(Content, that_is_no_database_is_refused_and_left_alone) {
  const testing::ScratchFolder folder;
  const path file = folder.path() / "stillroom.db";
  const std::string text(5000, 'x');
  std::ofstream(file) << text;
  ::chmod(file.c_str(), 0600);
  EXPECT_EQ(error_of(folder.path()), OpenErrorKind::not_ours);
  std::ifstream in(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), text);
}

TEST(Content, of_another_application_is_refused) {
  const testing::ScratchFolder folder;
  const path file = folder.path() / "stillroom.db";
  run_raw(file, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
  ::chmod(file.c_str(), 0600);
  EXPECT_EQ(error_of(folder.path()), OpenErrorKind::not_ours);
  EXPECT_EQ(run_raw(file, "DROP TABLE theirs"), "");  // still there, still theirs
}

TEST(Content, of_a_newer_program_is_refused) {
  const testing::ScratchFolder folder;
  make_database(folder.path());
  run_raw(folder.path() / "stillroom.db", "PRAGMA user_version = 999");
  EXPECT_EQ(error_of(folder.path()), OpenErrorKind::too_new);
}

TEST(Content, with_a_damaged_page_ends_the_store_when_it_is_read) {
  const testing::ScratchFolder folder;
  make_database(folder.path());
  const path file = folder.path() / "stillroom.db";
  {
    auto database = Database::open(file, Mode::read_only, {});
    const auto page =
        database->integer_of("SELECT rootpage FROM sqlite_schema WHERE name = 'users'");
    const auto bytes = database->integer_of("PRAGMA page_size");
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekp((*page - 1) * *bytes);
    out << std::string(200, '\xff');
  }
  EXPECT_FALSE(database_status(folder.path())->sound);
  std::string reason;
  SqliteSettings settings;
  settings.on_fatal = [&reason](std::string_view why) { reason = why; };
  auto store = SqliteStore::open(folder.path(), std::move(settings));
  ASSERT_TRUE(store) << store.error().sentence;
  ReplyLoop loop;
  const auto port = (*store)->for_worker(loop.poster());
  const auto read = [&loop, &port] {
    return loop.wait<std::optional<identity::User>>(
        [&port](auto reply) { port->find_user(UserId("one"), std::move(reply)); });
  };
  EXPECT_EQ(read().error(), signalling::StoreError::unavailable);
  EXPECT_EQ(read().error(), signalling::StoreError::unavailable);  // and for ever
  (*store)->stop();
  EXPECT_NE(reason.find("malformed"), std::string::npos) << reason;
}

TEST(Audit, table_refuses_change_removal_and_gaps) {
  const testing::ScratchFolder folder;
  {
    const auto store = SqliteStore::open(folder.path());
    ASSERT_TRUE(store);
    for (const char* reason : {"a", "b", "c"}) add_record(**store, reason);
  }
  const path file = folder.path() / "stillroom.db";
  const std::string row =
      " (position, at_ms, kind, outcome, reason, source, connection)"
      " VALUES (";
  const std::string rest = ", 0, 'left', 'allowed', '', '', '')";
  const std::array<std::string, 8> attempts = {
      "UPDATE audit SET reason = 'x' WHERE position = 2",
      "UPDATE audit SET position = 9 WHERE position = 4",
      "DELETE FROM audit WHERE position = 2",
      "DELETE FROM audit",
      "INSERT OR REPLACE INTO audit" + row + "2" + rest,
      "INSERT INTO audit" + row + "9" + rest,
      "INSERT INTO audit" + row + "NULL" + rest,
      "INSERT INTO audit" + row + "0" + rest,
  };
  for (const std::string& attempt : attempts) {
    EXPECT_NE(run_raw(file, attempt.c_str()).find("audit "), std::string::npos) << attempt;
  }
  auto database = Database::open(file, Mode::read_only, {});
  EXPECT_EQ(database->integer_of("SELECT count(*) FROM audit").value(), 4);
  EXPECT_EQ(database->text_of("SELECT group_concat(reason) FROM audit").value(), "schema:6,a,b,c");
}

TEST(Audit, record_keeps_every_field) {
  const testing::ScratchFolder folder;
  audit::Record record = samples::record("why", audit::Kind::joined);
  record.outcome = audit::Outcome::refused;
  record.actor = UserId("actor");
  record.role = identity::Role::psychologist;
  record.session = SessionId("session");
  record.room = RoomId("room");
  record.subject = UserId("subject");
  record.source = "0123456789abcdef";
  record.connection = "conn0001";
  {
    const auto store = SqliteStore::open(folder.path());
    (*store)->for_worker([](const auto&) {})->note(record);
  }
  auto database = Database::open(folder.path() / "stillroom.db", Mode::read_only, {});
  EXPECT_EQ(
      database
          ->text_of("SELECT concat FROM (SELECT position || '|' || at_ms || '|' || kind || '|'"
                    " || outcome || '|' || actor || '|' || role || '|' || session || '|' ||"
                    " room || '|' || subject || '|' || reason || '|' || source || '|' ||"
                    " connection AS concat FROM audit WHERE position = 2)")
          .value(),
      "2|1700000000123|joined|refused|actor|psychologist|session|room|subject|why|"
      "0123456789abcdef|conn0001");
}

/// As the running store opens it.
Result<OpenedDatabase, OpenError> open_hardened(const path& folder) {
  auto opened = open_for_writing(folder, {});
  if (opened) opened->database.lock_down();
  return opened;
}

TEST(KeptAnswers, the_oldest_go_where_there_are_too_many) {
  const testing::ScratchFolder folder;
  make_database(folder.path());
  const path file = folder.path() / "stillroom.db";
  run_raw(file,
          "INSERT INTO kept_answers (position, place, request, status, body, expires_ms)"
          " VALUES (1, 'old', 'r', 200, '', 9000000), (2, 'new', 'r', 200, '', 9000000),"
          " (65536, 'last', 'r', 200, '', 9000000)");
  {
    const auto store = SqliteStore::open(folder.path());
    ASSERT_TRUE(store);
    ReplyLoop loop;
    const auto port = (*store)->for_worker(loop.poster());
    ASSERT_TRUE(loop.wait<void>([&port](signalling::Reply<void> reply) {
      port->commit({{samples::keep("one more")}, {}}, std::move(reply));
    }));
  }
  auto database = Database::open(file, Mode::read_only, {});
  EXPECT_EQ(database
                ->text_of("SELECT group_concat(place) FROM"
                          " (SELECT place FROM kept_answers ORDER BY position)")
                .value(),
            "new,last,one more");
}

TEST(Hardened, connection_prepares_nothing_that_changes_the_schema_or_the_trail) {
  const testing::ScratchFolder folder;
  make_database(folder.path());
  auto opened = open_hardened(folder.path());
  ASSERT_TRUE(opened);
  for (const char* sql : {"DROP TABLE audit",
                          "DROP TRIGGER audit_is_not_changed",
                          "ALTER TABLE users ADD x",
                          "CREATE TABLE t (x)",
                          "CREATE TEMP TABLE t (x)",
                          "CREATE VIEW v AS SELECT 1",
                          "CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; END",
                          "CREATE INDEX i ON users (name)",
                          "ATTACH 'other.db' AS other",
                          "DETACH main",
                          "PRAGMA synchronous = OFF",
                          "PRAGMA writable_schema = ON",
                          "PRAGMA journal_mode = DELETE",
                          "PRAGMA foreign_keys",
                          "DELETE FROM users",
                          "DELETE FROM audit",
                          "DELETE FROM sessions",
                          "DELETE FROM service_keys",
                          "UPDATE audit SET reason = ''",

                          "REINDEX",
                          "ANALYZE",
                          "UPDATE sqlite_schema SET sql = ''"}) {
    EXPECT_FALSE(opened->database.prepare(sql)) << sql;
  }
  EXPECT_FALSE(opened->database.run("VACUUM"));  // prepares, and then would attach
  EXPECT_FALSE(opened->database.run("VACUUM INTO '/dev/null'"));
  EXPECT_TRUE(opened->database.prepare("UPDATE users SET status = 'active'"));
  EXPECT_TRUE(opened->database.prepare("DELETE FROM participants"));
  EXPECT_TRUE(opened->database.prepare("DELETE FROM kept_answers"));
}

TEST(Hardened, settings_are_in_force) {
  const testing::ScratchFolder folder;
  make_database(folder.path());
  auto opened = open_for_writing(folder.path(), {});
  ASSERT_TRUE(opened);
  Database& database = opened->database;
  EXPECT_EQ(database.text_of("PRAGMA journal_mode").value(), "wal");
  EXPECT_EQ(database.integer_of("PRAGMA synchronous").value(), 2);
  EXPECT_EQ(database.integer_of("PRAGMA foreign_keys").value(), 1);
  EXPECT_EQ(database.integer_of("PRAGMA trusted_schema").value(), 0);
  EXPECT_EQ(database.integer_of("PRAGMA cell_size_check").value(), 1);
  EXPECT_EQ(database.integer_of("PRAGMA secure_delete").value(), 1);
  EXPECT_EQ(database.integer_of("PRAGMA recursive_triggers").value(), 1);
  // Defensive: the schema cannot be written even where that is asked for.
  EXPECT_TRUE(database.run("PRAGMA writable_schema = ON"));
  EXPECT_FALSE(database.run("UPDATE sqlite_schema SET sql = '' WHERE name = 'users'"));
  // A double-quoted word is a name and never a text.
  EXPECT_FALSE(database.run("SELECT \"no such column\""));
  EXPECT_EQ(database
                .integer_of("SELECT count(*) FROM pragma_table_list"
                            " WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND strict = 0")
                .value(),
            0);
}

TEST(Migrations, come_to_the_newest_once) {
  const testing::ScratchFolder folder;
  const auto before = database_status(folder.path());
  ASSERT_TRUE(before);
  EXPECT_EQ(before->version, 0U);
  EXPECT_EQ(before->pending.front(), "initial");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "stillroom.db"));  // only looked at
  EXPECT_EQ(migrate_database(folder.path()).value(), before->newest);
  EXPECT_EQ(migrate_database(folder.path()).value(), 0U);
  const auto after = database_status(folder.path());
  EXPECT_EQ(after->version, after->newest);
  EXPECT_TRUE(after->pending.empty());
  EXPECT_TRUE(after->sound);
}

TEST(Migrations, failure_leaves_the_last_whole_version) {
  const testing::ScratchFolder folder;
  std::ofstream(folder.path() / "plain.db");
  auto database = Database::open(folder.path() / "plain.db", Mode::read_write, {});
  const std::array<Migration, 3> steps = {
      Migration{1, "one", "CREATE TABLE schema_migrations (number, name, applied_ms);"},
      Migration{2, "two", "CREATE TABLE two (x);"},
      Migration{3, "three", "CREATE TABLE three (x); INSERT INTO nowhere VALUES (1);"}};
  const auto done = migrate(*database, 0, steps, samples::at(5));
  ASSERT_FALSE(done);
  EXPECT_FALSE(database->in_transaction());
  EXPECT_EQ(database->integer_of("PRAGMA user_version").value(), 2);
  EXPECT_EQ(database->text_of("SELECT group_concat(name) FROM sqlite_schema").value(),
            "schema_migrations,two");
  EXPECT_EQ(
      database->integer_of("SELECT count(*) FROM schema_migrations WHERE applied_ms = 5").value(),
      2);
}

TEST(Status, looks_beside_a_running_store) {
  const testing::ScratchFolder folder;
  const auto store = SqliteStore::open(folder.path());
  ASSERT_TRUE(store);
  add_record(**store, "a");
  const auto status = database_status(folder.path());
  ASSERT_TRUE(status) << status.error().sentence;
  EXPECT_EQ(status->version, status->newest);
  add_record(**store, "b");
}

TEST(Ports, outlive_the_store_and_answer_unavailable) {
  const testing::ScratchFolder folder;
  ReplyLoop loop;
  std::unique_ptr<signalling::Store> port;
  {
    const auto store = SqliteStore::open(folder.path());
    port = (*store)->for_worker(loop.poster());
  }
  const auto answer = loop.wait<std::optional<identity::User>>(
      [&port](auto reply) { port->find_user(UserId("one"), std::move(reply)); });
  EXPECT_EQ(answer.error(), signalling::StoreError::unavailable);
  port->note(samples::record("late"));
}

}  // namespace
}  // namespace stillroom::store
