// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"
#include "store/open_error.hpp"

/// From a folder to a database that is ours, hardened and of a known schema.
namespace stillroom::store {

struct OpenedDatabase {
  Database database;
  SchemaStatus schema;
};

/// The lock of the folder is held by the caller. Not migrated yet.
[[nodiscard]] Result<OpenedDatabase, OpenError> open_for_writing(
    const std::filesystem::path& folder, const std::string& vfs);

/// Needs no lock and changes nothing. The file exists.
[[nodiscard]] Result<OpenedDatabase, OpenError> open_for_reading(
    const std::filesystem::path& folder);

/// Does what is pending in `opened.schema`, and says how many steps that were.
[[nodiscard]] Result<std::uint32_t, OpenError> bring_up_to_date(OpenedDatabase& opened,
                                                                const std::filesystem::path& folder,
                                                                WallTime now);

/// A failure of `database` in words.
[[nodiscard]] OpenError open_error(const Database& database, const std::filesystem::path& folder);

}  // namespace stillroom::store
