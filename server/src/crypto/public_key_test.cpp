// SPDX-License-Identifier: Apache-2.0
#include "crypto/public_key.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <string>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "testing/vectors.hpp"

namespace stillroom::crypto {
namespace {

constexpr json::Limits kLarge{.depth_max = 16, .members_max = 1'000'000};

std::string text_of(const json::Value& object, std::string_view name) {
  const auto value = object.find(name);
  return value ? value->as_string().value_or("") : "";
}

std::string from_hex(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    out += static_cast<char>(std::stoi(std::string(text.substr(at, 2)), nullptr, 16));
  }
  return out;
}

std::string jwk_bytes(const json::Value& jwk, std::string_view name) {
  return from_base64url(text_of(jwk, name)).value_or("");
}

std::optional<PublicKey> rsa_of(const json::Value& jwk) {
  return PublicKey::rsa(jwk_bytes(jwk, "n"), jwk_bytes(jwk, "e"));
}

using KeyOf = std::function<std::optional<PublicKey>(const json::Value& jwk)>;
using Verifies = bool (PublicKey::*)(std::string_view, std::string_view) const;

struct Verdicts {
  int valid = 0;
  int invalid = 0;
  int acceptable = 0;  ///< either answer is right; ours is counted as refused
};

/// Runs one file of Wycheproof's verification vectors; `jwk_name` is where its groups keep the key.
Verdicts run(const std::filesystem::path& path, std::string_view jwk_name, const KeyOf& key_of,
             Verifies verifies) {
  const std::string text = testing::read_file(path);
  json::Document document;
  const auto root = document.parse(text, kLarge);
  Verdicts out;
  const auto groups = root ? root->find("testGroups") : std::nullopt;
  if (!groups) return out;
  for (const json::Value group : *groups) {
    const auto jwk = group.find(jwk_name);
    const auto key = jwk ? key_of(*jwk) : std::nullopt;
    const auto tests = group.find("tests");
    for (const json::Value test : *tests) {
      const std::string result = text_of(test, "result");
      const bool good =
          key && ((*key).*verifies)(from_hex(text_of(test, "msg")), from_hex(text_of(test, "sig")));
      if (result == "acceptable") {
        ++out.acceptable;
        EXPECT_FALSE(good) << test.raw();
        continue;
      }
      EXPECT_EQ(good, result == "valid") << test.raw();
      ++(result == "valid" ? out.valid : out.invalid);
    }
  }
  std::cout << path.filename().string() << ": " << out.valid << " valid, " << out.invalid
            << " invalid, " << out.acceptable << " refused though acceptable\n";
  return out;
}

TEST(PublicKeyVectors, wycheproof_ecdsa_p256) {
  STILLROOM_VECTORS_OR_SKIP(folder, "wycheproof");
  const auto key_of = [](const json::Value& key) {
    const std::string point = from_hex(text_of(key, "uncompressed"));
    return PublicKey::p256(point.substr(1, 32), point.substr(33));
  };
  const Verdicts seen = run(folder / "ecdsa_secp256r1_sha256_p1363_test.json", "publicKey", key_of,
                            &PublicKey::verifies_es256);
  EXPECT_EQ(seen.valid + seen.invalid, 262);
}

TEST(PublicKeyVectors, wycheproof_ed25519) {
  STILLROOM_VECTORS_OR_SKIP(folder, "wycheproof");
  const auto key_of = [](const json::Value& jwk) {
    return PublicKey::ed25519(jwk_bytes(jwk, "x"));
  };
  const Verdicts seen =
      run(folder / "ed25519_test.json", "publicKeyJwk", key_of, &PublicKey::verifies_ed25519);
  EXPECT_EQ(seen.valid + seen.invalid, 151);
}

TEST(PublicKeyVectors, wycheproof_rsa_pss) {
  STILLROOM_VECTORS_OR_SKIP(folder, "wycheproof");
  const Verdicts seen = run(folder / "rsa_pss_2048_sha256_mgf1_32_test.json", "publicKeyJwk",
                            rsa_of, &PublicKey::verifies_ps256);
  EXPECT_EQ(seen.valid + seen.invalid, 108);
}

TEST(PublicKeyVectors, wycheproof_rsa_pkcs1) {
  STILLROOM_VECTORS_OR_SKIP(folder, "wycheproof");
  const Verdicts seen = run(folder / "rsa_signature_2048_sha256_test.json", "keyJwk", rsa_of,
                            &PublicKey::verifies_rs256);
  EXPECT_GE(seen.valid, 5);
  EXPECT_GE(seen.invalid, 200);
}

// RFC 8037 appendix A.2.
constexpr std::string_view kEd25519 = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

// RFC 7515 appendix A.2.1.
constexpr std::string_view kModulus =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-"
    "4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_"
    "7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-"
    "UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_"
    "h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

TEST(PublicKey, a_key_verifies_by_its_own_algorithm_only) {
  const auto key = PublicKey::ed25519(*from_base64url(kEd25519));
  ASSERT_TRUE(key);
  const std::string signature(64, 'x');
  EXPECT_FALSE(key->verifies_ed25519("m", signature));
  EXPECT_FALSE(key->verifies_es256("m", signature));
  EXPECT_FALSE(key->verifies_rs256("m", signature));
  EXPECT_FALSE(key->verifies_ps256("m", signature));
}

TEST(PublicKey, numbers_that_are_no_key_make_none) {
  const std::string p256_x(32, '\x01');
  EXPECT_FALSE(PublicKey::p256(p256_x, p256_x)) << "off the curve";
  EXPECT_FALSE(PublicKey::p256(std::string(31, '\x01'), p256_x));
  EXPECT_FALSE(PublicKey::p256(std::string(32, '\0'), std::string(32, '\0')));
  EXPECT_FALSE(PublicKey::ed25519(std::string(31, '\x01')));
  const std::string exponent("\x01\x00\x01", 3);
  EXPECT_FALSE(PublicKey::rsa(std::string(128, '\xff'), exponent)) << "1024 bits";
  EXPECT_FALSE(PublicKey::rsa(std::string(2048, '\xff'), exponent)) << "16384 bits";
  const std::string modulus = *from_base64url(kModulus);
  EXPECT_TRUE(PublicKey::rsa(modulus, exponent));
  EXPECT_FALSE(PublicKey::rsa(modulus, std::string("\x01", 1)));
  EXPECT_FALSE(PublicKey::rsa(modulus, std::string("\x02", 1)));
  EXPECT_FALSE(PublicKey::rsa(modulus, ""));
  EXPECT_FALSE(PublicKey::rsa("", exponent));
  EXPECT_FALSE(PublicKey::rsa(std::string(1, '\0') + modulus, exponent)) << "not canonical";
}

}  // namespace
}  // namespace stillroom::crypto
