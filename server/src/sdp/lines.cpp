// SPDX-License-Identifier: Apache-2.0
#include "sdp/lines.hpp"

#include "sdp/description.hpp"
#include "sdp/grammar.hpp"

namespace stillroom::sdp {

std::optional<Code> Lines::next() {
  if (++number_ > kLinesMax) return Code::too_many_lines;
  const auto end = rest_.find('\n');
  if (end == std::string_view::npos) return Code::line_end;
  auto line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.size() > kLineBytesMax) return Code::line_too_long;

  // No early way out: the compiler turns this loop into wide compares.
  unsigned control = 0;
  unsigned high = 0;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    control |= static_cast<unsigned>(byte < 0x20) | static_cast<unsigned>(byte == 0x7f);
    high |= byte;
  }
  if (control != 0) return Code::control_byte;
  ascii_ = (high & 0x80u) == 0;
  beyond_ascii_ = beyond_ascii_ || !ascii_;

  if (line.size() < 3 || line[1] != '=' || !grammar::is_letter(line[0])) return Code::line_grammar;
  letter_ = line[0];
  value_ = line.substr(2);
  return std::nullopt;
}

}  // namespace stillroom::sdp
