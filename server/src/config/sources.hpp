// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "config/raw_value.hpp"

/// From what an operator wrote to values that belong to rows of the table; nothing is checked yet.
namespace stillroom::config {

/// One source's values, and the sentences about what it says that is no setting.
struct Gathered {
  std::vector<std::pair<const Row*, RawValue>> values;
  std::vector<std::string> problems;  ///< stop the start
  std::vector<std::string> warnings;
};

inline constexpr std::uintmax_t kConfigFileBytesMax = 1 << 20;
inline constexpr std::uintmax_t kSecretFileBytesMax = 4096;

/// The whole file; on failure the sentence that says why.
[[nodiscard]] Result<std::string, std::string> read_bounded(const std::filesystem::path& path,
                                                            std::uintmax_t bytes_max);

[[nodiscard]] Gathered gather_file(const std::filesystem::path& path);
[[nodiscard]] Gathered gather_environment(const std::map<std::string, std::string>& variables);
[[nodiscard]] Gathered gather_overrides(const std::map<std::string, std::string>& overrides);

/// Adds the secret in the file that `raw` names. `name` is what the operator called the setting.
void add_secret_file(const Row& row, const RawValue& raw, std::string_view name, Gathered& out);
/// `unknown key a.b; did you mean a.c?`
[[nodiscard]] std::string unknown_key(std::string_view key);

}  // namespace stillroom::config
