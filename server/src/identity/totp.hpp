// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

/// Time-based one-time passwords (RFC 6238), as every authenticator app makes them: HMAC-SHA-1, six
/// digits, steps of thirty seconds.
namespace stillroom::identity {

inline constexpr std::size_t kTotpSecretBytes = 20;  ///< RFC 4226 §4, R6
inline constexpr seconds kTotpStep{30};

/// The step whose code this is, among the one of now and its neighbours (RFC 6238 §5.2); nothing
/// for any other text, and for steps up to `used`: a code works once.
[[nodiscard]] std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code,
                                                    WallTime now, std::int64_t used);
/// RFC 4648 §6 without padding, as apps show and take it.
[[nodiscard]] std::string totp_secret_text(std::string_view secret);
/// `otpauth://totp/Stillroom:<account>?secret=…&issuer=Stillroom`
[[nodiscard]] std::string totp_uri(std::string_view secret, std::string_view account);
/// The six digits of a step: for tests, and for whoever has to show one.
[[nodiscard]] std::string totp_code(std::string_view secret, std::int64_t step);

}  // namespace stillroom::identity
