// SPDX-License-Identifier: Apache-2.0
#include "gateway/security_fields.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace stillroom::gateway {
namespace {

using Field = std::pair<std::string_view, std::string_view>;

/// Origins of our own that the policy names. A server has one; only with `--dev` there is one for
/// each of the machine's addresses, and `'self'` does for the rest in current browsers.
constexpr std::size_t kPolicyOriginsMax = 16;

constexpr std::array<Field, 7> kEverywhere{{
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy",
     "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), "
     "screen-wake-lock=(self), geolocation=(), payment=(), usb=()"},
}};
constexpr std::string_view kNoDocument = "default-src 'none'; frame-ancestors 'none'";
constexpr std::string_view kReports = "csp=\"/api/reports\"";

/// `https://call.example` → ` wss://call.example`. `'self'` alone does not cover WebSockets in
/// every browser. The grammar of a source (CSP 3 §2.3.1) has no IPv6 addresses.
std::string sockets_of(std::span<const std::string> own_origins) {
  std::string out;
  for (const std::string& origin :
       own_origins.first(std::min(own_origins.size(), kPolicyOriginsMax))) {
    if (!origin.starts_with("http") || origin.find('[') != std::string::npos) continue;
    out.append(" ws").append(std::string_view(origin).substr(std::string_view("http").size()));
  }
  return out;
}

/// `report-uri` is for browsers that do not know `report-to`.
std::string page_policy(std::span<const std::string> own_origins) {
  return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
         "media-src 'self' blob:; connect-src 'self'" +
         sockets_of(own_origins) +
         "; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
         "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
         "report-uri /api/reports; report-to csp";
}

void append_missing(HttpResponse& response, std::string_view name, std::string_view value) {
  const auto has = [name](const auto& field) { return field.first == name; };
  if (std::ranges::none_of(response.fields, has)) response.fields.emplace_back(name, value);
}

}  // namespace

SecurityFields::SecurityFields(std::span<const std::string> own_origins)
    : page_policy_(page_policy(own_origins)) {}

void SecurityFields::append(HttpResponse& response, Wire wire) const {
  // Nobody keeps what does not say that it may be kept, and no cache gives one origin's answer to
  // another.
  append_missing(response, "Cache-Control", "no-store");
  append_missing(response, "Vary", "Origin");
  for (const auto& [name, value] : kEverywhere) response.fields.emplace_back(name, value);
  const bool page = response.shows == Shows::page;
  response.fields.emplace_back("Content-Security-Policy",
                               page ? std::string_view(page_policy_) : kNoDocument);
  if (page) response.fields.emplace_back("Reporting-Endpoints", kReports);
  if (wire == Wire::tls) {
    response.fields.emplace_back("Strict-Transport-Security",
                                 "max-age=63072000; includeSubDomains; preload");
  }
}

}  // namespace stillroom::gateway
