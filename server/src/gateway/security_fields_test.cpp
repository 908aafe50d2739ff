// SPDX-License-Identifier: Apache-2.0
#include "gateway/security_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace stillroom::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string field(const HttpResponse& response, std::string_view name) {
  std::string found;
  for (const auto& [field, value] : response.fields) {
    if (field != name) continue;
    EXPECT_EQ(found, "") << name << " twice";
    found = value;
  }
  return found;
}

HttpResponse answer(const std::vector<std::string>& own_origins, Shows shows, Wire wire) {
  HttpResponse response;
  response.shows = shows;
  SecurityFields(own_origins).append(response, wire);
  return response;
}

std::string page_policy(const std::vector<std::string>& own_origins) {
  return field(answer(own_origins, Shows::page, Wire::tls), "Content-Security-Policy");
}

TEST(SecurityFields, a_page_may_speak_to_its_own_servers_sockets_and_no_other) {
  EXPECT_THAT(page_policy({"https://call.example"}),
              HasSubstr("connect-src 'self' wss://call.example;"));
  EXPECT_THAT(page_policy({"http://localhost:3000", "http://127.0.0.1:3000"}),
              HasSubstr("connect-src 'self' ws://localhost:3000 ws://127.0.0.1:3000;"));
  EXPECT_THAT(page_policy({}), HasSubstr("connect-src 'self';"));
}

TEST(SecurityFields, a_policy_has_no_ipv6_source_which_browsers_would_complain_of) {
  EXPECT_THAT(page_policy({"https://[::1]:8443", "https://localhost:8443"}),
              HasSubstr("connect-src 'self' wss://localhost:8443;"));
}

TEST(SecurityFields, many_addresses_do_not_make_a_long_policy) {
  std::vector<std::string> many;
  for (int host = 0; host < 100; ++host) many.push_back("https://10.0.0." + std::to_string(host));
  EXPECT_THAT(page_policy(many), HasSubstr(" wss://10.0.0.15; worker-src"));
}

TEST(SecurityFields, what_is_no_page_may_do_nothing_and_reports_nothing) {
  const HttpResponse data = answer({"https://call.example"}, Shows::data, Wire::tls);
  EXPECT_EQ(field(data, "Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
  EXPECT_EQ(field(data, "Reporting-Endpoints"), "");
}

TEST(SecurityFields, nothing_is_kept_unless_it_says_so) {
  HttpResponse file;
  file.fields.emplace_back("Cache-Control", "no-cache");
  file.fields.emplace_back("Vary", "Accept-Encoding, Origin");
  SecurityFields({}).append(file, Wire::tls);
  EXPECT_EQ(field(file, "Cache-Control"), "no-cache");
  EXPECT_EQ(field(file, "Vary"), "Accept-Encoding, Origin");
  const HttpResponse data = answer({}, Shows::data, Wire::tls);
  EXPECT_EQ(field(data, "Cache-Control"), "no-store");
  EXPECT_EQ(field(data, "Vary"), "Origin");
}

TEST(SecurityFields, hsts_belongs_to_tls) {
  EXPECT_THAT(field(answer({}, Shows::data, Wire::tls), "Strict-Transport-Security"),
              HasSubstr("max-age=63072000"));
  EXPECT_EQ(field(answer({}, Shows::data, Wire::plain), "Strict-Transport-Security"), "");
}

TEST(SecurityFields, the_policy_allows_no_inline_code_and_no_html_from_text) {
  EXPECT_THAT(page_policy({}), Not(HasSubstr("unsafe")));
  EXPECT_THAT(page_policy({}),
              HasSubstr("require-trusted-types-for 'script'; trusted-types 'none'"));
}

}  // namespace
}  // namespace stillroom::gateway
