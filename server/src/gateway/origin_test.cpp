// SPDX-License-Identifier: Apache-2.0
#include "gateway/origin.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace stillroom::gateway {
namespace {

using Verdict = OriginPolicy::Verdict;
using Asked = OriginPolicy::Asked;

using Fields = std::vector<std::pair<std::string, std::string>>;

HttpRequest request(Method method, Fields fields) {
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

Verdict judge(Method method, Fields fields, Asked asked) {
  return strict().judge(request(method, std::move(fields)), asked);
}

TEST(Origin, only_an_exact_match_passes) {
  for (const char* good : {"https://clinic.example", "https://clinic.example:8443"}) {
    EXPECT_EQ(judge(Method::post, {{"origin", good}}, Asked::service), Verdict::allowed) << good;
  }
  for (const char* bad :
       {"null", "", "http://clinic.example", "https://clinic.example:443",
        "https://clinic.example/", "https://clinic.example.evil.example",
        "https://evilclinic.example", "https://sub.clinic.example",
        "https://clinic.example@evil.example", "https://CLINIC.example", "https://clinic.example ",
        "https://clinic.example:8444", "*", "https://*", "clinic.example"}) {
    for (const Asked asked : {Asked::page, Asked::service}) {
      EXPECT_EQ(judge(Method::get, {{"origin", bad}}, asked), Verdict::refused) << bad;
    }
  }
}

TEST(Origin, a_browsers_own_get_needs_none) {
  for (const Asked asked : {Asked::page, Asked::service}) {
    EXPECT_EQ(judge(Method::get, {{"sec-fetch-site", "same-origin"}}, asked), Verdict::allowed);
    EXPECT_EQ(judge(Method::get, {{"sec-fetch-site", "cross-site"}}, asked), Verdict::refused);
    EXPECT_EQ(judge(Method::get, {{"sec-fetch-site", "same-site"}}, asked), Verdict::refused);
    EXPECT_EQ(judge(Method::post, {{"sec-fetch-site", "same-origin"}}, asked), Verdict::refused);
    EXPECT_EQ(
        judge(Method::get, {{"sec-fetch-site", "same-origin"}, {"upgrade", "websocket"}}, asked),
        Verdict::refused);
  }
}

TEST(Origin, a_page_may_be_typed_in_and_a_service_may_not) {
  const Fields typed{{"sec-fetch-site", "none"}};
  EXPECT_EQ(judge(Method::get, typed, Asked::page), Verdict::allowed);
  EXPECT_EQ(judge(Method::get, typed, Asked::service), Verdict::refused);
  EXPECT_EQ(judge(Method::post, typed, Asked::page), Verdict::refused);
}

TEST(Origin, a_link_leads_to_a_page_in_a_tab_and_nowhere_else) {
  for (const char* site : {"cross-site", "same-site"}) {
    const auto link = [site](const char* mode, const char* dest) {
      return Fields{{"sec-fetch-site", site}, {"sec-fetch-mode", mode}, {"sec-fetch-dest", dest}};
    };
    EXPECT_EQ(judge(Method::get, link("navigate", "document"), Asked::page), Verdict::allowed);
    EXPECT_EQ(judge(Method::get, link("navigate", "document"), Asked::service), Verdict::refused);
    EXPECT_EQ(judge(Method::post, link("navigate", "document"), Asked::page), Verdict::refused);
    EXPECT_EQ(judge(Method::get, link("navigate", "iframe"), Asked::page), Verdict::refused);
    EXPECT_EQ(judge(Method::get, link("no-cors", "document"), Asked::page), Verdict::refused);
    EXPECT_EQ(judge(Method::get, link("no-cors", "script"), Asked::page), Verdict::refused);
  }
}

TEST(Origin, who_is_no_browser_passes_only_where_a_setting_says_so) {
  EXPECT_EQ(judge(Method::get, {}, Asked::page), Verdict::refused);
  const OriginPolicy open({}, OriginPolicy::NonBrowser::allow);
  EXPECT_EQ(open.judge(request(Method::get, {}), Asked::service), Verdict::allowed);
  EXPECT_EQ(open.judge(request(Method::get, {{"origin", "https://evil.example"}}), Asked::page),
            Verdict::refused);
}

TEST(Origin, who_carries_a_key_and_is_no_browser_may_prove_it) {
  const std::string key = "Bearer sk_0123456789abcdef_" + std::string(43, 'A');
  EXPECT_EQ(judge(Method::post, {{"authorization", key}}, Asked::service), Verdict::key_only);
  for (const std::string& other :
       {key + "A", key.substr(0, key.size() - 1), "Basic " + key.substr(7), key.substr(7),
        std::string("Bearer eyJhbGciOiJIUzI1NiJ9.e30.x")}) {
    EXPECT_EQ(judge(Method::post, {{"authorization", other}}, Asked::service), Verdict::refused)
        << other;
  }
  const Fields strange{{"authorization", key}, {"origin", "https://evil.example"}};
  EXPECT_EQ(judge(Method::post, strange, Asked::service), Verdict::refused);
  const Fields blind{{"authorization", key}, {"sec-fetch-site", "cross-site"}};
  EXPECT_EQ(judge(Method::get, blind, Asked::service), Verdict::refused);
}

TEST(Origin, cors_names_only_allowed_origins) {
  EXPECT_EQ(strict().cors_origin(request(Method::get, {{"origin", "https://clinic.example"}})),
            "https://clinic.example");
  EXPECT_EQ(strict().cors_origin(request(Method::get, {{"origin", "https://evil.example"}})), "");
  EXPECT_EQ(strict().cors_origin(request(Method::get, {})), "");
}

}  // namespace
}  // namespace stillroom::gateway
