// SPDX-License-Identifier: Apache-2.0
#include "identity/principal.hpp"

namespace stillroom::identity {

std::string_view code(Refusal refusal) {
  switch (refusal) {
    case Refusal::token_missing:
      return "token_missing";
    case Refusal::token_invalid:
      return "token_invalid";
    case Refusal::token_expired:
      return "token_expired";
    case Refusal::user_unknown:
      return "user_unknown";
    case Refusal::user_inactive:
      return "user_inactive";
  }
  return {};
}

std::string_view message(Refusal refusal) {
  switch (refusal) {
    case Refusal::token_missing:
      return "Authentication token required";
    case Refusal::user_unknown:
      return "User not found";
    case Refusal::token_invalid:
    case Refusal::token_expired:
    case Refusal::user_inactive:
      return "Authentication failed";
  }
  return {};
}

Result<Principal, Refusal> establish(const VerifiedToken& token, const std::optional<User>& user) {
  if (!user || user->status == UserStatus::deleted || user->id != token.user()) {
    return fail(Refusal::user_unknown);
  }
  if (user->status != UserStatus::active || user->role != token.role()) {
    return fail(Refusal::user_inactive);
  }
  Principal principal;
  principal.user_ = user->id;
  principal.role_ = user->role;
  principal.name_ = user->name;
  principal.expires_ = token.expires();
  principal.began_ = token.began();
  return principal;
}

}  // namespace stillroom::identity
