// SPDX-License-Identifier: Apache-2.0
#include "engineio/request.hpp"

#include <gtest/gtest.h>

namespace stillroom::engineio {
namespace {

using E = RequestError;
constexpr auto kUpgrade = Carrier::websocket_upgrade;
constexpr auto kPolling = Transport::polling;
constexpr auto kWebsocket = Transport::websocket;

struct Case {
  const char* name;
  Request request;
  std::optional<Route> route;
  std::optional<E> error;
};

Request request(std::string_view method, std::optional<std::string_view> transport,
                std::optional<std::string_view> eio = "4") {
  Request r;
  r.method = method;
  r.transport = transport;
  r.eio = eio;
  return r;
}
Request upgrade(Request r) {
  r.carrier = kUpgrade;
  return r;
}
Request known(Request r, std::optional<Transport> link) {
  r.sid = "AAAAAAAAAAAAAAAAAAAAAAAA";
  r.link = link;
  return r;
}
Request bad_origin(Request r) {
  r.origin = Verdict::fails;
  return r;
}
Request bad_binding(Request r) {
  r.binding = Verdict::fails;
  return r;
}

const Case kCases[] = {
    {"open_polling", request("GET", "polling"), Route::open_polling, {}},
    {"open_websocket", upgrade(request("GET", "websocket")), Route::open_websocket, {}},
    {"no_transport", request("GET", {}), {}, E::transport_unknown},
    {"empty_transport", request("GET", ""), {}, E::transport_unknown},
    {"other_transport", request("GET", "webtransport"), {}, E::transport_unknown},
    {"transport_in_capitals", request("GET", "Polling"), {}, E::transport_unknown},
    {"no_version", request("GET", "polling", {}), {}, E::unsupported_version},
    {"version_3", request("GET", "polling", "3"), {}, E::unsupported_version},
    {"version_5", request("GET", "polling", "5"), {}, E::unsupported_version},
    {"version_04", request("GET", "polling", "04"), {}, E::unsupported_version},
    {"version_3_on_websocket",
     upgrade(request("GET", "websocket", "3")),
     {},
     E::unsupported_version},
    {"handshake_by_post", request("POST", "polling"), {}, E::bad_handshake_method},
    {"handshake_by_put", request("PUT", "polling"), {}, E::bad_handshake_method},
    {"websocket_without_upgrade", request("GET", "websocket"), {}, E::bad_request},
    {"polling_with_upgrade", upgrade(request("GET", "polling")), {}, E::bad_request},
    {"unknown_sid", known(request("GET", "polling"), {}), {}, E::sid_unknown},
    {"unknown_sid_on_websocket",
     known(upgrade(request("GET", "websocket")), {}),
     {},
     E::sid_unknown},
    {"get", known(request("GET", "polling"), kPolling), Route::poll_get, {}},
    {"post", known(request("POST", "polling"), kPolling), Route::poll_post, {}},
    {"get_needs_no_version", known(request("GET", "polling", {}), kPolling), Route::poll_get, {}},
    {"put_on_a_link", known(request("PUT", "polling"), kPolling), {}, E::bad_request},
    {"delete_on_a_link", known(request("DELETE", "polling"), kPolling), {}, E::bad_request},
    {"probe", known(upgrade(request("GET", "websocket")), kPolling), Route::attach_websocket, {}},
    {"second_websocket",
     known(upgrade(request("GET", "websocket")), kWebsocket),
     Route::attach_websocket,
     {}},
    {"probe_without_upgrade", known(request("GET", "websocket"), kPolling), {}, E::bad_request},
    {"plain_get_on_a_websocket",
     known(request("GET", "websocket"), kWebsocket),
     {},
     E::bad_request},
    {"get_after_the_upgrade", known(request("GET", "polling"), kWebsocket), {}, E::bad_request},
    {"post_after_the_upgrade", known(request("POST", "polling"), kWebsocket), {}, E::bad_request},
    {"other_binding", bad_binding(known(request("GET", "polling"), kPolling)), {}, E::bad_request},
    {"origin", bad_origin(request("GET", "polling")), {}, E::origin_refused},
    // Order: transport, origin, sid, method, version.
    {"transport_before_origin", bad_origin(request("GET", "x")), {}, E::transport_unknown},
    {"origin_before_sid", bad_origin(known(request("GET", "polling"), {})), {}, E::origin_refused},
    {"sid_before_method", known(request("PUT", "polling"), {}), {}, E::sid_unknown},
    {"method_before_version", request("POST", "polling", "3"), {}, E::bad_handshake_method},
};

class RequestRule : public testing::TestWithParam<Case> {};

TEST_P(RequestRule, decides) {
  const auto route = check_request(GetParam().request);
  if (GetParam().route) {
    ASSERT_TRUE(route.ok());
    EXPECT_EQ(*route, *GetParam().route);
  } else {
    ASSERT_FALSE(route.ok());
    EXPECT_EQ(route.error(), *GetParam().error);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, RequestRule, testing::ValuesIn(kCases),
                         [](const auto& rule) { return std::string(rule.param.name); });

TEST(ErrorAnswer, body_says_code_and_message) {
  for (unsigned i = 0; i <= static_cast<unsigned>(E::payload_too_large); ++i) {
    const ErrorAnswer& answer = answer_of(static_cast<E>(i));
    EXPECT_EQ(answer.body, R"({"code":)" + std::to_string(answer.code) + R"(,"message":")" +
                               std::string(answer.message) + R"("})");
  }
}

TEST(ErrorAnswer, statuses_of_the_contract) {
  EXPECT_EQ(answer_of(E::sid_unknown).status, 400U);
  EXPECT_EQ(answer_of(E::origin_refused).status, 403U);
  EXPECT_EQ(answer_of(E::insecure).status, 426U);
  EXPECT_EQ(answer_of(E::rate_limited).status, 429U);
  EXPECT_EQ(answer_of(E::payload_too_large).status, 413U);
}

}  // namespace
}  // namespace stillroom::engineio
