// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stillroom {

[[nodiscard]] std::span<const std::uint8_t> as_bytes(std::string_view text);
[[nodiscard]] std::string_view as_text(std::span<const std::uint8_t> bytes);

/// RFC 4648 §4 with padding (Engine.IO binary over polling).
[[nodiscard]] std::string to_base64(std::span<const std::uint8_t> bytes);
/// Strict: canonical padding, no white space, no loose trailing bits; otherwise nothing.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
/// RFC 4648 §5 without padding (JOSE, sids).
[[nodiscard]] std::string to_base64url(std::span<const std::uint8_t> bytes);
/// Strict: no padding, no white space, no loose trailing bits; otherwise nothing.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

/// RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);

/// Validates UTF-8 that arrives in pieces (RFC 6455 §8.1 wants the failure at the first bad byte).
class Utf8Stream {
 public:
  /// False as soon as the bytes so far cannot begin valid text.
  [[nodiscard]] bool accept(std::string_view piece);
  /// True when no character is half finished.
  [[nodiscard]] bool complete() const { return state_ == 0; }

 private:
  std::uint32_t state_ = 0;
};

}  // namespace stillroom
