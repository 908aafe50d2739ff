// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
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

/// hmac_sha256() under one key, which is made ready once. For one thread.
class HmacSha256 {
 public:
  explicit HmacSha256(std::string_view key);
  ~HmacSha256();
  HmacSha256(const HmacSha256&) = delete;
  HmacSha256& operator=(const HmacSha256&) = delete;
  [[nodiscard]] Sha256 of(std::string_view data);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// In time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(std::span<const std::uint8_t> a,
                                       std::span<const std::uint8_t> b);

/// OpenSSL's DRBG. A failure to get random bytes ends the process.
[[nodiscard]] Rng& system_rng();

}  // namespace stillroom::crypto
