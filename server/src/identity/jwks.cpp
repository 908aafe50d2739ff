// SPDX-License-Identifier: Apache-2.0
#include "identity/jwks.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "identity/jws.hpp"
#include "identity/token_verifier.hpp"

namespace stillroom::identity {
namespace {

constexpr json::Limits kLimits{
    .depth_max = 8, .members_max = 4096, .duplicates = json::Duplicates::refuse};

/// Members that only a private or secret key has (RFC 7518 §6.2.2, §6.3.2, §6.4).
constexpr std::array<std::string_view, 8> kPrivateMembers{"d",  "p",  "q",   "dp",
                                                          "dq", "qi", "oth", "k"};

std::string text_of(const json::Value& key, std::string_view name) {
  const auto member = key.find(name);
  return member ? member->as_string().value_or(std::string()) : std::string();
}

std::optional<std::string> bytes_of(const json::Value& key, std::string_view name) {
  return from_base64url(text_of(key, name));
}

/// For verifying signatures, as far as the key says what it is for (RFC 7517 §4.2, §4.3).
bool is_for_verifying(const json::Value& key) {
  if (const auto use = key.find("use")) return use->as_string() == "sig";
  const auto operations = key.find("key_ops");
  if (!operations) return true;
  for (const json::Value operation : *operations) {
    if (operation.as_string() == "verify") return true;
  }
  return false;
}

/// The algorithm that the key is for; nothing when we do not take it.
std::optional<Algorithm> algorithm_of(const json::Value& key) {
  const std::string type = text_of(key, "kty");
  const std::string named = text_of(key, "alg");
  const std::string curve = text_of(key, "crv");
  if (type == "RSA") {
    if (named.empty() || named == "RS256") return Algorithm::rs256;
    if (named == "PS256") return Algorithm::ps256;
  } else if (type == "EC" && curve == "P-256") {
    if (named.empty() || named == "ES256") return Algorithm::es256;
  } else if (type == "OKP" && curve == "Ed25519") {
    if (named.empty() || named == "EdDSA") return Algorithm::eddsa;
  }
  return std::nullopt;
}

std::optional<crypto::PublicKey> material_of(const json::Value& key, Algorithm algorithm) {
  if (algorithm == Algorithm::rs256 || algorithm == Algorithm::ps256) {
    const auto n = bytes_of(key, "n");
    const auto e = bytes_of(key, "e");
    return n && e ? crypto::PublicKey::rsa(*n, *e) : std::nullopt;
  }
  const auto x = bytes_of(key, "x");
  if (!x) return std::nullopt;
  if (algorithm == Algorithm::eddsa) return crypto::PublicKey::ed25519(*x);
  const auto y = bytes_of(key, "y");
  return y ? crypto::PublicKey::p256(*x, *y) : std::nullopt;
}

}  // namespace

Result<JwksKeys, std::string> read_jwks(std::string_view text, const KeyRules& rules) {
  using namespace std::string_literals;
  if (text.size() > kJwksBytesMax) return fail("a key set has 65,536 bytes at most"s);
  json::Document document;
  const auto root = document.parse(text, kLimits);
  const auto list = root ? root->find("keys") : std::nullopt;
  if (!list || !list->is(json::Kind::array)) return fail("is no JWK Set: {\"keys\":[…]}"s);
  JwksKeys out;
  std::size_t number = 0;
  for (const json::Value key : *list) {
    const std::string which = "key " + std::to_string(++number);
    if (!key.is(json::Kind::object)) return fail(which + " is no object");
    for (const std::string_view secret : kPrivateMembers) {
      if (key.find(secret))
        return fail(which + " is private or secret: only public keys belong here");
    }
    const auto algorithm = algorithm_of(key);
    if (!algorithm || !is_for_verifying(key)) {
      out.skipped += 1;
      continue;
    }
    TokenKey made;
    made.kid = text_of(key, "kid");
    if (key.find("kid") && !is_kid(made.kid))
      return fail(which + " has a kid that no token can name");
    const auto same = [&](const TokenKey& other) { return other.kid == made.kid; };
    if (std::any_of(out.keys.begin(), out.keys.end(), same)) {
      return fail(which + " has the kid of another key");
    }
    made.algorithm = *algorithm;
    made.public_key = material_of(key, *algorithm);
    if (!made.public_key)
      return fail(which + " is no " + std::string(to_text(*algorithm)) + " key");
    made.rules = rules;
    out.keys.push_back(std::move(made));
    if (out.keys.size() > kTokenKeysMax / 2) return fail("holds too many keys"s);
  }
  if (out.keys.empty()) return fail("holds no key for RS256, PS256, ES256 or EdDSA"s);
  return out;
}

}  // namespace stillroom::identity
