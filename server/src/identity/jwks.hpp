// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "identity/token_key.hpp"

namespace stillroom::identity {

inline constexpr std::size_t kJwksBytesMax = 65'536;

struct JwksKeys {
  std::vector<TokenKey> keys;
  std::size_t skipped = 0;  ///< keys for other uses, or of kinds and algorithms we do not take
};

/// Reads a JWK Set (RFC 7517 §5) of an issuer's signing keys; each gets `rules`. Taken are RSA
/// (`PS256`, or `RS256`, which is also what an RSA key without `alg` is for), EC P-256 (`ES256`)
/// and OKP Ed25519 (`EdDSA`, RFC 8037). The error is a sentence without key material; one bad key
/// of a kind that is taken, a private or a secret key, or a `kid` twice refuses the whole set:
/// better none than one that its maker did not mean.
[[nodiscard]] Result<JwksKeys, std::string> read_jwks(std::string_view text, const KeyRules& rules);

}  // namespace stillroom::identity
