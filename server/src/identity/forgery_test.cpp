// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "identity/signed_text.hpp"
#include "identity/token_verifier.hpp"
#include "testing/seeded_rng.hpp"

/// Generated forgeries: each is a token somebody might send, none may be taken for anybody. Where
/// the defect is not the signature itself, the forger is given the key, so that only the rule
/// under test stands between them and the door.
namespace stillroom::identity {
namespace {

constexpr WallTime kNow{seconds(1'795'514'400)};
constexpr std::string_view kSecret = "a secret of thirty-two bytes, ok";
constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view kPayload =
    R"({"user":{"id":"ada","role":"client"},"iat":1795514400,"exp":1795515000})";

std::string b64(std::string_view text) {
  return to_base64url(as_bytes(text));
}

std::string good() {
  return signed_text(kHeader, kPayload, kSecret);
}

class Forgeries : public ::testing::Test {
 protected:
  Forgeries() : verifier_(table()) {}

  static std::vector<TokenKey> table() {
    std::vector<TokenKey> keys(1);
    keys[0].key = SecretText(std::string(kSecret));
    return keys;
  }

  void refuse(const std::string& text) {
    const auto result = verifier_.verify(TokenText(std::string(text)), kNow);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error(), Refusal::token_invalid) << text;
    ++tried_;
  }
  void refuse_header(std::string_view header) { refuse(signed_text(header, kPayload, kSecret)); }
  void refuse_payload(std::string_view payload) { refuse(signed_text(kHeader, payload, kSecret)); }

  void SetUp() override {
    ASSERT_TRUE(verifier_.verify(TokenText(good()), kNow)) << "the token that forgeries start from";
  }
  void TearDown() override { std::cout << "forgeries refused: " << tried_ << "\n"; }

  TokenVerifier verifier_;
  int tried_ = 0;
};

/// Every way to write `word` in upper and lower case.
std::vector<std::string> spellings(std::string_view word) {
  std::vector<std::string> all{""};
  for (const char c : word) {
    std::vector<std::string> longer;
    for (const std::string& prefix : all) {
      const char other = static_cast<char>(c ^ 0x20);
      longer.push_back(prefix + c);
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) longer.push_back(prefix + other);
    }
    all = std::move(longer);
  }
  return all;
}

TEST_F(Forgeries, no_spelling_of_none_is_an_algorithm) {
  std::vector<std::string> names = spellings("none");
  names.insert(names.end(), {"", " none", "none ", "none\\u0000", "\\u006eone", "n\\u006fne"});
  for (const std::string& name : names) {
    const std::string header = R"({"alg":")" + name + R"(","typ":"JWT"})";
    const std::string signed_part = b64(header) + "." + b64(kPayload);
    refuse(signed_part + ".");
    refuse(signed_part);
    refuse(signed_part + "." + b64("x"));
    refuse(sign_segments(signed_part, kSecret));
    refuse(sign_segments(signed_part, ""));
  }
}

TEST_F(Forgeries, the_algorithm_belongs_to_the_key) {
  std::vector<std::string> names = spellings("hs256");
  std::erase(names, "HS256");
  names.insert(names.end(), {"HS384",       "HS512",
                             "RS256",       "RS384",
                             "RS512",       "PS256",
                             "ES256",       "ES384",
                             "ES256K",      "EdDSA",
                             "Ed25519",     "HS1",
                             "HMAC",        "dir",
                             "A128KW",      "PBES2-HS256+A128KW",
                             " HS256",      "HS256 ",
                             "HS256\\n",    "HS256\\u0000",
                             "\\u0397S256", "HS\\u0662\\u0665\\u0666"});
  for (const std::string& name : names) refuse_header(R"({"alg":")" + name + R"("})");
  for (const std::string_view value :
       {"null", "true", "256", "[]", R"(["HS256"])", "{}", R"({"HS256":1})"}) {
    refuse_header(R"({"alg":)" + std::string(value) + "}");
  }
  refuse_header("{}");
  refuse_header(R"({"typ":"JWT"})");
  refuse_header(R"({"Alg":"HS256"})");
  refuse_header(R"({"alg ":"HS256"})");
}

TEST_F(Forgeries, headers_that_choose_keys_or_change_meaning) {
  for (const std::string_view member :
       {"crit", "jku", "x5u", "jwk", "x5c", "b64", "zip", "cty", "\\u006aku", "cr\\u0069t"}) {
    for (const std::string_view value :
         {R"("x")", "null", "true", "false", "[]", R"(["exp"])", "{}", R"({"kty":"oct","k":""})",
          R"("https://keys.example/jwks.json")"}) {
      refuse_header(R"({"alg":"HS256",")" + std::string(member) + "\":" + std::string(value) + "}");
    }
  }
  for (const std::string_view type : {R"("")", R"("jwt")", R"("JWE")", R"("JOSE")", R"("dpop+jwt")",
                                      R"("application/jwt")", R"("at+JWT")", "null", "1", "[]"}) {
    refuse_header(R"({"alg":"HS256","typ":)" + std::string(type) + "}");
  }
}

TEST_F(Forgeries, kids_that_are_paths_queries_or_unknown) {
  for (const std::string_view kid :
       {R"("")", R"("unknown")", R"("../../../dev/null")", R"("/dev/null")", R"("key' OR '1'='1")",
        R"("https://keys.example/1")", R"("a b")", R"("\u0000")", R"("|id")", R"("`id`")",
        R"("\u00e9")", "null", "0", "1", "true", "[]", "{}", R"([""])"}) {
    refuse_header(R"({"alg":"HS256","kid":)" + std::string(kid) + "}");
  }
  refuse_header(R"({"alg":"HS256","kid":")" + std::string(129, 'k') + "\"}");
  refuse_header(R"({"alg":"HS256","kid":")" + std::string(2048, 'k') + "\"}");
}

TEST_F(Forgeries, members_that_are_said_twice) {
  refuse_header(R"({"alg":"HS256","alg":"HS256"})");
  refuse_header(R"({"alg":"none","alg":"HS256"})");
  refuse_header(R"({"alg":"HS256","\u0061lg":"none"})");
  refuse_header(R"({"alg":"HS256","typ":"JWT","typ":"JWT"})");
  const std::string tail = R"(,"exp":1795515000})";
  refuse_payload(R"({"sub":"ada","role":"client","sub":"eve")" + tail);
  refuse_payload(R"({"sub":"ada","role":"client","\u0073ub":"eve")" + tail);
  refuse_payload(R"({"sub":"ada","role":"client","role":"admin")" + tail);
  refuse_payload(R"({"user":{"id":"ada","role":"client"},"user":{"id":"eve","role":"client"})" +
                 tail);
  refuse_payload(R"({"user":{"id":"ada","id":"eve","role":"client"})" + tail);
  refuse_payload(R"({"user":{"id":"ada","role":"client","ro\u006ce":"admin"})" + tail);
  refuse_payload(R"({"sub":"ada","role":"client","exp":1,"exp":1795515000})");
  refuse_payload(R"({"sub":"ada","role":"client","exp":1795515000,"\u0065xp":1})");
}

TEST_F(Forgeries, expiries_that_are_no_whole_seconds) {
  for (const std::string_view exp : {"1795515000.0",
                                     "1795515000.5",
                                     "1.795515e9",
                                     "1795515E6",
                                     "17955150000e-1",
                                     R"("1795515000")",
                                     R"("")",
                                     "null",
                                     "true",
                                     "false",
                                     "[]",
                                     "[1795515000]",
                                     "{}",
                                     R"({"$date":1795515000})",
                                     "-1",
                                     "-0.0",
                                     "-1795515000",
                                     "1795515000000",
                                     "9223372036854775807",
                                     "9223372036854775808",
                                     "18446744073709551616",
                                     "99999999999999999999999999999999",
                                     "1e400",
                                     "253402300800",
                                     "NaN",
                                     "Infinity",
                                     "0x6B05",
                                     "01795515000",
                                     "+1795515000",
                                     "1795515000,",
                                     "1_795_515_000"}) {
    for (const std::string_view name : {"exp", "nbf", "iat"}) {
      if (name != "exp" && exp.starts_with("-0")) continue;
      const std::string other = name == "exp" ? "" : R"(,"exp":1795515000)";
      refuse_payload(R"({"sub":"ada","role":"client")" + other + ",\"" + std::string(name) +
                     "\":" + std::string(exp) + "}");
    }
  }
  refuse_payload(R"({"sub":"ada","role":"client"})");
  refuse_payload(R"({"sub":"ada","role":"client","iat":1795514400})");
  refuse_payload(R"({"sub":"ada","role":"client","Exp":1795515000})");
  refuse_payload(R"({"sub":"ada","role":"client","claims":{"exp":1795515000}})");
}

TEST_F(Forgeries, persons_that_are_no_text) {
  const std::string tail = R"(,"exp":1795515000})";
  for (const std::string_view value :
       {"null", "true", "0", "42", "1.5", "[]", R"(["ada"])", "{}", R"({"id":"ada"})", R"("")",
        R"(" ada")", R"("ada ")", R"("a\u0000da")", R"("ada\n")", R"("..\/ada")", R"("a/b")",
        R"("\u0430da")", R"("a\u200bda")", R"("\ud83d\ude00")"}) {
    const std::string text(value);
    refuse_payload(R"({"sub":)" + text + R"(,"role":"client")" + tail);
    refuse_payload(R"({"user":{"id":)" + text + R"(,"role":"client"})" + tail);
    refuse_payload(R"({"user":{"id":"ada","role":"client"},"sub":)" + text + tail);
    refuse_payload(R"({"sub":"ada","role":)" + text + tail);
    refuse_payload(R"({"user":{"id":"ada","role":)" + text + "}" + tail);
  }
  for (const std::string_view role : {"Client", "CLIENT", "client ", "root", "superadmin", "admin,",
                                      "client,admin", "\\u0430dmin", "doctor", "therapists"}) {
    refuse_payload(R"({"sub":"ada","role":")" + std::string(role) + "\"" + tail);
  }
  for (const std::string_view user : {"null", "[]", R"("ada")", "1", R"([{"id":"ada"}])", "{}"}) {
    refuse_payload(R"({"sub":"ada","role":"client","user":)" + std::string(user) + tail);
  }
  refuse_payload(R"({"sub":")" + std::string(129, 'a') + R"(","role":"client")" + tail);
  refuse_payload(R"({"data":{"user":{"id":"ada","role":"client"}})" + tail);
}

TEST_F(Forgeries, payloads_that_are_no_object) {
  for (const std::string_view payload :
       {"",
        " ",
        "null",
        "true",
        "1",
        R"("ada")",
        "[]",
        R"([{"sub":"ada"}])",
        "{",
        "}",
        "{}",
        R"({"sub":"ada","role":"client","exp":1795515000}x)",
        R"({"sub":"ada","role":"client","exp":1795515000}{})",
        R"({'sub':'ada','role':'client','exp':1795515000})",
        R"({"sub":"ada","role":"client","exp":1795515000,})",
        R"({"sub":"ada","role":"client","exp":1795515000/**/})",
        "\xEF\xBB\xBF{\"sub\":\"ada\",\"role\":\"client\",\"exp\":1795515000}",
        "{\"sub\":\"ada\",\"role\":\"client\",\"exp\":1795515000,\"x\":\"\xFF\"}",
        "{\"sub\":\"ada\",\"role\":\"client\",\"exp\":1795515000,\"x\":\"\xC0\xAF\"}",
        "{\"sub\":\"ada\",\"role\":\"client\",\"exp\":1795515000,\"x\":\"\\ud800\"}"}) {
    refuse_payload(payload);
  }
  for (const int depth : {8, 16, 100, 1000}) {
    const auto levels = static_cast<std::size_t>(depth);
    refuse_payload(R"({"sub":"ada","role":"client","exp":1795515000,"x":)" +
                   std::string(levels, '[') + std::string(levels, ']') + "}");
  }
  std::string wide = R"({"sub":"ada","role":"client","exp":1795515000,"x":[0)";
  for (int index = 0; index < 300; ++index) wide += ",0";
  refuse_payload(wide + "]}");
}

TEST_F(Forgeries, segments_that_are_not_canonical) {
  const std::string header = b64(kHeader);
  const std::string payload = b64(kPayload);
  const std::string whole = good();
  const std::string tag = whole.substr(whole.rfind('.') + 1);
  for (const char byte : {' ', '\t', '\n', '\r', '\0', '=', '+', '/', '%', '.', '\x7F', '\xFF'}) {
    const std::string odd(1, byte);
    for (std::size_t place = 0; place <= whole.size(); place += 7) {
      std::string with = whole;
      with.insert(place, odd);
      refuse(with);
    }
    refuse(odd + whole);
    refuse(whole + odd);
    // Signed as sent, so that only the alphabet can refuse it.
    refuse(sign_segments(header + odd + "." + payload, kSecret));
    refuse(sign_segments(header + "." + payload + odd, kSecret));
    refuse(sign_segments(odd + header + "." + payload, kSecret));
  }
  refuse(whole + "=");
  refuse(whole + "==");
  refuse(sign_segments(header + "=." + payload + "=", kSecret));
}

TEST_F(Forgeries, segments_that_are_missing_or_too_many) {
  const std::string header = b64(kHeader);
  const std::string payload = b64(kPayload);
  const std::string whole = good();
  const std::string tag = whole.substr(whole.rfind('.') + 1);
  for (const std::string& text :
       {std::string(),
        std::string("."),
        std::string(".."),
        std::string("..."),
        header,
        header + ".",
        header + "..",
        header + "." + payload,
        header + "." + payload + ".",
        header + ".." + tag,
        "." + payload + "." + tag,
        payload + "." + header + "." + tag,
        tag + "." + payload + "." + header,
        whole + ".",
        whole + "." + tag,
        "." + whole,
        whole + whole,
        header + "." + whole,
        "Bearer " + whole,
        R"({"payload":")" + payload + R"(","signatures":[{"protected":")" + header +
            R"(","signature":")" + tag + R"("}]})",
        header + "." + payload + "." + tag + "." + tag + "." + tag}) {
    refuse(text);
  }
  refuse(sign_segments("." + payload, kSecret));
  refuse(sign_segments(header + ".", kSecret));
  refuse(sign_segments(payload, kSecret));
}

TEST_F(Forgeries, loose_trailing_bits_in_any_segment) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // 32 bytes leave two unused bits in the 43rd character: four texts decode alike, one is
  // canonical.
  const std::string whole = good();
  for (const char c : kAlphabet) {
    if (c == whole.back()) continue;
    refuse(whole.substr(0, whole.size() - 1) + c);
  }
  for (std::size_t blanks = 0; blanks < 3; ++blanks) {
    const std::string header = b64(std::string(kHeader) + std::string(blanks, ' '));
    const std::string payload = b64(std::string(kPayload) + std::string(blanks, ' '));
    for (const char c : kAlphabet) {
      const std::string loose = header.substr(0, header.size() - 1) + c;
      if (from_base64url(loose)) continue;
      refuse(sign_segments(loose + "." + b64(kPayload), kSecret));
    }
    for (const char c : kAlphabet) {
      const std::string loose = payload.substr(0, payload.size() - 1) + c;
      if (from_base64url(loose)) continue;
      refuse(sign_segments(b64(kHeader) + "." + loose, kSecret));
    }
  }
}

TEST_F(Forgeries, signatures_of_other_keys_lengths_and_texts) {
  const std::string signed_part = b64(kHeader) + "." + b64(kPayload);
  const auto tag = crypto::hmac_sha256(kSecret, signed_part);
  const std::string bytes(as_text(tag));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    refuse(signed_part + "." + b64(bytes.substr(0, length)));
    refuse(signed_part + "." + b64(bytes.substr(length + 1)));
    std::string zeroed = bytes;
    zeroed[length] = static_cast<char>(zeroed[length] ^ 0x01);
    refuse(signed_part + "." + b64(zeroed));
  }
  for (const std::size_t length : {1U, 16U, 20U, 32U, 33U, 48U, 64U, 128U, 1024U}) {
    refuse(signed_part + "." + b64(std::string(length, '\0')));
    refuse(signed_part + "." + b64(std::string(length, '\xFF')));
  }
  refuse(signed_part + "." + b64(bytes + bytes));
  refuse(signed_part + "." + to_hex(tag));
  for (const std::string& key :
       {std::string(), std::string("secret"), std::string("your-256-bit-secret"),
        std::string(32, '\0'), std::string(kSecret) + '\0', std::string(kSecret.substr(1)),
        b64(kSecret), std::string(kSecret) + " ", std::string("changeme")}) {
    if (key == std::string(kSecret) + '\0') continue;  // HMAC pads keys with zeros: the same key
    refuse(sign_segments(signed_part, key));
  }
  refuse(signed_part + "." + to_base64url(crypto::sha256(signed_part)));
  refuse(signed_part + "." + to_base64url(crypto::hmac_sha256(kSecret, b64(kPayload))));
  refuse(signed_part + "." + to_base64url(crypto::hmac_sha256(kSecret, kPayload)));
}

TEST_F(Forgeries, texts_that_are_too_long) {
  for (const std::size_t size : {4097U, 5000U, 8192U, 65'536U, 1'000'000U}) {
    refuse(std::string(size, 'A'));
    refuse(std::string(size, '.'));
    refuse(good() + std::string(size, 'A'));
    refuse_payload(std::string(kPayload.substr(0, kPayload.size() - 1)) + R"(,"pad":")" +
                   std::string(size, 'x') + "\"}");
  }
}

/// One to four edits anywhere; the result differs from the token or it would be no mutation.
std::string mutated(std::string text, testing::SeededRng& rng) {
  const std::uint64_t edits = rng.between(1, 4);
  for (std::uint64_t edit = 0; edit < edits; ++edit) {
    const std::size_t place = rng.below(text.size());
    switch (rng.below(5)) {
      case 0:
        text[place] = static_cast<char>(text[place] ^ (1 << rng.below(8)));
        break;
      case 1:
        text[place] = static_cast<char>(rng.below(256));
        break;
      case 2:
        text.insert(place, 1, static_cast<char>(rng.below(256)));
        break;
      case 3:
        text.erase(place, 1 + rng.below(4));
        break;
      default:
        std::swap(text[place], text[rng.below(text.size())]);
        break;
    }
    if (text.empty()) return "x";
  }
  return text;
}

TEST_F(Forgeries, a_hundred_thousand_mutations_open_nothing) {
  constexpr std::uint64_t kSeed = 0x5717;
  constexpr int kMutations = 100'000;
  testing::SeededRng rng(kSeed);
  const std::string whole = good();
  int accepted = 0;
  for (int round = 0; round < kMutations; ++round) {
    const std::string text = mutated(whole, rng);
    if (text == whole) continue;
    const auto result = verifier_.verify(TokenText(std::string(text)), kNow);
    if (result) ++accepted;
    if (!result) {
      ASSERT_EQ(result.error(), Refusal::token_invalid);
    }
    ++tried_;
  }
  EXPECT_EQ(accepted, 0) << "seed " << kSeed;
}

}  // namespace
}  // namespace stillroom::identity
