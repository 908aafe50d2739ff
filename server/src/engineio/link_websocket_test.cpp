// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engineio/test_port.hpp"

namespace stillroom::engineio::test {
namespace {

TEST(Link, is_small) {
  EXPECT_LE(sizeof(Link), 96U);
}

TEST(Websocket, opens_with_the_open_packet) {
  Bench bench;
  bench.link.open_websocket(bench.now, channel(1));
  EXPECT_EQ(bench.port.take(),
            (Lines{R"(ws1<0{"sid":"AAAAAAAAAAAAAAAAAAAAAAAA","upgrades":[],)"
                   R"("pingInterval":25000,"pingTimeout":20000,"maxPayload":131072})"}));
}

TEST(Websocket, one_packet_is_one_message) {
  Bench bench;
  EXPECT_EQ(bench.websocket().ws(1, "4hello"), (Lines{">hello"}));
  EXPECT_EQ(bench.ws(1, "\x01\x02", MessageKind::binary), (Lines{">binary:\x01\x02"}));
  EXPECT_EQ(bench.send("back"), (Lines{"ws1<4back"}));
  EXPECT_EQ(bench.send("\x03", MessageKind::binary), (Lines{"ws1<binary:\x03"}));
}

TEST(Websocket, holds_no_heap_memory) {
  Bench bench;
  bench.websocket().send("x");
  EXPECT_EQ(bench.link.buffered_bytes(), 0U);
}

struct BadMessage {
  const char* name;
  const char* text;
  const char* reason;
};

class BadMessageTest : public testing::TestWithParam<BadMessage> {};

TEST_P(BadMessageTest, closes_the_websocket) {
  Bench bench;
  EXPECT_EQ(bench.websocket().ws(1, GetParam().text),
            (Lines{"ws1!1002", std::string("closed ") + GetParam().reason}));
  EXPECT_EQ(bench.ws(1, "4late"), Lines{});
}

const BadMessage kBadMessages[] = {
    {"empty", "", "parse_error"},
    {"no_digit", "abc", "parse_error"},
    {"unknown_type", "7", "parse_error"},
    {"polling_binary", "bAQ==", "parse_error"},
    {"open", "0", "protocol_error"},
    {"ping", "2", "protocol_error"},
    {"probe", "2probe", "protocol_error"},
    {"upgrade", "5", "protocol_error"},
    {"pong_with_data", "3x", "protocol_error"},
    {"close_with_data", "1x", "protocol_error"},
};
INSTANTIATE_TEST_SUITE_P(Table, BadMessageTest, testing::ValuesIn(kBadMessages),
                         [](const auto& message) { return std::string(message.param.name); });

TEST(Websocket, close_packet_closes_at_once) {
  Bench bench;
  EXPECT_EQ(bench.websocket().ws(1, "1"), (Lines{"ws1!1000", "closed client_close"}));
}

TEST(Websocket, loss_is_told_once_and_nothing_is_sent_to_it) {
  Bench bench;
  bench.websocket();
  bench.link.ws_lost(bench.now, channel(1), CloseReason::transport_lost);
  bench.link.ws_lost(bench.now, channel(1), CloseReason::transport_lost);
  EXPECT_EQ(bench.port.take(), (Lines{"closed transport_lost"}));
  EXPECT_EQ(bench.send("x"), Lines{});
}

TEST(Websocket, message_over_the_limit_keeps_its_reason) {
  Bench bench;
  bench.websocket();
  bench.link.ws_lost(bench.now, channel(1), CloseReason::message_too_big);
  EXPECT_EQ(bench.port.take(), (Lines{"closed message_too_big"}));
}

TEST(Websocket, server_close_follows_what_was_sent) {
  Bench bench;
  bench.websocket();
  bench.link.send(bench.now, MessageKind::text, "bye");
  bench.link.close(bench.now, CloseReason::server_close);
  EXPECT_EQ(bench.port.take(), (Lines{"ws1<4bye", "ws1!1000", "closed server_close"}));
}

TEST(Websocket, server_stop_is_going_away) {
  Bench bench;
  bench.websocket();
  EXPECT_EQ(bench.close(CloseReason::server_stop), (Lines{"ws1!1001", "closed server_stop"}));
}

TEST(Websocket, close_from_inside_a_message_is_safe) {
  Bench bench;
  bench.websocket();
  bench.port.on_message = [&bench](MessageKind, const std::string&) {
    bench.link.close(bench.now, CloseReason::protocol_error);
    bench.link.send(bench.now, MessageKind::text, "never");
  };
  EXPECT_EQ(bench.ws(1, "4x"), (Lines{">x", "ws1!1002", "closed protocol_error"}));
}

TEST(Websocket, reader_who_cannot_keep_up_is_dropped) {
  Bench bench;
  bench.websocket();
  bench.port.unsent = 262'144;
  EXPECT_EQ(bench.send("x"), (Lines{"ws1!1008", "closed slow_reader"}));
}

TEST(Websocket, one_message_larger_than_the_queue_may_leave_when_nothing_waits) {
  Bench bench;
  EXPECT_EQ(bench.websocket().send(std::string(300'000, 'x')).size(), 1U);
  EXPECT_TRUE(bench.link.open());
}

TEST(Websocket, volatile_is_dropped_while_something_waits) {
  Bench bench;
  bench.websocket();
  bench.port.unsent = 1;
  EXPECT_FALSE(bench.link.send_volatile(bench.now, MessageKind::text, "a"));
  bench.port.unsent = 0;
  EXPECT_TRUE(bench.link.send_volatile(bench.now, MessageKind::text, "b"));
  EXPECT_EQ(bench.port.take(), (Lines{"ws1<4b"}));
}

TEST(Websocket, second_websocket_is_closed_and_the_first_goes_on) {
  Bench bench;
  bench.websocket();
  bench.link.ws_attached(bench.now, channel(2));
  EXPECT_EQ(bench.port.take(), (Lines{"ws2!1008"}));
  EXPECT_EQ(bench.ws(1, "4still"), (Lines{">still"}));
  EXPECT_EQ(bench.ws(2, "4foreign"), Lines{});
}

TEST(Websocket, polling_requests_are_400_and_close_nothing) {
  Bench bench;
  bench.websocket();
  EXPECT_EQ(bench.get(2), (Lines{"2<400 3"}));
  EXPECT_EQ(bench.post(3, "4x"), (Lines{"3<400 3"}));
  EXPECT_TRUE(bench.link.open());
}

}  // namespace
}  // namespace stillroom::engineio::test
