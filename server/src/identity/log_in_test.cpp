// SPDX-License-Identifier: Apache-2.0
#include "identity/log_in.hpp"

#include <gtest/gtest.h>

namespace stillroom::identity {
namespace {

constexpr WallTime kBegan{seconds(1'795'514'400)};
const LogInLimits kLimits;

std::optional<LogIn> known() {
  return LogIn{UserId("tea"), Role::psychologist, log_in_digest("secret"), kBegan, kBegan};
}
std::optional<Refusal> refusal(const std::optional<LogIn>& log_in, WallTime now,
                               const std::string& secret = "secret") {
  const auto opened = open_log_in("id", SecretText(secret), log_in, kLimits, now);
  return opened ? std::nullopt : std::optional(opened.error());
}

TEST(LogIns, a_good_secret_is_a_right_until_the_absolute_limit) {
  const auto opened = open_log_in("id", SecretText("secret"), known(), kLimits, kBegan);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->user(), UserId("tea"));
  EXPECT_EQ(opened->role(), Role::psychologist);
  EXPECT_EQ(opened->issued(), kBegan);
  EXPECT_EQ(opened->expires(), kBegan + kLimits.absolute);
  EXPECT_EQ(opened->id(), token_id_of_log_in("id"));
  EXPECT_NE(opened->id(), token_id_of("id")) << "no jti is ever a log-in's name";
  EXPECT_FALSE(opened->began()) << "nor does it make tokens that can be renewed";
}

TEST(LogIns, nothing_else_opens) {
  EXPECT_EQ(refusal(std::nullopt, kBegan), Refusal::token_invalid);
  EXPECT_EQ(refusal(known(), kBegan, "Secret"), Refusal::token_invalid);
  EXPECT_EQ(refusal(known(), kBegan, ""), Refusal::token_invalid);
  auto damaged = known();
  damaged->secret_digest.clear();
  EXPECT_EQ(refusal(damaged, kBegan), Refusal::token_invalid);
}

TEST(LogIns, one_that_nobody_uses_ends_and_none_lasts_for_ever) {
  auto log_in = known();
  EXPECT_EQ(refusal(log_in, kBegan + kLimits.idle - milliseconds(1)), std::nullopt);
  EXPECT_EQ(refusal(log_in, kBegan + kLimits.idle), Refusal::token_expired);
  log_in->seen = kBegan + kLimits.absolute - milliseconds(2);
  EXPECT_EQ(refusal(log_in, kBegan + kLimits.absolute - milliseconds(1)), std::nullopt);
  EXPECT_EQ(refusal(log_in, kBegan + kLimits.absolute), Refusal::token_expired);
}

}  // namespace
}  // namespace stillroom::identity
