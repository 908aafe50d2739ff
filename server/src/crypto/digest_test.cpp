// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "testing/vectors.hpp"

namespace stillroom::crypto {
namespace {

template <class Digest>
std::string hex(const Digest& digest) {
  return to_hex(digest);
}

std::string from_hex(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    out += static_cast<char>(std::stoi(std::string(text.substr(at, 2)), nullptr, 16));
  }
  return out;
}

TEST(Sha256, fips_180_examples) {
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/// RFC 6455 §1.3: the accept value of the example handshake.
TEST(Sha1, websocket_handshake_example) {
  EXPECT_EQ(to_base64(sha1("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11")),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(hex(sha1("")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST(Hmac, rfc_4231_and_rfc_2202_examples) {
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(hmac_sha1("Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

TEST(Hmac, an_empty_key_is_a_key_and_not_the_one_before) {
  const auto before = hmac_sha256("some key", "data");
  EXPECT_EQ(hex(hmac_sha256("", "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_NE(before, hmac_sha256("", "data"));
}

TEST(Hmac, wycheproof_sha256) {
  STILLROOM_VECTORS_OR_SKIP(folder, "wycheproof");
  const std::string text = testing::read_file(folder / "hmac_sha256_test.json");
  json::Document document;
  const auto root = document.parse(text, {.depth_max = 16, .members_max = 100'000});
  ASSERT_TRUE(root.ok());
  int ran = 0;
  const json::Value groups = *root->find("testGroups");
  for (const json::Value group : groups) {
    const auto tag_bytes = static_cast<std::size_t>(*group.find("tagSize")->as_integer() / 8);
    const json::Value tests = *group.find("tests");
    for (const json::Value vector : tests) {
      const auto field = [&vector](std::string_view name) {
        return from_hex(*vector.find(name)->as_string());
      };
      const std::string tag = field("tag");
      const Sha256 full = hmac_sha256(field("key"), field("msg"));
      const bool same = equal_constant_time(std::span(full).first(tag_bytes), as_bytes(tag));
      EXPECT_EQ(same, vector.find("result")->as_string() == "valid")
          << *vector.find("tcId")->as_integer();
      ++ran;
    }
  }
  EXPECT_EQ(ran, 174);
}

TEST(EqualConstantTime, compares_content_and_length) {
  EXPECT_TRUE(equal_constant_time(as_bytes("same"), as_bytes("same")));
  EXPECT_FALSE(equal_constant_time(as_bytes("same"), as_bytes("sane")));
  EXPECT_FALSE(equal_constant_time(as_bytes("same"), as_bytes("sam")));
  EXPECT_FALSE(equal_constant_time(as_bytes(""), as_bytes("a")));
  EXPECT_TRUE(equal_constant_time({}, {}));
}

TEST(HmacSha256, gives_what_the_function_gives_each_time_anew) {
  HmacSha256 keyed("some key");
  for (const char* data : {"data", "data", "", "other data"}) {
    EXPECT_EQ(keyed.of(data), hmac_sha256("some key", data)) << data;
  }
  EXPECT_EQ(HmacSha256("").of("data"), hmac_sha256("", "data"));
}

TEST(SystemRng, does_not_repeat_and_uses_all_values) {
  std::set<std::string> tokens;
  for (int round = 0; round < 1000; ++round) tokens.insert(random_token(system_rng(), 18));
  EXPECT_EQ(tokens.size(), 1000U);
  std::array<std::uint8_t, 65'536> bytes{};
  system_rng().fill(bytes);
  EXPECT_EQ(std::set<std::uint8_t>(bytes.begin(), bytes.end()).size(), 256U);
  system_rng().fill({});
}

}  // namespace
}  // namespace stillroom::crypto
