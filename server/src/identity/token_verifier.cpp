// SPDX-License-Identifier: Apache-2.0
#include "identity/token_verifier.hpp"

#include <algorithm>
#include <utility>

#include "base/invariant.hpp"
#include "identity/claims.hpp"
#include "identity/jws.hpp"

namespace stillroom::identity {

TokenVerifier::TokenVerifier(std::vector<TokenKey> keys) : keys_(std::move(keys)) {
  ensure(keys_.size() <= kTokenKeysMax, "the key table is bounded");
  for (const TokenKey& key : keys_) {
    ensure(key.algorithm == Algorithm::hs256 ? key.key.reveal().size() >= kSecretBytesMin
                                             : key.public_key.has_value(),
           "a token key is 32 secret bytes or a public key");
  }
}

Result<VerifiedToken, Refusal> TokenVerifier::verify(const TokenText& token, WallTime now) const {
  const auto proven = open_jws(token.reveal(), keys_);
  if (!proven) return fail(Refusal::token_invalid);
  const KeyRules& rules = proven->key->rules;
  auto claims = read_claims(proven->text, rules);
  if (!claims) return fail(Refusal::token_invalid);
  switch (judge_times(*claims, rules, now)) {
    case Freshness::wrong:
      return fail(Refusal::token_invalid);
    case Freshness::expired:
      return fail(Refusal::token_expired);
    case Freshness::good:
      break;
  }
  VerifiedToken verified;
  verified.user_ = std::move(claims->user);
  verified.role_ = claims->role;
  verified.issued_ = claims->issued.value_or(claims->expires - rules.life_max);
  if (rules.type == TokenType::outside) verified.issued_ -= rules.skew;  // their clock, not ours
  verified.expires_ = claims->expires;
  verified.void_from_ = claims->expires + rules.grace();
  verified.id_ = claims->id;
  if (rules.type == TokenType::own) verified.began_ = claims->began;
  verified.session_ = std::move(claims->session);
  if (rules.type == TokenType::ticket) {
    auto right = read_ticket_claims(proven->text);
    if (!right || !claims->id) return fail(Refusal::token_invalid);
    verified.issued_ = right->issued;
    verified.expires_ = right->expires;
    verified.void_from_ = right->void_from;
    verified.began_ = right->began;
    verified.id_ = right->id;
    verified.session_ = std::move(right->session);
    verified.ticket_ = std::make_shared<const Ticket>(
        Ticket{*claims->id, claims->expires, std::move(right->party)});
  }
  return verified;
}

bool TokenVerifier::lacks_key_of(const TokenText& token) const {
  return names_unknown_key(token.reveal(), keys_);
}

}  // namespace stillroom::identity
