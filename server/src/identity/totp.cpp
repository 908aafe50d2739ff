// SPDX-License-Identifier: Apache-2.0
#include "identity/totp.hpp"

#include <array>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::identity {
namespace {

constexpr std::size_t kDigits = 6;
constexpr std::uint32_t kModulus = 1'000'000;

/// RFC 3986 §2.3: what needs no escape in a URI.
bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 0xFU];
  }
  return out;
}

}  // namespace

/// RFC 4226 §5.3.
std::string totp_code(std::string_view secret, std::int64_t step) {
  std::array<std::uint8_t, 8> counter{};
  auto rest = static_cast<std::uint64_t>(step);
  for (std::size_t at = counter.size(); at-- > 0; rest >>= 8U) {
    counter[at] = static_cast<std::uint8_t>(rest);
  }
  const crypto::Sha1 tag = crypto::hmac_sha1(secret, as_text(counter));
  const std::size_t offset = tag.back() & 0xFU;
  std::uint32_t number = tag[offset] & 0x7FU;
  for (std::size_t at = 1; at < 4; ++at) number = (number << 8U) | tag[offset + at];
  std::string digits = std::to_string(number % kModulus);
  return std::string(kDigits - digits.size(), '0') + digits;
}

std::optional<std::int64_t> totp_step(std::string_view secret, std::string_view code, WallTime now,
                                      std::int64_t used) {
  const std::int64_t current =
      std::chrono::floor<seconds>(now).time_since_epoch().count() / kTotpStep.count();
  std::optional<std::int64_t> found;
  // All of them, whichever fits: how long it takes says nothing.
  for (std::int64_t step = current - 1; step <= current + 1; ++step) {
    const bool fits =
        crypto::equal_constant_time(as_bytes(totp_code(secret, step)), as_bytes(code));
    if (fits && step > used) found = step;
  }
  return found;
}

std::string totp_secret_text(std::string_view secret) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t bits = 0;
  std::uint32_t held = 0;
  for (const std::uint8_t byte : as_bytes(secret)) {
    held = (held << 8U) | byte;
    for (bits += 8; bits >= 5; bits -= 5) out += kLetters[(held >> (bits - 5)) & 0x1FU];
  }
  if (bits > 0) out += kLetters[(held << (5 - bits)) & 0x1FU];
  return out;
}

std::string totp_uri(std::string_view secret, std::string_view account) {
  return "otpauth://totp/Stillroom:" + escaped(account) + "?secret=" + totp_secret_text(secret) +
         "&issuer=Stillroom";
}

}  // namespace stillroom::identity
