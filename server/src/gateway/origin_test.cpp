// SPDX-License-Identifier: Apache-2.0
#include "gateway/origin.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stillroom::gateway {
namespace {

using Verdict = OriginPolicy::Verdict;

HttpRequest request(Method method, std::vector<std::pair<std::string, std::string>> fields) {
  HttpRequest made;
  made.method = method;
  made.path = "/";
  made.fields = std::move(fields);
  return made;
}

OriginPolicy strict() {
  return OriginPolicy({"https://clinic.example", "https://clinic.example:8443"},
                      OriginPolicy::NonBrowser::refuse);
}

TEST(Origin, only_an_exact_match_passes) {
  for (const char* good : {"https://clinic.example", "https://clinic.example:8443"}) {
    EXPECT_EQ(strict().judge(request(Method::post, {{"origin", good}})), Verdict::allowed) << good;
  }
  for (const char* bad :
       {"null", "", "http://clinic.example", "https://clinic.example:443",
        "https://clinic.example/", "https://clinic.example.evil.example",
        "https://evilclinic.example", "https://sub.clinic.example",
        "https://clinic.example@evil.example", "https://CLINIC.example", "https://clinic.example ",
        "https://clinic.example:8444", "*", "https://*", "clinic.example"}) {
    EXPECT_EQ(strict().judge(request(Method::get, {{"origin", bad}})), Verdict::refused) << bad;
  }
}

TEST(Origin, a_browsers_own_get_needs_none) {
  EXPECT_EQ(strict().judge(request(Method::get, {{"sec-fetch-site", "same-origin"}})),
            Verdict::allowed);
  EXPECT_EQ(strict().judge(request(Method::get, {{"sec-fetch-site", "none"}})), Verdict::allowed);
  EXPECT_EQ(strict().judge(request(Method::get, {{"sec-fetch-site", "cross-site"}})),
            Verdict::refused);
  EXPECT_EQ(strict().judge(request(Method::get, {{"sec-fetch-site", "same-site"}})),
            Verdict::refused);
  EXPECT_EQ(strict().judge(request(Method::post, {{"sec-fetch-site", "same-origin"}})),
            Verdict::refused);
  EXPECT_EQ(strict().judge(request(Method::get,
                                   {{"sec-fetch-site", "same-origin"}, {"upgrade", "websocket"}})),
            Verdict::refused);
}

TEST(Origin, who_is_no_browser_passes_only_where_a_setting_says_so) {
  EXPECT_EQ(strict().judge(request(Method::get, {})), Verdict::refused);
  const OriginPolicy open({}, OriginPolicy::NonBrowser::allow);
  EXPECT_EQ(open.judge(request(Method::get, {})), Verdict::allowed);
  EXPECT_EQ(open.judge(request(Method::get, {{"origin", "https://evil.example"}})),
            Verdict::refused);
}

TEST(Origin, cors_names_only_allowed_origins) {
  EXPECT_EQ(strict().cors_origin(request(Method::get, {{"origin", "https://clinic.example"}})),
            "https://clinic.example");
  EXPECT_EQ(strict().cors_origin(request(Method::get, {{"origin", "https://evil.example"}})), "");
  EXPECT_EQ(strict().cors_origin(request(Method::get, {})), "");
}

}  // namespace
}  // namespace stillroom::gateway
