// SPDX-License-Identifier: Apache-2.0
#include "socketio/peer.hpp"

#include <gtest/gtest.h>

#include "socketio/test_port.hpp"

namespace stillroom::socketio::test {
namespace {

TEST(Peer, is_small) {
  EXPECT_LE(sizeof(Peer), 64U);
}

// CONNECT
// ------------------------------------------------------------------------------------------

TEST(Connect, is_asked_and_then_accepted) {
  Bench bench;
  EXPECT_EQ(bench.text(R"(0{"token":"x"})"), (Lines{R"(connect 0 {"token":"x"})"}));
  EXPECT_FALSE(bench.peer.joined(kMain));
  std::string out;
  EXPECT_TRUE(bench.peer.accept(out, kMain, "abc"));
  EXPECT_EQ(out, R"(0{"sid":"abc"})");
  EXPECT_TRUE(bench.peer.joined(kMain));
}

TEST(Connect, needs_no_auth) {
  Bench bench;
  EXPECT_EQ(bench.text("0"), (Lines{"connect 0 "}));
  EXPECT_EQ(bench.text("0/custom"), (Lines{"connect 1 "}));
}

TEST(Connect, can_be_refused_and_tried_again) {
  Bench bench;
  bench.text("0");
  std::string out;
  EXPECT_TRUE(bench.peer.refuse(bench.now, out, kMain, "Authentication failed", R"({"code":"x"})"));
  EXPECT_EQ(out, R"(4{"message":"Authentication failed","data":{"code":"x"}})");
  EXPECT_EQ(bench.text("0{}"), (Lines{"connect 0 {}"}));
}

TEST(Connect, unknown_namespace_is_refused_and_the_connection_stays) {
  Bench bench;
  EXPECT_EQ(bench.text("0/random"), (Lines{R"(reply 4/random,{"message":"Invalid namespace"})"}));
  EXPECT_EQ(bench.text("0"), (Lines{"connect 0 "}));
}

TEST(Connect, main_namespace_only_unless_told_otherwise) {
  Bench bench{Settings{}};
  EXPECT_EQ(bench.text("0/custom,"), (Lines{R"(reply 4/custom,{"message":"Invalid namespace"})"}));
}

TEST(Connect, answer_to_one_who_left_is_dropped) {
  Bench bench;
  bench.joined();
  std::string out;
  EXPECT_FALSE(bench.peer.accept(out, kMain, "again"));
  EXPECT_FALSE(bench.peer.refuse(bench.now, out, kMain, "no"));
  EXPECT_TRUE(out.empty());
}

TEST(Connect, after_disconnect_asks_again) {
  Bench bench;
  bench.joined();
  EXPECT_EQ(bench.text("1"), (Lines{"left 0"}));
  EXPECT_EQ(bench.text("0"), (Lines{"connect 0 "}));
}

TEST(ConnectTimeout, ends_who_joins_nothing) {
  Bench bench;
  EXPECT_EQ(bench.peer.next_deadline(), bench.now + milliseconds(10'000));
  EXPECT_EQ(bench.tick(milliseconds(9'999)), Lines{});
  EXPECT_EQ(bench.tick(milliseconds(1)), (Lines{"violation"}));
  EXPECT_EQ(bench.port.last_violation, Violation::connect_timeout);
  EXPECT_EQ(bench.tick(milliseconds(1)), Lines{});
}

TEST(ConnectTimeout, is_checked_on_arrival) {
  Bench bench;
  bench.now += milliseconds(10'000);
  EXPECT_EQ(bench.text("0"), (Lines{"violation"}));
}

TEST(ConnectTimeout, stands_still_while_the_server_decides) {
  Bench bench;
  bench.text("0");
  EXPECT_EQ(bench.peer.next_deadline(), MonoTime::max());
}

TEST(ConnectTimeout, starts_anew_after_a_refusal) {
  Bench bench;
  bench.text("0");
  std::string out;
  bench.peer.refuse(bench.now, out, kMain, "no");
  EXPECT_EQ(bench.tick(milliseconds(10'000)), (Lines{"violation"}));
}

TEST(ConnectTimeout, unknown_namespace_does_not_help) {
  Bench bench;
  bench.text("0/random");
  EXPECT_EQ(bench.tick(milliseconds(10'000)), (Lines{"violation"}));
}

TEST(ConnectTimeout, does_not_come_back_after_a_disconnect) {
  Bench bench;
  bench.joined().text("1");
  EXPECT_EQ(bench.tick(std::chrono::hours(1)), Lines{});
}

// Events and acks
// ----------------------------------------------------------------------------------

TEST(Events, arrive_with_their_arguments) {
  Bench bench;
  bench.joined();
  EXPECT_EQ(bench.text(R"(2["message",1,"2",{"3":[true]}])"),
            (Lines{R"(event 0 message ["message",1,"2",{"3":[true]}])"}));
  EXPECT_EQ(bench.text(R"(212["x"])"), (Lines{R"(event 0 x ["x"] #12)"}));
}

TEST(Events, belong_to_their_namespace) {
  Bench bench;
  bench.joined(kCustom);
  EXPECT_EQ(bench.text(R"(2/custom,["x"])"), (Lines{R"(event 1 x ["x"])"}));
  EXPECT_EQ(bench.text(R"(2["x"])"), (Lines{"violation"}));
}

TEST(Events, name_may_be_a_number_or_escaped) {
  Bench bench;
  bench.joined();
  EXPECT_EQ(bench.text("2[1,2]"), (Lines{"event 0 1 [1,2]"}));
  EXPECT_EQ(bench.text(R"(2["j\u006fin"])"), (Lines{R"(event 0 join ["j\u006fin"])"}));
}

TEST(Events, leave_as_they_are_given) {
  Bench bench;
  bench.joined(kCustom);
  std::string out;
  EXPECT_TRUE(bench.peer.event(out, kCustom, R"(["x",1])"));
  EXPECT_EQ(out, R"(2/custom,["x",1])");
  EXPECT_FALSE(bench.peer.event(out, kMain, R"(["x",1])"));
}

TEST(Acks, of_the_server_carry_the_clients_id) {
  Bench bench;
  bench.joined().text(R"(27["x"])");
  std::string out;
  EXPECT_TRUE(bench.peer.ack(out, kMain, 7, R"([{"ok":true}])"));
  EXPECT_EQ(out, R"(37[{"ok":true}])");
}

TEST(Acks, of_the_client_are_known_by_their_id) {
  Bench bench;
  bench.joined();
  std::string out;
  EXPECT_EQ(bench.peer.event_with_ack(out, kMain, R"(["q"])"), 0U);
  EXPECT_EQ(bench.peer.event_with_ack(out, kMain, R"(["r"])"), 1U);
  EXPECT_EQ(out, R"(20["q"]21["r"])");
  EXPECT_EQ(bench.text("31[5]"), (Lines{"ack 0 #1 [5]"}));
  EXPECT_EQ(bench.text("31[5]"), Lines{});
  EXPECT_EQ(bench.text("39[5]"), Lines{});
  EXPECT_EQ(bench.text("30[]"), (Lines{"ack 0 #0 []"}));
}

TEST(Acks, are_counted_for_each_namespace_from_zero) {
  Bench bench;
  bench.joined().joined(kCustom);
  std::string out;
  EXPECT_EQ(bench.peer.event_with_ack(out, kMain, R"(["q"])"), 0U);
  EXPECT_EQ(bench.peer.event_with_ack(out, kCustom, R"(["q"])"), 0U);
  EXPECT_EQ(bench.text("3/custom,0[]"), (Lines{"ack 1 #0 []"}));
}

TEST(Acks, no_more_than_sixteen_are_asked_for) {
  Bench bench;
  bench.joined();
  std::string out;
  for (unsigned i = 0; i < 16; ++i) {
    EXPECT_EQ(bench.peer.event_with_ack(out, kMain, R"(["q"])"), i);
  }
  EXPECT_FALSE(bench.peer.event_with_ack(out, kMain, R"(["q"])"));
  bench.text("33[]");
  EXPECT_EQ(bench.peer.event_with_ack(out, kMain, R"(["q"])"), 16U);
}

TEST(Acks, asked_before_a_disconnect_are_forgotten) {
  Bench bench;
  bench.joined();
  std::string out;
  EXPECT_TRUE(bench.peer.event_with_ack(out, kMain, R"(["q"])"));
  bench.text("1");
  bench.joined();
  EXPECT_EQ(bench.text("30[]"), Lines{});
}

TEST(Acks, flood_without_answers_is_a_violation) {
  Bench bench;
  bench.joined();
  for (unsigned i = 0; i < 64; ++i) bench.text("2" + std::to_string(i) + R"(["x"])");
  EXPECT_EQ(bench.text(R"(264["x"])"), (Lines{"violation"}));
  EXPECT_EQ(bench.port.last_violation, Violation::too_many_acks);
}

TEST(Acks, answered_or_waived_ones_do_not_count) {
  Bench bench;
  bench.joined();
  std::string out;
  for (unsigned i = 0; i < 200; ++i) {
    EXPECT_EQ(bench.text("2" + std::to_string(i) + R"(["x"])").size(), 1U);
    if (i % 2 == 0) {
      bench.peer.ack(out, kMain, i, "[]");
    } else {
      bench.peer.waive_ack();
    }
  }
  EXPECT_FALSE(bench.port.last_violation);
}

// DISCONNECT
// ---------------------------------------------------------------------------------------

TEST(Disconnect, of_the_client_leaves_the_other_namespace) {
  Bench bench;
  bench.joined().joined(kCustom);
  EXPECT_EQ(bench.text("1/custom"), (Lines{"left 1"}));
  EXPECT_EQ(bench.text(R"(2["x"])"), (Lines{R"(event 0 x ["x"])"}));
}

TEST(Disconnect, of_the_server_is_a_packet) {
  Bench bench;
  bench.joined(kCustom);
  std::string out;
  EXPECT_TRUE(bench.peer.disconnect(out, kCustom));
  EXPECT_EQ(out, "1/custom,");
  EXPECT_FALSE(bench.peer.disconnect(out, kCustom));
  EXPECT_FALSE(bench.peer.event(out, kCustom, "[]"));
}

// Binary
// -------------------------------------------------------------------------------------------

TEST(BinaryEvent, waits_for_its_attachments) {
  Bench bench;
  bench.joined();
  const std::string args =
      R"(["f",{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1}])";
  EXPECT_EQ(bench.text("52-3" + args), Lines{});
  EXPECT_GT(bench.peer.buffered_bytes(), 0U);
  EXPECT_EQ(bench.binary("one"), Lines{});
  EXPECT_EQ(bench.binary("two"), (Lines{"event 0 f " + args + " #3 +one +two"}));
  EXPECT_EQ(bench.peer.buffered_bytes(), 0U);
}

TEST(BinaryEvent, without_attachments_is_an_event) {
  Bench bench;
  bench.joined();
  EXPECT_EQ(bench.text(R"(50-["f"])"), (Lines{R"(event 0 f ["f"])"}));
}

TEST(BinaryEvent, ack_may_be_binary) {
  Bench bench;
  bench.joined();
  std::string out;
  EXPECT_TRUE(bench.peer.event_with_ack(out, kMain, R"(["q"])"));
  EXPECT_EQ(bench.text(R"(61-0[{"_placeholder":true,"num":0}])"), Lines{});
  EXPECT_EQ(bench.binary("a"), (Lines{R"(ack 0 #0 [{"_placeholder":true,"num":0}] +a)"}));
}

TEST(BinaryEvent, is_dropped_when_the_server_ended_the_namespace_meanwhile) {
  Bench bench;
  bench.joined().text(R"(51-["f",{"_placeholder":true,"num":0}])");
  std::string out;
  EXPECT_TRUE(bench.peer.disconnect(out, kMain));
  EXPECT_EQ(bench.binary("late"), Lines{});
}

TEST(BinaryEvent, attachments_are_bounded_in_bytes) {
  Settings settings = conformance_settings();
  settings.attachment_bytes_max = 10;
  Bench bench(settings);
  bench.joined().text(R"(52-["f"])");
  EXPECT_EQ(bench.binary("123456"), Lines{});
  EXPECT_EQ(bench.binary("78901"), (Lines{"violation"}));
  EXPECT_EQ(bench.peer.buffered_bytes(), 0U);
}

TEST(BinaryEvent, signalling_refuses_it_before_anything_is_kept) {
  Bench bench{Settings{}};
  bench.joined();
  EXPECT_EQ(bench.text(R"(51-["f",{"_placeholder":true,"num":0}])"), (Lines{"violation"}));
  EXPECT_EQ(bench.port.last_violation, Violation::binary_refused);
  EXPECT_EQ(bench.peer.buffered_bytes(), 0U);
  EXPECT_EQ(bench.binary("x"), Lines{});
}

// What ends the connection
// -------------------------------------------------------------------------

struct Bad {
  const char* name;
  Lines packets;  ///< the last one is the violation; `b:` marks binary
  Violation violation;
};

class Ends : public testing::TestWithParam<Bad> {};

TEST_P(Ends, the_connection_once_and_for_good) {
  Bench bench;
  bench.joined();
  for (const auto& packet : GetParam().packets) {
    EXPECT_FALSE(bench.port.last_violation) << "too early, before " << packet;
    if (packet.starts_with("b:")) {
      bench.binary(packet.substr(2));
    } else {
      bench.text(packet);
    }
  }
  EXPECT_EQ(bench.port.last_violation, GetParam().violation);
  EXPECT_FALSE(sentence(GetParam().violation).empty());
  EXPECT_EQ(bench.text(R"(2["x"])"), Lines{});
  std::string out;
  EXPECT_FALSE(bench.peer.event(out, kMain, "[]"));
  EXPECT_EQ(bench.peer.next_deadline(), MonoTime::max());
}

std::string nested(std::size_t depth) {
  return R"(2["x",)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "]";
}

std::string many_members(std::size_t count) {
  std::string out = R"(2["x")";
  for (std::size_t i = 1; i < count; ++i) out += ",1";
  return out + "]";
}

const Bad kBad[] = {
    {"no_packet", {"abc"}, Violation::bad_packet},
    {"empty", {""}, Violation::bad_packet},
    {"unknown_type", {"7[]"}, Violation::bad_packet},
    {"bad_id", {R"(201["x"])"}, Violation::bad_packet},
    {"second_connect", {"0"}, Violation::already_connected},
    {"second_connect_while_asked", {"0/custom", "0/custom"}, Violation::already_connected},
    {"connect_with_id", {"0/custom,1{}"}, Violation::bad_payload},
    {"connect_with_array", {"0/custom,[]"}, Violation::bad_payload},
    {"connect_with_text", {R"(0/custom,"x")"}, Violation::bad_payload},
    {"connect_with_null", {"0/custom,null"}, Violation::bad_payload},
    {"connect_with_bad_json", {"0/custom,{"}, Violation::bad_json},
    {"connect_error_from_a_client", {R"(4{"message":"x"})"}, Violation::unexpected_packet},
    {"event_for_another_namespace", {R"(2/custom,["x"])"}, Violation::not_connected},
    {"event_for_an_unknown_namespace", {R"(2/random,["x"])"}, Violation::not_connected},
    {"event_while_asked", {"0/custom", R"(2/custom,["x"])"}, Violation::not_connected},
    {"event_after_disconnect", {"1", R"(2["x"])"}, Violation::not_connected},
    {"disconnect_of_nothing", {"1/custom"}, Violation::not_connected},
    {"disconnect_twice", {"1", "1"}, Violation::not_connected},
    {"disconnect_with_payload", {"1{}"}, Violation::bad_payload},
    {"disconnect_with_id", {"15"}, Violation::bad_payload},
    {"event_without_payload", {"2"}, Violation::bad_json},
    {"event_with_id_without_payload", {"212"}, Violation::bad_json},
    {"event_with_object", {"2{}"}, Violation::bad_payload},
    {"event_with_text", {R"(2"x")"}, Violation::bad_payload},
    {"event_with_empty_array", {"2[]"}, Violation::bad_payload},
    {"event_named_by_null", {"2[null]"}, Violation::bad_payload},
    {"event_named_by_object", {"2[{}]"}, Violation::bad_payload},
    {"event_named_by_array", {R"(2[["x"]])"}, Violation::bad_payload},
    {"event_named_by_boolean", {"2[true]"}, Violation::bad_payload},
    {"name_of_65_bytes", {R"(2[")" + std::string(65, 'x') + R"("])"}, Violation::bad_event_name},
    {"connect_as_name", {R"(2["connect"])"}, Violation::bad_event_name},
    {"connect_error_as_name", {R"(2["connect_error"])"}, Violation::bad_event_name},
    {"disconnect_as_name", {R"(2["disconnect"])"}, Violation::bad_event_name},
    {"disconnecting_as_name", {R"(2["disconnecting"])"}, Violation::bad_event_name},
    {"new_listener_as_name", {R"(2["newListener"])"}, Violation::bad_event_name},
    {"remove_listener_as_name", {R"(2["removeListener"])"}, Violation::bad_event_name},
    {"escaped_reserved_name", {R"(2["\u0063onnect"])"}, Violation::bad_event_name},
    {"bad_json", {R"(2["x",])"}, Violation::bad_json},
    {"bytes_behind_the_array", {R"(2["x"]["y"])"}, Violation::bad_json},
    {"depth_of_17", {nested(17)}, Violation::bad_json},
    {"depth_of_10000", {nested(10'000)}, Violation::bad_json},
    {"members_513", {many_members(513)}, Violation::bad_json},
    {"not_utf8", {"2[\"x\xC3(\"]"}, Violation::bad_json},
    {"ack_without_id", {"3[]"}, Violation::bad_payload},
    {"ack_with_object", {"31{}"}, Violation::bad_payload},
    {"ack_without_payload", {"31"}, Violation::bad_json},
    {"attachments_11", {R"(511-["x"])"}, Violation::too_many_attachments},
    {"attachments_without_number", {R"(5["x"])"}, Violation::bad_packet},
    {"binary_event_without_payload", {"51-"}, Violation::bad_json},
    {"binary_event_with_reserved_name", {R"(51-["connect"])"}, Violation::bad_event_name},
    {"binary_ack_without_id", {"61-[]"}, Violation::bad_payload},
    {"placeholder_beyond",
     {R"(51-["x",{"_placeholder":true,"num":1}])"},
     Violation::bad_placeholder},
    {"placeholder_negative",
     {R"(51-["x",{"_placeholder":true,"num":-1}])"},
     Violation::bad_placeholder},
    {"placeholder_with_fraction",
     {R"(51-["x",{"_placeholder":true,"num":0.5}])"},
     Violation::bad_placeholder},
    {"placeholder_with_text",
     {R"(51-["x",{"_placeholder":true,"num":"0"}])"},
     Violation::bad_placeholder},
    {"placeholder_without_number",
     {R"(51-["x",{"_placeholder":true}])"},
     Violation::bad_placeholder},
    {"placeholder_deep_inside",
     {R"(51-["x",{"a":[{"b":{"_placeholder":true,"num":7}}]}])"},
     Violation::bad_placeholder},
    {"placeholder_without_attachments",
     {R"(50-["x",{"_placeholder":true,"num":0}])"},
     Violation::bad_placeholder},
    {"text_while_binary_is_due", {R"(51-["x"])", R"(2["y"])"}, Violation::attachment_missing},
    {"header_while_binary_is_due", {R"(51-["x"])", R"(51-["y"])"}, Violation::attachment_missing},
    {"binary_that_is_not_due", {"b:x"}, Violation::attachment_unexpected},
    {"one_binary_too_many", {R"(51-["x"])", "b:1", "b:2"}, Violation::attachment_unexpected},
};

INSTANTIATE_TEST_SUITE_P(Table, Ends, testing::ValuesIn(kBad),
                         [](const auto& bad) { return std::string(bad.param.name); });

class BeforeConnect : public testing::TestWithParam<const char*> {};

TEST_P(BeforeConnect, anything_but_connect_ends_the_connection) {
  Bench bench;
  EXPECT_EQ(bench.text(GetParam()), (Lines{"violation"}));
}

INSTANTIATE_TEST_SUITE_P(Table, BeforeConnect,
                         testing::Values(R"(2["x"])", "31[]", "1", R"(51-["x"])", "61-1[]", "4{}",
                                         "abc"));

TEST(Limits, exactly_at_the_limit_passes) {
  Bench bench;
  bench.joined();
  EXPECT_EQ(bench.text(nested(16)).size(), 1U);
  EXPECT_EQ(bench.text(many_members(512)).size(), 1U);
  EXPECT_EQ(bench.text(R"(2[")" + std::string(64, 'x') + R"("])").size(), 1U);
  EXPECT_EQ(bench.text(R"(510-["x"])").size(), 0U);
  EXPECT_FALSE(bench.port.last_violation);
}

TEST(Limits, unknown_namespaces_are_counted) {
  Bench bench;
  for (int i = 0; i < 16; ++i) bench.text("0/n" + std::to_string(i));
  EXPECT_EQ(bench.text("0/one_more"), (Lines{"violation"}));
  EXPECT_EQ(bench.port.last_violation, Violation::too_many_connects);
}

// Sending received binary on
// -----------------------------------------------------------------------

struct Renumbering {
  std::string in;
  std::string out;
  std::vector<std::uint32_t> order;
};

class Renumbered : public testing::TestWithParam<Renumbering> {};

TEST_P(Renumbered, in_order_of_occurrence) {
  json::Document document;
  const auto value = document.parse(GetParam().in);
  ASSERT_TRUE(value.ok());
  std::string out;
  std::vector<std::uint32_t> order;
  append_renumbered(out, *value, 0, order);
  EXPECT_EQ(out, GetParam().out);
  EXPECT_EQ(order, GetParam().order);
}

const Renumbering kRenumberings[] = {
    {R"([1,"2",{"3":[true]}])", R"([1,"2",{"3":[true]}])", {}},
    {R"([{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}])",
     R"([{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])",
     {1, 0}},
    {R"({"a":{"num":3,"_placeholder":true},"b":[[{"_placeholder":true,"num":3}]],"c":1})",
     R"({"a":{"_placeholder":true,"num":0},"b":[[{"_placeholder":true,"num":1}]],"c":1})",
     {3, 3}},
    {R"({"_placeholder":true,"num":5})", R"({"_placeholder":true,"num":0})", {5}},
    {R"([{"_placeholder":false,"num":1},{"_placeholder":1}])",
     R"([{"_placeholder":false,"num":1},{"_placeholder":1}])",
     {}},
};
INSTANTIATE_TEST_SUITE_P(Table, Renumbered, testing::ValuesIn(kRenumberings));

}  // namespace
}  // namespace stillroom::socketio::test
