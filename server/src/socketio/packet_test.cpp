// SPDX-License-Identifier: Apache-2.0
#include "socketio/packet.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace stillroom::socketio {
namespace {

using T = PacketType;

struct Good {
  std::string text;
  T type;
  std::string nsp;
  std::optional<std::uint64_t> id;
  std::uint32_t attachments;
  std::string payload;
};

class GoodPacket : public testing::TestWithParam<Good> {};

TEST_P(GoodPacket, is_taken_apart) {
  const auto packet = decode_packet(GetParam().text);
  ASSERT_TRUE(packet.ok()) << GetParam().text;
  EXPECT_EQ(packet->type, GetParam().type);
  EXPECT_EQ(packet->nsp, GetParam().nsp);
  EXPECT_EQ(packet->id, GetParam().id);
  EXPECT_EQ(packet->attachments, GetParam().attachments);
  EXPECT_EQ(packet->payload, GetParam().payload);
}

const Good kGood[] = {
    {"0", T::connect, "/", {}, 0, ""},
    {R"(0{"token":"x"})", T::connect, "/", {}, 0, R"({"token":"x"})"},
    {"0/custom", T::connect, "/custom", {}, 0, ""},
    {"0/custom,", T::connect, "/custom", {}, 0, ""},
    {R"(0/custom,{"a":1})", T::connect, "/custom", {}, 0, R"({"a":1})"},
    {"0/,{}", T::connect, "/", {}, 0, "{}"},
    {"1", T::disconnect, "/", {}, 0, ""},
    {"1/custom", T::disconnect, "/custom", {}, 0, ""},
    {"1/custom,", T::disconnect, "/custom", {}, 0, ""},
    {R"(2["a"])", T::event, "/", {}, 0, R"(["a"])"},
    {R"(20["a"])", T::event, "/", 0, 0, R"(["a"])"},
    {R"(212["a"])", T::event, "/", 12, 0, R"(["a"])"},
    {R"(2/admin,456["a"])", T::event, "/admin", 456, 0, R"(["a"])"},
    {R"(29007199254740991["a"])", T::event, "/", kAckIdMax, 0, R"(["a"])"},
    {"2", T::event, "/", {}, 0, ""},
    {"212", T::event, "/", 12, 0, ""},
    {"313[]", T::ack, "/", 13, 0, "[]"},
    {R"(3/admin,456["x"])", T::ack, "/admin", 456, 0, R"(["x"])"},
    {R"(4{"message":"x"})", T::connect_error, "/", {}, 0, R"({"message":"x"})"},
    {R"(51-["a",{}])", T::binary_event, "/", {}, 1, R"(["a",{}])"},
    {R"(50-["a"])", T::binary_event, "/", {}, 0, R"(["a"])"},
    {R"(52-/admin,7["a"])", T::binary_event, "/admin", 7, 2, R"(["a"])"},
    {"61-15[{}]", T::binary_ack, "/", 15, 1, "[{}]"},
};

struct Bad {
  std::string text;
  DecodeError error;
};

class BadPacket : public testing::TestWithParam<Bad> {};

TEST_P(BadPacket, is_refused) {
  const auto packet = decode_packet(GetParam().text);
  ASSERT_FALSE(packet.ok()) << GetParam().text;
  EXPECT_EQ(packet.error(), GetParam().error);
}

const Bad kBad[] = {
    {"", DecodeError::unknown_type},
    {"7", DecodeError::unknown_type},
    {"9[]", DecodeError::unknown_type},
    {"abc", DecodeError::unknown_type},
    {"[\"a\"]", DecodeError::unknown_type},
    {"5[\"a\"]", DecodeError::bad_attachments},
    {"5-[\"a\"]", DecodeError::bad_attachments},
    {"51[\"a\"]", DecodeError::bad_attachments},
    {"5x-[\"a\"]", DecodeError::bad_attachments},
    {"501-[\"a\"]", DecodeError::bad_attachments},
    {"5-1-[\"a\"]", DecodeError::bad_attachments},
    {"51.5-[\"a\"]", DecodeError::bad_attachments},
    {"51000000-[\"a\"]", DecodeError::bad_attachments},
    {"599999999999999999999-[\"a\"]", DecodeError::bad_attachments},
    {"6", DecodeError::bad_attachments},
    {"0/" + std::string(64, 'x') + ",", DecodeError::bad_namespace},
    {"0/a b,", DecodeError::bad_namespace},
    {"0/a\n,", DecodeError::bad_namespace},
    {std::string("0/a\0b,", 6), DecodeError::bad_namespace},
    {"200[\"a\"]", DecodeError::bad_id},
    {"2012[\"a\"]", DecodeError::bad_id},
    {"29007199254740992[\"a\"]", DecodeError::bad_id},
    {"299999999999999999999999[\"a\"]", DecodeError::bad_id},
};

INSTANTIATE_TEST_SUITE_P(Table, GoodPacket, testing::ValuesIn(kGood));
INSTANTIATE_TEST_SUITE_P(Table, BadPacket, testing::ValuesIn(kBad));

TEST(Namespace, longest_is_64_bytes) {
  EXPECT_TRUE(decode_packet("0/" + std::string(63, 'x')).ok());
}

template <class... Args>
std::string encoded(void (*append)(std::string&, Args...), std::type_identity_t<Args>... args) {
  std::string out;
  append(out, args...);
  return out;
}

TEST(Encoder, writes_what_clients_expect) {
  EXPECT_EQ(encoded(append_event, "/", R"(["a",1])"), R"(2["a",1])");
  EXPECT_EQ(encoded(append_event, "/admin", R"(["a"])"), R"(2/admin,["a"])");
  EXPECT_EQ(encoded(append_event_with_ack, "/", 0, R"(["a"])"), R"(20["a"])");
  EXPECT_EQ(encoded(append_event_with_ack, "/admin", 12, R"(["a"])"), R"(2/admin,12["a"])");
  EXPECT_EQ(encoded(append_ack, "/", 13, "[]"), "313[]");
  EXPECT_EQ(encoded(append_ack, "/admin", kAckIdMax, "[1]"), "3/admin,9007199254740991[1]");
  EXPECT_EQ(encoded(append_binary_event, "/", 2, R"(["a"])"), R"(52-["a"])");
  EXPECT_EQ(encoded(append_binary_event, "/admin", 1, R"(["a"])"), R"(51-/admin,["a"])");
  EXPECT_EQ(encoded(append_binary_ack, "/", 1, 15, "[]"), "61-15[]");
  EXPECT_EQ(encoded(append_binary_ack, "/admin", 1, 15, "[]"), "61-/admin,15[]");
  EXPECT_EQ(encoded(append_connect, "/", "abc", ""), R"(0{"sid":"abc"})");
  EXPECT_EQ(encoded(append_connect, "/admin", "abc", "def"),
            R"(0/admin,{"sid":"abc","pid":"def"})");
  EXPECT_EQ(encoded(append_connect_error, "/", "No", ""), R"(4{"message":"No"})");
  EXPECT_EQ(encoded(append_connect_error, "/x", "Invalid \"x\"", R"({"code":"y"})"),
            R"(4/x,{"message":"Invalid \"x\"","data":{"code":"y"}})");
  EXPECT_EQ(encoded(append_disconnect, "/"), "1");
  EXPECT_EQ(encoded(append_disconnect, "/admin"), "1/admin,");
}

}  // namespace
}  // namespace stillroom::socketio
