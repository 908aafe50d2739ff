// SPDX-License-Identifier: Apache-2.0
#include "app/workplace.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "base/rng.hpp"
#include "crypto/digest.hpp"
#include "identity/jwks.hpp"

namespace stillroom::app {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretCharacters = 43;  // as base64url

std::filesystem::path secret_path(const config::Settings& settings) {
  return settings.server.data / "dev-secret";
}

Result<SecretText, std::string> read_secret(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return fail(std::string());
  std::array<char, kSecretCharacters + 1> text{};
  const ssize_t got = ::read(fd, text.data(), text.size());
  ::close(fd);
  SecretText secret(std::string(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0));
  wipe(text.data(), text.size());
  if (secret.reveal().size() != kSecretCharacters) {
    return fail(path.string() + " is damaged; remove it and start again with --dev");
  }
  return secret;
}

Result<SecretText, std::string> make_secret(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  std::string text = random_token(crypto::system_rng(), kSecretBytes);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written = fd >= 0 &&
                       ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!written) return fail(path.string() + " cannot be written");
  return SecretText(std::move(text));
}

/// The configured ones, else the data folder's, which `--dev` makes when it is missing; or none.
Result<std::vector<SecretText>, std::string> secrets_if_any(const config::Settings& settings) {
  using Found = Result<std::vector<SecretText>, std::string>;
  const auto lift = [](Result<SecretText, std::string> secret) -> Found {
    if (!secret) return fail(secret.error());
    std::vector<SecretText> one;
    one.push_back(*std::move(secret));
    return one;
  };
  if (!settings.security.jwt_secret.empty()) return config::jwt_secrets(settings.security);
  const std::filesystem::path path = secret_path(settings);
  auto found = read_secret(path);
  if (found || !found.error().empty()) return lift(std::move(found));
  if (settings.strict()) return std::vector<SecretText>();
  return lift(make_secret(path));
}

/// The text of a file of at most `size_max` bytes; one byte more when it is longer.
std::optional<std::string> read_text(const std::filesystem::path& path, std::size_t size_max) {
  std::ifstream file(path, std::ios::binary);
  std::string text(size_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.is_open()) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

identity::KeyRules outside_rules(const config::Settings& settings) {
  identity::KeyRules rules;
  rules.issuer = settings.security.jwt_issuer;
  rules.audience = settings.security.jwt_audience;
  rules.life_max = std::chrono::duration_cast<seconds>(settings.security.token_lifetime_max);
  rules.skew = std::chrono::duration_cast<seconds>(settings.security.clock_skew);
  rules.claims.person = settings.security.claim_user;
  rules.claims.subject = settings.security.claim_subject;
  rules.claims.role = settings.security.claim_role;
  return rules;
}

seconds own_life(const config::Settings& settings) {
  return std::chrono::duration_cast<seconds>(settings.security.token_lifetime);
}

}  // namespace

Result<std::vector<SecretText>, std::string> signing_secrets(const config::Settings& settings) {
  auto found = secrets_if_any(settings);
  if (!found || !found->empty()) return found;
  return fail(
      std::string("security.jwt_secret is missing: set JWT_SECRET to 32 random bytes or more"));
}

Result<std::optional<identity::TokenMinter>, std::string> minter_if_any(
    const config::Settings& settings) {
  auto secrets = secrets_if_any(settings);
  if (!secrets) return fail(secrets.error());
  if (secrets->empty()) return std::optional<identity::TokenMinter>();
  return std::optional(make_minter(settings, secrets->front()));
}

Result<identity::TokenVerifier, std::string> make_verifier(
    const config::Settings& settings, const std::vector<SecretText>& secrets,
    std::optional<std::string_view> issuer_set) {
  std::vector<identity::TokenKey> keys;
  for (const SecretText& secret : secrets) {
    identity::TokenKey outside;
    outside.key = secret.duplicate();
    outside.rules = outside_rules(settings);
    keys.push_back(std::move(outside));
    keys.push_back(identity::own_token_key(secret, own_life(settings)));
    keys.push_back(identity::ticket_key(secret));
  }
  std::string origin = "security.jwks_url: the answer";
  std::optional<std::string> text(issuer_set);
  const std::filesystem::path& file = settings.security.jwks_file;
  if (!file.empty()) {
    origin = "security.jwks_file: " + file.string();
    text = read_text(file, identity::kJwksBytesMax);
    if (!text) return fail(origin + " cannot be read");
  }
  if (text) {
    auto read = identity::read_jwks(*text, outside_rules(settings));
    if (!read) return fail(origin + " " + read.error());
    std::move(read->keys.begin(), read->keys.end(), std::back_inserter(keys));
  }
  return identity::TokenVerifier(std::move(keys));
}

identity::TokenMinter make_minter(const config::Settings& settings, const SecretText& secret) {
  return identity::TokenMinter(identity::own_token_key(secret, own_life(settings)));
}

}  // namespace stillroom::app
