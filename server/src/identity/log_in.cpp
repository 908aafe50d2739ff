// SPDX-License-Identifier: Apache-2.0
#include "identity/log_in.hpp"

#include <string>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::identity {

std::string log_in_digest(std::string_view secret) {
  return to_hex(crypto::sha256(secret));
}

TokenId token_id_of_log_in(std::string_view id) {
  return token_id_of("log-in " + std::string(id));
}

Result<VerifiedToken, Refusal> open_log_in(std::string_view id, const SecretText& secret,
                                           const std::optional<LogIn>& known,
                                           const LogInLimits& limits, WallTime now) {
  const std::string digest = log_in_digest(secret.reveal());
  const std::string expected = known ? known->secret_digest : std::string(digest.size(), '-');
  if (!crypto::equal_constant_time(as_bytes(digest), as_bytes(expected))) {
    return fail(Refusal::token_invalid);
  }
  const WallTime ends = known->began + limits.absolute;
  if (now >= ends || now >= known->seen + limits.idle) return fail(Refusal::token_expired);
  VerifiedToken right;
  right.user_ = known->user;
  right.role_ = known->role;
  right.issued_ = known->began;
  right.expires_ = ends;
  right.void_from_ = ends;
  right.id_ = token_id_of_log_in(id);
  return right;
}

}  // namespace stillroom::identity
