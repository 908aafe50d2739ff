// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <optional>

#include "config/raw_value.hpp"
#include "config/words.hpp"

namespace stillroom::config {
namespace {

constexpr std::size_t kEchoBytesMax = 60;

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  out.append(text.substr(0, kEchoBytesMax)).append(text.size() > kEchoBytesMax ? "...\"" : "\"");
  return out;
}

std::string must_be(std::string_view expected, std::string_view found) {
  return std::string("must be ").append(expected).append(", not ").append(found);
}

/// What a value is, for "must be X, not Y".
std::string kind_of(const RawValue& raw) {
  if (std::holds_alternative<std::int64_t>(raw.value)) return "an integer";
  if (std::holds_alternative<bool>(raw.value)) return "true or false";
  if (std::holds_alternative<std::vector<std::string>>(raw.value)) return "a list";
  if (const auto* other = std::get_if<OtherKind>(&raw.value)) {
    return std::string(other->article_and_name);
  }
  return "a string";
}

/// The same, but showing a text that has the right kind and the wrong content.
std::string shown(const RawValue& raw) {
  const auto* const text = std::get_if<std::string>(&raw.value);
  return text == nullptr ? kind_of(raw) : in_quotes(*text);
}

/// One reader for each type: puts the value into `target` or returns the phrase.
class Assigner {
 public:
  Assigner(const Row& row, const RawValue& raw, Settings& settings)
      : row_(row), raw_(raw), settings_(settings) {}

  template <class T>
  std::string operator()(Place<T> place) const {
    return read(place(settings_));
  }

 private:
  std::string read(bool& target) const;
  std::string read(std::uint32_t& target) const;
  std::string read(milliseconds& target) const;
  std::string read(std::string& target) const;
  std::string read(SecretText& target) const;
  std::string read(std::filesystem::path& target) const;
  std::string read(Listen& target) const;
  std::string read(std::optional<WebOrigin>& target) const;
  std::string read(std::vector<WebOrigin>& target) const;
  std::string read(std::vector<Network>& target) const;
  std::string read(std::vector<IceUrl>& target) const;
  template <class E>
    requires std::is_enum_v<E>
  std::string read(E& target) const;
  template <class T>
  std::string read_list(std::vector<T>& target, std::string_view expected) const;

  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&raw_.value); }
  [[nodiscard]] std::string outside(std::int64_t number) const;
  [[nodiscard]] std::string check_length(std::size_t bytes) const;

  const Row& row_;
  const RawValue& raw_;
  Settings& settings_;
};

std::string Assigner::outside(std::int64_t number) const {
  return must_be(std::to_string(row_.range.min) + " to " + std::to_string(row_.range.max),
                 std::to_string(number));
}

std::string Assigner::check_length(std::size_t bytes) const {
  const auto length = static_cast<std::int64_t>(bytes);
  if (length < row_.range.min) return "must not be empty";
  if (length <= row_.range.max) return "";
  return must_be("at most " + std::to_string(row_.range.max) + " bytes long",
                 std::to_string(bytes));
}

std::string Assigner::read(bool& target) const {
  if (const auto* truth = std::get_if<bool>(&raw_.value)) {
    target = *truth;
    return "";
  }
  if (raw_.untyped && (*text() == "true" || *text() == "false")) {
    target = *text() == "true";
    return "";
  }
  return must_be("true or false", shown(raw_));
}

std::string Assigner::read(std::uint32_t& target) const {
  std::optional<std::int64_t> number;
  if (const auto* integer = std::get_if<std::int64_t>(&raw_.value)) number = *integer;
  if (raw_.untyped) {
    std::int64_t parsed = 0;
    const char* const end = text()->data() + text()->size();
    const auto [stop, problem] = std::from_chars(text()->data(), end, parsed);
    if (problem == std::errc() && stop == end) number = parsed;
  }
  if (!number) return must_be("an integer", shown(raw_));
  if (*number < row_.range.min || *number > row_.range.max) return outside(*number);
  target = static_cast<std::uint32_t>(*number);
  return "";
}

std::string Assigner::read(milliseconds& target) const {
  const auto span = text() == nullptr ? std::nullopt : parse_duration(*text());
  if (!span) return must_be("a duration such as \"25s\"", shown(raw_));
  const milliseconds min(row_.range.min);
  const milliseconds max(row_.range.max);
  if (*span < min || *span > max) {
    return must_be(duration_text(min) + " to " + duration_text(max), duration_text(*span));
  }
  target = *span;
  return "";
}

std::string Assigner::read(std::string& target) const {
  if (text() == nullptr) return must_be("a string", kind_of(raw_));
  if (std::string problem = check_length(text()->size()); !problem.empty()) return problem;
  target = *text();
  return "";
}

std::string Assigner::read(SecretText& target) const {
  if (text() == nullptr) return must_be("a string", kind_of(raw_));
  if (std::string problem = check_length(text()->size()); !problem.empty()) return problem;
  target = SecretText(*text());
  return "";
}

std::string Assigner::read(std::filesystem::path& target) const {
  if (text() == nullptr) return must_be("a path", kind_of(raw_));
  if (std::string problem = check_length(text()->size()); !problem.empty()) return problem;
  if (text()->find('\0') != std::string::npos) return "must not hold a zero byte";
  target = *text();
  return "";
}

std::string Assigner::read(Listen& target) const {
  constexpr std::string_view expected = "HOST:PORT such as \"0.0.0.0:8443\"";
  if (text() == nullptr) return must_be(expected, shown(raw_));
  if (const auto listen = Listen::parse(*text())) {
    target = *listen;
    return "";
  }
  // `PORT=8443` in the environment changes the port and keeps the address.
  const auto port_only = raw_.untyped ? Listen::parse("localhost:" + *text()) : std::nullopt;
  if (!port_only) return must_be(expected, shown(raw_));
  target.port = port_only->port;
  return "";
}

std::string Assigner::read(std::optional<WebOrigin>& target) const {
  if (text() != nullptr && text()->empty()) {
    target.reset();
    return "";
  }
  const auto origin = text() == nullptr ? std::nullopt : WebOrigin::parse(*text());
  if (!origin) return must_be("an origin such as \"https://call.example\"", shown(raw_));
  target = origin;
  return "";
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.emplace_back(item);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return items;
}

template <class T>
std::string Assigner::read_list(std::vector<T>& target, std::string_view expected) const {
  std::vector<std::string> items;
  if (const auto* list = std::get_if<std::vector<std::string>>(&raw_.value)) {
    items = *list;
  } else if (raw_.untyped) {
    items = split(*text());
  } else {
    return must_be("a list of strings", kind_of(raw_));
  }
  if (static_cast<std::int64_t>(items.size()) > row_.range.max) {
    return must_be("at most " + std::to_string(row_.range.max) + " entries",
                   std::to_string(items.size()));
  }
  std::vector<T> values;
  for (const std::string& item : items) {
    auto value = T::parse(item);
    if (!value)
      return std::string("must hold ").append(expected).append(", not ") + in_quotes(item);
    if (std::find(values.begin(), values.end(), *value) == values.end()) {
      values.push_back(*std::move(value));
    }
  }
  target = std::move(values);
  return "";
}

std::string Assigner::read(std::vector<WebOrigin>& target) const {
  return read_list(target, "origins such as \"https://app.example\"");
}

std::string Assigner::read(std::vector<Network>& target) const {
  return read_list(target, "addresses or ranges such as \"10.0.0.0/8\"");
}

std::string Assigner::read(std::vector<IceUrl>& target) const {
  return read_list(target, "URLs such as \"turn:turn.example:3478\"");
}

template <class E>
  requires std::is_enum_v<E>
std::string Assigner::read(E& target) const {
  const auto value = text() == nullptr ? std::nullopt : from_word<E>(*text());
  if (value) {
    target = *value;
    return "";
  }
  std::string expected;
  for (std::size_t at = 0; at < Words<E>::kAll.size(); ++at) {
    if (at > 0) expected += at + 1 == Words<E>::kAll.size() ? " or " : ", ";
    expected += in_quotes(Words<E>::kAll[at].first);
  }
  return must_be(expected, shown(raw_));
}

}  // namespace

std::string assign(const Row& row, const RawValue& raw, Settings& settings) {
  return std::visit(Assigner(row, raw, settings), row.slot);
}

}  // namespace stillroom::config
