// SPDX-License-Identifier: Apache-2.0
#include "identity/id_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stillroom::identity {
namespace {

TEST(IdText, takes_what_login_servers_use_and_nothing_that_needs_escaping) {
  for (const std::string_view id :
       {"a", "42", "9b2f8a1c-77aa-4c1e-9b57-0f0e0d0c0b0a", "ada@example.org", "auth0|5f7c8e",
        "google-oauth2|1234", "user:1", "a.b_c+d~e=f"}) {
    EXPECT_TRUE(is_id_text(id)) << id;
  }
  for (const std::string_view id : {"", " a", "a b", "a/b", "a\\b", "a\"b", "a'b", "a<b", "a%b",
                                    "a?b", "a#b", "a\nb", "\xC3\xA9", "a\x7F"}) {
    EXPECT_FALSE(is_id_text(id)) << id;
  }
  EXPECT_FALSE(is_id_text(std::string_view("a\0b", 3)));
  EXPECT_TRUE(is_id_text(std::string(128, 'a')));
  EXPECT_FALSE(is_id_text(std::string(129, 'a')));
}

TEST(PersonNames, are_any_script_without_hidden_or_control_characters) {
  for (const std::string_view name :
       {"Ada", "Zoë Ångström", "李小龍", "Мария Склодовская", "José-María O'Neill", "<b>Ada</b>",
        "\U0001F642 Ada", "علی\u200Cرضا"}) {
    EXPECT_TRUE(person_name_from_text(name)) << name;
  }
  for (const std::string_view name :
       {"", " Ada", "Ada ", "Ada\n", "A\tda", "A\x7F", "A\u0085", "A\u200Bda", "\u202Eada",
        "A\u2028da", "\uFEFF", "A\u2066da", "\xFF", "A\xC3", "\xED\xA0\x80"}) {
    EXPECT_FALSE(person_name_from_text(name)) << name;
  }
}

TEST(PersonNames, count_characters_and_not_bytes) {
  std::string name;
  for (int index = 0; index < 200; ++index) name += "é";
  EXPECT_TRUE(person_name_from_text(name));
  EXPECT_FALSE(person_name_from_text(name + "é"));
  EXPECT_FALSE(person_name_from_text(std::string(201, 'a')));
}

}  // namespace
}  // namespace stillroom::identity
