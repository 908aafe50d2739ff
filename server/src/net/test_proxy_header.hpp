// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

/// PROXY v2 headers as a proxy writes them. For tests only.
namespace stillroom::net::test {

inline constexpr std::array<std::uint8_t, 16> ip4(std::uint8_t a, std::uint8_t b, std::uint8_t c,
                                                  std::uint8_t d) {
  return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, a, b, c, d};
}

/// From 192.0.2.7, port 12345.
inline const std::string kAnn4("\xC0\x00\x02\x07\x7F\x00\x00\x01\x30\x39\x01\xBB", 12);
/// From 2001:db8::9, port 12345.
inline const std::string kAnn6(
    "\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x30\x39\x01\xBB",
    36);
inline const std::string kClientByTls("\x01\0\0\0\0", 5);
inline const std::string kClientPlain("\0\0\0\0\0", 5);

inline std::string length_of(std::string_view value) {
  return {static_cast<char>(value.size() >> 8U), static_cast<char>(value.size() & 0xFFU)};
}

inline std::string addition(std::uint8_t type, std::string_view value) {
  return std::string(1, static_cast<char>(type)) + length_of(value) + std::string(value);
}

inline std::string proxy_header(std::uint8_t command, std::uint8_t family, std::string_view body) {
  return std::string("\r\n\r\n\0\r\nQUIT\n", 12) + static_cast<char>(command) +
         static_cast<char>(family) + length_of(body) + std::string(body);
}

}  // namespace stillroom::net::test
