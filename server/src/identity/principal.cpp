// SPDX-License-Identifier: Apache-2.0
#include "identity/principal.hpp"

namespace stillroom::identity {

std::string_view reason(Refusal refusal) {
  switch (refusal) {
    case Refusal::token_missing:
      return "token_missing";
    case Refusal::token_invalid:
      return "token_invalid";
    case Refusal::token_expired:
      return "token_expired";
    case Refusal::token_revoked:
      return "token_revoked";
    case Refusal::user_unknown:
      return "user_unknown";
    case Refusal::user_inactive:
      return "user_inactive";
    case Refusal::role_changed:
      return "role_changed";
  }
  return {};
}

std::string_view code(Refusal refusal) {
  switch (refusal) {
    case Refusal::token_revoked:
      return reason(Refusal::token_invalid);
    case Refusal::role_changed:
      return reason(Refusal::user_inactive);
    default:
      return reason(refusal);
  }
}

std::string_view message(Refusal refusal) {
  switch (refusal) {
    case Refusal::token_missing:
      return "Authentication token required";
    case Refusal::user_unknown:
      return "User not found";
    default:
      return "Authentication failed";
  }
}

Result<Principal, Refusal> establish(const VerifiedToken& token, const Standing& standing,
                                     WallTime now) {
  const std::optional<User>& user = standing.user;
  if (now >= token.void_from()) return fail(Refusal::token_expired);
  if (!user || user->status == UserStatus::deleted || user->id != token.user()) {
    return fail(Refusal::user_unknown);
  }
  if (standing.token_revoked ||
      (standing.tokens_void_until && token.issued() <= *standing.tokens_void_until)) {
    return fail(Refusal::token_revoked);
  }
  if (user->status != UserStatus::active) return fail(Refusal::user_inactive);
  if (user->role != token.role()) return fail(Refusal::role_changed);
  return Principal(token, user->name);
}

}  // namespace stillroom::identity
