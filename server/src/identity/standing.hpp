// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/clock.hpp"
#include "identity/user.hpp"

namespace stillroom::identity {

/// What the database says, at one moment, about the person a token names and about that token.
struct Standing {
  std::optional<User> user;
  /// Tokens of this person that were issued up to here are void.
  std::optional<WallTime> tokens_void_until = std::nullopt;
  bool token_revoked = false;
};

}  // namespace stillroom::identity
