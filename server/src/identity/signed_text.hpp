// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

/// For tests: a compact JWS of any header and payload, well formed or not, with a good HS256
/// signature. Keeping this apart from TokenMinter lets tests say what no minter would.
namespace stillroom::identity {

inline std::string sign_segments(std::string_view signed_text, std::string_view key) {
  return std::string(signed_text) + '.' + to_base64url(crypto::hmac_sha256(key, signed_text));
}

inline std::string signed_text(std::string_view header, std::string_view payload,
                               std::string_view key) {
  return sign_segments(to_base64url(as_bytes(header)) + '.' + to_base64url(as_bytes(payload)), key);
}

}  // namespace stillroom::identity
