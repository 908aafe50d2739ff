// SPDX-License-Identifier: Apache-2.0
#include "identity/jws.hpp"

#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <set>

#include "base/json.hpp"
#include "identity/signed_text.hpp"
#include "testing/vectors.hpp"

namespace stillroom::identity {
namespace {

TokenKey key_of(std::string kid, std::string_view secret) {
  TokenKey key;
  key.kid = std::move(kid);
  key.key = SecretText(std::string(secret));
  return key;
}

// RFC 7515 appendix A.1.
constexpr std::string_view kRfcKey =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
constexpr std::string_view kRfcToken =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

TEST(Jws, example_of_rfc_7515_appendix_a1_is_proven) {
  const std::array keys{key_of("", *from_base64url(kRfcKey))};
  const auto proven = open_jws(kRfcToken, keys);
  ASSERT_TRUE(proven);
  EXPECT_EQ(proven->key, &keys[0]);
  EXPECT_EQ(proven->text,
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

TEST(Jws, a_token_finds_its_key_by_kid_and_never_another) {
  const std::array keys{key_of("a", std::string(32, 'a')), key_of("b", std::string(32, 'b')),
                        key_of("", std::string(32, 'c'))};
  const auto opens = [&](std::string_view header, char key) {
    return open_jws(signed_text(header, "{}", std::string(32, key)), keys).has_value();
  };
  EXPECT_TRUE(opens(R"({"alg":"HS256","kid":"a"})", 'a'));
  EXPECT_TRUE(opens(R"({"alg":"HS256","kid":"b"})", 'b'));
  EXPECT_TRUE(opens(R"({"alg":"HS256"})", 'c'));
  EXPECT_FALSE(opens(R"({"alg":"HS256","kid":"a"})", 'b'));
  EXPECT_FALSE(opens(R"({"alg":"HS256"})", 'a'));
  EXPECT_FALSE(opens(R"({"alg":"HS256","kid":"z"})", 'c')) << "an unknown kid is no missing kid";
}

TEST(Jws, a_kid_outside_its_alphabet_opens_nothing_even_where_a_key_has_it) {
  const std::string secret(32, 'k');
  for (const std::string_view kid : {"a b", "../a", "a?b", "a\u00e9", "a'b"}) {
    const std::string header = R"({"alg":"HS256","kid":")" + std::string(kid) + "\"}";
    const std::array keys{key_of(std::string(kid), secret)};
    const bool opened = open_jws(signed_text(header, "{}", secret), keys).has_value();
    EXPECT_EQ(opened, kid == "../a") << kid << ": a slash and dots are text, never a path";
  }
}

TEST(Jws, two_secrets_without_kid_overlap_while_they_rotate) {
  const std::array keys{key_of("", std::string(32, 'n')), key_of("", std::string(32, 'o'))};
  for (const char key : {'n', 'o'}) {
    EXPECT_TRUE(open_jws(signed_text(R"({"alg":"HS256"})", "{}", std::string(32, key)), keys));
  }
  EXPECT_FALSE(open_jws(signed_text(R"({"alg":"HS256"})", "{}", std::string(32, 'p')), keys));
}

TEST(Jws, a_public_key_that_is_named_and_not_there_is_missed) {
  const std::array keys{key_of("", std::string(32, 'a')), key_of("here", std::string(32, 'b'))};
  const auto missed = [&](std::string_view header) {
    return names_unknown_key(signed_text(header, "{}", "anything"), keys);
  };
  for (const std::string_view algorithm : {"RS256", "PS256", "ES256", "EdDSA"}) {
    const std::string alg = R"({"alg":")" + std::string(algorithm) + "\"";
    EXPECT_TRUE(missed(alg + R"(,"kid":"new"})"));
    EXPECT_FALSE(missed(alg + R"(,"kid":"here"})")) << "that one is there";
    EXPECT_FALSE(missed(alg + "}")) << "names none";
    EXPECT_FALSE(missed(alg + R"(,"kid":"a b"})")) << "no key can have that name";
    EXPECT_FALSE(missed(alg + R"(,"kid":"new","jku":"https://x.example"})"));
  }
  EXPECT_FALSE(missed(R"({"alg":"HS256","kid":"new"})")) << "no issuer publishes a secret";
  EXPECT_FALSE(missed(R"({"alg":"none","kid":"new"})"));
  EXPECT_FALSE(names_unknown_key("", keys));
  EXPECT_FALSE(names_unknown_key("a.b.c", keys));
  EXPECT_FALSE(names_unknown_key(std::string(5000, 'a'), keys));
}

class Wycheproof : public ::testing::Test {
 protected:
  void SetUp() override {
    STILLROOM_VECTORS_OR_SKIP(folder, "wycheproof");
    text_ = testing::read_file(folder / "json_web_signature_test.json");
    const auto root = document_.parse(text_, {.depth_max = 16, .members_max = 100'000});
    ASSERT_TRUE(root);
    groups_ = root->find("testGroups");
    ASSERT_TRUE(groups_);
  }

  static std::string member(const json::Value& object, std::string_view name) {
    const auto value = object.find(name);
    if (!value) return {};
    return value->as_string().value_or(std::string(value->raw()));
  }

  std::string text_;
  json::Document document_;
  std::optional<json::Value> groups_;
};

/// Valid for a lenient decoder, refused by ours: characters outside the alphabet inside a segment
/// (threats: canonical base64url only).
const std::set<std::string> kRefusedByPolicy{"372", "373"};

TEST_F(Wycheproof, hs256_vectors_get_their_verdict) {
  int agreed = 0;
  int refused_by_policy = 0;
  int contradictory = 0;
  std::set<std::string> valid_texts;
  for (const json::Value group : *groups_) {
    const auto secret = group.find("private");
    if (!secret || member(*secret, "alg") != "HS256") continue;
    const std::array keys{key_of(member(*secret, "kid"), *from_base64url(member(*secret, "k")))};
    const auto tests = group.find("tests");
    for (const json::Value test : *tests) {
      const std::string id = member(test, "tcId");
      const std::string jws = member(test, "jws");
      const bool accepted = open_jws(jws, keys).has_value();
      if (member(test, "result") == "valid") {
        valid_texts.insert(jws);
        if (!accepted && kRefusedByPolicy.contains(id)) {
          ++refused_by_policy;
          continue;
        }
        EXPECT_TRUE(accepted) << id;
      } else if (valid_texts.contains(jws)) {
        // Two vectors called invalid are byte for byte one called valid (their padding was lost).
        ++contradictory;
        continue;
      } else {
        EXPECT_FALSE(accepted) << id;
      }
      ++agreed;
    }
  }
  std::cout << "wycheproof HS256: " << agreed << " agreed, " << refused_by_policy
            << " refused by policy, " << contradictory << " contradict a valid vector\n";
  EXPECT_EQ(agreed, 36);
  EXPECT_EQ(refused_by_policy, 2);
  EXPECT_EQ(contradictory, 2);
}

TEST_F(Wycheproof, tokens_of_other_algorithms_never_open_with_a_secret) {
  int refused = 0;
  for (const json::Value group : *groups_) {
    const auto secret = group.find("private");
    const auto open_key = group.find("public");
    if (secret && member(*secret, "alg") == "HS256") continue;
    const json::Value& named = open_key ? *open_key : *secret;
    // The classic confusion: the public key's own bytes taken as the HMAC secret.
    const std::array keys{key_of(member(named, "kid"), named.raw()), key_of("", named.raw())};
    const auto tests = group.find("tests");
    for (const json::Value test : *tests) {
      EXPECT_FALSE(open_jws(member(test, "jws"), keys)) << member(test, "tcId");
      ++refused;
    }
  }
  std::cout << "wycheproof, other algorithms: " << refused << " refused\n";
  EXPECT_EQ(refused, 361);
}

}  // namespace
}  // namespace stillroom::identity
