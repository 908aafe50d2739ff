// SPDX-License-Identifier: Apache-2.0
#include "base/rng.hpp"

#include <array>
#include <vector>

#include "base/encoding.hpp"
#include "base/secret.hpp"

namespace stillroom {

std::string random_token(Rng& rng, std::size_t bytes) {
  std::vector<std::uint8_t> raw(bytes);
  rng.fill(raw);
  std::string token = to_base64url(raw);
  wipe(raw.data(), raw.size());
  return token;
}

std::string random_uuid4(Rng& rng) {
  std::array<std::uint8_t, 16> raw{};
  rng.fill(raw);
  raw[6] = static_cast<std::uint8_t>((raw[6] & 0x0F) | 0x40);  // RFC 9562 §5.4: version 4
  raw[8] = static_cast<std::uint8_t>((raw[8] & 0x3F) | 0x80);  // §4.1: variant 10
  const std::string hex = to_hex(raw);
  std::string text;
  text.reserve(36);
  for (std::size_t at = 0; at < hex.size(); ++at) {
    if (at == 8 || at == 12 || at == 16 || at == 20) text += '-';
    text += hex[at];
  }
  return text;
}

}  // namespace stillroom
