// SPDX-License-Identifier: Apache-2.0
// Real processes that die, and real disks that are full.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <functional>

#include "store/database.hpp"
#include "store/reply_loop.hpp"
#include "store/sqlite_store.hpp"
#include "store/store_samples.hpp"
#include "testing/scratch_folder.hpp"

namespace stillroom::store {
namespace {

using signalling::StoreError;

/// A process of its own, and what it writes to its pipe.
class Child {
 public:
  explicit Child(const std::function<void(int pipe)>& body) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    process_ = ::fork();
    if (process_ == 0) {
      ::close(ends[0]);
      body(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
  }
  ~Child() {
    ::close(pipe_);
    if (process_ > 0) wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] std::optional<int> read_number() const {
    int number = 0;
    return ::read(pipe_, &number, sizeof number) == sizeof number ? std::optional(number)
                                                                  : std::nullopt;
  }
  void kill_now() const { ::kill(process_, SIGKILL); }
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
    return status;
  }

 private:
  pid_t process_ = -1;
  int pipe_ = -1;
};

void tell(int pipe, int number) {
  if (::write(pipe, &number, sizeof number) != sizeof number) ::_exit(3);
}

/// Adds users `user-<n>` with a record each, several at once, and tells the number of every
/// acknowledged one; until it is killed or the store refuses.
void add_for_ever(const std::filesystem::path& folder, int pipe, int first) {
  auto store = SqliteStore::open(folder);
  if (!store) ::_exit(4);
  ReplyLoop loop;
  const auto port = (*store)->for_worker(loop.poster());
  int waiting = 0;
  for (int number = first;; ++number) {
    const std::string id = "user-" + std::to_string(number);
    waiting += 1;
    port->commit({{signalling::AddUser{samples::user(id)}}, {samples::record(id)}},
                 [&waiting, pipe, number](const auto& done) {
                   waiting -= 1;
                   tell(pipe, done ? number : -1);
                 });
    while (waiting >= 8) loop.run_one();
  }
}

/// Looks with SQLite itself, after the store has recovered the file.
int count(const std::filesystem::path& folder, const char* sql) {
  auto database = Database::open(folder / "stillroom.db", Mode::read_only, {});
  return static_cast<int>(database->integer_of(sql).value());
}

void expect_whole(const std::filesystem::path& folder) {
  const auto status = database_status(folder);
  ASSERT_TRUE(status) << status.error().sentence;
  EXPECT_TRUE(status->sound);
  EXPECT_EQ(count(folder, "SELECT max(position) - count(*) FROM audit"), 0);
  EXPECT_EQ(count(folder,
                  "SELECT (SELECT count(*) FROM users) - (SELECT count(*) FROM audit"
                  " WHERE kind = 'session_read')"),
            0);
}

bool has_user(const std::filesystem::path& folder, int number) {
  const std::string sql =
      "SELECT count(*) FROM users WHERE id = 'user-" + std::to_string(number) + "'";
  return count(folder, sql.c_str()) == 1;
}

TEST(Killed, acknowledged_commits_are_all_there) {
  const testing::ScratchFolder folder;
  int next = 0;
  for (int round = 0; round < 10; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Child child([&folder, next](int pipe) { add_for_ever(folder.path(), pipe, next); });
    std::vector<int> acknowledged;
    // Killed after so many acknowledgements, while others are on their way; then what still stands
    // in the pipe was acknowledged too.
    while (acknowledged.size() < static_cast<std::size_t>(3 + 17 * round)) {
      const auto number = child.read_number();
      ASSERT_TRUE(number);
      acknowledged.push_back(*number);
    }
    child.kill_now();
    while (const auto number = child.read_number()) acknowledged.push_back(*number);
    EXPECT_TRUE(WIFSIGNALED(child.wait()));
    ASSERT_TRUE(SqliteStore::open(folder.path()));
    for (const int number : acknowledged) ASSERT_TRUE(has_user(folder.path(), number)) << number;
    expect_whole(folder.path());
    next = acknowledged.back() + 100;
  }
}

TEST(Killed, lock_ends_with_its_process) {
  const testing::ScratchFolder folder;
  Child child([&folder](int pipe) { add_for_ever(folder.path(), pipe, 0); });
  ASSERT_TRUE(child.read_number());
  SqliteSettings impatient;
  impatient.lock_patience = milliseconds(0);
  const auto second = SqliteStore::open(folder.path(), std::move(impatient));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, OpenErrorKind::in_use);
  EXPECT_NE(second.error().sentence.find("in use by another process (process "), std::string::npos)
      << second.error().sentence;
  // The status needs no lock.
  EXPECT_TRUE(database_status(folder.path()));
  child.kill_now();
  child.wait();
  EXPECT_TRUE(SqliteStore::open(folder.path()));
}

TEST(FileSizeLimit, ends_the_store_and_loses_nothing) {
  const testing::ScratchFolder folder;
  Child child([&folder](int pipe) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{200'000, 200'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    add_for_ever(folder.path(), pipe, 0);
  });
  int acknowledged = 0;
  for (;;) {
    const auto number = child.read_number();
    ASSERT_TRUE(number);
    if (*number < 0) break;
    acknowledged += 1;
  }
  child.kill_now();
  child.wait();
  EXPECT_GT(acknowledged, 0);
  ASSERT_TRUE(SqliteStore::open(folder.path()));
  expect_whole(folder.path());
  EXPECT_GE(count(folder.path(), "SELECT count(*) FROM users"), acknowledged);
}

/// A file system of 1 MB; only root may make one.
class SmallDisk {
 public:
  SmallDisk()
      : made_(::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=1m,mode=0700") == 0) {}
  ~SmallDisk() {
    if (made_) ::umount(folder_.path().c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  [[nodiscard]] bool made() const { return made_; }
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }

 private:
  testing::ScratchFolder folder_;
  bool made_;
};

TEST(FullDisk, refuses_and_goes_on_when_there_is_room_again) {
  const SmallDisk disk;
  if (!disk.made())
    GTEST_SKIP() << "1 test: a small file system needs root (" << std::strerror(errno) << ")";
  const std::filesystem::path folder = disk.path() / "data";
  int fatal = 0;
  SqliteSettings settings;
  settings.on_fatal = [&fatal](std::string_view) { fatal += 1; };
  auto store = SqliteStore::open(folder, std::move(settings));
  ASSERT_TRUE(store) << store.error().sentence;
  ReplyLoop loop;
  const auto port = (*store)->for_worker(loop.poster());
  const auto add = [&loop, &port](const std::string& id) {
    return loop.wait<void>([&port, &id](auto reply) {
      identity::User user = samples::user(id);
      user.name = PersonName(std::string(2000, 'x'));
      port->commit({{signalling::AddUser{user}}, {samples::record(id)}}, std::move(reply));
    });
  };
  // Somebody else's file takes the room, all but a little.
  const std::filesystem::path other = disk.path() / "other";
  std::ofstream(other) << std::string(700'000, 'x');
  // A small change may still fit where a larger one did not: full is when three in a row fail.
  int added = 0;
  int refused_in_a_row = 0;
  for (int number = 0; number < 1000 && refused_in_a_row < 3; ++number) {
    const auto done = add("user-" + std::to_string(number));
    added += done ? 1 : 0;
    refused_in_a_row = done ? 0 : refused_in_a_row + 1;
    if (!done) {
      EXPECT_EQ(done.error(), StoreError::unavailable);
    }
  }
  ASSERT_EQ(refused_in_a_row, 3) << "the disk did not get full";
  const auto found = loop.wait<std::optional<identity::User>>(
      [&port](auto reply) { port->find_user(UserId("user-0"), std::move(reply)); });
  EXPECT_TRUE(found && found.value()) << "reading needs no room";

  std::filesystem::remove(other);
  EXPECT_TRUE(add("after"));
  EXPECT_EQ(fatal, 0);
  (*store)->stop();
  EXPECT_EQ(count(folder, "SELECT count(*) FROM users"), added + 1);
  expect_whole(folder);
}

}  // namespace
}  // namespace stillroom::store
