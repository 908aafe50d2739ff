// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// The small grammars that SDP and ICE share.
namespace stillroom::sdp::grammar {

[[nodiscard]] constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
[[nodiscard]] constexpr char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

/// Sets of characters, a bit each.
enum Class : std::uint8_t {
  kDigit = 1,
  kLetter = 2,
  kHex = 4,
  kIce = 8,        ///< RFC 8839 §5.1 ice-char
  kToken = 16,     ///< RFC 8866 §9 token-char: visible ASCII without separators
  kPlain = 32,     ///< visible ASCII and space
  kLabel = 64,     ///< of a host name
  kAddress = 128,  ///< what an address or a host name can consist of
};

namespace detail {

constexpr std::uint8_t classes_of(char c) {
  const bool digit = c >= '0' && c <= '9';
  const bool letter = to_lower(c) >= 'a' && to_lower(c) <= 'z';
  const auto among = [c](std::string_view set) { return set.find(c) != std::string_view::npos; };
  const bool visible = c > ' ' && c < '\x7f';
  unsigned bits = 0;
  if (digit) bits |= kDigit;
  if (letter) bits |= kLetter;
  if (digit || (to_lower(c) >= 'a' && to_lower(c) <= 'f')) bits |= kHex;
  if (digit || letter || among("+/")) bits |= kIce;
  if (visible && !among("\"(),/:;<=>?@[\\]")) bits |= kToken;
  if (visible || c == ' ') bits |= kPlain;
  if (digit || letter || c == '-') bits |= kLabel;
  if (digit || letter || among("-.:/")) bits |= kAddress;
  return static_cast<std::uint8_t>(bits);
}

constexpr std::array<std::uint8_t, 256> all_classes() {
  std::array<std::uint8_t, 256> table{};
  for (int byte = 0; byte < 256; ++byte) {
    table[static_cast<std::size_t>(byte)] =
        byte < 0x80 ? classes_of(static_cast<char>(byte)) : std::uint8_t{0};
  }
  return table;
}

inline constexpr auto kClasses = all_classes();

}  // namespace detail

[[nodiscard]] constexpr bool is(char c, Class wanted) {
  return (detail::kClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}
[[nodiscard]] constexpr bool all_are(std::string_view text, Class wanted) {
  unsigned common = wanted;
  for (const char c : text) common &= detail::kClasses[static_cast<unsigned char>(c)];
  return common != 0;
}
[[nodiscard]] constexpr bool is_token(std::string_view text) {
  return !text.empty() && all_are(text, kToken);
}
/// Visible ASCII and spaces, not empty.
[[nodiscard]] constexpr bool is_plain(std::string_view text) {
  return !text.empty() && all_are(text, kPlain);
}
[[nodiscard]] constexpr bool equal_folded(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return to_lower(x) == to_lower(y);
         });
}

/// Decimal without sign, 20 digits at most, no more than `max`.
[[nodiscard]] constexpr std::optional<std::uint64_t> number(std::string_view text,
                                                            std::uint64_t max) {
  if (text.empty() || text.size() > 20 || !all_are(text, kDigit)) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text.substr(0, 19)) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  if (text.size() == 20) {  // only here it can leave 64 bits
    const auto digit = static_cast<std::uint64_t>(text.back() - '0');
    if (value > (static_cast<std::uint64_t>(-1) - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value <= max ? std::optional(value) : std::nullopt;
}

/// Words separated by exactly one space; two spaces in a row give an empty word, which no rule
/// takes.
class Words {
 public:
  explicit constexpr Words(std::string_view text) : rest_(text), done_(text.empty()) {}
  [[nodiscard]] constexpr bool done() const { return done_; }
  [[nodiscard]] constexpr std::string_view rest() const { return rest_; }
  constexpr std::string_view next() {
    const auto space = rest_.find(' ');
    const auto word = rest_.substr(0, space);
    if (space == std::string_view::npos) {
      done_ = true;
      rest_ = {};
    } else {
      rest_.remove_prefix(space + 1);
    }
    return word;
  }

 private:
  std::string_view rest_;
  bool done_;
};

}  // namespace stillroom::sdp::grammar
