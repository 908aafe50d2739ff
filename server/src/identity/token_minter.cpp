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

std::string_view type_of(const TokenKey& key) {
  return key.rules.type == TokenType::ticket ? "ticket+jwt" : "at+jwt";
}

std::string header_json(const TokenKey& key) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("alg").string(to_text(key.algorithm)).key("typ").string(type_of(key));
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
  json.key("jti").string(content.id);
  if (content.session) json.key("session").string(content.session->text());
  json.end_object();
  return out;
}

std::string payload_json(const Principal& holder, const TicketMinter::Content& content,
                         const KeyRules& rules) {
  const VerifiedToken& right = holder.token();
  std::string out;
  json::Writer json(out);
  json.begin_object().key("iss").string(rules.issuer).key("aud").string(rules.audience);
  json.key(rules.claims.subject).string(holder.user().text());
  json.key(rules.claims.role).string(to_text(holder.role()));
  json.key("iat").integer(whole_seconds(content.issued));
  json.key("exp").integer(whole_seconds(content.issued) + kTicketLife.count());
  json.key("jti").string(content.id).key("party").string(content.party);
  // In milliseconds: a log-in may begin in the second in which something else was revoked.
  const auto exactly = [](WallTime time) { return std::int64_t{time.time_since_epoch().count()}; };
  json.key("right").begin_object().key("issued").integer(exactly(right.issued()));
  json.key("expires").integer(exactly(right.expires()));
  json.key("void").integer(exactly(right.void_from()));
  if (right.began()) json.key("began").integer(exactly(*right.began()));
  if (right.id()) json.key("id").string(to_base64url(right.id()->bytes));
  if (right.session()) json.key("session").string(right.session()->text());
  json.end_object().end_object();
  return out;
}

TokenText sign(const TokenKey& key, std::string_view payload) {
  std::string text =
      to_base64url(as_bytes(header_json(key))) + '.' + to_base64url(as_bytes(payload));
  const auto tag = crypto::hmac_sha256(key.key.reveal(), text);
  text += '.';
  text += to_base64url(tag);
  return TokenText(std::move(text));
}

void expect_own(const TokenKey& key) {
  ensure(key.algorithm == Algorithm::hs256, "own tokens are signed with HS256");
  ensure(key.key.reveal().size() >= kSecretBytesMin, "a token key has 32 bytes at least");
}

}  // namespace

TicketMinter::TicketMinter(TokenKey key) : key_(std::move(key)) {
  expect_own(key_);
}

TokenText TicketMinter::mint(const Principal& holder, const Content& content) const {
  return sign(key_, payload_json(holder, content, key_.rules));
}

TokenMinter::TokenMinter(TokenKey key) : key_(std::move(key)) {
  expect_own(key_);
}

TokenText TokenMinter::mint(const TokenContent& content) const {
  ensure(content.life > seconds(0) && content.life <= key_.rules.life_max,
         "a token lives no longer than its key allows");
  return sign(key_, payload_json(content, key_.rules));
}

}  // namespace stillroom::identity
