// SPDX-License-Identifier: Apache-2.0
#include "app/workplace.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/rng.hpp"
#include "crypto/digest.hpp"

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

/// The configured one, else the data folder's, which `--dev` makes when it is missing.
Result<std::optional<SecretText>, std::string> secret_if_any(const config::Settings& settings) {
  using Found = Result<std::optional<SecretText>, std::string>;
  const auto lift = [](Result<SecretText, std::string> secret) -> Found {
    if (!secret) return fail(secret.error());
    return std::optional(*std::move(secret));
  };
  if (!settings.security.jwt_secret.empty()) {
    return std::optional(settings.security.jwt_secret.duplicate());
  }
  const std::filesystem::path path = secret_path(settings);
  auto found = read_secret(path);
  if (found || !found.error().empty()) return lift(std::move(found));
  if (settings.strict()) return std::optional<SecretText>();
  return lift(make_secret(path));
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

Result<SecretText, std::string> signing_secret(const config::Settings& settings) {
  auto found = secret_if_any(settings);
  if (!found) return fail(found.error());
  if (found->has_value()) return std::move(**found);
  return fail(
      std::string("security.jwt_secret is missing: set JWT_SECRET to 32 random bytes or more"));
}

Result<std::optional<identity::TokenMinter>, std::string> minter_if_any(
    const config::Settings& settings) {
  auto secret = secret_if_any(settings);
  if (!secret) return fail(secret.error());
  if (!secret->has_value()) return std::optional<identity::TokenMinter>();
  return std::optional(make_minter(settings, **secret));
}

identity::TokenVerifier make_verifier(const config::Settings& settings, const SecretText& secret) {
  std::vector<identity::TokenKey> keys;
  keys.push_back({"", identity::Algorithm::hs256, secret.duplicate(), outside_rules(settings)});
  keys.push_back(identity::own_token_key(secret, own_life(settings)));
  return identity::TokenVerifier(std::move(keys));
}

identity::TokenMinter make_minter(const config::Settings& settings, const SecretText& secret) {
  return identity::TokenMinter(identity::own_token_key(secret, own_life(settings)));
}

}  // namespace stillroom::app
