// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/open_error.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite's C API with owners and results; nothing else in the project calls it.
namespace stillroom::store {

enum class Fault : std::uint8_t {
  conflict,   ///< a constraint or a trigger said no; the statement is undone, the handle is fine
  transient,  ///< disk full, busy, no memory: roll back, the handle is fine
  fatal,      ///< I/O, fsync, corruption: this handle is never used again
};

/// A prepared statement, kept for the life of the database.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

 private:
  friend class Query;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// One use of a statement: bind in order, step, read the columns; resets it at the end. Bound text
/// is not copied and has to outlive the query.
class Query {
 public:
  explicit Query(Statement& statement) : statement_(statement.statement_.get()) {}
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& bind(std::string_view text);
  Query& bind(std::int64_t number);
  Query& bind(WallTime instant) { return bind(std::int64_t{instant.time_since_epoch().count()}); }
  Query& bind_null();
  template <class T>
  Query& bind(const std::optional<T>& value) {
    return value ? bind(*value) : bind_null();
  }

  /// True while there is a row.
  [[nodiscard]] Result<bool, Fault> step();

  /// Rows that this INSERT or UPDATE touched; after its step.
  [[nodiscard]] std::int64_t touched() const;

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  /// Valid until the next step.
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] WallTime instant(int column) const {
    return WallTime(milliseconds(integer(column)));
  }

 private:
  sqlite3_stmt* statement_;
  int next_parameter_ = 1;
  int bind_error_ = 0;
};

enum class Mode : std::uint8_t { read_only, read_write };

class Database {
 public:
  /// The file exists. `vfs` names a registered SQLite VFS; empty: the default one.
  [[nodiscard]] static Result<Database, Fault> open(const std::filesystem::path& file, Mode mode,
                                                    const std::string& vfs);

  [[nodiscard]] Result<void, Fault> run(const char* sql);
  [[nodiscard]] Result<Statement, Fault> prepare(std::string_view sql);
  /// First column of the first row.
  [[nodiscard]] Result<std::int64_t, Fault> integer_of(const char* sql);
  [[nodiscard]] Result<std::string, Fault> text_of(const char* sql);

  [[nodiscard]] bool in_transaction() const;
  /// Pages in the write-ahead log after the last commit.
  [[nodiscard]] int log_pages() const;
  /// Copies the log into the file as far as readers allow.
  [[nodiscard]] Result<void, Fault> checkpoint();
  /// From now on: SELECT, INSERT, UPDATE (never of `audit`), DELETE of three tables, and
  /// transactions; nothing else prepares.
  void lock_down();
  /// Closing will not touch the files.
  void forget_log();

  /// The last failure, as far as an operator can do something about it.
  [[nodiscard]] OpenErrorKind last_error_kind() const;
  /// What the last failure was, in SQLite's words for its code; no text of a statement or a value.
  [[nodiscard]] std::string reason() const;

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  // On the heap: SQLite keeps its address while this object moves.
  std::unique_ptr<int> log_pages_ = std::make_unique<int>(0);
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace stillroom::store
