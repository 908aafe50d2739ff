// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "testing/seeded_rng.hpp"
#include "testing/vectors.hpp"

namespace stillroom::json {
namespace {

using testing::SeededRng;

std::string outcome(std::string_view text, const Limits& limits = {}) {
  Document document;
  const auto value = document.parse(text, limits);
  if (value.ok()) return "ok";
  switch (value.error()) {
    case Error::malformed:
      return "malformed";
    case Error::not_utf8:
      return "not utf-8";
    case Error::too_deep:
      return "too deep";
    case Error::too_many_values:
      return "too many";
    case Error::duplicate_member:
      return "duplicate";
  }
  return "?";
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(JsonReader, depth_ends_at_its_limit) {
  EXPECT_EQ(outcome(nested(16)), "ok");
  EXPECT_EQ(outcome(nested(17)), "too deep");
  EXPECT_EQ(outcome("7", {.depth_max = 0}), "ok");
  EXPECT_EQ(outcome("[]", {.depth_max = 0}), "too deep");
  EXPECT_EQ(outcome(std::string(10'000, '[')), "too deep");
  std::string objects;
  for (int level = 0; level < 10'000; ++level) objects += "{\"a\":";
  EXPECT_EQ(outcome(objects), "too deep");
}

/// Nesting costs memory in proportion and no stack: an operator may allow what he likes.
TEST(JsonReader, ten_thousand_levels_are_read_when_allowed) {
  const Limits deep{.depth_max = 10'000, .members_max = 10'000};
  EXPECT_EQ(outcome(nested(10'000), deep), "ok");
  EXPECT_EQ(outcome(nested(10'001), deep), "too deep");
  EXPECT_EQ(outcome(std::string(10'000, '['), deep), "malformed");
}

TEST(JsonReader, members_and_elements_are_counted_over_the_whole_text) {
  const Limits four{.members_max = 4};
  EXPECT_EQ(outcome("[1,[2],3]", four), "ok");
  EXPECT_EQ(outcome("[1,[2,3],3]", four), "too many");
  EXPECT_EQ(outcome(R"({"a":{"b":1},"c":[2]})", four), "ok");
  EXPECT_EQ(outcome(R"({"a":{"b":1},"c":[2],"d":0})", four), "too many");
  EXPECT_EQ(outcome("[]", {.members_max = 0}), "ok");
  EXPECT_EQ(outcome("[[]]", {.members_max = 0}), "too many");
}

TEST(JsonReader, the_last_of_equal_members_wins_or_they_are_refused) {
  Document document;
  const auto value = document.parse(R"({"a":1,"b":2,"\u0061":3})");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->find("a")->as_integer(), 3);
  const Limits strict{.duplicates = Duplicates::refuse};
  EXPECT_EQ(outcome(R"({"a":1,"b":2,"\u0061":3})", strict), "duplicate");
  EXPECT_EQ(outcome(R"({"a":1,"a":1})", strict), "duplicate");
  EXPECT_EQ(outcome(R"([{"x":{"a":1,"a":1}}])", strict), "duplicate");
  EXPECT_EQ(outcome(R"({"\/":1,"/":1})", strict), "duplicate");
  EXPECT_EQ(outcome("{\"\xF0\x9F\x98\x80\":1,\"\\uD83D\\uDE00\":1}", strict), "duplicate");
  EXPECT_EQ(outcome("{\"\xC3\xA9\":1,\"\\u00e9\":1}", strict), "duplicate");
  EXPECT_EQ(outcome("{\"\xE2\x82\xAC\":1,\"\\u20AC\":1}", strict), "duplicate");
  EXPECT_EQ(outcome(R"({"a":1,"A":1,"":1,"aa":{"a":1},"b":{"a":1}})", strict), "ok");
  EXPECT_EQ(outcome(R"({})", strict), "ok");
  EXPECT_EQ(outcome(R"({"a\u0000":1,"a":1})", strict), "ok");
}

TEST(JsonReader, values_read_as_what_they_are_and_as_nothing_else) {
  Document document;
  const auto value = document.parse(
      R"( {"s":"plain","e":"tab\t\u00e9\ud83d\ude00\u0000.","t":true,"f":false,"n":null,)"
      R"("i":-42,"z":-0,"big":9223372036854775807,"over":9223372036854775808,"d":1.5e2,)"
      R"("huge":1e999,"a":[10,[],{}],"o":{}} )");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->size(), 13U);
  EXPECT_EQ(value->find("s")->as_string(), "plain");
  EXPECT_EQ(value->find("s")->as_plain_string(), "plain");
  EXPECT_EQ(value->find("e")->as_string(), std::string("tab\t\xC3\xA9\xF0\x9F\x98\x80\0.", 12));
  EXPECT_EQ(value->find("e")->as_plain_string(), std::nullopt);
  EXPECT_EQ(value->find("t")->as_boolean(), true);
  EXPECT_EQ(value->find("f")->as_boolean(), false);
  EXPECT_TRUE(value->find("n")->is(Kind::null));
  EXPECT_EQ(value->find("i")->as_integer(), -42);
  EXPECT_EQ(value->find("z")->as_integer(), 0);
  EXPECT_EQ(value->find("big")->as_integer(), INT64_MAX);
  EXPECT_EQ(value->find("over")->as_integer(), std::nullopt);
  EXPECT_EQ(value->find("d")->as_integer(), std::nullopt);
  EXPECT_EQ(value->find("d")->as_double(), 150.0);
  EXPECT_EQ(value->find("huge")->as_double(), std::nullopt);
  EXPECT_EQ(value->find("a")->at(0)->as_integer(), 10);
  EXPECT_EQ(value->find("a")->at(2)->raw(), "{}");
  EXPECT_FALSE(value->find("a")->at(3));
  EXPECT_FALSE(value->find("o")->at(0));
  EXPECT_FALSE(value->find("a")->find("s"));
  EXPECT_FALSE(value->find("absent"));
  EXPECT_EQ(value->find("i")->as_string(), std::nullopt);
  EXPECT_EQ(value->find("s")->as_integer(), std::nullopt);
  EXPECT_EQ(value->find("n")->as_boolean(), std::nullopt);
  EXPECT_EQ(value->find("s")->size(), 0U);
  EXPECT_EQ(value->find("s")->begin(), value->find("s")->end());
}

TEST(JsonReader, raw_is_the_exact_text_and_children_alternate) {
  Document document;
  const auto value = document.parse("\t{ \"a\" : [ 1 , 2 ] , \"b\":\"\\u0041\" }\n");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->raw(), "{ \"a\" : [ 1 , 2 ] , \"b\":\"\\u0041\" }");
  std::vector<std::string> raws;
  for (const Value child : *value) raws.emplace_back(child.raw());
  EXPECT_EQ(raws, (std::vector<std::string>{"\"a\"", "[ 1 , 2 ]", "\"b\"", "\"\\u0041\""}));
}

TEST(JsonReader, surrogates_come_in_pairs_or_not_at_all) {
  for (const char* text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\n")",
                           R"("\ud800\ud800")", R"("\udbff\ue000")", R"("\udc00\ud800")"}) {
    EXPECT_EQ(outcome(text), "not utf-8") << text;
  }
  for (const char* text : {R"("\ud800\u12")", R"("\u")", R"("\u12g4")", R"("\u 123")",
                           R"("\u+123")", R"("\x41")", R"("\)", R"("\u123)", R"("\U0041")"}) {
    EXPECT_EQ(outcome(text), "malformed") << text;
  }
  EXPECT_EQ(outcome("\"\xED\xA0\x80\""), "not utf-8");
}

/// The word-wide scan must find each special byte wherever it stands in the word.
TEST(JsonReader, each_byte_at_each_place_of_a_string_is_judged_alike) {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t place = 0; place < length; ++place) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        std::string text = '"' + std::string(length, 'x') + '"';
        text[place + 1] = static_cast<char>(byte);
        const char* expected = "ok";
        if (byte < 0x20 || byte == '"' || byte == '\\') expected = "malformed";
        if (byte >= 0x80) expected = "not utf-8";
        ASSERT_EQ(outcome(text), expected) << length << ' ' << place << ' ' << byte;
      }
    }
  }
}

/// A copy on the heap without a spare byte lets a sanitizer see a read past the end.
TEST(JsonReader, every_prefix_of_a_text_is_refused) {
  const std::string text =
      R"({"type":"offer","sdp":"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n","n":[1.5e-3,true,null,"\u00e9\ud83d\ude00é"]})";
  EXPECT_EQ(outcome(text), "ok");
  for (std::size_t length = 0; length < text.size(); ++length) {
    const std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_NE(outcome({exact.data(), exact.size()}), "ok") << length;
  }
}

TEST(JsonReader, a_failed_parse_leaves_a_document_that_parses_again) {
  Document document;
  EXPECT_FALSE(document.parse("[1,2").ok());
  const auto value = document.parse("[3]");
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->raw(), "[3]");
}

/// A value made at random, together with the text that it must read back as.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : rng_(seed) {}

  void value(Writer& writer, int depth) {
    switch (rng_.below(depth > 4 ? 5 : 7)) {
      case 0:
        writer.null();
        break;
      case 1:
        writer.boolean(rng_.chance(1, 2));
        break;
      case 2:
        writer.integer(static_cast<std::int64_t>(rng_.next()));
        break;
      case 3:
      case 4:
        writer.string(text());
        break;
      case 5:
        writer.begin_array();
        for (auto left = rng_.below(5); left > 0; --left) value(writer, depth + 1);
        writer.end_array();
        break;
      default:
        writer.begin_object();
        for (auto left = rng_.below(5); left > 0; --left) value(writer.key(text()), depth + 1);
        writer.end_object();
    }
  }
  std::string text() {
    static const std::string pieces[] = {
        "word ",    "\"",          "\\",           "\n",           std::string(1, '\0'), "\x1F",
        "\x7F",     "\xC3\xA9",    "\xE2\x80\xA8", "\xE2\x80\xA9", "\xF0\x9F\x98\x80",   "/",
        "<script>", "\xEF\xBF\xBF"};
    std::string out;
    for (auto left = rng_.below(8); left > 0; --left) out += pieces[rng_.below(std::size(pieces))];
    return out;
  }
  SeededRng& rng() { return rng_; }

 private:
  SeededRng rng_;
};

/// Writes what was read, so that equal texts mean equal trees.
void rewrite(const Value& value, Writer& writer) {
  switch (value.kind()) {
    case Kind::null:
      writer.null();
      return;
    case Kind::boolean:
      writer.boolean(*value.as_boolean());
      return;
    case Kind::number:
      if (const auto number = value.as_integer())
        writer.integer(*number);
      else
        writer.raw(value.raw());
      return;
    case Kind::string:
      writer.string(*value.as_string());
      return;
    case Kind::array:
      writer.begin_array();
      for (const Value element : value) rewrite(element, writer);
      writer.end_array();
      return;
    case Kind::object: {
      writer.begin_object();
      bool name = true;
      for (const Value child : value) {
        if (name)
          writer.key(*child.as_string());
        else
          rewrite(child, writer);
        name = !name;
      }
      writer.end_object();
    }
  }
}

constexpr Limits kWide{.depth_max = 64, .members_max = 100'000};

TEST(JsonProperty, what_the_writer_writes_the_reader_reads_back) {
  Document document;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    Generator generator(seed);
    std::string text;
    Writer writer(text);
    generator.value(writer, 0);
    ASSERT_TRUE(writer.complete());
    ASSERT_TRUE(is_utf8(text));
    const auto value = document.parse(text, kWide);
    ASSERT_TRUE(value.ok()) << seed << ' ' << text;
    ASSERT_EQ(value->raw(), text);
    std::string again;
    Writer second(again);
    rewrite(*value, second);
    ASSERT_EQ(again, text) << seed;
  }
}

/// Whatever a damaged text becomes: no crash, and what is accepted is stable under writing.
TEST(JsonProperty, damaged_texts_are_refused_or_mean_one_thing) {
  int accepted = 0;
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    Generator generator(seed);
    std::string text;
    Writer writer(text);
    generator.value(writer, 0);
    SeededRng& rng = generator.rng();
    for (auto left = rng.between(1, 3); left > 0; --left) {
      static constexpr std::string_view bytes = "[]{},:\"\\ 0-.eEtfnu\x80\xC3\xE2\n\x01";
      const std::size_t place = rng.below(text.size());
      if (rng.chance(1, 3))
        text.erase(place, 1);
      else if (rng.chance(1, 2))
        text.insert(place, 1, bytes[rng.below(bytes.size())]);
      else
        text[place] = bytes[rng.below(bytes.size())];
      if (text.empty()) break;
    }
    Document document;
    const auto value = document.parse(text, kWide);
    if (!value.ok()) {
      ++refused;
      continue;
    }
    ++accepted;
    ASSERT_TRUE(is_utf8(text)) << text;
    std::string once;
    Writer first(once);
    rewrite(*value, first);
    Document other;
    const auto read = other.parse(once, kWide);
    ASSERT_TRUE(read.ok());
    std::string twice;
    Writer second(twice);
    rewrite(*read, second);
    ASSERT_EQ(once, twice);
  }
  EXPECT_GT(accepted, 1000);
  EXPECT_GT(refused, 1000);
}

TEST(JsonProperty, duplicate_names_are_found_as_a_set_would) {
  int duplicates = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Generator generator(seed);
    std::set<std::string> names;
    std::string text;
    Writer writer(text);
    writer.begin_object();
    const std::size_t count = generator.rng().below(30);
    for (std::size_t index = 0; index < count; ++index) {
      const std::string name = generator.text();
      names.insert(name);
      writer.key(name).null();
    }
    writer.end_object();
    const bool expected = names.size() != count;
    Limits strict = kWide;
    strict.duplicates = Duplicates::refuse;
    ASSERT_EQ(outcome(text, strict), expected ? "duplicate" : "ok") << text;
    duplicates += expected ? 1 : 0;
  }
  EXPECT_GT(duplicates, 500);
}

/// The cases of the suite that RFC 8259 leaves open and that we accept; the others of them are
/// refused. A change here is a change of what peers may send.
const std::set<std::string> kOpenAccepted = {
    "i_number_double_huge_neg_exp.json", "i_number_huge_exp.json",
    "i_number_neg_int_huge_exp.json",    "i_number_pos_double_huge_exp.json",
    "i_number_real_neg_overflow.json",   "i_number_real_pos_overflow.json",
    "i_number_real_underflow.json",      "i_number_too_big_neg_int.json",
    "i_number_too_big_pos_int.json",     "i_number_very_big_negative_int.json"};

TEST(JsonTestSuite, all_y_are_accepted_all_n_refused_and_each_i_is_pinned) {
  STILLROOM_VECTORS_OR_SKIP(folder, "jsontestsuite/test_parsing");
  std::map<char, int> ran;
  std::set<std::string> open_accepted;
  for (const auto& path : testing::files_in(folder)) {
    const std::string name = path.filename().string();
    const std::string answer = outcome(testing::read_file(path));
    ++ran[name.front()];
    if (name.starts_with("y_")) {
      EXPECT_EQ(answer, "ok") << name;
    }
    if (name.starts_with("n_")) {
      EXPECT_NE(answer, "ok") << name;
    }
    if (name.starts_with("i_") && answer == "ok") open_accepted.insert(name);
  }
  EXPECT_EQ(ran['y'], 95);
  EXPECT_EQ(ran['n'], 188);
  EXPECT_EQ(ran['i'], 35);
  EXPECT_EQ(open_accepted, kOpenAccepted);
  RecordProperty("accepted", ran['y']);
  RecordProperty("refused", ran['n']);
  RecordProperty("open", ran['i']);
}

/// Odd but legal texts: what is not refused comes back byte for byte as raw.
TEST(JsonTestSuite, transform_cases_keep_their_text) {
  STILLROOM_VECTORS_OR_SKIP(folder, "jsontestsuite/test_transform");
  int accepted = 0;
  int refused = 0;
  for (const auto& path : testing::files_in(folder)) {
    const std::string text = testing::read_file(path);
    Document document;
    const auto value = document.parse(text);
    if (!value.ok()) {
      EXPECT_EQ(value.error(), Error::not_utf8) << path;
      ++refused;
      continue;
    }
    ++accepted;
    EXPECT_EQ(text.find(value->raw()), 0U) << path;
  }
  EXPECT_EQ(accepted + refused, 22);
  EXPECT_EQ(refused, 6) << "lone or swapped surrogates";
}

}  // namespace
}  // namespace stillroom::json
