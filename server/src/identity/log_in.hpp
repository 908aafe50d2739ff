// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/principal.hpp"

namespace stillroom::identity {

/// Somebody who proved who they are with a password, as the database keeps it. Its id is public,
/// its secret is the browser's cookie.
struct LogIn {
  UserId user;
  Role role = Role::client;   ///< then; another one now ends it
  std::string secret_digest;  ///< SHA-256, hex
  WallTime began;
  WallTime seen;
};

/// Automatic log-off (45 CFR 164.312(a)(2)(iii)).
struct LogInLimits {
  milliseconds idle{15 * 60 * 1000};
  milliseconds absolute{12 * 60 * 60 * 1000};
};

[[nodiscard]] std::string log_in_digest(std::string_view secret);
/// A log-in is revoked as a token is: by this name.
[[nodiscard]] TokenId token_id_of_log_in(std::string_view id);

/// What a cookie says, once its secret proved good: `token_invalid` for every defect,
/// `token_expired` for one that nobody used for too long, or that is too old. Logging out revokes
/// it, which `establish` asks.
[[nodiscard]] Result<VerifiedToken, Refusal> open_log_in(std::string_view id,
                                                         const SecretText& secret,
                                                         const std::optional<LogIn>& known,
                                                         const LogInLimits& limits, WallTime now);

}  // namespace stillroom::identity
