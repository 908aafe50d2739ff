// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

namespace stillroom::store {
namespace {

Result<void, Fault> note_migration(Database& database, const Migration& migration, WallTime now) {
  auto insert =
      database.prepare("INSERT INTO schema_migrations (number, name, applied_ms) VALUES (?, ?, ?)");
  if (!insert) return fail(insert.error());
  Query query(*insert);
  query.bind(std::int64_t{migration.number}).bind(migration.name).bind(now);
  if (const auto step = query.step(); !step) return fail(step.error());
  return {};
}

Result<void, Fault> apply(Database& database, const Migration& migration, WallTime now) {
  if (auto begun = database.run("BEGIN IMMEDIATE"); !begun) return begun;
  if (auto done = database.run(migration.sql); !done) return done;
  if (auto noted = note_migration(database, migration, now); !noted) return noted;
  // user_version lives in the file's header and is part of the transaction.
  const std::string version = "PRAGMA user_version = " + std::to_string(migration.number);
  if (auto set = database.run(version.c_str()); !set) return set;
  return database.run("COMMIT");
}

}  // namespace

SchemaStatus schema_status(std::uint32_t version, std::span<const Migration> migrations) {
  SchemaStatus status;
  status.version = version;
  for (const Migration& migration : migrations) {
    status.newest = migration.number;
    if (migration.number > version) status.pending.emplace_back(migration.name);
  }
  return status;
}

Result<std::uint32_t, MigrationFailure> migrate(Database& database, std::uint32_t version,
                                                std::span<const Migration> migrations,
                                                WallTime now) {
  std::uint32_t done = 0;
  for (const Migration& migration : migrations) {
    if (migration.number <= version) continue;
    if (auto applied = apply(database, migration, now); !applied) {
      const MigrationFailure failure{database.last_error_kind(), database.reason()};
      if (database.in_transaction()) static_cast<void>(database.run("ROLLBACK"));
      return fail(failure);
    }
    done += 1;
  }
  return done;
}

}  // namespace stillroom::store
