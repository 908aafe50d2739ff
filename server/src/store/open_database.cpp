// SPDX-License-Identifier: Apache-2.0
#include "store/open_database.hpp"

#include <array>
#include <utility>

#include "store/data_folder.hpp"

namespace stillroom::store {
namespace {

constexpr std::int64_t kApplicationId = 0x5374696c;  // "Stil": tells our files from other databases

// FULL: a commit is on the disk when it returns, also after a loss of power. secure_delete: what is
// overwritten is gone from the file. recursive_triggers: REPLACE must not slip past a DELETE
// trigger.
constexpr std::array kSettings = {
    "PRAGMA synchronous = FULL",   "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF", "PRAGMA cell_size_check = ON",
    "PRAGMA secure_delete = ON",   "PRAGMA recursive_triggers = ON",
    "PRAGMA temp_store = MEMORY",  "PRAGMA journal_size_limit = 67108864",
};

OpenError not_ours(const std::filesystem::path& folder) {
  return {OpenErrorKind::not_ours,
          database_file(folder).string() + " is not a database of Stillroom"};
}

/// An empty file becomes ours; a file with anything else in it must say that it is.
Result<void, OpenError> claim(Database& database, const std::filesystem::path& folder) {
  const auto id = database.integer_of("PRAGMA application_id");
  if (!id) return fail(open_error(database, folder));
  if (*id == kApplicationId) return {};
  const auto objects = database.integer_of("SELECT count(*) FROM sqlite_schema");
  if (!objects) return fail(open_error(database, folder));
  if (*id != 0 || *objects != 0) return fail(not_ours(folder));
  const std::string claim = "PRAGMA application_id = " + std::to_string(kApplicationId);
  if (!database.run(claim.c_str())) return fail(open_error(database, folder));
  return {};
}

Result<void, OpenError> set_up(Database& database, const std::filesystem::path& folder) {
  for (const char* setting : kSettings) {
    if (!database.run(setting)) return fail(open_error(database, folder));
  }
  const auto mode = database.text_of("PRAGMA journal_mode = WAL");
  if (!mode) return fail(open_error(database, folder));
  if (*mode != "wal") {
    return fail(OpenError{OpenErrorKind::io, database_file(folder).string() +
                                                 ": this file system cannot hold a "
                                                 "write-ahead log (shared memory is missing)"});
  }
  // The last process may have died between writing a commit and syncing it. From here on it is
  // read as a fact, so it has to last: a checkpoint syncs the log first.
  if (!database.checkpoint()) return fail(open_error(database, folder));
  return {};
}

Result<SchemaStatus, OpenError> read_schema(Database& database,
                                            const std::filesystem::path& folder) {
  const auto version = database.integer_of("PRAGMA user_version");
  if (!version) return fail(open_error(database, folder));
  SchemaStatus status = schema_status(static_cast<std::uint32_t>(*version), embedded_migrations());
  if (status.version > status.newest) {
    return fail(OpenError{OpenErrorKind::too_new,
                          database_file(folder).string() + " has schema " +
                              std::to_string(status.version) + ", this program knows " +
                              std::to_string(status.newest) + ": use a newer program"});
  }
  return status;
}

Failure<OpenError> not_opened(const std::filesystem::path& folder) {
  return fail(
      OpenError{OpenErrorKind::io, database_file(folder).string() + " could not be opened"});
}

}  // namespace

OpenError open_error(const Database& database, const std::filesystem::path& folder) {
  return {database.last_error_kind(), database_file(folder).string() + ": " + database.reason()};
}

Result<OpenedDatabase, OpenError> open_for_writing(const std::filesystem::path& folder,
                                                   const std::string& vfs) {
  if (auto prepared = prepare_database_file(folder); !prepared) return fail(prepared.error());
  auto database = Database::open(database_file(folder), Mode::read_write, vfs);
  if (!database) return not_opened(folder);
  // Claimed before anything is set: a stranger's file is left as it was.
  if (auto claimed = claim(*database, folder); !claimed) return fail(claimed.error());
  if (auto ready = set_up(*database, folder); !ready) return fail(ready.error());
  auto schema = read_schema(*database, folder);
  if (!schema) return fail(schema.error());
  return OpenedDatabase{std::move(*database), std::move(*schema)};
}

Result<OpenedDatabase, OpenError> open_for_reading(const std::filesystem::path& folder) {
  auto database = Database::open(database_file(folder), Mode::read_only, {});
  if (!database) return not_opened(folder);
  const auto id = database->integer_of("PRAGMA application_id");
  if (!id) return fail(open_error(*database, folder));
  if (*id != kApplicationId) return fail(not_ours(folder));
  auto schema = read_schema(*database, folder);
  if (!schema) return fail(schema.error());
  return OpenedDatabase{std::move(*database), std::move(*schema)};
}

Result<std::uint32_t, OpenError> bring_up_to_date(OpenedDatabase& opened,
                                                  const std::filesystem::path& folder,
                                                  WallTime now) {
  const auto done = migrate(opened.database, opened.schema.version, embedded_migrations(), now);
  if (!done) {
    return fail(OpenError{done.error().kind, database_file(folder).string() +
                                                 ": the schema could not be changed, nothing "
                                                 "was: " +
                                                 done.error().reason});
  }
  opened.schema = schema_status(opened.schema.newest, embedded_migrations());
  return *done;
}

}  // namespace stillroom::store
