// SPDX-License-Identifier: Apache-2.0
#include "config/print.hpp"

#include "base/json.hpp"
#include "config/raw_value.hpp"
#include "config/words.hpp"

namespace stillroom::config {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out;
  json::append_string(out, text);  // a JSON string is a TOML basic string
  return out;
}

template <class T>
std::string list_of(const std::vector<T>& values) {
  std::string out = "[";
  for (const T& value : values) {
    if (out.size() > 1) out += ", ";
    out += in_quotes(value.text());
  }
  return out + "]";
}

std::string toml(bool value) {
  return value ? "true" : "false";
}
std::string toml(std::uint32_t value) {
  return std::to_string(value);
}
std::string toml(milliseconds value) {
  return in_quotes(duration_text(value));
}
std::string toml(const std::string& value) {
  return in_quotes(value);
}
std::string toml(const SecretText& value) {
  return value.empty() ? "\"\"" : "\"(set)\"";
}
std::string toml(const std::filesystem::path& value) {
  return in_quotes(value.string());
}
std::string toml(const Listen& value) {
  return in_quotes(value.text());
}
std::string toml(const std::optional<WebOrigin>& value) {
  return in_quotes(value ? value->text() : "");
}
std::string toml(const std::vector<WebOrigin>& value) {
  return list_of(value);
}
std::string toml(const std::vector<Network>& value) {
  return list_of(value);
}
std::string toml(const std::vector<IceUrl>& value) {
  return list_of(value);
}
template <class E>
  requires std::is_enum_v<E>
std::string toml(E value) {
  return in_quotes(to_word(value));
}

}  // namespace

std::string toml_value(const Row& row, const Settings& settings) {
  // A place gives a mutable reference because loading needs one; here it is only read.
  auto& readable = const_cast<Settings&>(settings);
  return std::visit([&readable](auto place) { return toml(place(readable)); }, row.slot);
}

std::string print(const Settings& settings) {
  std::string out;
  std::string_view group;
  for (const Row& row : table()) {
    const std::size_t dot = row.key.find('.');
    const bool grouped = dot != std::string_view::npos;
    if (grouped && row.key.substr(0, dot) != group) {
      group = row.key.substr(0, dot);
      out.append("\n[").append(group).append("]\n");
    }
    out.append("# ").append(row.meaning).append("\n");
    out.append(grouped ? row.key.substr(dot + 1) : row.key).append(" = ");
    out.append(toml_value(row, settings)).append("\n");
  }
  return out;
}

std::string print_json(const Settings& settings) {
  std::string out;
  json::Writer json(out);
  json.begin_object();
  // What is a value to TOML here is one to JSON: texts, numbers, booleans and lists of texts.
  for (const Row& row : table()) json.key(row.key).raw(toml_value(row, settings));
  json.end_object();
  return out;
}

}  // namespace stillroom::config
