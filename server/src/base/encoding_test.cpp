// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include "testing/seeded_rng.hpp"

namespace stillroom {
namespace {

using testing::SeededRng;

TEST(Base64, rfc4648_section_10_examples) {
  const std::pair<std::string, std::string> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : cases) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
}

TEST(Base64, refuses_what_is_not_canonical) {
  for (const char* text :
       {"Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zh==", "Zm9=", "Zm9v=", "Zm 9", "Zm9v\n",
        "Zg==Zg==", "Zm9_", "Zm9-", "Z=g=", "\xC3\xA9==", "Zm9v===="}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
  EXPECT_EQ(from_base64(std::string_view("Zg=\0", 4)), std::nullopt);
}

TEST(Base64Url, refuses_what_is_not_canonical) {
  EXPECT_EQ(from_base64url("-_-_"), "\xFB\xFF\xBF");
  EXPECT_EQ(from_base64url("Zg"), "f");
  for (const char* text : {"Zg==", "Zh", "Zm9", "Z", "Zm9vZ", "Zm+v", "Zm/v", "Zm 9", "Zm9v\n", "=",
                           "Zg.", "\xC3\xA9"}) {
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
  }
}

TEST(Base64, random_bytes_come_back_in_both_alphabets) {
  SeededRng rng(1);
  for (std::size_t size = 0; size < 200; ++size) {
    const std::string bytes = rng.bytes(size);
    EXPECT_EQ(from_base64(to_base64(as_bytes(bytes))), bytes);
    EXPECT_EQ(from_base64url(to_base64url(as_bytes(bytes))), bytes);
  }
}

/// Strict means one text for one value: whatever is accepted is what we would have written.
TEST(Base64, accepted_text_is_the_only_text_of_its_bytes) {
  SeededRng rng(2);
  constexpr std::string_view alphabet = "ABwxyz0189+/-_= ";
  int accepted = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text;
    for (std::uint64_t left = rng.below(9); left > 0; --left) {
      text += alphabet[rng.below(alphabet.size())];
    }
    if (const auto bytes = from_base64(text)) {
      EXPECT_EQ(to_base64(as_bytes(*bytes)), text);
      ++accepted;
    }
    if (const auto bytes = from_base64url(text)) {
      EXPECT_EQ(to_base64url(as_bytes(*bytes)), text);
      ++accepted;
    }
  }
  EXPECT_GT(accepted, 1000);
}

TEST(Hex, is_lower_case_and_keeps_zeros) {
  EXPECT_EQ(to_hex(as_bytes(std::string_view("\x00\x0F\xA0\xFF", 4))), "000fa0ff");
}

/// RFC 3629 §4 written out a second time, by code points instead of byte ranges.
bool is_utf8_by_code_points(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    std::size_t length = 0;
    std::uint32_t code = 0;
    if (lead < 0x80)
      length = 1, code = lead;
    else if (lead >> 5 == 6)
      length = 2, code = lead & 0x1FU;
    else if (lead >> 4 == 14)
      length = 3, code = lead & 0x0FU;
    else if (lead >> 3 == 30)
      length = 4, code = lead & 0x07U;
    else
      return false;
    if (text.size() - at < length) return false;
    for (std::size_t index = 1; index < length; ++index) {
      const auto byte = static_cast<unsigned char>(text[at + index]);
      if (byte >> 6 != 2) return false;
      code = code << 6 | (byte & 0x3FU);
    }
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < smallest[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
      return false;
    at += length;
  }
  return true;
}

/// False at the first bad byte, and only then.
bool streamed(std::string_view text, bool& complete) {
  Utf8Stream stream;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!stream.accept(text.substr(at, 1))) return false;
  }
  complete = stream.complete();
  return true;
}

TEST(Utf8, every_sequence_of_up_to_three_bytes_and_all_leads_of_four) {
  std::uint64_t checked = 0;
  const auto check = [&checked](std::string_view text) {
    ++checked;
    const bool expected = is_utf8_by_code_points(text);
    if (is_utf8(text) != expected) return false;
    bool complete = false;
    return (streamed(text, complete) && complete) == expected;
  };
  // The second byte decides everything that the third cannot: the third takes its edge values.
  constexpr unsigned edges[] = {0x00, 0x22, 0x7F, 0x80, 0x81, 0xBF, 0xC0, 0xFF};
  for (unsigned first = 0; first < 256; ++first) {
    ASSERT_TRUE(check(std::string{static_cast<char>(first)})) << first;
    for (unsigned second = 0; second < 256; ++second) {
      std::string text{static_cast<char>(first), static_cast<char>(second)};
      ASSERT_TRUE(check(text)) << first << ' ' << second;
      for (const unsigned third : edges) {
        for (const unsigned fourth : edges) {
          const std::string longer = text + static_cast<char>(third) + static_cast<char>(fourth);
          ASSERT_TRUE(check(longer)) << first << ' ' << second << ' ' << third << ' ' << fourth;
          ASSERT_TRUE(check(longer.substr(0, 3)));
        }
      }
    }
  }
  EXPECT_GT(checked, 8'000'000U);
}

TEST(Utf8Stream, fails_at_the_first_byte_that_cannot_go_on) {
  const std::pair<std::string, std::size_t> cases[] = {
      {"\xC0\x80", 0},         {"a\x80", 1},       {"\xE0\x80\x80", 1}, {"\xED\xA0\x80", 1},
      {"\xF0\x80", 1},         {"\xF4\x90", 1},    {"\xF5", 0},         {"\xE2\x82(", 2},
      {"\xF0\x9F\x98\xC0", 3}, {"12345678\xFF", 8}};
  for (const auto& [text, bad] : cases) {
    Utf8Stream stream;
    for (std::size_t at = 0; at < bad; ++at) EXPECT_TRUE(stream.accept(text.substr(at, 1)));
    EXPECT_FALSE(stream.accept(text.substr(bad, 1))) << to_hex(as_bytes(text));
  }
}

TEST(Utf8Stream, a_half_character_is_not_complete) {
  Utf8Stream stream;
  EXPECT_TRUE(stream.accept("caf\xC3"));
  EXPECT_FALSE(stream.complete());
  EXPECT_TRUE(stream.accept("\xA9"));
  EXPECT_TRUE(stream.complete());
}

TEST(Utf8Stream, agrees_with_the_whole_however_it_is_cut) {
  SeededRng rng(3);
  const std::string pieces[] = {"plain text of some length ", "\xC3\xA9", "\xE2\x82\xAC",
                                "\xF0\x9F\x98\x80", "\xED\x9F\xBF"};
  int good = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    while (text.size() < 60) text += pieces[rng.below(5)];
    if (rng.chance(1, 2)) text[rng.below(text.size())] = static_cast<char>(rng.below(256));
    Utf8Stream stream;
    bool accepted = true;
    for (std::size_t at = 0; accepted && at < text.size();) {
      const std::size_t length = rng.between(1, 20);
      accepted = stream.accept(std::string_view(text).substr(at, length));
      at += length;
    }
    const bool whole = is_utf8(text);
    EXPECT_EQ(accepted && stream.complete(), whole);
    EXPECT_EQ(whole, is_utf8_by_code_points(text));
    good += whole ? 1 : 0;
  }
  EXPECT_GT(good, 5000);
  EXPECT_LT(good, 19'000);
}

}  // namespace
}  // namespace stillroom
