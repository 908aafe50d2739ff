// SPDX-License-Identifier: Apache-2.0
#include "gateway/return_pass.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace stillroom::gateway {
namespace {

using std::chrono::days;

constexpr WallTime kNoon{days(20'000) + std::chrono::hours(12)};

ReturnPasses passes_of(char key) {
  return ReturnPasses(SecretText(std::string(32, key)));
}

class ReturnPassTest : public ::testing::Test {
 protected:
  ReturnPasses passes_ = passes_of('k');
  std::string anns_ = passes_.issue(UserId("ann"), kNoon);
};

TEST_F(ReturnPassTest, it_says_who_holds_it_to_whoever_has_the_key) {
  const auto holder = passes_.open(anns_, kNoon);
  ASSERT_TRUE(holder);
  EXPECT_EQ(*holder, passes_.holder(UserId("ann")));
  EXPECT_NE(*holder, passes_.holder(UserId("tea")));
  EXPECT_TRUE(passes_of('k').open(anns_, kNoon)) << "a server that was started again";
  EXPECT_FALSE(passes_of('o').open(anns_, kNoon));
}

TEST_F(ReturnPassTest, it_is_short_and_shows_no_id) {
  EXPECT_EQ(anns_.size(), 43U);
  EXPECT_EQ(passes_.issue(UserId(std::string(128, 'a')), kNoon).size(), 43U);
  EXPECT_EQ(anns_.find("ann"), std::string::npos);
  EXPECT_EQ(anns_, passes_.issue(UserId("ann"), kNoon + std::chrono::hours(11)))
      << "the same all day: it tells no connection from another";
  EXPECT_NE(passes_of('o').holder(UserId("ann")), passes_.holder(UserId("ann")))
      << "not a plain digest that others could make";
}

TEST_F(ReturnPassTest, it_is_over_after_thirty_days) {
  EXPECT_TRUE(passes_.open(anns_, kNoon + days(30) + std::chrono::hours(11)));
  EXPECT_FALSE(passes_.open(anns_, kNoon + days(30) + std::chrono::hours(12)));
}

TEST_F(ReturnPassTest, whatever_is_changed_in_it_it_is_none) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  int opened = 0;
  for (std::size_t at = 0; at < anns_.size(); ++at) {
    for (const char letter : letters) {
      std::string forged = anns_;
      forged[at] = letter;
      opened += passes_.open(forged, kNoon) ? 1 : 0;
    }
  }
  EXPECT_EQ(opened, 43) << "once at each place it is itself";
  for (const std::string& wrong : {std::string(), anns_ + "A", anns_ + "=", anns_.substr(1),
                                   std::string(43, 'A'), std::string(43, ' ')}) {
    EXPECT_FALSE(passes_.open(wrong, kNoon)) << wrong;
  }
}

}  // namespace
}  // namespace stillroom::gateway
