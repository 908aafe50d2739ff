// SPDX-License-Identifier: Apache-2.0
#include "signalling/problems.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/json.hpp"

namespace stillroom::signalling {
namespace {

TEST(Problems, identity_refusals_keep_their_code_and_message) {
  using enum identity::Refusal;
  for (const auto refusal :
       {token_missing, token_invalid, token_expired, user_unknown, user_inactive}) {
    const Problem& problem = problem_of(refusal);
    EXPECT_EQ(problem.code, identity::code(refusal));
    EXPECT_EQ(problem.text, identity::message(refusal));
    EXPECT_EQ(problem.status, 401);
  }
}

TEST(Problems, entry_refusals_have_the_sentences_of_the_contract) {
  using enum session::Refusal;
  const std::vector<std::tuple<session::Refusal, int, std::string>> table{
      {not_yours, 403, "Unauthorized access to this session"},
      {cancelled, 400, "Cannot join cancelled or declined session"},
      {payment_pending, 409, "Payment must be confirmed before joining"},
      {too_early, 409, "Too early to join"},
      {ended, 409, "Session has ended"}};
  for (const auto& [refusal, status, text] : table) {
    EXPECT_EQ(problem_of(refusal).status, status) << text;
    EXPECT_EQ(problem_of(refusal).text, text);
  }
}

TEST(Problems, every_refusal_of_a_room_has_a_status_a_code_and_a_sentence) {
  std::set<std::string_view> codes;
  for (int value = 0; value <= static_cast<int>(room::Refusal::unknown_event); ++value) {
    const Problem problem = problem_of(static_cast<room::Refusal>(value));
    EXPECT_GE(problem.status, 400) << value;
    EXPECT_FALSE(problem.code.empty()) << value;
    EXPECT_FALSE(problem.text.empty()) << value;
    codes.insert(problem.code);
  }
  EXPECT_GT(codes.size(), 10U);
}

TEST(Problems, are_encoded_as_rfc_9457_with_the_contracts_member) {
  EXPECT_EQ(encode_problem(problems::kLinkInvalid),
            R"({"type":"about:blank","title":"Gone","status":410,)"
            R"("detail":"Link is no longer valid","error":"Link is no longer valid",)"
            R"("code":"link_invalid"})");
  for (const Problem& problem : problems::kAll) {
    const std::string text = encode_problem(problem);
    json::Document document;
    const auto root = document.parse(text);
    ASSERT_TRUE(root) << text;
    EXPECT_EQ(root->find("status")->as_integer(), problem.status);
    EXPECT_EQ(root->find("error")->as_string(), problem.text);
    EXPECT_EQ(root->find("code")->as_string(), problem.code);
    EXPECT_NE(root->find("title")->as_string(), "Error") << "a status without a title";
  }
}

TEST(Problems, a_refused_connect_tells_its_code_as_data) {
  EXPECT_EQ(encode_connect_error_data(problems::kTokenExpired), R"({"code":"token_expired"})");
}

}  // namespace
}  // namespace stillroom::signalling
