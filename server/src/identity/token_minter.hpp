// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/strong_id.hpp"
#include "identity/principal.hpp"
#include "identity/token.hpp"
#include "identity/token_key.hpp"
#include "identity/user.hpp"

namespace stillroom::identity {

/// What a token of ours says.
struct TokenContent {
  UserId user;
  Role role = Role::client;
  WallTime issued;
  seconds life = kOwnTokenLife;
  WallTime began;  ///< when the person proved who they are (`auth_time`); renewals keep it
  std::string id;  ///< `jti`: random, base64url
  std::optional<SessionId> session = std::nullopt;  ///< it is good for this one alone
};

/// Signs tickets: a right that was proved already, put into a text that opens one connection.
class TicketMinter {
 public:
  explicit TicketMinter(TokenKey key);

  struct Content {
    WallTime issued;
    std::string id;     ///< `jti`: random, base64url
    std::string party;  ///< who may show it, as `OfferedTokens::party`
  };
  /// Good for `kTicketLife`, and for a connection as long as `holder` may be there.
  [[nodiscard]] TokenText mint(const Principal& holder, const Content& content) const;

 private:
  TokenKey key_;
};

/// Signs tokens with our own key. Whoever mints has already recorded why.
class TokenMinter {
 public:
  explicit TokenMinter(TokenKey key);

  [[nodiscard]] TokenText mint(const TokenContent& content) const;
  /// The longest life that the verifier will accept.
  [[nodiscard]] seconds life_max() const { return key_.rules.life_max; }

 private:
  TokenKey key_;
};

}  // namespace stillroom::identity
