// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/strong_id.hpp"
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
