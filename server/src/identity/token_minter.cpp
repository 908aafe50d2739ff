// SPDX-License-Identifier: Apache-2.0
#include "identity/token_minter.hpp"

#include <cstdint>
#include <utility>

#include "base/encoding.hpp"
#include "base/invariant.hpp"
#include "base/json.hpp"
#include "crypto/digest.hpp"

namespace stillroom::identity {
namespace {

std::int64_t whole_seconds(WallTime time) {
  return std::chrono::floor<seconds>(time).time_since_epoch().count();
}

std::string header_json(const TokenKey& key) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("alg").string(to_text(key.algorithm)).key("typ").string("at+jwt");
  if (!key.kid.empty()) json.key("kid").string(key.kid);
  json.end_object();
  return out;
}

std::string payload_json(const TokenContent& content, const KeyRules& rules) {
  std::string out;
  json::Writer json(out);
  json.begin_object();
  if (!rules.issuer.empty()) json.key("iss").string(rules.issuer);
  if (!rules.audience.empty()) json.key("aud").string(rules.audience);
  json.key(rules.claims.subject).string(content.user.text());
  json.key(rules.claims.role).string(to_text(content.role));
  json.key("iat").integer(whole_seconds(content.issued));
  json.key("exp").integer(whole_seconds(content.issued) + content.life.count());
  json.key("auth_time").integer(whole_seconds(content.began));
  json.key("jti").string(content.id).end_object();
  return out;
}

}  // namespace

TokenMinter::TokenMinter(TokenKey key) : key_(std::move(key)) {
  ensure(key_.algorithm == Algorithm::hs256, "own tokens are signed with HS256");
  ensure(key_.key.reveal().size() >= kSecretBytesMin, "a token key has 32 bytes at least");
}

TokenText TokenMinter::mint(const TokenContent& content) const {
  ensure(content.life > seconds(0) && content.life <= key_.rules.life_max,
         "a token lives no longer than its key allows");
  std::string text = to_base64url(as_bytes(header_json(key_))) + '.' +
                     to_base64url(as_bytes(payload_json(content, key_.rules)));
  const auto tag = crypto::hmac_sha256(key_.key.reveal(), text);
  text += '.';
  text += to_base64url(tag);
  return TokenText(std::move(text));
}

}  // namespace stillroom::identity
