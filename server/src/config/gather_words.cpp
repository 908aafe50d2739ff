// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "config/nearest_name.hpp"
#include "config/sources.hpp"

namespace stillroom::config {
namespace {

using Variables = std::map<std::string, std::string>;

/// An empty variable counts as unset: that is how compose files say so.
const std::string* find_set(const Variables& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() || found->second.empty() ? nullptr : &found->second;
}

/// The names under which a row can be set, the strongest first.
std::vector<std::string> names_of(const Row& row) {
  std::vector<std::string> names{row.variable()};
  for (const std::string_view alias : row.aliases) {
    if (!alias.empty()) names.emplace_back(alias);
  }
  return names;
}

class EnvironmentReader {
 public:
  EnvironmentReader(const Variables& variables, Gathered& out) : variables_(variables), out_(out) {}

  void read(const Row& row) {
    if (std::holds_alternative<Place<Environment>>(row.slot)) return read_environment(row);
    if (row.key == "security.allowed_origins" || row.key == "turn.urls") return read_lists(row);
    for (const std::string& name : names_of(row)) {
      const std::string* const value = find_set(variables_, name);
      const std::string* const file = row.secret() ? find_set(variables_, name + "_FILE") : nullptr;
      if (value != nullptr && file != nullptr) {
        out_.problems.push_back("environment: " + name + " and " + name +
                                "_FILE exclude each other: keep one");
        return;
      }
      if (file != nullptr) {
        const std::string where = "environment " + name + "_FILE";
        add_secret_file(row, {*file, true, where}, row.key, out_);
        return;
      }
      if (value != nullptr) return add(row, *value, name);
    }
  }

 private:
  void add(const Row& row, std::string value, const std::string& name) {
    out_.values.emplace_back(&row, RawValue{std::move(value), true, "environment " + name});
  }

  /// Whoever says production is heard, whatever the others say. `NODE_ENV` has words of its own
  /// (`test`, `staging`): they only do not say production.
  void read_environment(const Row& row) {
    const std::vector<std::string> names = names_of(row);
    for (const std::string& name : names) {
      const std::string* const value = find_set(variables_, name);
      if (value != nullptr && *value == "production") return add(row, *value, name);
    }
    for (const std::string& name : names) {
      const std::string* const value = find_set(variables_, name);
      if (value == nullptr) continue;
      const bool foreign_word = name == "NODE_ENV" && *value != "development";
      return add(row, foreign_word ? "unspecified" : *value, name);
    }
  }

  /// Settings that two known names share: both count.
  void read_lists(const Row& row) {
    const std::vector<std::string> names = names_of(row);
    if (const std::string* const value = find_set(variables_, names.front())) {
      return add(row, *value, names.front());
    }
    std::string joined;
    std::string from;
    for (const std::string& name : names) {
      const std::string* const value = find_set(variables_, name);
      if (value == nullptr) continue;
      joined += (joined.empty() ? "" : ",") + *value;
      from += (from.empty() ? "" : ", ") + name;
    }
    if (!joined.empty()) add(row, joined, from);
  }

  const Variables& variables_;
  Gathered& out_;
};

/// Only warned of: a cluster puts names of its own there (`STILLROOM_SERVICE_HOST` for a service
/// that is called so).
void warn_of_unknown(const Variables& variables, Gathered& out) {
  std::set<std::string> known{"STILLROOM_ENV"};
  for (const Row& row : table()) {
    known.insert(row.variable());
    if (row.secret()) known.insert(row.variable() + "_FILE");
  }
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  for (const auto& [name, value] : variables) {
    if (!name.starts_with("STILLROOM_") || known.contains(name)) continue;
    std::string sentence = "environment " + name + " is no setting and was ignored";
    const std::string_view nearest = nearest_name(name, candidates);
    if (!nearest.empty()) sentence.append("; did you mean ").append(nearest).append("?");
    out.warnings.push_back(std::move(sentence));
  }
}

}  // namespace

Gathered gather_environment(const Variables& variables) {
  Gathered out;
  EnvironmentReader reader(variables, out);
  for (const Row& row : table()) reader.read(row);
  warn_of_unknown(variables, out);
  return out;
}

Gathered gather_overrides(const Variables& overrides) {
  Gathered out;
  for (const auto& [key, value] : overrides) {
    RawValue raw{value, true, "command line"};
    if (const Row* const row = find_row(key)) {
      out.values.emplace_back(row, std::move(raw));
    } else if (const Row* const secret = find_row_of_file(key)) {
      add_secret_file(*secret, raw, key, out);
    } else {
      out.problems.push_back("command line: " + unknown_key(key));
    }
  }
  return out;
}

}  // namespace stillroom::config
