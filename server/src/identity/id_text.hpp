// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/strong_id.hpp"

/// The grammar of ids and names that enter from outside. What passed here fits a record, a URL
/// segment and a claim without any escaping.
namespace stillroom::identity {

inline constexpr std::size_t kIdCharactersMax = 128;
inline constexpr std::size_t kNameBytesMax = 800;
inline constexpr std::size_t kNameCharactersMax = 200;

/// 1 to 128 of `A-Z a-z 0-9 . _ @ : + ~ = | -`: uuids, numbers, e-mail addresses, the subjects of
/// common login servers. Users and sessions share it.
[[nodiscard]] bool is_id_text(std::string_view text);
[[nodiscard]] std::optional<UserId> user_id_from_text(std::string_view text);
/// 1 to 200 characters of UTF-8, no control or format-override character, no blank at either end.
[[nodiscard]] std::optional<PersonName> person_name_from_text(std::string_view text);

}  // namespace stillroom::identity
