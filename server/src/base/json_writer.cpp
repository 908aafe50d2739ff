// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>

#include "base/invariant.hpp"
#include "base/json.hpp"
#include "base/text_scan.hpp"

namespace stillroom::json {
namespace {

void append_unit(std::string& out, unsigned unit) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> shift & 15];
}

void append_ascii(std::string& out, char character) {
  switch (character) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      append_unit(out, static_cast<unsigned char>(character));
  }
}

/// Appends the sequence at `at` and returns what lies behind it.
const char* append_sequence(std::string& out, const char* at, const char* end) {
  const std::size_t length = scan::sequence_length(at, end);
  const std::string_view sequence(at, length);
  if (length == 0) {
    out += "\xEF\xBF\xBD";
    return at + 1;
  }
  if (sequence == "\xE2\x80\xA8" || sequence == "\xE2\x80\xA9") {
    // Line ends in JavaScript before 2019: escaped, so that the text may stand inside a script.
    append_unit(out, sequence.back() == '\xA8' ? 0x2028U : 0x2029U);
  } else {
    out += sequence;
  }
  return at + length;
}

void append_content(std::string& out, std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    const char* const stop = scan::skip_plain(at, end);
    out.append(at, static_cast<std::size_t>(stop - at));
    if (stop == end) return;
    if (static_cast<unsigned char>(*stop) < 0x80) {
      append_ascii(out, *stop);
      at = stop + 1;
    } else {
      at = append_sequence(out, stop, end);
    }
  }
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  append_content(out, text);
  out += '"';
}

void Writer::before_value() {
  check_place();
  if (state_ == State::later) out_ += ',';
}

void Writer::check_place() const {
  ensure(state_ != State::closed, "JSON has one value at its top");
  ensure(!in_object() || state_ == State::valued, "a value in an object stands behind its key");
}

void Writer::after_value() {
  state_ = depth_ == 0 ? State::closed : State::later;
}

void Writer::open(Kind kind, char bracket) {
  before_value();
  ensure(depth_ < kDepthMax, "JSON is written at most kDepthMax levels deep");
  const std::uint64_t level = std::uint64_t{1} << depth_++;
  objects_ = kind == Kind::object ? objects_ | level : objects_ & ~level;
  out_ += bracket;
  state_ = State::first;
}

void Writer::close(Kind kind, char bracket) {
  ensure(depth_ > 0 && in_object() == (kind == Kind::object), "an end belongs to its beginning");
  ensure(state_ != State::valued, "a key has a value");
  --depth_;
  out_ += bracket;
  after_value();
}

Writer& Writer::begin_object() {
  open(Kind::object, '{');
  return *this;
}

Writer& Writer::end_object() {
  close(Kind::object, '}');
  return *this;
}

Writer& Writer::begin_array() {
  open(Kind::array, '[');
  return *this;
}

Writer& Writer::end_array() {
  close(Kind::array, ']');
  return *this;
}

Writer& Writer::key(std::string_view name) {
  ensure(in_object() && state_ != State::valued, "a key stands in an object");
  out_ += opening_quote();
  append_content(out_, name);
  out_ += "\":";
  state_ = State::valued;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  check_place();
  out_ += opening_quote();
  append_content(out_, text);
  out_ += '"';
  after_value();
  return *this;
}

Writer& Writer::integer(std::int64_t number) {
  before_value();
  std::array<char, 24> digits{};
  const auto [end, problem] = std::to_chars(digits.begin(), digits.end(), number);
  out_.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
  after_value();
  return *this;
}

Writer& Writer::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  after_value();
  return *this;
}

Writer& Writer::null() {
  before_value();
  out_ += "null";
  after_value();
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  before_value();
  out_ += json;
  after_value();
  return *this;
}

}  // namespace stillroom::json
