// SPDX-License-Identifier: Apache-2.0
#include "identity/service_key.hpp"

#include <algorithm>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::identity {
namespace {

constexpr std::string_view kPrefix = "sk_";
constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kIdCharacters = 2 * kIdBytes;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kKeyCharacters = 3 + kIdCharacters + 1 + 43;

std::string digest_of(std::string_view secret) {
  return to_hex(crypto::sha256(secret));
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

std::string_view to_text(Scope scope) {
  switch (scope) {
    case Scope::users_read:
      return "users:read";
    case Scope::users_write:
      return "users:write";
    case Scope::sessions_read:
      return "sessions:read";
    case Scope::sessions_write:
      return "sessions:write";
  }
  return {};
}

std::optional<Scope> scope_from_text(std::string_view text) {
  for (const Scope scope : kScopes) {
    if (text == to_text(scope)) return scope;
  }
  return std::nullopt;
}

std::string Scopes::text() const {
  std::string words;
  for (const Scope scope : kScopes) {
    if (!has(scope)) continue;
    if (!words.empty()) words += ' ';
    words += to_text(scope);
  }
  return words;
}

std::optional<Scopes> Scopes::from_text(std::string_view text) {
  Scopes scopes;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const auto scope = scope_from_text(text.substr(0, end));
    if (!scope) return std::nullopt;
    scopes.add(*scope);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return scopes;
}

bool is_meant_as_key(std::string_view text) {
  return text.starts_with(kPrefix);
}

std::optional<PresentedKey> presented_key(std::string_view text) {
  if (text.size() != kKeyCharacters || !is_meant_as_key(text)) return std::nullopt;
  const std::string_view id = text.substr(kPrefix.size(), kIdCharacters);
  const std::string_view secret = text.substr(kPrefix.size() + kIdCharacters + 1);
  if (!std::all_of(id.begin(), id.end(), is_hex_digit)) return std::nullopt;
  if (text[kPrefix.size() + kIdCharacters] != '_' || !from_base64url(secret)) return std::nullopt;
  return PresentedKey{KeyId(std::string(id)), SecretText(std::string(secret))};
}

NewServiceKey make_service_key(std::string name, Scopes scopes, WallTime now, Rng& rng) {
  std::array<std::uint8_t, kIdBytes> id{};
  rng.fill(id);
  const SecretText secret(random_token(rng, kSecretBytes));
  const std::string id_text = to_hex(id);
  std::string text(kPrefix);
  text.append(id_text).append("_").append(secret.reveal());
  return {{KeyId(id_text), digest_of(secret.reveal()), std::move(name), scopes, now, std::nullopt},
          SecretText(std::move(text))};
}

std::string_view to_text(KeyRefusal refusal) {
  switch (refusal) {
    case KeyRefusal::unknown:
      return "unknown";
    case KeyRefusal::wrong_secret:
      return "wrong_secret";
    case KeyRefusal::revoked:
      return "revoked";
  }
  return {};
}

Result<Service, KeyRefusal> establish(const PresentedKey& presented,
                                      const std::optional<ServiceKey>& known) {
  const std::string shown = digest_of(presented.secret.reveal());
  // Nobody's: as long as a real one, and no text has it for a digest.
  const std::string none(shown.size(), '-');
  const bool same =
      crypto::equal_constant_time(as_bytes(shown), as_bytes(known ? known->digest : none));
  if (!known || known->id != presented.id) return fail(KeyRefusal::unknown);
  if (!same) return fail(KeyRefusal::wrong_secret);
  if (known->revoked) return fail(KeyRefusal::revoked);
  return Service(known->id, known->scopes);
}

}  // namespace stillroom::identity
