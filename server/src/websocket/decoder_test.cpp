// SPDX-License-Identifier: Apache-2.0
#include "websocket/decoder.hpp"

#include <gtest/gtest.h>

#include <random>

#include "websocket/test_client.hpp"

namespace stillroom::websocket::test {
namespace {

using Lines = std::vector<std::string>;
using Sizes = std::vector<std::size_t>;

struct Case {
  std::string name;
  std::string bytes;
  Lines lines;
  std::optional<CloseCode> error;
  Limits limits;
};

/// Every case runs whole, byte by byte, and in odd pieces: the outcome may not depend on it.
constexpr std::size_t kPieces[] = {0, 1, 2, 3, 7, 13, 1021};

class Rfc6455 : public testing::TestWithParam<Case> {};

TEST_P(Rfc6455, gives_the_same_outcome_in_any_split) {
  const Case& c = GetParam();
  for (const std::size_t piece : kPieces) {
    if (piece == 1 && c.bytes.size() > 20'000) continue;
    const Outcome outcome = run(c.bytes, piece, c.limits);
    EXPECT_EQ(outcome.lines, c.lines) << "pieces of " << piece;
    EXPECT_EQ(outcome.error, c.error) << "pieces of " << piece;
  }
}

std::string named(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

std::string pattern(std::size_t size) {
  std::string out(size, 'x');
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>('a' + i % 26);
  return out;
}

// §5.2 lengths, §5.3 masks
// -------------------------------------------------------------------------

std::vector<Case> lengths() {
  std::vector<Case> cases;
  const Limits wide{.message_bytes_max = 1 << 20};
  for (const std::size_t size :
       Sizes{0,   1,   2,   3,   4,   5,   7,    8,    9,     15,    16,    17,    124,
             125, 126, 127, 128, 255, 256, 1000, 4096, 65534, 65535, 65536, 65537, 131'072}) {
    const std::string number = std::to_string(size);
    cases.push_back({"text_of_" + number,
                     whole(Opcode::text, pattern(size)),
                     {"text:" + pattern(size)},
                     {},
                     wide});
    cases.push_back({"binary_of_" + number,
                     whole(Opcode::binary, pattern(size)),
                     {"binary:" + pattern(size)},
                     {},
                     wide});
  }
  return cases;
}

std::vector<Case> masks() {
  std::vector<Case> cases;
  for (const std::uint32_t mask :
       {0U, 1U, 0xFFU, 0xFF000000U, 0xFFFFFFFFU, 0x80808080U, 0x12345678U}) {
    for (const std::size_t size : Sizes{1, 3, 4, 8, 11, 29}) {
      cases.push_back({"mask_" + std::to_string(mask) + "_on_" + std::to_string(size),
                       bytes_of({.first_byte = 0x82, .payload = pattern(size), .mask = mask}),
                       {"binary:" + pattern(size)},
                       {},
                       {}});
    }
  }
  return cases;
}

std::vector<Case> unmasked() {
  std::vector<Case> cases;
  for (const unsigned opcode : {0U, 1U, 2U, 8U, 9U, 10U}) {
    cases.push_back({"unmasked_opcode_" + std::to_string(opcode),
                     bytes_of({.first_byte = kFin | opcode, .payload = "ab", .mask = {}}),
                     {},
                     CloseCode::protocol_error,
                     {}});
  }
  return cases;
}

std::vector<Case> long_forms() {
  std::vector<Case> cases;
  const auto add = [&cases](std::string name, LengthForm form, std::uint64_t size,
                            CloseCode error) {
    cases.push_back(
        {std::move(name),
         bytes_of({.first_byte = 0x82, .payload = "xyz", .form = form, .announced = size}),
         {},
         error,
         {}});
  };
  for (const std::uint64_t size : Sizes{0, 1, 3, 124, 125}) {
    add("two_bytes_for_" + std::to_string(size), LengthForm::two_bytes, size,
        CloseCode::protocol_error);
  }
  for (const std::uint64_t size : Sizes{0, 3, 125, 126, 65534, 65535}) {
    add("eight_bytes_for_" + std::to_string(size), LengthForm::eight_bytes, size,
        CloseCode::protocol_error);
  }
  for (unsigned bit = 17; bit < 63; ++bit) {
    add("two_to_the_" + std::to_string(bit), LengthForm::eight_bytes, (std::uint64_t{1} << bit) + 1,
        CloseCode::message_too_big);
  }
  for (const std::uint64_t low :
       {std::uint64_t{0}, std::uint64_t{1}, (std::uint64_t{1} << 63) - 1}) {
    add("top_bit_and_" + std::to_string(low), LengthForm::eight_bytes,
        (std::uint64_t{1} << 63) | low, CloseCode::protocol_error);
  }
  return cases;
}

// §5.2 reserved bits and opcodes
// -------------------------------------------------------------------

std::vector<Case> reserved() {
  std::vector<Case> cases;
  for (unsigned rsv = 1; rsv < 8; ++rsv) {
    for (const unsigned opcode : {0U, 1U, 2U, 8U, 9U, 10U}) {
      cases.push_back({"rsv_" + std::to_string(rsv) + "_opcode_" + std::to_string(opcode),
                       whole(Opcode::text, "before") + frame(kFin | rsv << 4 | opcode, "ab"),
                       {"text:before"},
                       CloseCode::protocol_error,
                       {}});
    }
  }
  for (const unsigned opcode : {3U, 4U, 5U, 6U, 7U, 11U, 12U, 13U, 14U, 15U}) {
    for (const unsigned fin : {0U, kFin}) {
      for (const std::size_t size : Sizes{0, 2}) {
        cases.push_back({"opcode_" + std::to_string(opcode) + "_fin_" + std::to_string(fin) +
                             "_of_" + std::to_string(size),
                         frame(fin | opcode, pattern(size)),
                         {},
                         CloseCode::protocol_error,
                         {}});
      }
    }
  }
  return cases;
}

// §5.4 fragments, §5.5 control frames
// --------------------------------------------------------------

std::vector<Case> controls() {
  std::vector<Case> cases;
  for (const std::size_t size : Sizes{0, 1, 4, 124, 125}) {
    const std::string number = std::to_string(size);
    cases.push_back({"ping_of_" + number,
                     whole(Opcode::ping, pattern(size)),
                     {"ping:" + pattern(size)},
                     {},
                     {}});
    cases.push_back({"pong_of_" + number,
                     whole(Opcode::pong, pattern(size)),
                     {"pong:" + pattern(size)},
                     {},
                     {}});
  }
  for (const Opcode opcode : {Opcode::ping, Opcode::pong, Opcode::close}) {
    const std::string number = std::to_string(static_cast<unsigned>(opcode));
    for (const std::size_t size : Sizes{126, 127, 65536}) {
      cases.push_back({"control_" + number + "_of_" + std::to_string(size),
                       whole(opcode, pattern(size)),
                       {},
                       CloseCode::protocol_error,
                       {}});
    }
    cases.push_back({"control_" + number + "_in_fragments",
                     frame(static_cast<unsigned>(opcode), "a"),
                     {},
                     CloseCode::protocol_error,
                     {}});
  }
  cases.push_back({"ping_of_any_bytes",
                   whole(Opcode::ping, "\xFF\xFE\x00"),
                   {std::string("ping:\xFF\xFE")},
                   {},
                   {}});
  return cases;
}

Case fragments_case(std::string name, Lines frames, Lines lines,
                    std::optional<CloseCode> error = {}) {
  Case c{std::move(name), {}, std::move(lines), error, {}};
  for (const auto& bytes : frames) c.bytes += bytes;
  return c;
}

std::vector<Case> fragments() {
  const auto broken = CloseCode::protocol_error;
  return {
      fragments_case("two", {frame(1, "ab"), frame(0x80, "cd")}, {"text:abcd"}),
      fragments_case("all_empty", {frame(1), frame(0), frame(0x80)}, {"text:"}),
      fragments_case("empty_middle", {frame(2, "a"), frame(0), frame(0x80, "b")}, {"binary:ab"}),
      fragments_case("empty_first_and_last", {frame(1), frame(0, "mid"), frame(0x80)},
                     {"text:mid"}),
      fragments_case("ping_between", {frame(1, "ab"), whole(Opcode::ping, "p"), frame(0x80, "cd")},
                     {"ping:p", "text:abcd"}),
      fragments_case("pong_and_ping_between",
                     {frame(2, "ab"), whole(Opcode::pong), whole(Opcode::ping, "p"), frame(0, "c"),
                      whole(Opcode::ping, "q"), frame(0x80, "d")},
                     {"pong:", "ping:p", "ping:q", "binary:abcd"}),
      fragments_case("close_between",
                     {frame(1, "ab"), whole(Opcode::close, "\x03\xE8"), frame(0x80, "cd")},
                     {"close:1000:"}),
      fragments_case("two_messages",
                     {frame(1, "a"), frame(0x80, "b"), frame(2, "c"), frame(0x80, "d")},
                     {"text:ab", "binary:cd"}),
      fragments_case("whole_after_fragments", {frame(1, "a"), frame(0x80, "b"), frame(0x81, "c")},
                     {"text:ab", "text:c"}),
      fragments_case("unfinished_is_not_delivered", {frame(1, "a"), frame(0, "b")}, {}),
      fragments_case("continuation_of_nothing", {frame(0x80, "a")}, {}, broken),
      fragments_case("open_continuation_of_nothing", {frame(0, "a")}, {}, broken),
      fragments_case("empty_continuation_of_nothing", {frame(0x80)}, {}, broken),
      fragments_case("text_inside_text", {frame(1, "a"), frame(1, "b")}, {}, broken),
      fragments_case("whole_text_inside_text", {frame(1, "a"), frame(0x81, "b")}, {}, broken),
      fragments_case("binary_inside_text", {frame(1, "a"), frame(0x82, "b")}, {}, broken),
      fragments_case("text_inside_binary", {frame(2, "a"), frame(0x81, "b")}, {}, broken),
      fragments_case("continuation_after_the_end",
                     {frame(1, "a"), frame(0x80, "b"), frame(0x80, "c")}, {"text:ab"}, broken),
      fragments_case("continuation_after_a_whole_message", {frame(0x81, "a"), frame(0x80, "b")},
                     {"text:a"}, broken),
  };
}

std::vector<Case> limits() {
  std::vector<Case> cases;
  const auto add = [&cases](std::string name, std::string bytes, Lines lines,
                            std::optional<CloseCode> error, Limits limit) {
    cases.push_back({std::move(name), std::move(bytes), std::move(lines), error, limit});
  };
  const Limits ten{.message_bytes_max = 10};
  add("exactly_the_limit", whole(Opcode::text, pattern(10)), {"text:" + pattern(10)}, {}, ten);
  add("one_over", whole(Opcode::text, pattern(11)), {}, CloseCode::message_too_big, ten);
  add("sum_exactly", frame(2, "12345") + frame(0x80, "67890"), {"binary:1234567890"}, {}, ten);
  add("sum_one_over", frame(2, "12345") + frame(0x80, "678901"), {}, CloseCode::message_too_big,
      ten);
  add("control_does_not_count",
      frame(2, "12345") + whole(Opcode::ping, pattern(100)) + frame(0x80, "67890"),
      {"ping:" + pattern(100), "binary:1234567890"}, {}, ten);
  add("nothing_allowed_but_empty", whole(Opcode::text), {"text:"}, {}, {.message_bytes_max = 0});
  for (const unsigned count : {1U, 2U, 15U, 16U, 17U, 40U}) {
    std::string bytes = frame(2, "x");
    for (unsigned i = 2; i <= count; ++i) bytes += frame(i == count ? 0x80 : 0, "x");
    const bool fits = count <= 16;
    // A single frame without FIN is one of sixteen and never complete.
    const Lines lines = fits && count > 1 ? Lines{"binary:" + std::string(count, 'x')} : Lines{};
    add("fragments_" + std::to_string(count), bytes, lines,
        fits ? std::nullopt : std::optional(CloseCode::policy_violation), {});
    add("no_cap_on_" + std::to_string(count), bytes,
        count > 1 ? Lines{"binary:" + std::string(count, 'x')} : Lines{}, {}, {.fragments_max = 0});
  }
  return cases;
}

// §5.5.1, §7.4 close ------------------------------------------------------------------------------

std::string code_bytes(unsigned code) {
  std::string out;
  append_number(out, code, 2);
  return out;
}

std::vector<Case> closes() {
  std::vector<Case> cases;
  for (const unsigned code : {1000U, 1001U, 1002U, 1003U, 1007U, 1008U, 1009U, 1010U, 1011U, 1012U,
                              1013U, 1014U, 3000U, 3001U, 3999U, 4000U, 4001U, 4999U}) {
    const std::string number = std::to_string(code);
    cases.push_back({"code_" + number,
                     whole(Opcode::close, code_bytes(code)),
                     {"close:" + number + ":"},
                     {},
                     {}});
    cases.push_back({"code_" + number + "_with_reason",
                     whole(Opcode::close, code_bytes(code) + "why"),
                     {"close:" + number + ":why"},
                     {},
                     {}});
  }
  for (const unsigned code :
       {0U,    1U,    7U,    500U,  999U,  1004U, 1005U, 1006U, 1015U,  1016U,
        1017U, 1100U, 1999U, 2000U, 2999U, 5000U, 5001U, 9999U, 32768U, 65535U}) {
    cases.push_back({"refused_code_" + std::to_string(code),
                     whole(Opcode::close, code_bytes(code)),
                     {},
                     CloseCode::protocol_error,
                     {}});
  }
  const auto add = [&cases](std::string name, std::string payload, Lines lines,
                            std::optional<CloseCode> error) {
    cases.push_back(
        {std::move(name), whole(Opcode::close, std::move(payload)), std::move(lines), error, {}});
  };
  add("empty", "", {"close:1005:"}, {});
  add("one_byte", "\x03", {}, CloseCode::protocol_error);
  add("longest_reason", code_bytes(1000) + pattern(123), {"close:1000:" + pattern(123)}, {});
  add("reason_not_utf8", code_bytes(1000) + "\xC3\x28", {}, CloseCode::invalid_payload);
  add("reason_cut_inside_a_character", code_bytes(1000) + "\xE2\x82", {},
      CloseCode::invalid_payload);
  add("reason_in_utf8", code_bytes(1000) + "\xE2\x82\xAC", {"close:1000:\xE2\x82\xAC"}, {});
  for (const std::string& behind : {whole(Opcode::text, "x"), whole(Opcode::ping), frame(0x70, "x"),
                                    std::string("garbage"), whole(Opcode::close)}) {
    cases.push_back({"nothing_counts_behind_close_" + std::to_string(cases.size()),
                     whole(Opcode::close, code_bytes(1000)) + behind,
                     {"close:1000:"},
                     {},
                     {}});
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Lengths, Rfc6455, testing::ValuesIn(lengths()), named);
INSTANTIATE_TEST_SUITE_P(Masks, Rfc6455, testing::ValuesIn(masks()), named);
INSTANTIATE_TEST_SUITE_P(Unmasked, Rfc6455, testing::ValuesIn(unmasked()), named);
INSTANTIATE_TEST_SUITE_P(LongForms, Rfc6455, testing::ValuesIn(long_forms()), named);
INSTANTIATE_TEST_SUITE_P(Reserved, Rfc6455, testing::ValuesIn(reserved()), named);
INSTANTIATE_TEST_SUITE_P(Controls, Rfc6455, testing::ValuesIn(controls()), named);
INSTANTIATE_TEST_SUITE_P(Fragments, Rfc6455, testing::ValuesIn(fragments()), named);
INSTANTIATE_TEST_SUITE_P(Limits, Rfc6455, testing::ValuesIn(limits()), named);
INSTANTIATE_TEST_SUITE_P(Closes, Rfc6455, testing::ValuesIn(closes()), named);

// What the table cannot say
// ------------------------------------------------------------------------

TEST(Decoder, idle_connection_holds_two_words_and_no_heap) {
  EXPECT_LE(sizeof(Decoder), 16U);
  Decoder decoder;
  Notes notes;
  std::string bytes = frame(1, "ab") + frame(0x80, "cd") + whole(Opcode::ping, "p");
  ASSERT_TRUE(decoder.feed(bytes, {}, notes).ok());
  EXPECT_TRUE(decoder.idle());
  EXPECT_EQ(decoder.buffered_bytes(), 0U);
}

TEST(Decoder, whole_message_is_handed_over_in_place) {
  Decoder decoder;
  Notes notes;
  std::string bytes = whole(Opcode::text, "in place");
  ASSERT_TRUE(decoder.feed(bytes, {}, notes).ok());
  EXPECT_GE(notes.last_view.data(), bytes.data());
  EXPECT_LE(notes.last_view.data() + notes.last_view.size(), bytes.data() + bytes.size());
}

TEST(Decoder, announced_length_reserves_nothing) {
  Decoder decoder;
  Notes notes;
  std::string bytes = bytes_of({.first_byte = 0x82, .payload = "x", .announced = 131'072});
  ASSERT_TRUE(decoder.feed(bytes, {}, notes).ok());
  EXPECT_GT(decoder.buffered_bytes(), 0U);
  EXPECT_LT(decoder.buffered_bytes(), 1024U);
}

TEST(Decoder, memory_held_stays_near_the_message_limit) {
  const Limits limit{.message_bytes_max = 4096};
  const Outcome outcome =
      run(frame(2, pattern(2000)) + frame(0, pattern(2000)) + frame(0, "x"), 5, limit);
  EXPECT_LT(outcome.held_max, 2 * 4096 + 512U);
}

TEST(Decoder, stop_leaves_the_frames_behind) {
  Decoder decoder;
  Notes notes;
  notes.answer = Next::stop;
  const std::string first = whole(Opcode::text, "one");
  std::string bytes = first + whole(Opcode::text, "two");
  const auto fed = decoder.feed(bytes, {}, notes);
  ASSERT_TRUE(fed.ok());
  EXPECT_EQ(*fed, first.size());
  notes.answer = Next::more;
  ASSERT_TRUE(decoder.feed(std::span(bytes).subspan(*fed), {}, notes).ok());
  EXPECT_EQ(notes.lines, (Lines{"text:one", "text:two"}));
}

TEST(Decoder, failure_is_final) {
  Decoder decoder;
  Notes notes;
  std::string bad = frame(0xF1, "x");
  ASSERT_FALSE(decoder.feed(bad, {}, notes).ok());
  std::string good = whole(Opcode::text, "x");
  const auto again = decoder.feed(good, {}, notes);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error(), CloseCode::protocol_error);
  EXPECT_TRUE(notes.lines.empty());
}

TEST(Decoder, reserved_bits_fail_with_the_first_byte) {
  const Outcome outcome = run("\xC1", 1);
  EXPECT_EQ(outcome.error, CloseCode::protocol_error);
}

// Random conversations: what was sent arrives, in order, however it is cut.
class Conversation : public testing::TestWithParam<unsigned> {};

struct Written {
  std::string bytes;
  Lines lines;
};

void write_message(std::mt19937& dice, Written& out) {
  const bool text = dice() % 2 == 0;
  const std::string payload = pattern(dice() % 3 == 0 ? dice() % 70'000 : dice() % 300);
  const std::size_t pieces = 1 + dice() % 6;
  std::size_t at = 0;
  for (std::size_t i = 0; i < pieces; ++i) {
    const bool last = i + 1 == pieces;
    const std::size_t size = last ? payload.size() - at : dice() % (payload.size() - at + 1);
    const unsigned opcode = i > 0 ? 0 : (text ? 1 : 2);
    out.bytes += bytes_of({.first_byte = (last ? kFin : 0) | opcode,
                           .payload = payload.substr(at, size),
                           .mask = static_cast<std::uint32_t>(dice())});
    at += size;
    if (!last && dice() % 3 == 0) {
      const std::string data = pattern(dice() % 126);
      const bool ping = dice() % 2 == 0;
      out.bytes += whole(ping ? Opcode::ping : Opcode::pong, data);
      out.lines.push_back((ping ? "ping:" : "pong:") + data);
    }
  }
  out.lines.push_back((text ? "text:" : "binary:") + payload);
}

TEST_P(Conversation, arrives_in_order_however_it_is_cut) {
  std::mt19937 dice(GetParam());
  Written written;
  for (unsigned i = 0; i < 12; ++i) write_message(dice, written);

  Decoder decoder;
  Notes notes;
  std::string bytes = written.bytes;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = std::min<std::size_t>(1 + dice() % 5000, bytes.size() - at);
    const auto fed = decoder.feed(std::span(bytes).subspan(at, size), {}, notes);
    ASSERT_TRUE(fed.ok());
    ASSERT_EQ(*fed, size);
    at += size;
  }
  EXPECT_EQ(notes.lines, written.lines);
  EXPECT_TRUE(decoder.idle());
}

INSTANTIATE_TEST_SUITE_P(Seeds, Conversation, testing::Range(0U, 60U));

}  // namespace
}  // namespace stillroom::websocket::test
