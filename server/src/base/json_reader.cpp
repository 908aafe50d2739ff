// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "base/json.hpp"
#include "base/json_escape.hpp"
#include "base/text_scan.hpp"

namespace stillroom::json {

/// One pass over the text. Each function consumes its part and returns false with `error_` set when
/// the part is not there. Nesting lives in `Document::open_`, so depth costs no stack.
class Document::Reader {
 public:
  Reader(Document& document, const Limits& limits)
      : nodes_(document.nodes_),
        open_(document.open_),
        names_(document.names_),
        begin_(document.text_.data()),
        at_(begin_),
        end_(begin_ + document.text_.size()),
        limits_(limits) {}

  [[nodiscard]] bool run() {
    skip_space();
    if (!value()) return false;
    while (!open_.empty()) {
      if (!child_or_close()) return false;
    }
    skip_space();
    return at_ == end_ || refuse(Error::malformed);
  }
  [[nodiscard]] Error error() const { return error_; }

 private:
  bool refuse(Error error) {
    error_ = error;
    return false;
  }
  [[nodiscard]] std::uint32_t offset() const { return static_cast<std::uint32_t>(at_ - begin_); }
  [[nodiscard]] std::uint32_t index() const { return static_cast<std::uint32_t>(nodes_.size()); }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  bool take(char expected) {
    if (at_ == end_ || *at_ != expected) return refuse(Error::malformed);
    ++at_;
    return true;
  }

  bool value();
  bool child_or_close();
  bool open(Kind kind);
  bool close();
  bool literal(std::string_view word, Kind kind);
  bool number();
  bool digits();
  bool string();
  bool escape();
  bool code_unit(std::uint32_t& unit);
  bool names_differ(std::uint32_t object);
  void leaf(Kind kind, const char* begin, bool escaped) {
    const std::uint32_t next = index() + 1;
    nodes_.push_back(
        {static_cast<std::uint32_t>(begin - begin_), offset(), next, 0, kind, escaped});
  }

  std::vector<Node>& nodes_;
  std::vector<std::uint32_t>& open_;
  std::vector<std::uint32_t>& names_;
  const char* begin_;
  const char* at_;
  const char* end_;
  const Limits& limits_;
  std::uint32_t members_ = 0;
  Error error_ = Error::malformed;
};

/// RFC 8259 §3. A container is only opened here; run() reads its children.
bool Document::Reader::value() {
  if (at_ == end_) return refuse(Error::malformed);
  switch (*at_) {
    case '"':
      return string();
    case '{':
      return open(Kind::object);
    case '[':
      return open(Kind::array);
    case 't':
      return literal("true", Kind::boolean);
    case 'f':
      return literal("false", Kind::boolean);
    case 'n':
      return literal("null", Kind::null);
    default:
      return number();
  }
}

/// RFC 8259 §4, §5: the next element or member of the innermost container, or its end.
bool Document::Reader::child_or_close() {
  const std::uint32_t container = open_.back();
  const bool object = nodes_[container].kind == Kind::object;
  skip_space();
  if (at_ != end_ && *at_ == (object ? '}' : ']')) return close();
  if (nodes_[container].count > 0) {
    if (!take(',')) return false;
    skip_space();
  }
  if (++members_ > limits_.members_max) return refuse(Error::too_many_values);
  ++nodes_[container].count;
  if (!object) return value();
  if (at_ == end_ || *at_ != '"') return refuse(Error::malformed);
  if (!string()) return false;
  skip_space();
  if (!take(':')) return false;
  skip_space();
  return value();
}

bool Document::Reader::open(Kind kind) {
  if (open_.size() >= limits_.depth_max) return refuse(Error::too_deep);
  open_.push_back(index());
  nodes_.push_back({offset(), 0, 0, 0, kind, false});
  ++at_;
  return true;
}

bool Document::Reader::close() {
  ++at_;
  const std::uint32_t container = open_.back();
  open_.pop_back();
  nodes_[container].end = offset();
  nodes_[container].next = index();
  if (limits_.duplicates == Duplicates::last_wins) return true;
  return nodes_[container].kind != Kind::object || names_differ(container) ||
         refuse(Error::duplicate_member);
}

bool Document::Reader::literal(std::string_view word, Kind kind) {
  const char* const begin = at_;
  if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word)) {
    return refuse(Error::malformed);
  }
  at_ += word.size();
  leaf(kind, begin, false);
  return true;
}

/// RFC 8259 §6.
bool Document::Reader::number() {
  const char* const begin = at_;
  if (*at_ == '-') ++at_;
  if (at_ != end_ && *at_ == '0') {
    ++at_;
  } else if (!digits()) {
    return false;
  }
  if (at_ != end_ && *at_ == '.') {
    ++at_;
    if (!digits()) return false;
  }
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits()) return false;
  }
  leaf(Kind::number, begin, false);
  return true;
}

/// One digit or more.
bool Document::Reader::digits() {
  const char* const begin = at_;
  while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
  return at_ != begin || refuse(Error::malformed);
}

/// RFC 8259 §7, §8.1: the string's grammar and its UTF-8 in the same pass.
bool Document::Reader::string() {
  const char* const begin = at_++;
  bool escaped = false;
  while (true) {
    at_ = scan::skip_plain(at_, end_);
    if (at_ == end_) return refuse(Error::malformed);
    const auto byte = static_cast<unsigned char>(*at_);
    if (byte == '"') break;
    if (byte == '\\') {
      escaped = true;
      if (!escape()) return false;
    } else if (byte < 0x20) {
      return refuse(Error::malformed);
    } else {
      const std::size_t length = scan::sequence_length(at_, end_);
      if (length == 0) return refuse(Error::not_utf8);
      at_ += length;
    }
  }
  ++at_;
  leaf(Kind::string, begin, escaped);
  return true;
}

bool Document::Reader::escape() {
  if (++at_ == end_) return refuse(Error::malformed);
  const char letter = *at_++;
  if (letter != 'u') return simple_escape(letter) != 0 || refuse(Error::malformed);
  std::uint32_t unit = 0;
  if (!code_unit(unit)) return false;
  if (is_low_surrogate(unit)) return refuse(Error::not_utf8);
  if (!is_high_surrogate(unit)) return true;
  if (end_ - at_ < 2 || at_[0] != '\\' || at_[1] != 'u') return refuse(Error::not_utf8);
  at_ += 2;
  if (!code_unit(unit)) return false;
  return is_low_surrogate(unit) || refuse(Error::not_utf8);
}

bool Document::Reader::code_unit(std::uint32_t& unit) {
  if (end_ - at_ < 4) return refuse(Error::malformed);
  const std::optional<std::uint32_t> read = hex_unit(at_);
  if (!read) return refuse(Error::malformed);
  unit = *read;
  at_ += 4;
  return true;
}

/// Sorted, equal names are neighbours: n log n, however many members a caller allows.
bool Document::Reader::names_differ(std::uint32_t object) {
  names_.clear();
  for (std::uint32_t name = object + 1; name < nodes_[object].next;) {
    names_.push_back(name);
    name = nodes_[nodes_[name].next].next;
  }
  const auto content = [this](std::uint32_t node) {
    const Node& name = nodes_[node];
    return Unescaped({begin_ + name.begin + 1, name.end - name.begin - 2});
  };
  std::sort(names_.begin(), names_.end(), [&content](std::uint32_t a, std::uint32_t b) {
    return compare(content(a), content(b)) < 0;
  });
  return std::adjacent_find(names_.begin(), names_.end(),
                            [&content](std::uint32_t a, std::uint32_t b) {
                              return compare(content(a), content(b)) == 0;
                            }) == names_.end();
}

Result<Value, Error> Document::parse(std::string_view text, const Limits& limits) {
  text_ = text;
  nodes_.clear();
  open_.clear();
  // Offsets are 32 bits wide; no caller lets a body of that size in.
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) return fail(Error::malformed);
  Reader reader(*this, limits);
  if (reader.run()) return Value(this, 0);
  nodes_.clear();
  return fail(reader.error());
}

}  // namespace stillroom::json
