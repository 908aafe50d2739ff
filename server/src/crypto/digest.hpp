// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/rng.hpp"

namespace stillroom::crypto {

using Sha256 = std::array<std::uint8_t, 32>;
using Sha1 = std::array<std::uint8_t, 20>;

[[nodiscard]] Sha256 sha256(std::string_view data);
/// RFC 6455 §4.2.2 and TURN's REST credentials ask for SHA-1; nothing else may.
[[nodiscard]] Sha1 sha1(std::string_view data);
[[nodiscard]] Sha256 hmac_sha256(std::string_view key, std::string_view data);
[[nodiscard]] Sha1 hmac_sha1(std::string_view key, std::string_view data);

/// In time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(std::span<const std::uint8_t> a,
                                       std::span<const std::uint8_t> b);

/// OpenSSL's DRBG. A failure to get random bytes ends the process.
[[nodiscard]] Rng& system_rng();

}  // namespace stillroom::crypto
