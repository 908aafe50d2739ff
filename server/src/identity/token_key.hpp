// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "crypto/public_key.hpp"

namespace stillroom::identity {

/// The algorithm belongs to the key, never to the token (RFC 8725 §3.1).
enum class Algorithm : std::uint8_t { hs256, rs256, ps256, es256, eddsa };
[[nodiscard]] std::string_view to_text(Algorithm algorithm);

/// Which `typ` a key's tokens may carry (RFC 8725 §3.11, RFC 9068).
enum class TokenType : std::uint8_t {
  outside,  ///< absent, `JWT` or `at+jwt`
  own,      ///< exactly `at+jwt`
  ticket,   ///< exactly `ticket+jwt`: opens one connection, once
};

struct ClaimNames {
  std::string person = "user";  ///< object with `person_id` and `person_role`
  std::string person_id = "id";
  std::string person_role = "role";
  std::string subject = "sub";  ///< used with `role` when there is no `person`
  std::string role = "role";
};

/// What tokens of one key have to say beside a good signature.
struct KeyRules {
  TokenType type = TokenType::outside;
  std::string issuer;              ///< exact once set; empty: not asked
  std::string audience;            ///< exact (or one of a list) once set; empty: not asked
  seconds life_max{24 * 60 * 60};  ///< longest accepted time from `iat` (else from now) to `exp`
  seconds skew{30};
  ClaimNames claims;

  /// How long past its `exp` a token is still taken. Ours say what our own clock said.
  [[nodiscard]] seconds grace() const { return type == TokenType::outside ? skew : seconds(0); }
};

struct TokenKey {
  std::string kid;  ///< empty: for tokens that name no key
  Algorithm algorithm = Algorithm::hs256;
  SecretText key;                               ///< of hs256
  std::optional<crypto::PublicKey> public_key;  ///< of all others
  KeyRules rules;
};

inline constexpr std::size_t kSecretBytesMin = 32;  ///< RFC 7518 §3.2
inline constexpr seconds kOwnTokenLife{15 * 60};
inline constexpr seconds kTicketLife{30};  ///< contract §3

/// The key of the tokens that Stillroom makes itself, derived from the configured secret, so that
/// they have rules of their own and an outside issuer's token is never taken for one.
[[nodiscard]] TokenKey own_token_key(const SecretText& secret, seconds life_max = kOwnTokenLife);
/// The key of tickets: another one, so that neither is ever taken for the other.
[[nodiscard]] TokenKey ticket_key(const SecretText& secret);

}  // namespace stillroom::identity
