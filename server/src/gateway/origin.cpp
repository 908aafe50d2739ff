// SPDX-License-Identifier: Apache-2.0
#include "gateway/origin.hpp"

#include <algorithm>
#include <utility>

#include "identity/service_key.hpp"
#include "identity/token.hpp"

namespace stillroom::gateway {

OriginPolicy::OriginPolicy(std::vector<std::string> allowed, NonBrowser non_browser)
    : allowed_(std::move(allowed)), non_browser_(non_browser) {}

bool OriginPolicy::listed(std::string_view origin) const {
  return std::ranges::find(allowed_, origin) != allowed_.end() || own(origin);
}

bool OriginPolicy::own(std::string_view origin) const {
  return std::ranges::find(own_, origin) != own_.end();
}

namespace {

/// Somebody goes to a page in a tab of their own (Fetch Metadata §2.1, §2.2).
bool is_visit(const HttpRequest& request, std::string_view site) {
  if (site == "none") return true;
  return request.field("sec-fetch-mode") == "navigate" &&
         request.field("sec-fetch-dest") == "document";
}

}  // namespace

OriginPolicy::Verdict OriginPolicy::judge(const HttpRequest& request, Asked asked) const {
  if (const auto origin = request.field("origin")) {
    return listed(*origin) ? Verdict::allowed : Verdict::refused;
  }
  const auto site = request.field("sec-fetch-site");
  if (site) {
    const bool reads = request.method == Method::get || request.method == Method::head;
    const bool own = *site == "same-origin" || (asked == Asked::page && is_visit(request, *site));
    const bool upgrades = request.field("upgrade").has_value();
    return reads && own && !upgrades ? Verdict::allowed : Verdict::refused;
  }
  if (non_browser_ == NonBrowser::allow) return Verdict::allowed;
  const auto authorization = request.field("authorization");
  const auto bearer = authorization ? identity::bearer_token(*authorization) : std::nullopt;
  return bearer && identity::presented_key(*bearer) ? Verdict::key_only : Verdict::refused;
}

std::string_view OriginPolicy::cors_origin(const HttpRequest& request) const {
  const auto origin = request.field("origin");
  return origin && listed(*origin) ? *origin : std::string_view();
}

std::string_view OriginPolicy::party(const HttpRequest& request) const {
  if (const auto origin = request.field("origin")) {
    return own(*origin) ? identity::kOwnPage : *origin;
  }
  return request.field("sec-fetch-site") ? identity::kOwnPage : identity::kNoPage;
}

}  // namespace stillroom::gateway
