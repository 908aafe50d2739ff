// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings_table.hpp"

namespace stillroom::config {

/// A TOML value of a kind that no setting has; said in words for the error.
struct OtherKind {
  std::string_view article_and_name;  ///< "a date"
};

/// A value as some source gave it, not yet checked.
struct RawValue {
  std::variant<std::int64_t, bool, std::string, std::vector<std::string>, OtherKind> value;
  /// From a variable or the command line: a string then stands for every type, `a,b` for a list.
  bool untyped = false;
  std::string where;  ///< "stillroom.toml:12", "environment PORT", "command line"
};

/// Checks `raw` by the row's type and range and puts it into `settings`. Returns what is wrong as a
/// phrase that goes behind the key ("must be 0 to 64, not 900"); empty when nothing is. A secret is
/// never repeated in it.
[[nodiscard]] std::string assign(const Row& row, const RawValue& raw, Settings& settings);

/// The value as TOML; a secret as `"(set)"` or `""`.
[[nodiscard]] std::string toml_value(const Row& row, const Settings& settings);

}  // namespace stillroom::config
