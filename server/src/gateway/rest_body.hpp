// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "signalling/problems.hpp"

namespace stillroom::gateway {

/// Members and elements of a body with rows; a row has 9 members and 11 clients at most.
inline constexpr std::uint32_t kBodyMembersMax = 8'192;

/// Members of an object in a body. What is asked for and of the wrong kind, or no word or instant
/// that is known, is remembered as the body's problem; what nobody asks for is not looked at.
class Members {
 public:
  explicit Members(std::optional<json::Value> object);

  /// Absent: nothing. `null` is of the wrong kind.
  std::optional<std::string> text(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name);
  std::optional<WallTime> instant(std::string_view name);
  template <class T>
  std::optional<T> word(std::string_view name, std::optional<T> (*parse)(std::string_view)) {
    const auto written = text(name);
    if (!written) return std::nullopt;
    const auto value = parse(*written);
    if (!value) complain(signalling::problems::kInvalid);
    return value;
  }
  /// Of an array; malformed when it is absent or none.
  std::optional<json::Value> rows(std::string_view name);
  /// The value, or the body is malformed without it (what was no good is its problem already).
  template <class T>
  T must(std::optional<T> value) {
    if (!value && !problem_) complain(signalling::problems::kMalformed);
    return value ? *std::move(value) : T();
  }

  [[nodiscard]] const std::optional<signalling::Problem>& problem() const { return problem_; }

 private:
  void complain(const signalling::Problem& problem);
  [[nodiscard]] std::optional<json::Value> find(std::string_view name) const;

  std::optional<json::Value> object_;
  std::optional<signalling::Problem> problem_;
};

/// A body, read whole: one object, no member twice.
class Body {
 public:
  explicit Body(std::string_view text);
  [[nodiscard]] Members members() const { return Members(object_); }

 private:
  json::Document document_;
  std::optional<json::Value> object_;
};

/// The objects of a body's array, each read by `read`; the first problem of any.
template <class Row>
[[nodiscard]] Result<std::vector<Row>, signalling::Problem> rows_in(const Body& body,
                                                                    std::string_view name,
                                                                    Row (*read)(Members&)) {
  Members members = body.members();
  const auto list = members.rows(name);
  if (members.problem()) return fail(*members.problem());
  std::vector<Row> rows;
  for (const json::Value one : *list) {
    Members row(one);
    rows.push_back(read(row));
    if (row.problem()) return fail(*row.problem());
  }
  return rows;
}

}  // namespace stillroom::gateway
