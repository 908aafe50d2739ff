// SPDX-License-Identifier: Apache-2.0
#include <toml++/toml.h>

#include "config/sources.hpp"

namespace stillroom::config {
namespace {

RawValue raw_of(const toml::node& node, std::string where) {
  RawValue raw{OtherKind{"a table"}, false, std::move(where)};
  if (const auto integer = node.value_exact<std::int64_t>()) {
    raw.value = *integer;
  } else if (const auto truth = node.value_exact<bool>()) {
    raw.value = *truth;
  } else if (auto text = node.value_exact<std::string>()) {
    raw.value = *std::move(text);
  } else if (node.is_floating_point()) {
    raw.value = OtherKind{"a number with a fraction"};
  } else if (node.is_date() || node.is_time() || node.is_date_time()) {
    raw.value = OtherKind{"a date or time"};
  } else if (const toml::array* const array = node.as_array()) {
    std::vector<std::string> items;
    for (const toml::node& item : *array) {
      if (auto entry = item.value_exact<std::string>()) items.push_back(*std::move(entry));
    }
    if (items.size() == array->size()) {
      raw.value = std::move(items);
    } else {
      raw.value = OtherKind{"a list with other things than strings"};
    }
  }
  return raw;
}

class FileReader {
 public:
  FileReader(std::string file, Gathered& out) : file_(std::move(file)), out_(out) {}

  /// The parser bounds the nesting.
  void read(const toml::table& table, const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const std::string key = prefix + std::string(name.str());
      const std::string where = file_ + ":" + std::to_string(node.source().begin.line);
      if (const Row* const row = find_row(key)) {
        out_.values.emplace_back(row, raw_of(node, where));
      } else if (const Row* const secret = find_row_of_file(key)) {
        add_secret_file(*secret, raw_of(node, where), key, out_);
        if (table.contains(name.str().substr(0, name.str().size() - 5))) {
          out_.problems.push_back(where + ": " + std::string(secret->key) + " and " + key +
                                  " exclude each other: keep one");
        }
      } else if (node.is_table() && !node.as_table()->empty()) {
        read(*node.as_table(), key + ".");
      } else if (!node.is_table() || !known_group(key)) {
        out_.problems.push_back(where + ": " + unknown_key(key));
      }
    }
  }

 private:
  static bool known_group(std::string_view name) {
    for (const Row& row : table()) {
      if (row.key.substr(0, row.key.find('.')) == name && row.key.size() > name.size()) return true;
    }
    return false;
  }
  std::string file_;
  Gathered& out_;
};

}  // namespace

Gathered gather_file(const std::filesystem::path& path) {
  Gathered out;
  const auto text = read_bounded(path, kConfigFileBytesMax);
  if (!text.ok()) {
    out.problems.push_back(text.error());
    return out;
  }
  try {
    const toml::table root = toml::parse(*text, path.string());
    FileReader(path.string(), out).read(root, "");
  } catch (const toml::parse_error& error) {
    out.problems.push_back(path.string() + ":" + std::to_string(error.source().begin.line) +
                           ": not valid TOML: " + std::string(error.description()));
  }
  return out;
}

}  // namespace stillroom::config
