// SPDX-License-Identifier: Apache-2.0
#include "identity/token.hpp"

#include <gtest/gtest.h>

namespace stillroom::identity {
namespace {

std::string chosen(const OfferedTokens& offered, QueryTokens query = QueryTokens::accepted) {
  const auto token = choose_token(offered, query);
  return token ? std::string(token->reveal()) : "none";
}

TEST(TokenOrder, auth_comes_before_query_before_header) {
  EXPECT_EQ(chosen({"a", "q", "Bearer h"}), "a");
  EXPECT_EQ(chosen({std::nullopt, "q", "Bearer h"}), "q");
  EXPECT_EQ(chosen({std::nullopt, std::nullopt, "Bearer h"}), "h");
  EXPECT_EQ(chosen({}), "none");
}

TEST(TokenOrder, an_empty_text_counts_as_absent) {
  EXPECT_EQ(chosen({"", "q", "Bearer h"}), "q");
  EXPECT_EQ(chosen({"", "", "Bearer h"}), "h");
  EXPECT_EQ(chosen({"", "", ""}), "none");
}

TEST(TokenOrder, a_setting_ignores_tokens_in_the_url) {
  EXPECT_EQ(chosen({std::nullopt, "q", "Bearer h"}, QueryTokens::ignored), "h");
  EXPECT_EQ(chosen({std::nullopt, "q", std::nullopt}, QueryTokens::ignored), "none");
}

TEST(TokenOrder, only_the_bearer_scheme_of_the_header_is_read) {
  EXPECT_EQ(bearer_token("Bearer abc"), "abc");
  EXPECT_EQ(bearer_token("bearer abc"), "abc");
  EXPECT_EQ(bearer_token("BEARER   abc"), "abc");
  EXPECT_EQ(bearer_token("Bearer abc def"), "abc def") << "the verifier refuses the blank";
  for (const std::string_view value :
       {"", "Bearer", "Bearer ", "Bearer    ", "Basic abc", "Bearerabc", "Bearer\tabc",
        " Bearer abc", "Token abc", "abc"}) {
    EXPECT_FALSE(bearer_token(value)) << value;
  }
}

}  // namespace
}  // namespace stillroom::identity
