// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "websocket/test_client.hpp"

/// RFC 6455 §8.1: text is UTF-8, over fragments too, and fails at its first bad byte.
namespace stillroom::websocket::test {
namespace {

struct Text {
  const char* name;
  std::string bytes;
};

struct BadText {
  const char* name;
  std::string bytes;
  std::size_t bad_at;  ///< index of the first byte that cannot be right
};

std::vector<Text> good_texts() {
  return {
      {"ascii", "Hello"},
      {"nul", std::string("\0", 1)},
      {"two_bytes_least", "\xC2\x80"},
      {"two_bytes_most", "\xDF\xBF"},
      {"three_bytes_least", "\xE0\xA0\x80"},
      {"below_surrogates", "\xED\x9F\xBF"},
      {"above_surrogates", "\xEE\x80\x80"},
      {"three_bytes_most", "\xEF\xBF\xBF"},
      {"replacement", "\xEF\xBF\xBD"},
      {"four_bytes_least", "\xF0\x90\x80\x80"},
      {"four_bytes_most", "\xF4\x8F\xBF\xBF"},
      {"byte_order_mark", "\xEF\xBB\xBFx"},
      {"mixed", "k\xC3\xB6nnen \xE2\x82\xAC \xF0\x9F\x98\x80 ok"},
      {"long_ascii_then_wide", std::string(63, 'a') + "\xF0\x9F\x98\x80"},
  };
}

std::vector<BadText> bad_texts() {
  return {
      {"lone_continuation", "ab\x80", 2},
      {"last_continuation", "\xBF", 0},
      {"overlong_two", "\xC0\xAF", 0},
      {"overlong_two_high", "\xC1\xBF", 0},
      {"overlong_three", "a\xE0\x80\xAF", 2},
      {"overlong_three_high", "\xE0\x9F\xBF", 1},
      {"overlong_four", "\xF0\x80\x80\xAF", 1},
      {"overlong_four_high", "\xF0\x8F\xBF\xBF", 1},
      {"first_surrogate", "ab\xED\xA0\x80xy", 3},
      {"last_surrogate", "\xED\xBF\xBF", 1},
      {"surrogate_pair", "\xED\xA0\xBD\xED\xB8\x80", 1},
      {"beyond_the_last", "\xF4\x90\x80\x80", 1},
      {"f5", "\xF5\x80\x80\x80", 0},
      {"five_bytes", "\xF8\x88\x80\x80\x80", 0},
      {"six_bytes", "\xFC\x84\x80\x80\x80\x80", 0},
      {"fe", "x\xFE", 1},
      {"ff", "x\xFFz", 1},
      {"ascii_in_a_two", "\xC3(", 1},
      {"ascii_in_a_three", "\xE2\x82(", 2},
      {"ascii_in_a_four", "\xF0\x9F\x98(", 3},
      {"lead_in_a_three", "\xE2\xC3\xA4", 1},
      {"behind_good_text", "k\xC3\xB6nnen\xE2\x28\xA1", 8},
      {"latin_1", "f\xFCr", 1},
      {"utf_16", std::string("\xFF\xFE\x61\0", 4), 0},
  };
}

class GoodText : public testing::TestWithParam<Text> {};

TEST_P(GoodText, passes_at_every_split_of_frame_and_feed) {
  const std::string& text = GetParam().bytes;
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const std::string bytes = frame(1, text.substr(0, cut)) + frame(0x80, text.substr(cut));
    for (const std::size_t piece : std::vector<std::size_t>{0, 1, 3}) {
      const Outcome outcome = run(bytes, piece);
      EXPECT_EQ(outcome.error, std::nullopt);
      EXPECT_EQ(outcome.lines, (std::vector<std::string>{"text:" + text}));
    }
  }
}

TEST(CutText, inside_a_character_is_refused_at_the_end) {
  const std::string text = "k\xC3\xB6nnen \xF0\x9F\x98\x80";
  for (const std::size_t kept : std::vector<std::size_t>{2, 9, 10, 11}) {
    const Outcome outcome = run(whole(Opcode::text, text.substr(0, kept)));
    EXPECT_EQ(outcome.error, CloseCode::invalid_payload) << kept;
  }
}

class BadTextTest : public testing::TestWithParam<BadText> {};

TEST_P(BadTextTest, is_refused_whole) {
  const Outcome outcome = run(whole(Opcode::text, GetParam().bytes));
  EXPECT_EQ(outcome.error, CloseCode::invalid_payload);
  EXPECT_TRUE(outcome.lines.empty());
}

TEST_P(BadTextTest, fails_at_its_first_bad_byte) {
  // More text is announced than ever comes: only the bad byte itself can be the reason.
  const std::string bytes = bytes_of({.payload = GetParam().bytes + std::string(40, 'x')});
  const std::size_t header = bytes.size() - GetParam().bytes.size() - 40;
  const Outcome outcome = run(bytes, 1);
  ASSERT_EQ(outcome.error, CloseCode::invalid_payload);
  EXPECT_EQ(outcome.error_behind, header + GetParam().bad_at);
}

TEST_P(BadTextTest, fails_in_the_fragment_that_holds_it) {
  const std::string& text = GetParam().bytes;
  const std::size_t cut = GetParam().bad_at;
  const std::string first = frame(1, text.substr(0, cut));
  const Outcome outcome = run(first + frame(0, text.substr(cut)), 1);
  ASSERT_EQ(outcome.error, CloseCode::invalid_payload);
  EXPECT_EQ(outcome.error_behind, first.size() + 6);  // two bytes of header, four of mask
}

TEST_P(BadTextTest, is_fine_in_binary) {
  const Outcome outcome = run(whole(Opcode::binary, GetParam().bytes), 2);
  EXPECT_EQ(outcome.lines, (std::vector<std::string>{"binary:" + GetParam().bytes}));
}

template <class Param>
std::string named(const testing::TestParamInfo<Param>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Rfc3629, GoodText, testing::ValuesIn(good_texts()), named<Text>);
INSTANTIATE_TEST_SUITE_P(Rfc3629, BadTextTest, testing::ValuesIn(bad_texts()), named<BadText>);

}  // namespace
}  // namespace stillroom::websocket::test
