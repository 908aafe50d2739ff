// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sdp/error.hpp"

namespace stillroom::sdp {

/// Cuts a text into `<letter>=<value>` lines; CRLF and LF both end one (RFC 8866 §5).
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return rest_.empty(); }
  /// Moves to the next line; a fault is the end of it all.
  [[nodiscard]] std::optional<Code> next();

  [[nodiscard]] std::uint32_t number() const { return number_; }  ///< from 1
  [[nodiscard]] char letter() const { return letter_; }
  [[nodiscard]] std::string_view line() const { return line_; }  ///< without its end
  [[nodiscard]] std::string_view value() const { return line_.substr(2); }
  [[nodiscard]] bool ascii() const { return ascii_; }  ///< this line
  /// Any byte beyond ASCII so far: only then the text has to be looked at as UTF-8.
  [[nodiscard]] bool beyond_ascii() const { return beyond_ascii_; }

 private:
  std::string_view rest_;
  std::string_view line_;
  std::uint32_t number_ = 0;
  char letter_ = 0;
  bool ascii_ = true;
  bool beyond_ascii_ = false;
};

}  // namespace stillroom::sdp
