// SPDX-License-Identifier: Apache-2.0
#include "gateway/rest_body.hpp"

#include <utility>

namespace stillroom::gateway {

namespace problems = signalling::problems;

Members::Members(std::optional<json::Value> object) {
  if (object && object->is(json::Kind::object)) {
    object_ = object;
  } else {
    complain(problems::kMalformed);
  }
}

std::optional<json::Value> Members::find(std::string_view name) const {
  return object_ ? object_->find(name) : std::nullopt;
}

/// The first one stays, but for what cannot be read at all: that comes before every rule.
void Members::complain(const signalling::Problem& problem) {
  if (!problem_ || problem == problems::kMalformed) problem_ = problem;
}

std::optional<std::string> Members::text(std::string_view name) {
  const auto value = find(name);
  if (!value) return std::nullopt;
  auto text = value->as_string();
  if (!text) complain(problems::kMalformed);
  return text;
}

std::optional<std::int64_t> Members::integer(std::string_view name) {
  const auto value = find(name);
  if (!value) return std::nullopt;
  const auto number = value->as_integer();
  if (!number) complain(problems::kMalformed);
  return number;
}

std::optional<std::vector<std::string>> Members::texts(std::string_view name) {
  const auto list = find(name);
  if (!list) return std::nullopt;
  if (!list->is(json::Kind::array)) complain(problems::kMalformed);
  std::vector<std::string> all;
  for (const json::Value entry : *list) {
    auto text = entry.as_string();
    if (!text) complain(problems::kMalformed);
    all.push_back(std::move(text).value_or(std::string()));
  }
  return all;
}

std::optional<WallTime> Members::instant(std::string_view name) {
  const auto written = text(name);
  if (!written) return std::nullopt;
  const auto time = parse_rfc3339(*written);
  if (!time) complain(problems::kInvalid);
  return time ? std::optional<WallTime>(*time) : std::nullopt;
}

std::optional<json::Value> Members::rows(std::string_view name) {
  const auto list = find(name);
  if (list && list->is(json::Kind::array)) return list;
  complain(problems::kMalformed);
  return std::nullopt;
}

Body::Body(std::string_view text) {
  constexpr json::Limits kLimits{
      .depth_max = 4, .members_max = kBodyMembersMax, .duplicates = json::Duplicates::refuse};
  const auto parsed = document_.parse(text, kLimits);
  if (parsed) object_ = *parsed;
}

}  // namespace stillroom::gateway
