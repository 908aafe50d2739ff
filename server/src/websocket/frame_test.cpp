// SPDX-License-Identifier: Apache-2.0
#include "websocket/frame.hpp"

#include <gtest/gtest.h>

#include "websocket/header.hpp"

namespace stillroom::websocket {
namespace {

std::string header_of(std::size_t payload_bytes) {
  std::string out;
  append_frame_header(out, Opcode::binary, payload_bytes);
  return out;
}

TEST(Frame, length_takes_the_shortest_form) {  // §5.2
  EXPECT_EQ(header_of(0), std::string("\x82\x00", 2));
  EXPECT_EQ(header_of(125), std::string("\x82\x7D", 2));
  EXPECT_EQ(header_of(126), std::string("\x82\x7E\x00\x7E", 4));
  EXPECT_EQ(header_of(65535), std::string("\x82\x7E\xFF\xFF", 4));
  EXPECT_EQ(header_of(65536), std::string("\x82\x7F\0\0\0\0\0\x01\0\0", 10));
}

TEST(Frame, examples_of_section_5_7) {
  std::string out;
  append_frame(out, Opcode::text, "Hello");
  EXPECT_EQ(out, "\x81\x05Hello");
  out.clear();
  append_frame(out, Opcode::ping, "Hello");
  EXPECT_EQ(out, "\x89\x05Hello");
}

TEST(Frame, frames_are_appended_behind_what_is_there) {
  std::string out = "before";
  append_frame(out, Opcode::text, "a");
  append_frame(out, Opcode::text, "b");
  EXPECT_EQ(out,
            "before\x81\x01"
            "a\x81\x01"
            "b");
}

TEST(Frame, long_control_frame_ends_the_process) {
  std::string out;
  EXPECT_DEATH(append_frame(out, Opcode::ping, std::string(126, 'x')), "control frame");
}

TEST(Close, carries_code_and_reason) {
  std::string out;
  append_close(out, CloseCode::message_too_big, "too big");
  EXPECT_EQ(out, "\x88\x09\x03\xF1too big");
}

TEST(Close, without_a_code_is_empty) {
  std::string out;
  append_close(out, CloseCode::no_status);
  EXPECT_EQ(out, std::string("\x88\x00", 2));
}

TEST(Close, reason_is_cut_between_characters) {
  std::string reason(122, 'x');
  reason += "\xE2\x82\xAC";
  std::string out;
  append_close(out, CloseCode::normal, reason);
  EXPECT_EQ(out.size(), 2U + 2U + 122U);
}

TEST(Close, codes_allowed_on_the_wire) {  // §7.4
  unsigned allowed = 0;
  for (unsigned code = 0; code <= 0xFFFF; ++code) {
    allowed += may_be_sent(static_cast<std::uint16_t>(code)) ? 1U : 0U;
  }
  EXPECT_EQ(allowed, 4U + 8U + 2000U);
}

TEST(Mask, turns_with_the_bytes_it_covered) {
  const std::string plain = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (std::size_t cut = 0; cut <= plain.size(); ++cut) {
    Mask once = {'\x12', '\x34', '\x56', '\x78'};
    Mask twice = once;
    std::string whole = plain;
    std::string parts = plain;
    unmask(whole, once);
    unmask(std::span(parts).first(cut), twice);
    unmask(std::span(parts).subspan(cut), twice);
    EXPECT_EQ(whole, parts) << "cut at " << cut;
    EXPECT_EQ(once, twice);
  }
}

}  // namespace
}  // namespace stillroom::websocket
