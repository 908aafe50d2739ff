// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_store.hpp"

#include <optional>
#include <utility>

#include "store/data_folder.hpp"
#include "store/group.hpp"
#include "store/open_database.hpp"
#include "store/operation.hpp"
#include "store/writer_thread.hpp"

namespace stillroom::store {

/// The lock, the writer, and its thread unless somebody else does the work.
class SqliteCore {
 public:
  SqliteCore(FolderLock lock, std::unique_ptr<Database> database, Tables tables,
             SqliteSettings settings)
      : lock_(std::move(lock)),
        driven_(settings.on_work != nullptr),
        writer_(std::move(database), std::move(tables), *settings.clock,
                std::move(settings.on_fatal),
                driven_ ? std::move(settings.on_work)
                        : std::function<void()>([this] { thread_->wake(); })) {
    if (!driven_) thread_.emplace(writer_);
  }
  Writer& writer() { return writer_; }
  void stop() {
    if (thread_) thread_->end();
    writer_.stop();
    lock_.reset();
  }

 private:
  std::optional<FolderLock> lock_;
  bool driven_;
  Writer writer_;
  std::optional<WriterThread> thread_;
};

namespace {

/// One worker's port.
class WorkerPort final : public signalling::Store {
 public:
  WorkerPort(std::shared_ptr<SqliteCore> core, Poster worker)
      : core_(std::move(core)), worker_(std::make_shared<const Poster>(std::move(worker))) {}

  void find_user(const UserId& id,
                 signalling::Reply<std::optional<identity::User>> reply) override {
    read(std::move(reply), [id](Tables& tables) { return tables.find_user(id); });
  }
  void find_standing(const UserId& user, const std::optional<identity::TokenId>& token,
                     signalling::Reply<identity::Standing> reply) override {
    read(std::move(reply),
         [user, token](Tables& tables) { return tables.find_standing(user, token); });
  }
  void find_session(const SessionId& id,
                    signalling::Reply<std::optional<session::Session>> reply) override {
    read(std::move(reply), [id](Tables& tables) { return tables.find_session(id); });
  }
  void find_outside_session(const OutsideId& id,
                            signalling::Reply<std::optional<session::Session>> reply) override {
    read(std::move(reply), [id](Tables& tables) { return tables.find_outside_session(id); });
  }
  void find_service_key(const KeyId& id,
                        signalling::Reply<std::optional<identity::ServiceKey>> reply) override {
    read(std::move(reply), [id](Tables& tables) { return tables.find_service_key(id); });
  }
  void find_kept_answer(const std::string& place,
                        signalling::Reply<std::optional<signalling::KeptAnswer>> reply) override {
    read(std::move(reply), [place](Tables& tables) { return tables.find_kept_answer(place); });
  }
  void all_service_keys(signalling::Page page,
                        signalling::Reply<std::vector<identity::ServiceKey>> reply) override {
    read(std::move(reply), [page](Tables& tables) { return tables.all_service_keys(page); });
  }
  void find_link_code(const std::string& digest,
                      signalling::Reply<std::optional<signalling::LinkCode>> reply) override {
    read(std::move(reply), [digest](Tables& tables) { return tables.find_link_code(digest); });
  }
  void find_account(const UserId& user,
                    signalling::Reply<std::optional<signalling::Account>> reply) override {
    read(std::move(reply), [user](Tables& tables) { return tables.find_account(user); });
  }
  void find_invite(const std::string& digest,
                   signalling::Reply<std::optional<signalling::Invite>> reply) override {
    read(std::move(reply), [digest](Tables& tables) { return tables.find_invite(digest); });
  }
  void find_log_in(const std::string& id,
                   signalling::Reply<std::optional<identity::LogIn>> reply) override {
    read(std::move(reply), [id](Tables& tables) { return tables.find_log_in(id); });
  }
  void sessions_of(const UserId& user, signalling::Page page,
                   signalling::Reply<std::vector<session::Session>> reply) override {
    read(std::move(reply), [user, page](Tables& tables) { return tables.sessions_of(user, page); });
  }
  void all_users(signalling::Page page,
                 signalling::Reply<std::vector<identity::User>> reply) override {
    read(std::move(reply), [page](Tables& tables) { return tables.all_users(page); });
  }
  void all_sessions(signalling::Page page,
                    signalling::Reply<std::vector<session::Session>> reply) override {
    read(std::move(reply), [page](Tables& tables) { return tables.all_sessions(page); });
  }
  void commit(signalling::Commit commit, signalling::Reply<void> reply) override {
    ask(std::make_unique<Write>(std::move(commit), std::move(reply)));
  }
  void note(audit::Record record) override { core_->writer().note(std::move(record)); }

 private:
  template <class T, class Find>
  void read(signalling::Reply<T> reply, Find find) {
    ask(std::make_unique<Read<T>>(std::move(find), std::move(reply)));
  }
  void ask(std::unique_ptr<Operation> operation) {
    core_->writer().ask({std::move(operation), worker_});
  }

  std::shared_ptr<SqliteCore> core_;
  std::shared_ptr<const Poster> worker_;
};

/// A schema change is an act of the server and leaves its record.
Result<void, Fault> record_migration(Database& database, Tables& tables, std::uint32_t version,
                                     WallTime now) {
  Group group(database, tables);
  audit::Record record;
  record.kind = audit::Kind::migrated;
  record.at = now;
  record.reason = "schema:" + std::to_string(version);
  group.add(std::move(record));
  return group.finish();
}

struct Prepared {
  std::unique_ptr<Database> database;
  Tables tables;
  std::uint32_t migrations_done;
};

Result<Prepared, OpenError> prepare(const std::filesystem::path& folder, const std::string& vfs,
                                    WallTime now) {
  auto opened = open_for_writing(folder, vfs);
  if (!opened) return fail(opened.error());
  const auto migrated = bring_up_to_date(*opened, folder, now);
  if (!migrated) return fail(migrated.error());
  // The log's name was made with the first write: it has to last like the file's own.
  if (auto synced = sync_folder(folder); !synced) return fail(synced.error());
  auto database = std::make_unique<Database>(std::move(opened->database));
  database->lock_down();
  auto tables = Tables::prepare(*database);
  if (!tables) return fail(open_error(*database, folder));
  if (*migrated > 0 && !record_migration(*database, *tables, opened->schema.version, now)) {
    return fail(open_error(*database, folder));
  }
  return Prepared{std::move(database), std::move(*tables), *migrated};
}

}  // namespace

Result<std::unique_ptr<SqliteStore>, OpenError> SqliteStore::open(
    const std::filesystem::path& folder, SqliteSettings settings) {
  auto lock = lock_folder(folder, *settings.clock, settings.lock_patience);
  if (!lock) return fail(lock.error());
  auto prepared = prepare(folder, settings.vfs, settings.clock->wall_now());
  if (!prepared) return fail(prepared.error());
  auto core = std::make_shared<SqliteCore>(std::move(*lock), std::move(prepared->database),
                                           std::move(prepared->tables), std::move(settings));
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(core)));
}

SqliteStore::~SqliteStore() {
  stop();
}

std::unique_ptr<signalling::Store> SqliteStore::for_worker(Poster worker) {
  return std::make_unique<WorkerPort>(core_, std::move(worker));
}

bool SqliteStore::work() {
  return core_->writer().work();
}

void SqliteStore::stop() {
  core_->stop();
}

Result<DatabaseStatus, OpenError> database_status(const std::filesystem::path& folder) {
  DatabaseStatus status;
  if (std::error_code error; !std::filesystem::exists(database_file(folder), error)) {
    const SchemaStatus none = schema_status(0, embedded_migrations());
    status.newest = none.newest;
    status.pending = none.pending;
    return status;
  }
  auto opened = open_for_reading(folder);
  if (!opened) return fail(opened.error());
  status.version = opened->schema.version;
  status.newest = opened->schema.newest;
  status.pending = std::move(opened->schema.pending);
  const auto verdict = opened->database.text_of("PRAGMA quick_check(1)");
  if (!verdict) return fail(open_error(opened->database, folder));
  status.sound = *verdict == "ok";
  return status;
}

Result<std::uint32_t, OpenError> migrate_database(const std::filesystem::path& folder,
                                                  const Clock& clock) {
  auto lock = lock_folder(folder, clock, kLockPatience);
  if (!lock) return fail(lock.error());
  auto prepared = prepare(folder, {}, clock.wall_now());
  if (!prepared) return fail(prepared.error());
  return prepared->migrations_done;
}

}  // namespace stillroom::store
