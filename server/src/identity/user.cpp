// SPDX-License-Identifier: Apache-2.0
#include "identity/user.hpp"

namespace stillroom::identity {

std::string_view to_text(Role role) {
  switch (role) {
    case Role::client:
      return "client";
    case Role::psychologist:
      return "psychologist";
    case Role::admin:
      return "admin";
    case Role::interpreter:
      return "interpreter";
    case Role::observer:
      return "observer";
  }
  return {};
}

std::optional<Role> role_from_text(std::string_view text) {
  if (text == "therapist") return Role::psychologist;
  for (const Role role :
       {Role::client, Role::psychologist, Role::admin, Role::interpreter, Role::observer}) {
    if (text == to_text(role)) return role;
  }
  return std::nullopt;
}

std::string_view to_text(UserStatus status) {
  switch (status) {
    case UserStatus::active:
      return "active";
    case UserStatus::inactive:
      return "inactive";
    case UserStatus::deleted:
      return "deleted";
  }
  return {};
}

std::optional<UserStatus> user_status_from_text(std::string_view text) {
  for (const UserStatus status : {UserStatus::active, UserStatus::inactive, UserStatus::deleted}) {
    if (text == to_text(status)) return status;
  }
  return std::nullopt;
}

}  // namespace stillroom::identity
