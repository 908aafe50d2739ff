// SPDX-License-Identifier: Apache-2.0
#include "engineio/packet.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace stillroom::engineio {
namespace {

TEST(Packet, every_digit_is_a_type) {
  for (int digit = 0; digit <= 6; ++digit) {
    const std::string text = std::to_string(digit) + "x";
    const auto packet = decode_packet(text);
    ASSERT_TRUE(packet);
    EXPECT_EQ(static_cast<int>(packet->type), digit);
    EXPECT_EQ(packet->data, "x");
  }
}

TEST(Packet, anything_else_is_none) {
  for (const std::string text : {"", "7", "9", "a", "b", "-1", " 4", "\x04", "\xB4"}) {
    EXPECT_FALSE(decode_packet(text)) << text;
  }
}

std::vector<std::string> split(std::string_view body) {
  std::vector<std::string> packets;
  std::optional<std::string_view> rest = body;
  while (const auto packet = take_packet(rest)) packets.emplace_back(*packet);
  return packets;
}

TEST(Body, is_split_at_each_separator) {
  using List = std::vector<std::string>;
  EXPECT_EQ(split("4a"), (List{"4a"}));
  EXPECT_EQ(split("4a\x1e"
                  "4b\x1e"
                  "bAQ=="),
            (List{"4a", "4b", "bAQ=="}));
  EXPECT_EQ(split(""), (List{""}));
  EXPECT_EQ(split("\x1e"), (List{"", ""}));
  EXPECT_EQ(split("4a\x1e"), (List{"4a", ""}));
}

TEST(Body, binary_is_base64_without_a_digit) {
  std::string body;
  append_polling_message(body, MessageKind::binary, std::string("\x01\x02\x03\x04", 4));
  EXPECT_EQ(body, "bAQIDBA==");
}

TEST(Sid, is_24_characters_of_18_bytes) {
  std::array<std::uint8_t, Sid::kBytes> bytes{};
  bytes.fill(0xFF);
  const Sid sid(bytes);
  EXPECT_EQ(sid.text(), "________________________");
  EXPECT_EQ(Sid::parse(sid.text()), sid);
}

TEST(Sid, other_text_is_no_sid) {
  EXPECT_FALSE(Sid::parse(""));
  EXPECT_FALSE(Sid::parse("short"));
  EXPECT_FALSE(Sid::parse("AAAAAAAAAAAAAAAAAAAAAAA+"));
  EXPECT_FALSE(Sid::parse("AAAAAAAAAAAAAAAAAAAAAAAAA"));
}

TEST(Open, tells_exactly_five_things) {
  std::string packet;
  append_open(packet, {.sid = "abc"});
  EXPECT_EQ(packet, R"(0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,)"
                    R"("pingTimeout":20000,"maxPayload":131072})");
}

TEST(Open, websocket_offers_no_upgrade) {
  std::string packet;
  append_open(packet, {.sid = "abc",
                       .transport = Transport::websocket,
                       .ping_interval = milliseconds(300),
                       .ping_timeout = milliseconds(200),
                       .max_payload = 1'000'000});
  EXPECT_EQ(packet, R"(0{"sid":"abc","upgrades":[],"pingInterval":300,"pingTimeout":200,)"
                    R"("maxPayload":1000000})");
}

}  // namespace
}  // namespace stillroom::engineio
