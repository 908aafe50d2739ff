// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/json.hpp"

namespace stillroom::json {
namespace {

template <class Write>
std::string written(Write write) {
  std::string out;
  Writer writer(out);
  write(writer);
  EXPECT_TRUE(writer.complete());
  return out;
}

TEST(JsonWriter, commas_stand_between_and_nowhere_else) {
  EXPECT_EQ(written([](Writer& w) { w.begin_object().end_object(); }), "{}");
  EXPECT_EQ(written([](Writer& w) { w.begin_array().end_array(); }), "[]");
  EXPECT_EQ(written([](Writer& w) {
              w.begin_array().integer(1).boolean(true).null().string("s").end_array();
            }),
            R"([1,true,null,"s"])");
  EXPECT_EQ(written([](Writer& w) {
              w.begin_object().key("a").integer(-1).key("b").boolean(false).end_object();
            }),
            R"({"a":-1,"b":false})");
}

TEST(JsonWriter, commas_are_right_behind_empty_and_full_containers) {
  EXPECT_EQ(written([](Writer& w) {
              w.begin_array().begin_array().end_array().begin_object().end_object();
              w.begin_array().integer(1).end_array().integer(2).end_array();
            }),
            "[[],{},[1],2]");
  EXPECT_EQ(written([](Writer& w) {
              w.begin_object().key("a").begin_object().end_object();
              w.key("b").begin_array().begin_object().key("c").null().end_object().end_array();
              w.key("d").begin_object().key("e").begin_array().end_array().end_object();
              w.key("f").raw("[ 1 ]").key("g").integer(0).end_object();
            }),
            R"({"a":{},"b":[{"c":null}],"d":{"e":[]},"f":[ 1 ],"g":0})");
}

TEST(JsonWriter, appends_behind_what_the_string_already_holds) {
  std::string out = "42";
  Writer(out).begin_array().string("event").end_array();
  EXPECT_EQ(out, R"(42["event"])");
}

TEST(JsonWriter, the_ends_of_integers) {
  EXPECT_EQ(written([](Writer& w) { w.integer(INT64_MIN); }), "-9223372036854775808");
  EXPECT_EQ(written([](Writer& w) { w.integer(INT64_MAX); }), "9223372036854775807");
}

TEST(JsonWriter, strings_are_escaped_where_they_must_be) {
  const auto quoted = [](std::string_view text) {
    std::string out;
    append_string(out, text);
    return out;
  };
  EXPECT_EQ(quoted(""), R"("")");
  EXPECT_EQ(quoted("say \"hi\" \\ /"), R"("say \"hi\" \\ /")");
  EXPECT_EQ(quoted("a\r\nb\tc"), R"("a\r\nb\tc")");
  EXPECT_EQ(quoted(std::string_view("\0\x1B\b\x1F", 4)), R"("\u0000\u001b\u0008\u001f")");
  EXPECT_EQ(quoted("\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA"), "\"\\u2028\\u2029\xE2\x80\xAA\"");
  EXPECT_EQ(quoted("caf\xC3\xA9 \xF0\x9F\x98\x80"), "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"");
}

TEST(JsonWriter, bytes_that_are_no_text_become_the_replacement_character) {
  std::string out;
  append_string(out,
                "a\xFF"
                "b\xC3");
  EXPECT_EQ(out,
            "\"a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\"");
}

using JsonWriterDeathTest = ::testing::Test;

TEST(JsonWriterDeathTest, misuse_ends_the_process) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  std::string out;
  EXPECT_DEATH(Writer(out).key("a"), "a key stands in an object");
  EXPECT_DEATH(Writer(out).begin_object().integer(1), "behind its key");
  EXPECT_DEATH(Writer(out).begin_object().key("a").key("b"), "a key stands in an object");
  EXPECT_DEATH(Writer(out).begin_object().key("a").end_object(), "a key has a value");
  EXPECT_DEATH(Writer(out).begin_array().end_object(), "an end belongs");
  EXPECT_DEATH(Writer(out).end_array(), "an end belongs");
  EXPECT_DEATH(Writer(out).integer(1).integer(2), "one value at its top");
  EXPECT_DEATH(
      {
        Writer writer(out);
        for (unsigned level = 0; level <= Writer::kDepthMax; ++level) writer.begin_array();
      },
      "levels deep");
}

}  // namespace
}  // namespace stillroom::json
