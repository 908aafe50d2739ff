// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/secret.hpp"
#include "base/strong_id.hpp"

/// Keys by which an application uses REST. Like tokens they go text -> PresentedKey -> Service, and
/// only this module makes the last step. A service is nobody: it opens no socket and no session.
namespace stillroom::identity {

/// All that a key can be good for. Writing says nothing about reading. There is none for keys: what
/// a stolen one had made would outlive its own revocation. And none for tokens: applications sign
/// theirs themselves.
enum class Scope : std::uint8_t { users_read, users_write, sessions_read, sessions_write };
inline constexpr std::array kScopes{Scope::users_read, Scope::users_write, Scope::sessions_read,
                                    Scope::sessions_write};
[[nodiscard]] std::string_view to_text(Scope scope);  ///< `users:read`, …
[[nodiscard]] std::optional<Scope> scope_from_text(std::string_view text);

class Scopes {
 public:
  void add(Scope scope) { bits_ |= bit(scope); }
  [[nodiscard]] bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  [[nodiscard]] bool empty() const { return bits_ == 0; }
  /// Their words in the order of `kScopes`, one blank between them; and back.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] static std::optional<Scopes> from_text(std::string_view text);

  friend bool operator==(const Scopes&, const Scopes&) = default;

 private:
  static std::uint8_t bit(Scope scope) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(scope));
  }
  std::uint8_t bits_ = 0;
};

/// A key as the database knows it.
struct ServiceKey {
  KeyId id;
  std::string digest;  ///< SHA-256 of the secret, in hex
  std::string name;    ///< the operator's; written as people's names are
  Scopes scopes;
  WallTime added;
  std::optional<WallTime> revoked;
};

/// What somebody presents: `sk_<16 hex digits>_<43 characters of base64url>`.
struct PresentedKey {
  KeyId id;
  SecretText secret;
};
/// Whether it is meant as one; a token never is.
[[nodiscard]] bool is_meant_as_key(std::string_view text);
[[nodiscard]] std::optional<PresentedKey> presented_key(std::string_view text);

struct NewServiceKey {
  ServiceKey key;
  SecretText text;  ///< shown once
};
[[nodiscard]] NewServiceKey make_service_key(std::string name, Scopes scopes, WallTime now,
                                             Rng& rng);

enum class KeyRefusal : std::uint8_t { unknown, wrong_secret, revoked };
[[nodiscard]] std::string_view to_text(KeyRefusal refusal);

/// An application whose key is good.
class Service {
 public:
  [[nodiscard]] const KeyId& key() const { return key_; }
  [[nodiscard]] bool may(Scope scope) const { return scopes_.has(scope); }

 private:
  friend Result<Service, KeyRefusal> establish(const PresentedKey&,
                                               const std::optional<ServiceKey>&);
  Service(KeyId key, Scopes scopes) : key_(std::move(key)), scopes_(scopes) {}
  KeyId key_;
  Scopes scopes_;
};

/// In a time that does not tell an unknown key from a wrong secret.
[[nodiscard]] Result<Service, KeyRefusal> establish(const PresentedKey& presented,
                                                    const std::optional<ServiceKey>& known);

}  // namespace stillroom::identity
