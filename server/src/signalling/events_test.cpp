// SPDX-License-Identifier: Apache-2.0
#include "signalling/events.hpp"

#include <gtest/gtest.h>

#include "sdp/example_offer.hpp"

namespace stillroom::signalling::events {
namespace {

constexpr WallTime kNow{seconds(1'795'514'400)};

room::Person person() {
  return {SocketId("sock"), UserId("ann"), PersonName("Ann \"A\" </b>"), identity::Role::client,
          SeatId("seat1")};
}

struct Encoded {
  RoomId room{"room-1"};
  room::Command command = room::Leave{};
  Ice ice;
  std::string operator()(const room::Message& told) const {
    return message(told, {room, command, ice, kNow});
  }
  std::string acked(const room::Outcome& outcome) const {
    return ack(outcome, {room, command, ice, kNow});
  }
};

TEST(Events, are_written_as_the_contract_says) {
  const Encoded encoded;
  EXPECT_EQ(encoded(room::TellCallStarted{SessionId("s1"), kNow}),
            R"(["call-started",{"startTime":"2026-11-24T10:00:00.000Z","sessionId":"s1",)"
            R"("status":"in-progress"}])");
  EXPECT_EQ(encoded(room::TellCallStatus{kNow}),
            R"(["call-status",{"status":"in-progress","startTime":"2026-11-24T10:00:00.000Z"}])");
  EXPECT_EQ(encoded(room::TellCallEnded{SessionId("s1"), kNow, minutes(49)}),
            R"(["call-ended",{"endTime":"2026-11-24T10:00:00.000Z","duration":49,)"
            R"("sessionId":"s1","status":"completed"}])");
  EXPECT_EQ(encoded(room::TellUserJoined{person()}),
            R"(["user-joined",{"userId":"ann","userName":"Ann \"A\" </b>","userRole":"client",)"
            R"("socketId":"sock"}])");
  EXPECT_EQ(encoded(room::TellUserLeft{person(), room::Reason::connection_lost}),
            R"(["user-left",{"userId":"ann","socketId":"sock","userName":"Ann \"A\" </b>",)"
            R"("timestamp":"2026-11-24T10:00:00.000Z","reason":"connection_lost"}])");
  EXPECT_EQ(encoded(room::TellExisting{}), R"(["existing-participants",[]])");
  EXPECT_EQ(encoded(room::TellExisting{{person()}}),
            R"(["existing-participants",[{"socketId":"sock","userId":"ann",)"
            R"("userName":"Ann \"A\" </b>","userRole":"client","seatId":"seat1"}]])");
  EXPECT_EQ(encoded(room::TellRevoked{"replaced"}),
            R"(["access:revoked",{"reason":"replaced","roomId":"room-1"}])");
  EXPECT_EQ(hello(kNow, "0.1.0", IcePolicy::all, "p"),
            R"(["server:hello",{"serverTime":"2026-11-24T10:00:00.000Z","version":"0.1.0",)"
            R"("policy":{"iceTransportPolicy":"all"},"returnPass":"p"}])");
}

TEST(Events, join_success_and_its_ack_carry_the_same) {
  Encoded encoded;
  encoded.ice.servers.push_back({{"stun:turn.example:3478"}, "", SecretText()});
  encoded.ice.servers.push_back(
      {{"turn:turn.example:3478", "turns:turn.example:5349"}, "u", SecretText("p")});
  encoded.ice.policy = IcePolicy::relay;
  const room::TellJoined joined{
      SessionId("s1"),           UserId("tea"), SeatId("seat1"), identity::Role::psychologist, 2,
      room::Transport::encrypted};
  const std::string members =
      R"("roomId":"room-1","sessionId":"s1","participantCount":2,"userRole":"psychologist",)"
      R"("secureConnection":true,"seatId":"seat1","iceServers":[{"urls":["stun:turn.example:3478"]},)"
      R"({"urls":["turn:turn.example:3478","turns:turn.example:5349"],"username":"u",)"
      R"("credential":"p"}],"policy":{"iceTransportPolicy":"relay"})";
  EXPECT_EQ(encoded(joined), R"(["join-success",{)" + members + "}]");
  EXPECT_EQ(encoded.acked(joined), R"([{"ok":true,)" + members + "}]");
}

TEST(Events, a_relayed_description_is_the_normal_form_with_who_and_when) {
  Encoded encoded;
  encoded.command = room::Offer{SocketId("x"), sdp::parse_offer(sdp::example::kOffer).value()};
  std::string sdp;
  json::append_string(sdp, sdp::example::kOffer);
  EXPECT_EQ(encoded(room::TellRelay{SocketId("sock")}),
            R"(["offer",{"offer":{"type":"offer","sdp":)" + sdp +
                R"(},"from":"sock","roomId":"room-1","timestamp":"2026-11-24T10:00:00.000Z"}])");
  encoded.command = room::Answer{SocketId("x"), sdp::parse_answer(sdp::example::answer()).value()};
  EXPECT_TRUE(encoded(room::TellRelay{SocketId("sock")})
                  .starts_with(R"(["answer",{"answer":{"type":"answer","sdp":)"));
}

TEST(Events, a_relayed_candidate_keeps_what_it_is_for) {
  Encoded encoded;
  sdp::CandidateInit init;
  init.line = "candidate:1 1 udp 2113937151 8.8.8.8 5000 typ host";
  init.mid = "0";
  init.mline_index = 0;
  init.ufrag = "abcd";
  encoded.command = room::Candidate{SocketId("x"), sdp::parse_candidate(init).value()};
  EXPECT_EQ(encoded(room::TellRelay{SocketId("sock")}),
            R"(["ice-candidate",{"candidate":{"candidate":)"
            R"("candidate:1 1 udp 2113937151 8.8.8.8 5000 typ host","sdpMid":"0",)"
            R"("sdpMLineIndex":0,"usernameFragment":"abcd"},"from":"sock","roomId":"room-1",)"
            R"("timestamp":"2026-11-24T10:00:00.000Z"}])");
  encoded.command = room::Candidate{SocketId("x"), sdp::parse_candidate({}).value()};
  EXPECT_EQ(encoded(room::TellRelay{SocketId("sock")}),
            R"(["ice-candidate",{"candidate":null,"from":"sock","roomId":"room-1",)"
            R"("timestamp":"2026-11-24T10:00:00.000Z"}])");
}

TEST(Events, refusals_and_acks) {
  EXPECT_EQ(refusal(room::Refusal::room_full),
            R"(["join-error",{"error":"Room is full","code":"room_full"}])");
  EXPECT_EQ(refusal_ack(room::Refusal::room_full),
            R"([{"ok":false,"error":"Room is full","code":"room_full"}])");
  EXPECT_EQ(refusal(room::Refusal::unknown_event), std::nullopt) << "an ack only";
  EXPECT_EQ(refusal_ack(room::Refusal::unknown_event),
            R"([{"ok":false,"error":"Unknown event","code":"unknown_event"}])");
  const Encoded encoded;
  EXPECT_EQ(encoded.acked(room::Done{}), R"([{"ok":true}])");
  EXPECT_EQ(encoded.acked(room::NotRelayed{}), R"([{"ok":true,"relayed":false}])");
  EXPECT_EQ(encoded.acked(room::TellCallStatus{kNow}),
            R"([{"ok":true,"status":"in-progress","startTime":"2026-11-24T10:00:00.000Z"}])");
  EXPECT_EQ(encoded.acked(room::IceServersGranted{UserId("ann")}),
            R"([{"ok":true,"iceServers":[],"policy":{"iceTransportPolicy":"all"}}])");
}

}  // namespace
}  // namespace stillroom::signalling::events
