// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engineio/test_port.hpp"

namespace stillroom::engineio::test {
namespace {

using std::chrono::milliseconds;

TEST(Polling, handshake_is_answered_with_the_open_packet) {
  Bench bench;
  bench.link.open_polling(bench.now, channel(7));
  EXPECT_EQ(bench.port.take(),
            (Lines{R"(7<200 0{"sid":"AAAAAAAAAAAAAAAAAAAAAAAA","upgrades":["websocket"],)"
                   R"("pingInterval":25000,"pingTimeout":20000,"maxPayload":131072})"}));
}

TEST(Polling, get_hangs_until_there_is_a_packet) {
  Bench bench;
  EXPECT_EQ(bench.polling().get(2), Lines{});
  EXPECT_EQ(bench.send("hi"), (Lines{"2<200 4hi"}));
  EXPECT_EQ(bench.send("later"), Lines{});
  EXPECT_EQ(bench.get(3), (Lines{"3<200 4later"}));
}

TEST(Polling, packets_join_in_order) {
  Bench bench;
  bench.polling();
  bench.send("a");
  bench.send(std::string("\x01\x02\x03\x04", 4), MessageKind::binary);
  bench.send("c");
  EXPECT_EQ(bench.get(2), (Lines{"2<200 4a|bAQIDBA==|4c"}));
}

TEST(Polling, body_holds_sixteen_packets) {
  Bench bench;
  bench.polling();
  for (int i = 0; i < 20; ++i) bench.send("x");
  std::string sixteen = "4x";
  for (int i = 1; i < 16; ++i) sixteen += "|4x";
  EXPECT_EQ(bench.get(2), (Lines{"2<200 " + sixteen}));
  EXPECT_EQ(bench.get(3), (Lines{"3<200 4x|4x|4x|4x"}));
  EXPECT_EQ(bench.get(4), Lines{});
}

TEST(Polling, body_holds_no_more_than_the_payload_limit) {
  Settings settings;
  settings.max_payload = 10;
  Bench bench(settings);
  bench.polling();
  bench.send("abc");
  bench.send("defg");  // 4 + 1 + 5 = 10
  bench.send("h");
  bench.send("longer than any body");
  bench.send("i");
  EXPECT_EQ(bench.get(2), (Lines{"2<200 4abc|4defg"}));
  EXPECT_EQ(bench.get(3), (Lines{"3<200 4h"}));
  EXPECT_EQ(bench.get(4), (Lines{"4<200 4longer than any body"}));
  EXPECT_EQ(bench.get(5), (Lines{"5<200 4i"}));
}

TEST(Polling, post_delivers_its_packets_in_order) {
  Bench bench;
  EXPECT_EQ(bench.polling().post(2, "4a|bAQIDBA==|4c"),
            (Lines{">a", ">binary:\x01\x02\x03\x04", ">c", "2<200 ok"}));
}

TEST(Polling, echoes_of_one_post_come_in_one_body) {
  Bench bench;
  bench.polling();
  bench.echo();
  bench.get(2);
  EXPECT_EQ(bench.post(3, "4a|4b|4c"), (Lines{">a", ">b", ">c", "3<200 ok", "2<200 4a|4b|4c"}));
}

TEST(Polling, get_after_a_post_sees_the_echo) {
  Bench bench;
  bench.polling();
  bench.echo();
  bench.post(2, "4a|4b|4c");
  EXPECT_EQ(bench.get(3), (Lines{"3<200 4a|4b|4c"}));
}

TEST(Polling, cork_gathers_a_burst) {
  Bench bench;
  bench.polling().get(2);
  {
    const Cork cork(bench.link, bench.now);
    bench.link.send(bench.now, MessageKind::text, "a");
    bench.link.send(bench.now, MessageKind::text, "b");
  }
  EXPECT_EQ(bench.port.take(), (Lines{"2<200 4a|4b"}));
}

TEST(Polling, second_get_ends_the_link) {
  Bench bench;
  bench.polling().get(2);
  EXPECT_EQ(bench.get(3), (Lines{"3<400 3", "2<200 1", "closed overlapping"}));
  EXPECT_EQ(bench.get(4), (Lines{"4<400 1"}));
}

TEST(Polling, second_post_ends_the_link) {
  Bench bench;
  bench.polling().get(2);
  bench.link.poll_post_began(bench.now, channel(3));
  EXPECT_EQ(bench.post(4, "4a"), (Lines{"4<400 3", "2<200 1", "3<400 3", "closed overlapping"}));
}

TEST(Polling, second_post_that_only_began_ends_the_link) {
  Bench bench;
  bench.polling();
  bench.link.poll_post_began(bench.now, channel(3));
  bench.link.poll_post_began(bench.now, channel(4));
  EXPECT_EQ(bench.port.take(), (Lines{"4<400 3", "3<400 3", "closed overlapping"}));
}

TEST(Polling, post_whose_body_came_later_is_answered_once) {
  Bench bench;
  bench.polling();
  bench.link.poll_post_began(bench.now, channel(3));
  EXPECT_EQ(bench.post(3, "4a"), (Lines{">a", "3<200 ok"}));
  EXPECT_EQ(bench.post(4, "4b"), (Lines{">b", "4<200 ok"}));
}

TEST(Polling, post_that_outlives_the_link_is_answered_once) {
  Bench bench;
  bench.polling();
  bench.link.poll_post_began(bench.now, channel(3));
  bench.later(milliseconds(45'000));
  EXPECT_EQ(bench.post(3, "4a"), (Lines{"3<400 3", "closed ping_timeout"}));
}

TEST(Polling, get_dropped_by_the_client_ends_the_link) {
  Bench bench;
  bench.polling().get(2);
  bench.link.poll_lost(bench.now, channel(2));
  EXPECT_EQ(bench.port.take(), (Lines{"closed transport_lost"}));
  EXPECT_EQ(bench.get(3), (Lines{"3<400 1"}));
}

TEST(Polling, post_dropped_by_the_client_ends_the_link) {
  Bench bench;
  bench.polling().get(2);
  bench.link.poll_post_began(bench.now, channel(3));
  bench.link.poll_lost(bench.now, channel(3));
  EXPECT_EQ(bench.port.take(), (Lines{"2<200 1", "closed transport_lost"}));
}

TEST(Polling, loss_of_an_answered_exchange_means_nothing) {
  Bench bench;
  bench.polling().get(2);
  bench.send("x");
  bench.link.poll_lost(bench.now, channel(2));
  EXPECT_EQ(bench.port.take(), Lines{});
  EXPECT_TRUE(bench.link.open());
}

TEST(Polling, body_over_the_limit_is_413_and_the_link_stays) {
  Settings settings;
  settings.max_payload = 10;
  Bench bench(settings);
  EXPECT_EQ(bench.polling().post(2, "4" + std::string(10, 'x')), (Lines{"2<413 3"}));
  EXPECT_EQ(bench.post(3, "4" + std::string(9, 'x')), (Lines{">xxxxxxxxx", "3<200 ok"}));
}

struct BadBody {
  const char* name;
  std::string body;
  Lines before;
  const char* reason;
};

class BadPost : public testing::TestWithParam<BadBody> {};

TEST_P(BadPost, ends_the_link_and_every_later_request_is_400) {
  Bench bench;
  bench.polling().get(2);
  Lines expected = GetParam().before;
  expected.insert(expected.end(),
                  {"2<200 1", "3<400 3", std::string("closed ") + GetParam().reason});
  EXPECT_EQ(bench.post(3, GetParam().body), expected);
  EXPECT_EQ(bench.get(4), (Lines{"4<400 1"}));
  EXPECT_EQ(bench.post(5, "4x"), (Lines{"5<400 1"}));
}

const BadBody kBadBodies[] = {
    {"no_packet", "abc", {}, "parse_error"},
    {"empty_body", "", {}, "parse_error"},
    {"empty_packet", "4a||4b", {">a"}, "parse_error"},
    {"trailing_separator", "4a|", {">a"}, "parse_error"},
    {"unknown_type", "7", {}, "parse_error"},
    {"base64_without_padding", "bAQIDBA", {}, "parse_error"},
    {"base64_with_loose_bits", "bAQIDBB==", {}, "parse_error"},
    {"base64_of_the_url", "b__8=", {}, "parse_error"},
    {"not_utf8", "4\xC3(", {}, "parse_error"},
    {"ping", "2", {}, "protocol_error"},
    {"open", "0{}", {}, "protocol_error"},
    {"upgrade", "5", {}, "protocol_error"},
    {"probe", "2probe", {}, "protocol_error"},
    {"pong_with_data", "3probe", {}, "protocol_error"},
    {"bad_after_good", "4a|2", {">a"}, "protocol_error"},
};
INSTANTIATE_TEST_SUITE_P(Table, BadPost, testing::ValuesIn(kBadBodies),
                         [](const auto& body) { return std::string(body.param.name); });

TEST(Polling, octet_stream_ends_the_link) {
  Bench bench;
  EXPECT_EQ(bench.polling().post(2, "4a", PostContent::octets),
            (Lines{"2<400 3", "closed parse_error"}));
}

TEST(Polling, noop_from_the_client_is_nothing) {
  Bench bench;
  EXPECT_EQ(bench.polling().post(2, "6"), (Lines{"2<200 ok"}));
}

TEST(Polling, close_packet_frees_the_hanging_get) {
  Bench bench;
  bench.polling().get(2);
  EXPECT_EQ(bench.post(3, "1"), (Lines{"2<200 6", "3<200 ok", "closed client_close"}));
  EXPECT_EQ(bench.get(4), (Lines{"4<400 1"}));
}

TEST(Polling, nothing_behind_a_close_packet_counts) {
  Bench bench;
  EXPECT_EQ(bench.polling().post(2, "4a|1|4b"), (Lines{">a", "2<200 ok", "closed client_close"}));
}

// The server's close
// -------------------------------------------------------------------------------

TEST(PollingClose, is_told_to_the_hanging_get) {
  Bench bench;
  bench.polling().get(2);
  EXPECT_EQ(bench.close(), (Lines{"2<200 1", "closed server_close"}));
}

TEST(PollingClose, waits_for_the_next_get_behind_what_was_sent) {
  Bench bench;
  bench.polling();
  bench.send("last words");
  EXPECT_EQ(bench.close(), Lines{});
  EXPECT_FALSE(bench.link.open());
  EXPECT_EQ(bench.send("too late"), Lines{});
  EXPECT_EQ(bench.post(2, "4ignored"), (Lines{"2<200 ok"}));
  EXPECT_EQ(bench.get(3), (Lines{"3<200 4last words|1", "closed server_close"}));
}

TEST(PollingClose, needs_as_many_gets_as_there_are_bodies) {
  Bench bench;
  bench.polling();
  for (int i = 0; i < 16; ++i) bench.send("x");
  bench.close();
  EXPECT_EQ(bench.get(2).size(), 1U);
  EXPECT_EQ(bench.get(3), (Lines{"3<200 1", "closed server_close"}));
}

TEST(PollingClose, waits_no_longer_than_the_linger) {
  Bench bench;
  bench.polling();
  bench.close();
  EXPECT_EQ(bench.link.next_deadline(), bench.now + milliseconds(20'000));
  EXPECT_EQ(bench.tick(milliseconds(19'999)), Lines{});
  EXPECT_EQ(bench.tick(milliseconds(1)), (Lines{"closed server_close"}));
}

TEST(PollingClose, from_inside_a_message_still_answers_the_post) {
  Bench bench;
  bench.polling().get(2);
  bench.port.on_message = [&bench](MessageKind, const std::string&) {
    bench.link.close(bench.now, CloseReason::protocol_error);
  };
  EXPECT_EQ(bench.post(3, "4bad|4never seen"),
            (Lines{">bad", "3<200 ok", "2<200 1", "closed protocol_error"}));
}

TEST(PollingClose, tells_the_reason_it_was_closed_for) {
  Bench bench;
  bench.polling();
  bench.close(CloseReason::server_stop);
  EXPECT_EQ(bench.get(2), (Lines{"2<200 1", "closed server_stop"}));
}

// Bounds
// -------------------------------------------------------------------------------------------

TEST(PollingBound, reader_who_never_polls_is_dropped) {
  Bench bench;
  bench.polling();
  const std::string kilobyte(1024, 'x');
  int sent = 0;
  while (bench.link.open() && sent < 1000) {
    bench.send(kilobyte);
    ++sent;
    EXPECT_LE(bench.link.buffered_bytes(), 262'144U + 512U);
  }
  EXPECT_GT(sent, 200);
  EXPECT_LE(sent, 257);
  EXPECT_EQ(bench.get(2), (Lines{"2<400 1"}));
}

TEST(PollingBound, tiny_packets_are_bounded_too) {
  Bench bench;
  bench.polling();
  int sent = 0;
  while (bench.link.open() && sent < 100'000) {
    bench.send("");
    ++sent;
  }
  EXPECT_LT(sent, 10'000);
}

TEST(PollingBound, volatile_needs_a_hanging_get) {
  Bench bench;
  bench.polling();
  EXPECT_FALSE(bench.link.send_volatile(bench.now, MessageKind::text, "a"));
  bench.get(2);
  EXPECT_TRUE(bench.link.send_volatile(bench.now, MessageKind::text, "b"));
  EXPECT_EQ(bench.port.take(), (Lines{"2<200 4b"}));
  EXPECT_EQ(bench.get(3), Lines{});
}

TEST(PollingBound, queue_that_never_runs_dry_does_not_grow) {
  Bench bench;
  bench.polling();
  for (int i = 0; i < 17; ++i) bench.send("x");
  unsigned exchange = 2;
  for (int round = 0; round < 1000; ++round) {
    for (int i = 0; i < 16; ++i) bench.send("x");
    bench.get(exchange++);
  }
  EXPECT_LT(bench.link.buffered_bytes(), 4096U);
  bench.get(exchange);
  EXPECT_EQ(bench.get(5000), (Lines{"5000<200 4x"}));
}

}  // namespace
}  // namespace stillroom::engineio::test
