// SPDX-License-Identifier: Apache-2.0
#include "identity/token_id.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::identity {

TokenId token_id_of(std::string_view jti) {
  const crypto::Sha256 digest = crypto::sha256(jti);
  TokenId id;
  std::copy_n(digest.begin(), TokenId::kBytes, id.bytes.begin());
  return id;
}

std::string to_text(const TokenId& id) {
  return to_hex(id.bytes);
}

}  // namespace stillroom::identity
