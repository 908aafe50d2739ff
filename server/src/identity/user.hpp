// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/strong_id.hpp"

namespace stillroom::identity {

/// Contract §1. `psychologist` and its alias `therapist` are one role.
enum class Role : std::uint8_t { client, psychologist, admin, interpreter, observer };

/// The wire's spelling: `client`, `psychologist`, `admin`, `interpreter`, `observer`.
[[nodiscard]] std::string_view to_text(Role role);
/// Also takes `therapist`; nothing for any other word.
[[nodiscard]] std::optional<Role> role_from_text(std::string_view text);

enum class UserStatus : std::uint8_t { active, inactive, deleted };
[[nodiscard]] std::string_view to_text(UserStatus status);
[[nodiscard]] std::optional<UserStatus> user_status_from_text(std::string_view text);

/// A person as the database knows them.
struct User {
  UserId id;
  Role role = Role::client;
  PersonName name;
  UserStatus status = UserStatus::active;

  friend bool operator==(const User&, const User&) = default;
};

}  // namespace stillroom::identity
