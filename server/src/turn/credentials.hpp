// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "config/settings.hpp"
#include "signalling/ports.hpp"

namespace stillroom::turn {

/// The "TURN REST" scheme (draft-uberti-behave-turn-rest): `expiry:name` as user name, its
/// HMAC-SHA1 under the shared secret as password. With a fixed user name and password in the
/// settings those are handed out as they are.
class Credentials final : public signalling::IceServers {
 public:
  /// `name_key` makes names out of user ids; random bytes made at start, never stored. So a name
  /// tells nobody who it is, not even whoever runs the TURN server, yet its quotas count per
  /// person.
  Credentials(config::Turn settings, SecretText name_key);

  [[nodiscard]] std::vector<signalling::IceServer> issue(const UserId& user, WallTime now) override;
  [[nodiscard]] bool relay_only() const override {
    return settings_.policy == config::IcePolicy::relay;
  }

 private:
  [[nodiscard]] std::string name_of(const UserId& user, WallTime now) const;

  config::Turn settings_;
  SecretText name_key_;
  std::vector<std::string> stun_urls_;
  std::vector<std::string> turn_urls_;
};

}  // namespace stillroom::turn
