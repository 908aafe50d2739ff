// SPDX-License-Identifier: Apache-2.0
#include "gateway/reports.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "base/json.hpp"

namespace stillroom::gateway {
namespace {

using json::Kind;
using Counted = Result<ViolationCounts, ReportError>;

/// The media type without parameters, in lower case (RFC 9110 §8.3.1).
std::string media_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  type.erase(type.find_last_not_of(" \t") + 1);
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  });
  return type;
}

Directive directive_of(std::string_view name) {
  const auto found = std::ranges::find(kDirectiveNames, name, &telemetry::Literal::text);
  if (found == kDirectiveNames.end()) return Directive::other;
  return static_cast<Directive>(found - kDirectiveNames.begin());
}

void count(ViolationCounts& counts, Directive directive) {
  ++counts[static_cast<std::size_t>(directive)];
}

std::optional<std::string> text_in(json::Value object, std::string_view name) {
  const auto member = object.find(name);
  return member ? member->as_string() : std::nullopt;
}

/// `application/reports+json`: a list of reports of several kinds, ours are `csp-violation`.
Counted read_list(json::Value list) {
  if (!list.is(Kind::array) || list.size() > kReportsPerBodyMax) {
    return fail(ReportError::malformed);
  }
  ViolationCounts counts{};
  for (const json::Value report : list) {
    const auto type = text_in(report, "type");
    const auto body = report.find("body");
    if (!type || !body || !body->is(Kind::object)) return fail(ReportError::malformed);
    const auto name = text_in(*body, "effectiveDirective");
    if (type == "csp-violation" && !name) return fail(ReportError::malformed);
    count(counts, type == "csp-violation" ? directive_of(*name) : Directive::other);
  }
  return counts;
}

/// `application/csp-report`: one, of browsers without the Reporting API.
Counted read_one(json::Value whole) {
  const auto report = whole.find("csp-report");
  if (!report) return fail(ReportError::malformed);
  const auto name = text_in(*report, "effective-directive");
  if (!name) return fail(ReportError::malformed);
  ViolationCounts counts{};
  count(counts, directive_of(*name));
  return counts;
}

}  // namespace

Counted read_reports(std::string_view content_type, std::string_view body) {
  const std::string type = media_type(content_type);
  const bool list = type == "application/reports+json";
  if (!list && type != "application/csp-report") return fail(ReportError::wrong_type);
  if (body.size() > kReportBytesMax) return fail(ReportError::too_large);
  json::Document document;
  const auto whole = document.parse(body, {.duplicates = json::Duplicates::refuse});
  if (!whole) return fail(ReportError::malformed);
  return list ? read_list(*whole) : read_one(*whole);
}

}  // namespace stillroom::gateway
