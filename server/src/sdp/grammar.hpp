// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

/// The small grammars that SDP and ICE share.
namespace stillroom::sdp::grammar {

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
[[nodiscard]] constexpr char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}
[[nodiscard]] constexpr bool is_letter(char c) {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}
[[nodiscard]] constexpr bool is_hex(char c) {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
}
/// RFC 8839 §5.1 ice-char.
[[nodiscard]] constexpr bool is_ice_char(char c) {
  return is_digit(c) || is_letter(c) || c == '+' || c == '/';
}
/// RFC 8866 §9 token-char: visible ASCII without separators.
[[nodiscard]] constexpr bool is_token_char(char c) {
  return c > ' ' && c < '\x7f' &&
         std::string_view("\"(),/:;<=>?@[\\]").find(c) == std::string_view::npos;
}
[[nodiscard]] constexpr bool is_plain_char(char c) {
  return c >= ' ' && c < '\x7f';
}

template <class Predicate>
[[nodiscard]] constexpr bool all_of(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}
[[nodiscard]] constexpr bool is_token(std::string_view text) {
  return !text.empty() && all_of(text, is_token_char);
}
/// Visible ASCII and spaces, not empty.
[[nodiscard]] constexpr bool is_plain(std::string_view text) {
  return !text.empty() && all_of(text, is_plain_char);
}
[[nodiscard]] constexpr bool equal_folded(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return to_lower(x) == to_lower(y);
         });
}

/// Decimal without sign, 20 digits at most, no more than `max`.
[[nodiscard]] constexpr std::optional<std::uint64_t> number(std::string_view text,
                                                            std::uint64_t max) {
  if (text.empty() || text.size() > 20) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (max - std::min(max, digit)) / 10) return std::nullopt;
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
