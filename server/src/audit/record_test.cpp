// SPDX-License-Identifier: Apache-2.0
#include "audit/record.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace stillroom::audit {
namespace {

Record full() {
  Record record;
  record.kind = Kind::joined;
  record.at = WallTime(milliseconds(1'795'514'400'123));
  record.actor = UserId("ada");
  record.role = identity::Role::client;
  record.session = SessionId("s1");
  record.room = RoomId("room-1");
  record.subject = UserId("bea");
  record.reason = "replaced";
  record.source = "0123456789abcdef";
  record.connection = "AbCdEf12";
  return record;
}

TEST(Canonical, a_full_record_is_one_line_with_sorted_members) {
  EXPECT_EQ(canonical(full()),
            R"({"actor":"ada","at":"2026-11-24T10:00:00.123Z","connection":"AbCdEf12",)"
            R"("kind":"joined","outcome":"allowed","reason":"replaced","role":"client",)"
            R"("room":"room-1","session":"s1","source":"0123456789abcdef","subject":"bea"})");
}

TEST(Canonical, what_is_absent_is_not_written) {
  Record record;
  record.kind = Kind::server_started;
  record.at = WallTime(seconds(0));
  record.outcome = Outcome::refused;
  EXPECT_EQ(canonical(record),
            R"({"at":"1970-01-01T00:00:00.000Z","kind":"server_started","outcome":"refused"})");
}

TEST(Canonical, members_stand_in_the_order_of_rfc_8785) {
  const std::string line = canonical(full());
  json::Document document;
  const auto root = document.parse(line, {.duplicates = json::Duplicates::refuse});
  ASSERT_TRUE(root);
  std::vector<std::string> names;
  bool is_name = true;
  for (const json::Value value : *root) {
    if (is_name) names.push_back(*value.as_string());
    is_name = !is_name;
  }
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(names.size(), 11U);
}

// RFC 8785 §3.2.2.2; the sample string of its §3.2.2 among them.
TEST(Canonical, strings_are_escaped_as_rfc_8785_says_and_no_further) {
  const auto reason = [](std::string text) {
    Record record;
    record.reason = std::move(text);
    const std::string line = canonical(record);
    const std::string head = R"("reason":)";
    const std::size_t at = line.find(head) + head.size();
    return line.substr(at, line.size() - at - 1);
  };
  EXPECT_EQ(reason("\u20ac$\u000f\nA'B\"\\\\\"/"), "\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
  EXPECT_EQ(reason("\b\t\n\f\r"), R"("\b\t\n\f\r")");
  EXPECT_EQ(reason(std::string("\0\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(reason("\x7f\u0080\u2028\U0001F600"), "\"\x7f\u0080\u2028\U0001F600\"");
}

TEST(Canonical, no_byte_of_a_value_breaks_the_line_or_the_json) {
  for (int byte = 1; byte < 128; ++byte) {
    Record record;
    record.reason = std::string("a") + static_cast<char>(byte) + "b";
    const std::string line = canonical(record);
    EXPECT_EQ(line.find_first_of("\n\r"), std::string::npos);
    json::Document document;
    const auto root = document.parse(line);
    ASSERT_TRUE(root) << byte;
    EXPECT_EQ(root->find("reason")->as_string(), record.reason) << byte;
  }
}

TEST(Kinds, every_kind_has_a_name_of_its_own_and_is_read_back) {
  std::set<std::string_view> names;
  for (int value = 0; value <= static_cast<int>(Kind::migrated); ++value) {
    const auto kind = static_cast<Kind>(value);
    EXPECT_FALSE(to_text(kind).empty()) << value;
    EXPECT_EQ(kind_from_text(to_text(kind)), kind) << value;
    names.insert(to_text(kind));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Kind::migrated) + 1);
  EXPECT_FALSE(kind_from_text("nothing"));
  EXPECT_FALSE(kind_from_text(""));
}

}  // namespace
}  // namespace stillroom::audit
