// SPDX-License-Identifier: Apache-2.0
#include "signalling/commands.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sdp/example_offer.hpp"

namespace stillroom::signalling {
namespace {

using room::Refusal;

std::string json_text(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

struct Text {
  Decoded operator()(std::string_view event, const std::string& payload) {
    json = "[" + json_text(event) + (payload.empty() ? "" : "," + payload) + "]";
    return decode(event, document.parse(json).value(), policy);
  }
  std::string json;
  json::Document document;
  sdp::Policy policy;
};

std::optional<Refusal> refused(const Decoded& decoded) {
  const auto* refusal = std::get_if<Refusal>(&decoded);
  return refusal != nullptr ? std::optional(*refusal) : std::nullopt;
}

template <class Command>
const Command* as(const Decoded& decoded) {
  const auto* request = std::get_if<Request>(&decoded);
  return request != nullptr ? std::get_if<Command>(&request->command) : nullptr;
}

std::string offer_json(std::string_view type = "offer",
                       std::string_view sdp = sdp::example::kOffer) {
  return R"({"offer":{"type":)" + json_text(type) + R"(,"sdp":)" + json_text(sdp) +
         R"(},"to":"bob","roomId":"room-1"})";
}

std::string candidate_json(const std::string& candidate) {
  return R"({"candidate":)" + candidate + R"(,"to":"bob","roomId":"room-1"})";
}

TEST(Decode, a_fresh_token_is_for_the_door_to_judge) {
  Text text;
  const auto token_in = [&](const std::string& payload) {
    const auto decoded = text("auth:refresh", payload);
    const auto* refresh = std::get_if<Refresh>(&decoded);
    if (refresh == nullptr) return std::string("no refresh");
    return refresh->token ? std::string(refresh->token->reveal()) : std::string("none");
  };
  EXPECT_EQ(token_in(R"({"token":"a.b.c","userId":"eve"})"), "a.b.c");
  for (const std::string payload : {"", "{}", "[]", "7", R"("a.b.c")", R"({"token":null})"}) {
    EXPECT_EQ(token_in(payload), "none") << payload;
  }
  for (const std::string payload : {R"({"token":7})", R"({"token":""})", R"({"token":{}})"}) {
    EXPECT_EQ(token_in(payload), "") << payload << " is a token, and a bad one";
  }
  EXPECT_EQ(token_in(R"({"token":")" + std::string(4096, 'x') + R"("})").size(), 4096U);
  EXPECT_EQ(token_in(R"({"token":")" + std::string(4097, 'x') + R"("})"), "");
}

TEST(Decode, a_join_with_and_without_device) {
  Text text;
  auto decoded =
      text("join-room", R"({"roomId":"room-1","sessionId":"s1","userId":"eve","x":[1]})");
  ASSERT_TRUE(as<room::Join>(decoded));
  EXPECT_EQ(std::get<Request>(decoded).room, RoomId("room-1"));
  EXPECT_EQ(as<room::Join>(decoded)->session, SessionId("s1"));
  EXPECT_TRUE(as<room::Join>(decoded)->device.empty());
  decoded = text("join-room", R"({"roomId":"r","sessionId":"s","deviceId":"ph\u00f6ne"})");
  ASSERT_TRUE(as<room::Join>(decoded));
  EXPECT_EQ(as<room::Join>(decoded)->device, DeviceId("ph\xC3\xB6ne"));
}

TEST(Decode, an_offer_and_an_answer_in_normal_form) {
  Text text;
  const auto feeds = sdp::example::replaced_everywhere(sdp::example::kOffer, "\r\n", "\n");
  const auto offer = text("offer", offer_json("offer", feeds));
  ASSERT_TRUE(as<room::Offer>(offer));
  EXPECT_EQ(as<room::Offer>(offer)->to, SocketId("bob"));
  EXPECT_EQ(as<room::Offer>(offer)->description.text(), sdp::example::kOffer);
  const auto answer =
      text("answer", R"({"answer":{"type":"answer","sdp":)" + json_text(sdp::example::answer()) +
                         R"(},"to":"bob","roomId":"room-1"})");
  EXPECT_TRUE(as<room::Answer>(answer));
}

TEST(Decode, candidates_and_the_three_ways_to_end_them) {
  Text text;
  const auto one = text("ice-candidate", candidate_json(R"({"candidate":
      "candidate:1 1 udp 2113937151 8.8.8.8 5000 typ host","sdpMid":"0","sdpMLineIndex":0,
      "usernameFragment":null})"));
  ASSERT_TRUE(as<room::Candidate>(one));
  EXPECT_EQ(as<room::Candidate>(one)->candidate.mid(), "0");
  EXPECT_EQ(as<room::Candidate>(one)->candidate.mline_index(), 0U);
  for (const char* end : {"null", R"("")", R"({"candidate":"","sdpMid":"0"})"}) {
    const auto decoded = text("ice-candidate", candidate_json(end));
    ASSERT_TRUE(as<room::Candidate>(decoded)) << end;
    EXPECT_TRUE(as<room::Candidate>(decoded)->candidate.ends()) << end;
  }
}

TEST(Decode, calls_leave_and_ice_servers) {
  Text text;
  EXPECT_TRUE(as<room::StartCall>(text("start-call", R"({"roomId":"r"})")));
  EXPECT_TRUE(as<room::StartCall>(text("start-call", R"({"roomId":"r","sessionId":null})")));
  const auto end = text("end-call", R"({"roomId":"r","sessionId":"s1"})");
  ASSERT_TRUE(as<room::EndCall>(end));
  EXPECT_EQ(as<room::EndCall>(end)->session, SessionId("s1"));
  EXPECT_TRUE(as<room::Leave>(text("leave-room", R"({"roomId":"r","userId":7})")));
  EXPECT_TRUE(as<room::AskIceServers>(text("ice-servers", R"({"roomId":"r"})")));
}

struct Bad {
  const char* event;
  std::string payload;
  Refusal refusal;
};

std::vector<Bad> malformed_events() {
  const std::string long_room(65, 'r');
  const std::string long_id(129, 's');
  const std::string device(65, 'd');
  const std::string ok_end = R"(,"to":"bob","roomId":"r"})";
  return {
      {"join-room", "", Refusal::session_not_found},
      {"join-room", "null", Refusal::session_not_found},
      {"join-room", "[]", Refusal::session_not_found},
      {"join-room", R"("room-1")", Refusal::session_not_found},
      {"join-room", R"({"roomId":"r"})", Refusal::session_not_found},
      {"join-room", R"({"roomId":"r","sessionId":""})", Refusal::session_not_found},
      {"join-room", R"({"roomId":"r","sessionId":7})", Refusal::session_not_found},
      {"join-room", R"({"roomId":"r","sessionId":")" + long_id + R"("})",
       Refusal::session_not_found},
      {"join-room", R"({"sessionId":"s"})", Refusal::wrong_room},
      {"join-room", R"({"sessionId":"s","roomId":{}})", Refusal::wrong_room},
      {"join-room", R"({"sessionId":"s","roomId":")" + long_room + R"("})", Refusal::wrong_room},
      {"join-room", R"({"sessionId":"s","roomId":"r","deviceId":")" + device + R"("})",
       Refusal::join_failed},
      {"join-room", R"({"sessionId":"s","roomId":"r","deviceId":5})", Refusal::join_failed},
      {"offer", "", Refusal::invalid_attempt},
      {"offer", R"({"to":"bob"})", Refusal::invalid_attempt},
      {"offer", R"({"roomId":"r"})", Refusal::invalid_attempt},
      {"offer", R"({"to":7,"roomId":"r"})", Refusal::invalid_attempt},
      {"offer", R"({"to":"bob","roomId":"r"})", Refusal::invalid_offer},
      {"offer", R"({"offer":null)" + ok_end, Refusal::invalid_offer},
      {"offer", R"({"offer":"v=0")" + ok_end, Refusal::invalid_offer},
      {"offer", R"({"offer":{"type":"offer"})" + ok_end, Refusal::invalid_offer},
      {"offer", R"({"offer":{"sdp":"v=0"})" + ok_end, Refusal::invalid_offer},
      {"offer", R"({"offer":{"type":"offer","sdp":"v=0"})" + ok_end, Refusal::invalid_offer},
      {"offer", offer_json("answer"), Refusal::invalid_offer},
      {"offer", offer_json("pranswer"), Refusal::invalid_offer},
      {"offer", offer_json("offer", std::string(65537, 'v')), Refusal::invalid_offer},
      {"answer", R"({"answer":{"type":"answer","sdp":""})" + ok_end, Refusal::invalid_answer},
      {"answer",
       R"({"answer":{"type":"pranswer","sdp":)" + json_text(sdp::example::answer()) + "}" + ok_end,
       Refusal::invalid_answer},
      {"answer", "[1]", Refusal::invalid_attempt},
      {"ice-candidate", R"({"to":"bob","roomId":"r"})", Refusal::invalid_candidate},
      {"ice-candidate", candidate_json("7"), Refusal::invalid_candidate},
      {"ice-candidate", candidate_json(R"("candidate:1 1 udp 1 8.8.8.8 5 typ host")"),
       Refusal::invalid_candidate},
      {"ice-candidate", candidate_json("{}"), Refusal::invalid_candidate},
      {"ice-candidate", candidate_json(R"({"candidate":null,"sdpMid":"0"})"),
       Refusal::invalid_candidate},
      {"ice-candidate", candidate_json(R"({"candidate":"nonsense","sdpMid":"0"})"),
       Refusal::invalid_candidate},
      {"ice-candidate", candidate_json(R"({"candidate":"","sdpMid":7})"),
       Refusal::invalid_candidate},
      {"ice-candidate", candidate_json(R"({"candidate":"","sdpMLineIndex":-1})"),
       Refusal::invalid_candidate},
      {"ice-candidate", candidate_json(R"({"candidate":"","sdpMLineIndex":1.5})"),
       Refusal::invalid_candidate},
      {"ice-candidate", candidate_json(R"({"candidate":"","usernameFragment":{}})"),
       Refusal::invalid_candidate},
      {"start-call", "", Refusal::not_in_room},
      {"start-call", R"({"roomId":"r","sessionId":[]})", Refusal::not_in_room},
      {"end-call", "{}", Refusal::not_in_room},
      {"leave-room", R"({"roomId":""})", Refusal::not_in_room},
      {"ice-servers", "{}", Refusal::invalid_attempt},
      {"waiting:admit", "{}", Refusal::unknown_event},
      {"room:lock", R"({"roomId":"r"})", Refusal::unknown_event},
      {"message", "1", Refusal::unknown_event},
      {"", "", Refusal::unknown_event},
  };
}

TEST(Decode, what_is_malformed_gets_the_refusal_of_its_event) {
  Text text;
  for (const Bad& row : malformed_events()) {
    EXPECT_EQ(refused(text(row.event, row.payload)), row.refusal)
        << row.event << " " << row.payload.substr(0, 100);
  }
}

TEST(Decode, sizes_at_their_bounds_pass) {
  Text text;
  const auto join = text("join-room", R"({"roomId":")" + std::string(64, 'r') +
                                          R"(","sessionId":")" + std::string(128, 's') +
                                          R"(","deviceId":")" + std::string(64, 'd') + R"("})");
  EXPECT_TRUE(as<room::Join>(join));
}

TEST(TakeEvent, beyond_the_budget_nothing_is_even_looked_at) {
  BudgetSettings settings;
  settings.of.fill({1, 1});
  const std::pair<std::string_view, Refusal> table[] = {
      {"join-room", Refusal::join_limited},     {"offer", Refusal::signaling_limited},
      {"answer", Refusal::signaling_limited},   {"ice-candidate", Refusal::signaling_limited},
      {"start-call", Refusal::call_limited},    {"leave-room", Refusal::call_limited},
      {"whatever", Refusal::signaling_limited},
  };
  json::Document document;
  const json::Value args = document.parse("[\"x\"]").value();
  for (const auto& [event, refusal] : table) {
    Budget budget;
    const MonoTime now{std::chrono::hours(1)};
    EXPECT_NE(refused(take_event(event, args, {}, budget, settings, now)), refusal);
    EXPECT_EQ(refused(take_event(event, args, {}, budget, settings, now)), refusal);
  }
}

TEST(DeviceOf, is_read_from_connect_and_empty_when_it_cannot_be_one) {
  const std::pair<std::string, std::string> table[] = {
      {R"({"token":"t","deviceId":"phone"})", "phone"},
      {R"({"deviceId":""})", ""},
      {R"({"deviceId":7})", ""},
      {"[]", ""},
      {R"({"deviceId":")" + std::string(65, 'd') + R"("})", ""}};
  for (const auto& [auth, device] : table) {
    json::Document document;
    EXPECT_EQ(device_of(document.parse(auth).value()), DeviceId(device));
  }
}

}  // namespace
}  // namespace stillroom::signalling
