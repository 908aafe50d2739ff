// SPDX-License-Identifier: Apache-2.0
#include "turn/credentials.hpp"

#include <chrono>
#include <span>
#include <utility>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::turn {
namespace {

constexpr std::size_t kNameBytes = 15;  ///< 20 characters of base64url

}  // namespace

Credentials::Credentials(config::Turn settings, SecretText name_key)
    : settings_(std::move(settings)), name_key_(std::move(name_key)) {
  for (const auto& url : settings_.urls) {
    (url.relays() ? turn_urls_ : stun_urls_).push_back(url.text());
  }
}

/// The same person has the same name for a day: long enough for quotas, too short for a history.
std::string Credentials::name_of(const UserId& user, WallTime now) const {
  const auto day = std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
  const auto digest =
      crypto::hmac_sha256(name_key_.reveal(), std::to_string(day) + ' ' + user.text());
  return to_base64url(std::span(digest).first(kNameBytes));
}

std::vector<signalling::IceServer> Credentials::issue(const UserId& user, WallTime now) {
  std::vector<signalling::IceServer> servers;
  // A STUN server would only tell a relay-only client an address that it must not use.
  if (!stun_urls_.empty() && !relay_only()) {
    servers.push_back({stun_urls_, "", SecretText()});
  }
  if (turn_urls_.empty()) return servers;
  if (settings_.secret.empty()) {
    servers.push_back({turn_urls_, settings_.username, settings_.password.duplicate()});
    return servers;
  }
  const auto expiry = std::chrono::floor<seconds>(now + settings_.ttl).time_since_epoch().count();
  std::string username = std::to_string(expiry) + ':' + name_of(user, now);
  const auto mac = crypto::hmac_sha1(settings_.secret.reveal(), username);
  servers.push_back({turn_urls_, std::move(username), SecretText(to_base64(mac))});
  return servers;
}

}  // namespace stillroom::turn
