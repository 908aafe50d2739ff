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

namespace {

TokenKey derived_key(const SecretText& secret, std::string_view purpose, std::string_view kid) {
  auto derived = crypto::hmac_sha256(secret.reveal(), purpose);
  TokenKey key;
  key.kid = kid;
  key.key = SecretText(std::string(as_text(derived)));
  wipe(derived.data(), derived.size());
  key.rules.issuer = "stillroom";
  key.rules.audience = "stillroom";
  return key;
}

}  // namespace

TokenKey own_token_key(const SecretText& secret, seconds life_max) {
  TokenKey key = derived_key(secret, "stillroom own token key 1", "stillroom");
  key.rules.type = TokenType::own;
  key.rules.life_max = life_max;
  return key;
}

TokenKey ticket_key(const SecretText& secret) {
  TokenKey key = derived_key(secret, "stillroom ticket key 1", "stillroom-ticket");
  key.rules.type = TokenType::ticket;
  key.rules.life_max = kTicketLife;
  return key;
}

}  // namespace stillroom::identity
