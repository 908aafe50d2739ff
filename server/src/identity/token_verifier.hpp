// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "identity/principal.hpp"
#include "identity/token.hpp"
#include "identity/token_key.hpp"

namespace stillroom::identity {

inline constexpr std::size_t kTokenBytesMax = 4096;
inline constexpr std::size_t kTokenKeysMax = 64;

/// token text -> VerifiedToken. Immutable, so every worker shares one.
class TokenVerifier {
 public:
  /// A table with two equal `kid`s or a key under 32 bytes is a broken invariant: config asks
  /// first.
  explicit TokenVerifier(std::vector<TokenKey> keys);

  /// `token_invalid` for every defect; `token_expired` only after the signature proved good and
  /// everything but the time is in order. Costs one HMAC over the text whatever is wrong with it.
  [[nodiscard]] Result<VerifiedToken, Refusal> verify(const TokenText& token, WallTime now) const;

  /// Whether `token`, refused as invalid, names a public key that is not in the table: a reason to
  /// ask its issuer for new ones, and no more than that.
  [[nodiscard]] bool lacks_key_of(const TokenText& token) const;

 private:
  std::vector<TokenKey> keys_;
};

}  // namespace stillroom::identity
