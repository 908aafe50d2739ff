// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "identity/user.hpp"

/// token text -> VerifiedToken -> Principal. Each step is a type of its own; only this module can
/// make the next one, so nothing unverified is ever taken for somebody.
namespace stillroom::identity {

/// Codes of contract §2. `user_inactive` also when the role differs from the token's.
enum class Refusal : std::uint8_t {
  token_missing,
  token_invalid,
  token_expired,
  user_unknown,
  user_inactive,
};
[[nodiscard]] std::string_view code(Refusal refusal);     ///< `token_missing`, …
[[nodiscard]] std::string_view message(Refusal refusal);  ///< `Authentication token required`, …

/// What a proven signature said.
class VerifiedToken {
 public:
  [[nodiscard]] const UserId& user() const { return user_; }
  [[nodiscard]] Role role() const { return role_; }
  /// From here on it is worth nothing: `exp` and the accepted skew.
  [[nodiscard]] WallTime expires() const { return expires_; }
  /// When the person proved who they are; only tokens of ours say it, and only those are renewed.
  [[nodiscard]] std::optional<WallTime> began() const { return began_; }

 private:
  friend class TokenVerifier;
  VerifiedToken() = default;
  UserId user_;
  Role role_ = Role::client;
  WallTime expires_;
  std::optional<WallTime> began_;
};

/// Who somebody is: a proven token and a live user record that agree.
class Principal {
 public:
  [[nodiscard]] const UserId& user() const { return user_; }
  [[nodiscard]] Role role() const { return role_; }
  [[nodiscard]] const PersonName& name() const { return name_; }
  [[nodiscard]] WallTime expires() const { return expires_; }
  [[nodiscard]] std::optional<WallTime> began() const { return began_; }

 private:
  friend Result<Principal, Refusal> establish(const VerifiedToken&, const std::optional<User>&);
  Principal() = default;
  UserId user_;
  Role role_ = Role::client;
  PersonName name_;
  WallTime expires_;
  std::optional<WallTime> began_;
};

/// Unknown, deleted, inactive, or another role than the token says: refused.
[[nodiscard]] Result<Principal, Refusal> establish(const VerifiedToken& token,
                                                   const std::optional<User>& user);

}  // namespace stillroom::identity
