// SPDX-License-Identifier: Apache-2.0
#include "identity/token_key.hpp"

#include <utility>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::identity {

std::string_view to_text(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
      return "HS256";
    case Algorithm::rs256:
      return "RS256";
    case Algorithm::ps256:
      return "PS256";
    case Algorithm::es256:
      return "ES256";
    case Algorithm::eddsa:
      return "EdDSA";
  }
  return {};
}

TokenKey own_token_key(const SecretText& secret, seconds life_max) {
  auto derived = crypto::hmac_sha256(secret.reveal(), "stillroom own token key 1");
  TokenKey key;
  key.kid = "stillroom";
  key.key = SecretText(std::string(as_text(derived)));
  wipe(derived.data(), derived.size());
  key.rules.type = TokenType::own;
  key.rules.issuer = "stillroom";
  key.rules.audience = "stillroom";
  key.rules.life_max = life_max;
  return key;
}

}  // namespace stillroom::identity
