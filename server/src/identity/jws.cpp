// SPDX-License-Identifier: Apache-2.0
#include "identity/jws.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "crypto/digest.hpp"
#include "identity/token_verifier.hpp"

namespace stillroom::identity {
namespace {

struct Segments {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;  ///< header, dot, payload: RFC 7515 §5.2 step 8
};

struct Header {
  std::string algorithm;
  std::optional<std::string> type;
  std::string kid;
};

/// Members that choose keys, change the payload's meaning or ask for understanding (RFC 7515
/// §4.1, RFC 7797, RFC 8725 §3.6 and §3.10): we understand none of them.
constexpr std::array<std::string_view, 8> kRefusedMembers{"crit", "jku", "x5u", "jwk",
                                                          "x5c",  "b64", "zip", "cty"};

std::optional<Segments> split(std::string_view text) {
  const std::size_t first = text.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  if (text.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  const Segments segments{text.substr(0, first), text.substr(first + 1, second - first - 1),
                          text.substr(second + 1), text.substr(0, second)};
  if (segments.header.empty() || segments.payload.empty() || segments.signature.empty()) {
    return std::nullopt;
  }
  return segments;
}

/// A member that has to be a string when it is there at all.
struct OptionalText {
  bool good = true;
  std::optional<std::string> text;
};

OptionalText text_member(const json::Value& object, std::string_view name) {
  const auto member = object.find(name);
  if (!member) return {};
  auto text = member->as_string();
  return {text.has_value(), std::move(text)};
}

std::optional<Header> read_header(std::string_view segment) {
  const auto text = from_base64url(segment);
  if (!text) return std::nullopt;
  json::Document document;
  const auto root = document.parse(
      *text, {.depth_max = 4, .members_max = 32, .duplicates = json::Duplicates::refuse});
  if (!root || !root->is(json::Kind::object)) return std::nullopt;
  for (const std::string_view refused : kRefusedMembers) {
    if (root->find(refused)) return std::nullopt;
  }
  auto algorithm = text_member(*root, "alg");
  auto type = text_member(*root, "typ");
  auto kid = text_member(*root, "kid");
  if (!algorithm.text || !type.good || !kid.good) return std::nullopt;
  if (kid.text && !is_kid(*kid.text)) return std::nullopt;
  return Header{std::move(*algorithm.text), std::move(type.text),
                std::move(kid.text).value_or(std::string())};
}

bool type_fits(TokenType rule, const std::optional<std::string>& type) {
  if (rule == TokenType::own) return type == "at+jwt";
  if (rule == TokenType::ticket) return type == "ticket+jwt";
  return !type || type == "JWT" || type == "at+jwt";
}

bool key_fits(const TokenKey& key, const Header& header) {
  return key.kid == header.kid && to_text(key.algorithm) == header.algorithm &&
         type_fits(key.rules.type, header.type);
}

bool signature_good(const TokenKey& key, std::string_view signed_text, std::string_view tag) {
  if (key.algorithm == Algorithm::hs256) {
    return crypto::equal_constant_time(crypto::hmac_sha256(key.key.reveal(), signed_text),
                                       as_bytes(tag));
  }
  const crypto::PublicKey& public_key = *key.public_key;
  switch (key.algorithm) {
    case Algorithm::hs256:
      break;
    case Algorithm::rs256:
      return public_key.verifies_rs256(signed_text, tag);
    case Algorithm::ps256:
      return public_key.verifies_ps256(signed_text, tag);
    case Algorithm::es256:
      return public_key.verifies_es256(signed_text, tag);
    case Algorithm::eddsa:
      return public_key.verifies_ed25519(signed_text, tag);
  }
  return false;
}

/// The work of a signature check where there is nothing to check.
void spend_equal_time(std::string_view text) {
  static_cast<void>(crypto::hmac_sha256("a key that opens nothing, 32 byte", text));
}

}  // namespace

bool is_kid(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("._~+/=:-").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kKidCharactersMax &&
         std::all_of(text.begin(), text.end(), fits);
}

bool names_unknown_key(std::string_view text, std::span<const TokenKey> keys) {
  if (text.size() > kTokenBytesMax) return false;
  const auto segments = split(text);
  const auto header = segments ? read_header(segments->header) : std::nullopt;
  if (!header || header->kid.empty()) return false;
  const auto is_named = [&](Algorithm algorithm) {
    return to_text(algorithm) == header->algorithm;
  };
  constexpr std::array kPublic{Algorithm::rs256, Algorithm::ps256, Algorithm::es256,
                               Algorithm::eddsa};
  return std::any_of(kPublic.begin(), kPublic.end(), is_named) &&
         std::none_of(keys.begin(), keys.end(),
                      [&](const TokenKey& key) { return key.kid == header->kid; });
}

std::optional<ProvenPayload> open_jws(std::string_view text, std::span<const TokenKey> keys) {
  if (text.size() > kTokenBytesMax) return std::nullopt;
  const auto segments = split(text);
  const auto header = segments ? read_header(segments->header) : std::nullopt;
  const auto tag = segments ? from_base64url(segments->signature) : std::nullopt;
  const TokenKey* proven = nullptr;
  bool tried = false;
  if (header && tag) {
    for (const TokenKey& key : keys) {
      if (!key_fits(key, *header)) continue;
      tried = true;
      if (signature_good(key, segments->signed_text, *tag)) proven = &key;
    }
  }
  if (!tried) spend_equal_time(text);
  if (proven == nullptr) return std::nullopt;
  auto payload = from_base64url(segments->payload);
  if (!payload) return std::nullopt;
  return ProvenPayload{proven, std::move(*payload)};
}

}  // namespace stillroom::identity
