// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stillroom::identity {

/// Stands for a token's `jti` (RFC 7519 §4.1.7): its SHA-256, cut to 128 bits. A connection keeps
/// it as long as it lives, and a revocation for good, so it has one size whatever an issuer writes.
struct TokenId {
  static constexpr std::size_t kBytes = 16;
  std::array<std::uint8_t, kBytes> bytes{};

  friend bool operator==(const TokenId&, const TokenId&) = default;
};

[[nodiscard]] TokenId token_id_of(std::string_view jti);
/// 32 hex digits, as the store keeps it.
[[nodiscard]] std::string to_text(const TokenId& id);

}  // namespace stillroom::identity
