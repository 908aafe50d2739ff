// SPDX-License-Identifier: Apache-2.0
#include "identity/token_verifier.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "identity/signed_text.hpp"
#include "identity/token_minter.hpp"

namespace stillroom::identity {
namespace {

constexpr WallTime kNow{seconds(1'795'514'400)};
constexpr std::string_view kSecret = "a secret of thirty-two bytes, ok";
constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";

std::int64_t at(std::int64_t offset) {
  return kNow.time_since_epoch().count() / 1000 + offset;
}

std::string number(std::int64_t value) {
  return std::to_string(value);
}

TokenKey outside_key() {
  TokenKey key;
  key.key = SecretText(std::string(kSecret));
  return key;
}

TokenVerifier verifier_with(TokenKey key) {
  std::vector<TokenKey> keys;
  keys.push_back(std::move(key));
  return TokenVerifier(std::move(keys));
}

/// The verdict on a text: the code of the refusal, or the user's id.
std::string verdict(const TokenVerifier& verifier, std::string text, WallTime now = kNow) {
  const auto result = verifier.verify(TokenText(std::move(text)), now);
  return result ? result->user().text() : std::string(code(result.error()));
}

std::string claims(std::string_view extra, std::int64_t life = 600) {
  return R"({"user":{"id":"ada","role":"client"},"iat":)" + number(at(0)) + R"(,"exp":)" +
         number(at(life)) + std::string(extra) + "}";
}

class Verifier : public ::testing::Test {
 protected:
  std::string of(std::string_view payload) const {
    return verdict(verifier_, signed_text(kHeader, payload, kSecret));
  }
  std::string of_header(std::string_view header) const {
    return verdict(verifier_, signed_text(header, claims(""), kSecret));
  }
  TokenVerifier verifier_ = verifier_with(outside_key());
};

TEST_F(Verifier, a_good_token_says_who_in_which_role_and_until_when) {
  const auto token = verifier_.verify(TokenText(signed_text(kHeader, claims(""), kSecret)), kNow);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->user(), UserId("ada"));
  EXPECT_EQ(token->role(), Role::client);
  EXPECT_EQ(token->expires(), kNow + seconds(600));
  EXPECT_EQ(token->void_from(), kNow + seconds(600) + seconds(30)) << "with the accepted skew";
  EXPECT_FALSE(token->began()) << "only tokens of ours can be renewed";
}

TEST_F(Verifier, when_a_token_was_issued_is_never_told_too_late) {
  const auto issued = [&](const std::string& payload) {
    return verifier_.verify(TokenText(signed_text(kHeader, payload, kSecret)), kNow)->issued();
  };
  EXPECT_EQ(issued(claims("")), kNow - seconds(30)) << "its issuer's clock may be ahead of ours";
  const std::string ageless = R"({"sub":"ada","role":"client","exp":)" + number(at(600)) + "}";
  EXPECT_EQ(issued(ageless), kNow + seconds(600) - seconds(86'400) - seconds(30))
      << "as early as a token with this end may have been taken";
}

TEST_F(Verifier, a_jti_is_text_or_absent) {
  const auto named = [&](std::string_view jti) {
    const std::string text = signed_text(kHeader, claims(jti), kSecret);
    const auto token = verifier_.verify(TokenText(text), kNow);
    return token ? token->id() : std::nullopt;
  };
  EXPECT_EQ(named(R"(,"jti":"one")"), token_id_of("one"));
  EXPECT_EQ(named(R"(,"jti":"\u006fne")"), token_id_of("one"));
  EXPECT_EQ(named(""), std::nullopt);
  EXPECT_EQ(of(claims("")), "ada");
  for (const std::string_view jti :
       {R"(,"jti":7)", R"(,"jti":null)", R"(,"jti":"")", R"(,"jti":["one"])"}) {
    EXPECT_EQ(of(claims(jti)), "token_invalid") << jti;
  }
}

TEST_F(Verifier, both_shapes_of_claims_are_understood) {
  const std::string times = R"(,"exp":)" + number(at(600)) + "}";
  EXPECT_EQ(of(R"({"sub":"bea","role":"therapist")" + times), "bea");
  EXPECT_EQ(of(R"({"user":{"id":"bea","role":"psychologist","more":1})" + times), "bea");
  EXPECT_EQ(of(R"({"sub":"bea","user":{"id":"bea","role":"admin"})" + times), "bea");
  EXPECT_EQ(of(R"({"sub":"eve","user":{"id":"bea","role":"admin"})" + times), "token_invalid")
      << "two answers to who are none";
}

TEST_F(Verifier, claim_names_are_settings) {
  TokenKey key = outside_key();
  key.rules.claims = {"account", "uid", "kind", "subject", "as"};
  const TokenVerifier renamed = verifier_with(std::move(key));
  const std::string times = R"(,"exp":)" + number(at(600)) + "}";
  const auto told = [&](const std::string& text) {
    return verdict(renamed, signed_text(kHeader, text + times, kSecret));
  };
  EXPECT_EQ(told(R"({"account":{"uid":"ada","kind":"client"})"), "ada");
  EXPECT_EQ(told(R"({"subject":"ada","as":"client")"), "ada");
  EXPECT_EQ(told(R"({"user":{"id":"ada","role":"client"})"), "token_invalid");
}

TEST_F(Verifier, times_have_exact_edges) {
  const auto judged = [&](std::string_view extra, std::int64_t exp, WallTime now) {
    const std::string payload =
        R"({"sub":"ada","role":"client","exp":)" + number(exp) + std::string(extra) + "}";
    return verdict(verifier_, signed_text(kHeader, payload, kSecret), now);
  };
  EXPECT_EQ(judged("", at(-29), kNow), "ada");
  EXPECT_EQ(judged("", at(-30), kNow), "token_expired");
  EXPECT_EQ(judged("", at(-30), kNow - milliseconds(1)), "ada");
  EXPECT_EQ(judged("", at(86'430), kNow), "ada") << "a day and the skew";
  EXPECT_EQ(judged("", at(86'431), kNow), "token_invalid") << "longer than any token may live";
  EXPECT_EQ(judged(R"(,"nbf":)" + number(at(30)), at(600), kNow), "ada");
  EXPECT_EQ(judged(R"(,"nbf":)" + number(at(31)), at(600), kNow), "token_invalid");
  EXPECT_EQ(judged(R"(,"iat":)" + number(at(30)), at(600), kNow), "ada");
  EXPECT_EQ(judged(R"(,"iat":)" + number(at(31)), at(600), kNow), "token_invalid");
  EXPECT_EQ(judged(R"(,"iat":)" + number(at(-80'000)), at(6'400), kNow), "ada");
  EXPECT_EQ(judged(R"(,"iat":)" + number(at(-80'001)), at(6'400), kNow), "token_invalid");
}

TEST_F(Verifier, expiry_is_told_only_of_tokens_that_are_good_otherwise) {
  const std::string old = R"({"sub":"ada","role":"client","exp":)" + number(at(-90)) + "}";
  EXPECT_EQ(of(old), "token_expired");
  const std::string wrong_key = signed_text(kHeader, old, "another secret of 32 bytes length");
  EXPECT_EQ(verdict(verifier_, wrong_key), "token_invalid");
  EXPECT_EQ(of(R"({"role":"client","exp":)" + number(at(-90)) + "}"), "token_invalid");
}

TEST_F(Verifier, issuer_and_audience_are_exact_once_configured) {
  TokenKey key = outside_key();
  key.rules.issuer = "https://login.example";
  key.rules.audience = "stillroom";
  const TokenVerifier strict = verifier_with(std::move(key));
  const auto told = [&](std::string_view extra) {
    return verdict(strict, signed_text(kHeader, claims(extra), kSecret));
  };
  EXPECT_EQ(told(R"(,"iss":"https://login.example","aud":"stillroom")"), "ada");
  EXPECT_EQ(told(R"(,"iss":"https://login.example","aud":["other","stillroom"])"), "ada");
  for (const std::string_view extra :
       {R"()", R"(,"iss":"https://login.example")", R"(,"aud":"stillroom")",
        R"(,"iss":"https://login.example/","aud":"stillroom")",
        R"(,"iss":"https://LOGIN.example","aud":"stillroom")",
        R"(,"iss":["https://login.example"],"aud":"stillroom")",
        R"(,"iss":"https://login.example","aud":"stillroom2")",
        R"(,"iss":"https://login.example","aud":[])",
        R"(,"iss":"https://login.example","aud":["stillroom",1])",
        R"(,"iss":"https://login.example","aud":{"stillroom":true})",
        R"(,"iss":"https://login.example","aud":null)"}) {
    EXPECT_EQ(told(extra), "token_invalid") << extra;
  }
}

TEST_F(Verifier, harmless_header_members_are_ignored) {
  EXPECT_EQ(of_header(R"({"alg":"HS256"})"), "ada");
  EXPECT_EQ(of_header(R"({"alg":"HS256","typ":"at+jwt"})"), "ada");
  EXPECT_EQ(of_header(R"({ "alg" : "HS256", "x5t":"abc", "x5t#S256":"def", "any":{"a":[1]} })"),
            "ada");
  EXPECT_EQ(of_header("{\"\\u0061lg\":\"HS25\\u0036\"}"), "ada") << "escapes are JSON, no trick";
}

TEST_F(Verifier, four_kibibytes_are_the_longest_token) {
  const auto sized = [&](std::size_t size) {
    std::string pad(size / 2, 'x');
    std::string text;
    // Base64url grows in steps; the pad in the payload reaches one of every three sizes.
    do {
      text = signed_text(kHeader, claims(R"(,"pad":")" + pad + "\""), kSecret);
      pad += 'x';
    } while (text.size() < size);
    return text;
  };
  const std::string longest = sized(kTokenBytesMax - 2);
  ASSERT_LE(longest.size(), kTokenBytesMax);
  EXPECT_EQ(verdict(verifier_, longest), "ada");
  const std::string too_long = sized(kTokenBytesMax + 1);
  EXPECT_EQ(verdict(verifier_, too_long), "token_invalid");
}

class OwnTokens : public ::testing::Test {
 protected:
  OwnTokens() {
    std::vector<TokenKey> keys;
    keys.push_back(outside_key());
    keys.push_back(own_token_key(SecretText(std::string(kSecret))));
    verifier_ = std::make_unique<TokenVerifier>(std::move(keys));
  }
  TokenContent content() const {
    return {UserId("ada"), Role::psychologist, kNow, kOwnTokenLife, kNow - seconds(3600), "id1"};
  }
  std::unique_ptr<TokenVerifier> verifier_;
  TokenMinter minter_{own_token_key(SecretText(std::string(kSecret)))};
};

TEST_F(OwnTokens, a_minted_token_is_verified_and_keeps_when_it_began) {
  const auto token = verifier_->verify(minter_.mint(content()), kNow);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->user(), UserId("ada"));
  EXPECT_EQ(token->role(), Role::psychologist);
  EXPECT_EQ(token->expires(), kNow + kOwnTokenLife);
  EXPECT_EQ(token->issued(), kNow);
  EXPECT_EQ(token->id(), token_id_of("id1"));
  EXPECT_EQ(token->began(), kNow - seconds(3600));
}

TEST_F(OwnTokens, a_minted_token_keeps_the_session_it_is_for) {
  EXPECT_FALSE(verifier_->verify(minter_.mint(content()), kNow)->session());
  TokenContent bound = content();
  bound.session = SessionId("s1");
  EXPECT_EQ(verifier_->verify(minter_.mint(bound), kNow)->session(), SessionId("s1"));
}

TEST_F(OwnTokens, a_session_is_an_id_in_tokens_of_ours_and_nothing_in_others) {
  const auto payload = [](std::string_view session) {
    return R"({"iss":"stillroom","aud":"stillroom","sub":"ada","role":"client","iat":)" +
           number(at(0)) + R"(,"exp":)" + number(at(600)) + R"(,"session":)" +
           std::string(session) + "}";
  };
  const TokenKey own = own_token_key(SecretText(std::string(kSecret)));
  const std::string_view own_header = R"({"alg":"HS256","typ":"at+jwt","kid":"stillroom"})";
  for (const std::string_view session : {R"("s 1")", R"("")", "7", "null", R"({"id":"s1"})"}) {
    EXPECT_EQ(verdict(*verifier_, signed_text(own_header, payload(session), own.key.reveal())),
              "token_invalid")
        << session;
  }
  for (const std::string_view session : {R"("s1")", R"("")", "7", R"({"id":"s1"})"}) {
    const auto outside =
        verifier_->verify(TokenText(signed_text(kHeader, payload(session), kSecret)), kNow);
    ASSERT_TRUE(outside) << session;
    EXPECT_FALSE(outside->session()) << "an outside token's session is none of ours";
  }
}

TEST_F(OwnTokens, a_minted_token_ends_after_its_life) {
  const std::string text(minter_.mint(content()).reveal());
  EXPECT_EQ(verdict(*verifier_, text, kNow + kOwnTokenLife - milliseconds(1)), "ada");
  EXPECT_EQ(verdict(*verifier_, text, kNow + kOwnTokenLife), "token_expired")
      << "the clock that it is held against has made it";
}

TEST_F(OwnTokens, the_configured_secret_does_not_make_tokens_of_ours) {
  const std::string payload =
      R"({"iss":"stillroom","aud":"stillroom","sub":"ada","role":"admin","iat":)" + number(at(0)) +
      R"(,"auth_time":)" + number(at(0)) + R"(,"exp":)" + number(at(600)) + "}";
  const std::string_view own_header = R"({"alg":"HS256","typ":"at+jwt","kid":"stillroom"})";
  EXPECT_EQ(verdict(*verifier_, signed_text(own_header, payload, kSecret)), "token_invalid");
  const auto outside = verifier_->verify(TokenText(signed_text(kHeader, payload, kSecret)), kNow);
  ASSERT_TRUE(outside);
  EXPECT_FALSE(outside->began()) << "an outside token cannot claim to be renewable";
}

TEST_F(OwnTokens, their_rules_are_narrower_than_those_of_outside_tokens) {
  const TokenKey own = own_token_key(SecretText(std::string(kSecret)));
  const auto told = [&](std::string_view header, std::int64_t life, std::string_view audience) {
    const std::string payload = R"({"iss":"stillroom","aud":")" + std::string(audience) +
                                R"(","sub":"ada","role":"client","iat":)" + number(at(0)) +
                                R"(,"exp":)" + number(at(life)) + "}";
    return verdict(*verifier_, signed_text(header, payload, own.key.reveal()));
  };
  const std::string_view header = R"({"alg":"HS256","typ":"at+jwt","kid":"stillroom"})";
  EXPECT_EQ(told(header, 900, "stillroom"), "ada");
  EXPECT_EQ(told(header, 901, "stillroom"), "token_invalid");
  EXPECT_EQ(told(header, 900, "elsewhere"), "token_invalid");
  EXPECT_EQ(told(R"({"alg":"HS256","typ":"JWT","kid":"stillroom"})", 900, "stillroom"),
            "token_invalid");
  EXPECT_EQ(told(R"({"alg":"HS256","kid":"stillroom"})", 900, "stillroom"), "token_invalid");
}

}  // namespace
}  // namespace stillroom::identity
