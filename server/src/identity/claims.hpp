// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/strong_id.hpp"
#include "identity/token_id.hpp"
#include "identity/token_key.hpp"
#include "identity/user.hpp"

/// What a proven payload says (RFC 7519 §4), in types. Nothing outside this module needs it.
namespace stillroom::identity {

struct Claims {
  UserId user;
  Role role = Role::client;
  WallTime expires;
  std::optional<WallTime> not_before;
  std::optional<WallTime> issued;
  std::optional<WallTime> began;     ///< `auth_time`
  std::optional<TokenId> id;         ///< `jti`
  std::optional<SessionId> session;  ///< of tokens of ours alone
};

/// What a ticket says beside: the right it was given for, and to whom it may be shown.
struct TicketClaims {
  WallTime issued;
  WallTime expires;
  WallTime void_from;
  std::optional<WallTime> began;
  std::optional<TokenId> id;
  std::optional<SessionId> session;
  std::string party;
};
[[nodiscard]] std::optional<TicketClaims> read_ticket_claims(std::string_view payload);

/// Nothing when a claim is missing, malformed, or not what the key's rules ask for.
[[nodiscard]] std::optional<Claims> read_claims(std::string_view payload, const KeyRules& rules);

enum class Freshness { good, expired, wrong };  ///< wrong: from the future, or living too long
[[nodiscard]] Freshness judge_times(const Claims& claims, const KeyRules& rules, WallTime now);

}  // namespace stillroom::identity
