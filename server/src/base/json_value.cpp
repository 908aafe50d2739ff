// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <system_error>

#include "base/json.hpp"
#include "base/json_escape.hpp"

namespace stillroom::json {
namespace {

std::string_view content_of(std::string_view raw) {
  return raw.substr(1, raw.size() - 2);
}

std::string unescape(std::string_view content) {
  std::string out;
  out.reserve(content.size());
  while (true) {
    const std::size_t plain = content.find('\\');
    out.append(content.substr(0, plain));
    if (plain == std::string_view::npos) return out;
    content.remove_prefix(plain);
    // One escape, or the two that make a surrogate pair.
    std::size_t length = 2;
    if (content[1] == 'u') length = is_high_surrogate(*hex_unit(content.data() + 2)) ? 12 : 6;
    Unescaped escape(content.substr(0, length));
    while (const auto byte = escape.next()) out += static_cast<char>(*byte);
    content.remove_prefix(length);
  }
}

bool same_text(std::string_view content, std::string_view name) {
  Unescaped cursor(content);
  for (const char expected : name) {
    const auto byte = cursor.next();
    if (!byte || *byte != static_cast<unsigned char>(expected)) return false;
  }
  return !cursor.next();
}

}  // namespace

std::optional<unsigned char> Unescaped::next() {
  if (held_at_ < held_size_) return held_[held_at_++];
  if (rest_.empty()) return std::nullopt;
  const char first = rest_.front();
  if (first != '\\') {
    rest_.remove_prefix(1);
    return static_cast<unsigned char>(first);
  }
  if (rest_[1] == 'u') {
    read_unit();
    return held_[held_at_++];
  }
  const char meant = simple_escape(rest_[1]);
  rest_.remove_prefix(2);
  return static_cast<unsigned char>(meant);
}

void Unescaped::read_unit() {
  std::uint32_t code = *hex_unit(rest_.data() + 2);
  rest_.remove_prefix(6);
  if (is_high_surrogate(code)) {
    code = 0x10000 + ((code - 0xD800) << 10) + (*hex_unit(rest_.data() + 2) - 0xDC00);
    rest_.remove_prefix(6);
  }
  held_at_ = 0;
  const auto tail = [code](unsigned shift) {
    return static_cast<unsigned char>(0x80 | (code >> shift & 0x3F));
  };
  if (code < 0x80) {
    held_ = {static_cast<unsigned char>(code)};
    held_size_ = 1;
  } else if (code < 0x800) {
    held_ = {static_cast<unsigned char>(0xC0 | code >> 6), tail(0)};
    held_size_ = 2;
  } else if (code < 0x10000) {
    held_ = {static_cast<unsigned char>(0xE0 | code >> 12), tail(6), tail(0)};
    held_size_ = 3;
  } else {
    held_ = {static_cast<unsigned char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
    held_size_ = 4;
  }
}

int compare(Unescaped a, Unescaped b) {
  while (true) {
    const auto left = a.next();
    const auto right = b.next();
    if (!left || !right)
      return static_cast<int>(left.has_value()) - static_cast<int>(right.has_value());
    if (*left != *right) return static_cast<int>(*left) - static_cast<int>(*right);
  }
}

std::optional<std::string> Value::as_string() const {
  if (!is(Kind::string)) return std::nullopt;
  const std::string_view content = content_of(raw());
  if (!document_->nodes_[node_].escaped) return std::string(content);
  return unescape(content);
}

std::optional<std::string_view> Value::as_plain_string() const {
  if (!is(Kind::string) || document_->nodes_[node_].escaped) return std::nullopt;
  return content_of(raw());
}

std::optional<bool> Value::as_boolean() const {
  if (!is(Kind::boolean)) return std::nullopt;
  return raw().front() == 't';
}

std::optional<std::int64_t> Value::as_integer() const {
  if (!is(Kind::number)) return std::nullopt;
  const std::string_view text = raw();
  std::int64_t number = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> Value::as_double() const {
  if (!is(Kind::number)) return std::nullopt;
  const std::string_view text = raw();
  double number = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Value> Value::find(std::string_view name) const {
  if (!is(Kind::object)) return std::nullopt;
  std::optional<Value> found;
  for (Iterator at = begin(); at != end(); ++at) {
    const Value key = *at;
    ++at;
    const std::string_view content = content_of(key.raw());
    const bool escaped = document_->nodes_[key.node_].escaped;
    if (escaped ? same_text(content, name) : content == name) found = *at;
  }
  return found;
}

std::optional<Value> Value::at(std::size_t index) const {
  if (!is(Kind::array) || index >= size()) return std::nullopt;
  Iterator at = begin();
  while (index-- > 0) ++at;
  return *at;
}

}  // namespace stillroom::json
