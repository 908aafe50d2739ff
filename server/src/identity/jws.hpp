// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "identity/token_key.hpp"

/// JWS compact serialization (RFC 7515 §7.1), verifying only. Nothing outside this module needs it.
namespace stillroom::identity {

inline constexpr std::size_t kKidCharactersMax = 128;
/// 1 to 128 of `[A-Za-z0-9._~+/=:-]`: a name in our own table, never a path or URL.
[[nodiscard]] bool is_kid(std::string_view text);

/// A payload whose signature one of our keys has proved.
struct ProvenPayload {
  const TokenKey* key;  ///< in the table that was asked
  std::string text;     ///< decoded, not yet looked at
};

/// Nothing for any defect: shape, header, unknown key, other algorithm, wrong signature.
/// Where no key fits an HMAC is computed all the same; which public keys there are is no secret.
[[nodiscard]] std::optional<ProvenPayload> open_jws(std::string_view text,
                                                    std::span<const TokenKey> keys);

/// Whether a token names, by a `kid` and an algorithm of public keys, a key that is not among
/// `keys`: its issuer may have new ones. Says nothing about whether the token is any good.
[[nodiscard]] bool names_unknown_key(std::string_view text, std::span<const TokenKey> keys);

}  // namespace stillroom::identity
