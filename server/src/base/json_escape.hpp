// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The escapes of RFC 8259 §7, for the reader and for what it has read.
namespace stillroom::json {

/// The character that `\letter` stands for; 0 when there is no such escape.
[[nodiscard]] constexpr char simple_escape(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/':
      return letter;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

/// Four hexadecimal digits at `at`, which must be readable.
[[nodiscard]] constexpr std::optional<std::uint32_t> hex_unit(const char* at) {
  std::uint32_t unit = 0;
  for (int index = 0; index < 4; ++index) {
    const char digit = at[index];
    const char lower = static_cast<char>(digit | 0x20);
    if (digit >= '0' && digit <= '9') {
      unit = unit << 4 | static_cast<std::uint32_t>(digit - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      unit = unit << 4 | static_cast<std::uint32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return unit;
}

[[nodiscard]] constexpr bool is_high_surrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
[[nodiscard]] constexpr bool is_low_surrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// The bytes of an accepted string's content, one at a time, escapes resolved: comparing names
/// needs no copy of them.
class Unescaped {
 public:
  explicit Unescaped(std::string_view content) : rest_(content) {}
  /// The next byte of the UTF-8 text; nothing at its end.
  [[nodiscard]] std::optional<unsigned char> next();

 private:
  void read_unit();
  std::string_view rest_;
  std::array<unsigned char, 4> held_{};  ///< bytes of one resolved \u escape, from held_at_ on
  std::uint8_t held_size_ = 0;
  std::uint8_t held_at_ = 0;
};

/// Below, equal to or above 0, as the unescaped bytes compare.
[[nodiscard]] int compare(Unescaped a, Unescaped b);

}  // namespace stillroom::json
