// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

/// The inner loops that every byte from a peer passes through.
namespace stillroom::scan {

/// Eight bytes in text order: the first byte is the lowest.
[[nodiscard]] inline std::uint64_t load_word(const char* at) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

inline constexpr std::uint64_t kOnes = 0x0101010101010101;
inline constexpr std::uint64_t kHighs = 0x8080808080808080;

/// A high bit in each byte that ends a plain run of a JSON string: `"`, `\`, a control character or
/// the first byte of a longer UTF-8 sequence. Bytes behind the first hit may be marked wrongly
/// (a borrow travels upwards), the first hit is exact.
[[nodiscard]] inline std::uint64_t special_bytes(std::uint64_t word) {
  const std::uint64_t quote = word ^ (kOnes * '"');
  const std::uint64_t backslash = word ^ (kOnes * '\\');
  const std::uint64_t below_space = word - (kOnes * 0x20);
  return ((quote - kOnes) | (backslash - kOnes) | below_space | word) & kHighs;
}

[[nodiscard]] inline bool is_special(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\' || byte >= 0x80;
}

/// The first byte at or behind `at` that is not plain inside a JSON string; `end` when all are.
[[nodiscard]] inline const char* skip_plain(const char* at, const char* end) {
  while (end - at >= 8) {
    const std::uint64_t hits = special_bytes(load_word(at));
    if (hits != 0) return at + std::countr_zero(hits) / 8;
    at += 8;
  }
  while (at != end && !is_special(static_cast<unsigned char>(*at))) ++at;
  return at;
}

/// The first byte at or behind `at` above U+007F; `end` when there is none.
[[nodiscard]] inline const char* skip_ascii(const char* at, const char* end) {
  while (end - at >= 8) {
    const std::uint64_t hits = load_word(at) & kHighs;
    if (hits != 0) return at + std::countr_zero(hits) / 8;
    at += 8;
  }
  while (at != end && static_cast<unsigned char>(*at) < 0x80) ++at;
  return at;
}

/// What may follow a lead byte: RFC 3629 §4, the table of well-formed sequences.
struct Lead {
  std::uint8_t length;      ///< of the whole sequence; 0: no lead byte
  std::uint8_t second_min;  ///< first continuation byte, the others are 80..BF
  std::uint8_t second_max;
};

[[nodiscard]] constexpr Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};  // continuation byte or overlong form
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};  // below: overlong
  if (byte == 0xED) return {3, 0x80, 0x9F};  // above: surrogates
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};  // below: overlong
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};  // above: beyond U+10FFFF
  return {0, 0, 0};
}

/// Length of the well-formed UTF-8 sequence at `at` (`at` != `end`); 0 when there is none.
[[nodiscard]] inline std::size_t sequence_length(const char* at, const char* end) {
  const auto byte = [at](std::size_t index) { return static_cast<unsigned char>(at[index]); };
  const Lead lead = lead_of(byte(0));
  if (lead.length <= 1) return lead.length;
  if (static_cast<std::size_t>(end - at) < lead.length) return 0;
  if (byte(1) < lead.second_min || byte(1) > lead.second_max) return 0;
  for (std::size_t index = 2; index < lead.length; ++index) {
    if ((byte(index) & 0xC0) != 0x80) return 0;
  }
  return lead.length;
}

}  // namespace stillroom::scan
