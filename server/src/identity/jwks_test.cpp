// SPDX-License-Identifier: Apache-2.0
#include "identity/jwks.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "base/json.hpp"
#include "identity/jws.hpp"
#include "identity/token_verifier.hpp"
#include "testing/vectors.hpp"

namespace stillroom::identity {
namespace {

// RFC 7515 appendices A.2.1 and A.3.1, RFC 8037 appendix A.2.
constexpr std::string_view kRsa =
    R"("kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB")";
constexpr std::string_view kEc =
    R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";
constexpr std::string_view kEd =
    R"("kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")";

// RFC 7515 A.2 and A.3 sign the same payload; RFC 8037 A.4.
constexpr std::string_view kRsaToken =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4"
    "Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xB"
    "ArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1"
    "phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
constexpr std::string_view kEcToken =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfK"
    "TUJqPP3-Kg6NU1Q";
constexpr std::string_view kEdToken =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg"
    "3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

std::string set_of(std::initializer_list<std::string> keys) {
  std::string out = R"({"keys":[)";
  for (const std::string& key : keys) {
    if (out.back() != '[') out += ',';
    out.append("{").append(key).append("}");
  }
  return out + "]}";
}
std::string with(std::string_view key, std::string_view more) {
  return std::string(key).append(",").append(more);
}

std::vector<TokenKey> keys_of(const std::string& set) {
  auto read = read_jwks(set, {});
  EXPECT_TRUE(read) << (read ? "" : read.error());
  return read ? std::move(read->keys) : std::vector<TokenKey>();
}

std::string error_of(const std::string& set) {
  const auto read = read_jwks(set, {});
  return read ? "no error" : read.error();
}

TEST(Jwks, the_examples_of_rfc_7515_and_rfc_8037_open_with_their_keys) {
  EXPECT_TRUE(open_jws(kRsaToken, keys_of(set_of({std::string(kRsa)}))));
  EXPECT_TRUE(open_jws(kEcToken, keys_of(set_of({std::string(kEc)}))));
  const auto proven = open_jws(kEdToken, keys_of(set_of({std::string(kEd)})));
  ASSERT_TRUE(proven);
  EXPECT_EQ(proven->text, "Example of Ed25519 signing");
}

TEST(Jwks, a_token_opens_with_no_other_key_of_the_set) {
  const auto keys = keys_of(
      set_of({with(kRsa, R"("kid":"r")"), with(kEc, R"("kid":"c")"), with(kEd, R"("kid":"d")")}));
  EXPECT_EQ(keys.size(), 3U);
  for (const auto token : {kRsaToken, kEcToken, kEdToken}) {
    EXPECT_FALSE(open_jws(token, keys)) << "it names no key, and these have names";
  }
  EXPECT_FALSE(open_jws(kRsaToken, keys_of(set_of({with(kRsa, R"("alg":"PS256")")}))))
      << "the algorithm belongs to the key";
}

TEST(Jwks, one_changed_bit_of_text_or_signature_opens_nothing) {
  for (const auto& [key, token] : {std::pair{kRsa, kRsaToken}, {kEc, kEcToken}, {kEd, kEdToken}}) {
    const auto keys = keys_of(set_of({std::string(key)}));
    for (std::size_t at = 0; at < token.size(); ++at) {
      std::string changed(token);
      changed[at] = changed[at] == 'A' ? 'B' : 'A';
      if (changed == token) continue;
      EXPECT_FALSE(open_jws(changed, keys)) << at;
    }
  }
}

TEST(Jwks, keys_for_other_uses_are_skipped) {
  const std::string good(kEc);
  const auto skipped = [&](const std::string& other) {
    const auto read = read_jwks(set_of({good, other}), {});
    return read ? read->skipped : 99;
  };
  EXPECT_EQ(skipped(with(kRsa, R"("use":"enc","kid":"x")")), 1U);
  EXPECT_EQ(skipped(with(kRsa, R"("key_ops":["encrypt"],"kid":"x")")), 1U);
  EXPECT_EQ(skipped(with(kRsa, R"("alg":"RS384","kid":"x")")), 1U);
  EXPECT_EQ(skipped(R"("kty":"EC","crv":"P-384","x":"AA","y":"AA","kid":"x")"), 1U);
  EXPECT_EQ(skipped(R"("kty":"OKP","crv":"X25519","x":"AA","kid":"x")"), 1U);
  EXPECT_EQ(skipped(with(kRsa, R"("use":"sig","key_ops":["verify"],"kid":"x")")), 0U);
}

TEST(Jwks, a_set_that_its_maker_did_not_mean_is_refused_whole) {
  const std::string good(kEc);
  EXPECT_EQ(error_of("{}"), "is no JWK Set: {\"keys\":[…]}");
  EXPECT_EQ(error_of("nonsense"), "is no JWK Set: {\"keys\":[…]}");
  EXPECT_EQ(error_of(R"({"keys":[],"keys":[]})"), "is no JWK Set: {\"keys\":[…]}");
  EXPECT_EQ(error_of(R"({"keys":[]})"), "holds no key for RS256, PS256, ES256 or EdDSA");
  EXPECT_EQ(error_of(R"({"keys":[7]})"), "key 1 is no object");
  EXPECT_EQ(error_of(set_of({good, with(kEd, R"("d":"AA")")})),
            "key 2 is private or secret: only public keys belong here");
  EXPECT_EQ(error_of(set_of({R"("kty":"oct","k":"AAAA")"})),
            "key 1 is private or secret: only public keys belong here");
  EXPECT_EQ(error_of(set_of({good, std::string(kEd)})), "key 2 has the kid of another key");
  EXPECT_EQ(error_of(set_of({with(kEc, R"("kid":"a b")")})),
            "key 1 has a kid that no token can name");
  EXPECT_EQ(error_of(set_of({with(kEc, R"("kid":7)")})), "key 1 has a kid that no token can name");
  EXPECT_EQ(error_of(set_of({R"("kty":"RSA","n":"AQAB","e":"AQAB")"})), "key 1 is no RS256 key");
  EXPECT_EQ(error_of(set_of({R"("kty":"EC","crv":"P-256","x":"AA","y":"AA")"})),
            "key 1 is no ES256 key");
  EXPECT_EQ(error_of(std::string(kJwksBytesMax + 1, ' ')), "a key set has 65,536 bytes at most");
}

class WycheproofJws : public ::testing::Test {
 protected:
  static std::string member(const json::Value& object, std::string_view name) {
    const auto value = object.find(name);
    if (!value) return {};
    return value->as_string().value_or(std::string(value->raw()));
  }
};

TEST_F(WycheproofJws, public_key_vectors_get_their_verdict) {
  STILLROOM_VECTORS_OR_SKIP(folder, "wycheproof");
  const std::string text = testing::read_file(folder / "json_web_signature_test.json");
  json::Document document;
  const auto root = document.parse(text, {.depth_max = 16, .members_max = 100'000});
  ASSERT_TRUE(root);
  int agreed = 0;
  int by_policy = 0;
  const auto groups = root->find("testGroups");
  for (const json::Value group : *groups) {
    const auto key = group.find("public");
    if (!key) continue;
    const auto read = read_jwks(R"({"keys":[)" + std::string(key->raw()) + "]}", {});
    const auto tests = group.find("tests");
    for (const json::Value test : *tests) {
      const bool accepted = read && open_jws(member(test, "jws"), read->keys).has_value();
      const bool valid = member(test, "result") == "valid";
      if (valid && !accepted) {
        // RS384, RS512, PS384, PS512, ES512 and characters outside base64url: refused by policy.
        ++by_policy;
        std::cout << "by policy: " << member(test, "tcId") << " " << member(test, "comment") << " "
                  << member(*key, "alg") << (read ? "" : " " + read.error()) << "\n";
        continue;
      }
      EXPECT_EQ(accepted, valid) << test.raw() << key->raw();
      ++agreed;
    }
  }
  std::cout << "wycheproof JWS with public keys: " << agreed << " agreed, " << by_policy
            << " refused by policy\n";
  EXPECT_EQ(agreed + by_policy, 361);
}

}  // namespace
}  // namespace stillroom::identity
