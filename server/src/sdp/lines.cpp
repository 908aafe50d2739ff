// SPDX-License-Identifier: Apache-2.0
#include "sdp/lines.hpp"

#include <cstdint>
#include <cstring>

#include "base/text_scan.hpp"
#include "sdp/description.hpp"
#include "sdp/grammar.hpp"

namespace stillroom::sdp {
namespace {

struct Bytes {
  bool control = false;  ///< below U+0020, or DEL
  bool high = false;     ///< beyond ASCII
};

/// High bits of `hits`: a control byte; of `high`: a byte beyond ASCII. Whether there is any is
/// exact; which one, is not asked.
void look_at_word(std::uint64_t word, std::uint64_t& hits, std::uint64_t& high) {
  const std::uint64_t below_space = (word - scan::kOnes * 0x20) & ~word;
  const std::uint64_t del = word ^ (scan::kOnes * 0x7f);
  hits |= below_space | ((del - scan::kOnes) & ~del);
  high |= word;
}

Bytes look_at(std::string_view line) {
  std::uint64_t hits = 0;
  std::uint64_t high = 0;
  const char* at = line.data();
  std::size_t left = line.size();
  for (; left >= 8; at += 8, left -= 8) look_at_word(scan::load_word(at), hits, high);
  std::uint64_t rest = scan::kOnes * ' ';
  std::memcpy(&rest, at, left);
  look_at_word(rest, hits, high);
  return {(hits & scan::kHighs) != 0, (high & scan::kHighs) != 0};
}

}  // namespace

std::optional<Code> Lines::next() {
  if (++number_ > kLinesMax) return Code::too_many_lines;
  const auto end = rest_.find('\n');
  if (end == std::string_view::npos) return Code::line_end;
  auto line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  if (line.size() > kLineBytesMax) return Code::line_too_long;

  const Bytes bytes = look_at(line);
  if (bytes.control) return Code::control_byte;
  ascii_ = !bytes.high;
  beyond_ascii_ = beyond_ascii_ || bytes.high;

  if (line.size() < 3 || line[1] != '=' || !grammar::is(line[0], grammar::kLetter))
    return Code::line_grammar;
  letter_ = line[0];
  line_ = line;
  return std::nullopt;
}

}  // namespace stillroom::sdp
