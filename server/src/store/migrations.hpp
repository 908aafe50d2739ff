// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/database.hpp"
#include "store/open_error.hpp"

namespace stillroom::store {

/// One step of the schema; the files are store/migrations/<number>_<name>.sql, from 1 without gap.
struct Migration {
  std::uint32_t number;
  std::string_view name;
  const char* sql;
};

[[nodiscard]] std::span<const Migration> embedded_migrations();

struct SchemaStatus {
  std::uint32_t version = 0;         ///< of the database; 0: there is none yet
  std::uint32_t newest = 0;          ///< that this program knows
  std::vector<std::string> pending;  ///< names of what is still to be done, in order
};

[[nodiscard]] SchemaStatus schema_status(std::uint32_t version,
                                         std::span<const Migration> migrations);

struct MigrationFailure {
  OpenErrorKind kind = OpenErrorKind::io;
  std::string reason;
};

/// Brings the schema from `version` to the last of `migrations`, each in a transaction of its own
/// with its row in `schema_migrations`. Returns how many it did.
[[nodiscard]] Result<std::uint32_t, MigrationFailure> migrate(Database& database,
                                                              std::uint32_t version,
                                                              std::span<const Migration> migrations,
                                                              WallTime now);

}  // namespace stillroom::store
