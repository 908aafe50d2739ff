// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"

#include <sqlite3.h>

#include <cstring>
#include <utility>

namespace stillroom::store {
namespace {

constexpr int kBusyTimeoutMs = 1000;

Fault fault_of(int code) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return Fault::conflict;
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
      return Fault::transient;
    default:
      return Fault::fatal;
  }
}

bool is(const char* table, std::string_view name) {
  return table != nullptr && table == name;
}

bool may_lose_rows(const char* table) {
  return is(table, "used_tickets") || is(table, "participants") || is(table, "kept_answers");
}

/// An allow list: what the store's own statements need, and no schema, PRAGMA or ATTACH. Rows go
/// only from where they come to an end by themselves, and those of people who no longer take part.
int authorize(void*, int action, const char* table, const char*, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_INSERT:
    case SQLITE_FUNCTION:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
      return SQLITE_OK;
    case SQLITE_UPDATE:
      return table != nullptr && !is(table, "audit") ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_DELETE:
      return may_lose_rows(table) ? SQLITE_OK : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

void harden(sqlite3* handle) {
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
}

/// Keeps the size of the log for `log_pages`, in place of SQLite's own checkpoints: those ignore
/// their errors, and an fsync that failed once may pass the next time though data is lost.
int note_log_pages(void* pages, sqlite3*, const char*, int in_log) {
  *static_cast<int*>(pages) = in_log;
  return SQLITE_OK;
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Query::~Query() {
  // The result of a reset repeats the step's, which the caller has seen.
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Query& Query::bind(std::string_view text) {
  // A null pointer would bind NULL: the empty text needs an address.
  const char* data = text.data() != nullptr ? text.data() : "";
  const int code = sqlite3_bind_text64(statement_, next_parameter_++, data, text.size(),
                                       SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

Query& Query::bind(std::int64_t number) {
  const int code = sqlite3_bind_int64(statement_, next_parameter_++, number);
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

Query& Query::bind_null() {
  const int code = sqlite3_bind_null(statement_, next_parameter_++);
  if (code != SQLITE_OK) bind_error_ = code;
  return *this;
}

Result<bool, Fault> Query::step() {
  if (bind_error_ != SQLITE_OK) return fail(fault_of(bind_error_));
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return fail(fault_of(code));
}

std::int64_t Query::touched() const {
  return sqlite3_changes64(sqlite3_db_handle(statement_));
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Query::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  const int bytes = sqlite3_column_bytes(statement_, column);
  return data != nullptr ? std::string_view(data, static_cast<std::size_t>(bytes))
                         : std::string_view();
}

Result<Database, Fault> Database::open(const std::filesystem::path& file, Mode mode,
                                       const std::string& vfs) {
  // One thread at a time uses a handle, so SQLite needs no mutex of its own.
  const int flags = (mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  Database database(handle);
  if (code != SQLITE_OK) return fail(fault_of(code));
  harden(handle);
  sqlite3_wal_hook(handle, &note_log_pages, database.log_pages_.get());
  return database;
}

Result<void, Fault> Database::run(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(fault_of(code));
  return {};
}

Result<Statement, Fault> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return fail(fault_of(code));
  return Statement(statement);
}

Result<std::int64_t, Fault> Database::integer_of(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return fail(statement.error());
  Query query(*statement);
  const auto row = query.step();
  if (!row) return fail(row.error());
  return *row ? query.integer(0) : 0;
}

Result<std::string, Fault> Database::text_of(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return fail(statement.error());
  Query query(*statement);
  const auto row = query.step();
  if (!row) return fail(row.error());
  return *row ? std::string(query.text(0)) : std::string();
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

int Database::log_pages() const {
  return *log_pages_;
}

Result<void, Fault> Database::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                             nullptr, nullptr);
  if (code != SQLITE_OK) return fail(fault_of(code));
  return {};
}

void Database::lock_down() {
  sqlite3_set_authorizer(handle_.get(), &authorize, nullptr);
}

void Database::forget_log() {
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

OpenErrorKind Database::last_error_kind() const {
  switch (sqlite3_errcode(handle_.get()) & 0xff) {
    case SQLITE_NOTADB:
      return OpenErrorKind::not_ours;
    case SQLITE_CORRUPT:
      return OpenErrorKind::damaged;
    case SQLITE_PERM:
    case SQLITE_READONLY:
      return OpenErrorKind::permissions;
    default:
      return OpenErrorKind::io;
  }
}

std::string Database::reason() const {
  const int code = sqlite3_extended_errcode(handle_.get());
  return std::string(sqlite3_errstr(code)) + " (SQLite " + std::to_string(code) + ")";
}

}  // namespace stillroom::store
