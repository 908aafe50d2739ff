// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

#include <array>

#include "base/text_scan.hpp"

namespace stillroom {
namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNoDigit = 0xFF;

using DigitTable = std::array<std::uint8_t, 256>;

constexpr DigitTable digits_of(std::string_view alphabet) {
  DigitTable table{};
  table.fill(kNoDigit);
  for (std::size_t value = 0; value < alphabet.size(); ++value) {
    table[static_cast<unsigned char>(alphabet[value])] = static_cast<std::uint8_t>(value);
  }
  return table;
}

constexpr DigitTable kStandardDigits = digits_of(kStandard);
constexpr DigitTable kUrlSafeDigits = digits_of(kUrlSafe);

std::string encode(std::span<const std::uint8_t> bytes, std::string_view alphabet) {
  std::string out((bytes.size() * 4 + 2) / 3, '\0');
  char* to = out.data();
  std::size_t at = 0;
  for (; bytes.size() - at >= 3; at += 3) {
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[at]) << 16 |
                                static_cast<std::uint32_t>(bytes[at + 1]) << 8 | bytes[at + 2];
    *to++ = alphabet[group >> 18];
    *to++ = alphabet[group >> 12 & 63];
    *to++ = alphabet[group >> 6 & 63];
    *to++ = alphabet[group & 63];
  }
  const std::size_t left = bytes.size() - at;
  if (left == 0) return out;
  const std::uint32_t group = static_cast<std::uint32_t>(bytes[at]) << 16 |
                              (left == 2 ? static_cast<std::uint32_t>(bytes[at + 1]) << 8 : 0U);
  *to++ = alphabet[group >> 18];
  *to++ = alphabet[group >> 12 & 63];
  if (left == 2) *to = alphabet[group >> 6 & 63];
  return out;
}

/// `text` is without padding. A last group of one digit, or bits that say nothing but are set
/// (RFC 4648 §3.5), would let two texts mean the same bytes.
std::optional<std::string> decode(std::string_view text, const DigitTable& table) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out(text.size() * 3 / 4, '\0');
  char* to = out.data();
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char character : text) {
    const std::uint8_t digit = table[static_cast<unsigned char>(character)];
    if (digit == kNoDigit) return std::nullopt;
    bits = bits << 6 | digit;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    *to++ = static_cast<char>(bits >> held & 0xFF);
  }
  if ((bits & ((1U << held) - 1)) != 0) return std::nullopt;
  return out;
}

}  // namespace

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string to_base64(std::span<const std::uint8_t> bytes) {
  std::string out = encode(bytes, kStandard);
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 3 && text.ends_with('=')) text.remove_suffix(1);
  return decode(text, kStandardDigits);
}

std::string to_base64url(std::span<const std::uint8_t> bytes) {
  return encode(bytes, kUrlSafe);
}

std::optional<std::string> from_base64url(std::string_view text) {
  return decode(text, kUrlSafeDigits);
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

bool is_utf8(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = scan::skip_ascii(at, end)) != end) {
    const std::size_t length = scan::sequence_length(at, end);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

/// The state between two bytes: how many continuation bytes are missing (bits 0-7), and the range
/// of the next one (bits 8-15 lowest, 16-23 highest), which RFC 3629 §4 narrows after some lead
/// bytes.
bool Utf8Stream::accept(std::string_view piece) {
  const char* at = piece.data();
  const char* const end = at + piece.size();
  while (at != end) {
    if (state_ == 0) {
      at = scan::skip_ascii(at, end);
      if (at == end) return true;
      const scan::Lead lead = scan::lead_of(static_cast<unsigned char>(*at++));
      if (lead.length == 0) return false;
      state_ = (lead.length - 1U) | static_cast<std::uint32_t>(lead.second_min) << 8 |
               static_cast<std::uint32_t>(lead.second_max) << 16;
      continue;
    }
    const auto byte = static_cast<unsigned char>(*at++);
    if (byte < (state_ >> 8 & 0xFF) || byte > (state_ >> 16 & 0xFF)) return false;
    const std::uint32_t missing = (state_ & 0xFF) - 1;
    state_ = missing == 0 ? 0 : missing | 0x80U << 8 | 0xBFU << 16;
  }
  return true;
}

}  // namespace stillroom
