// SPDX-License-Identifier: Apache-2.0
#include "base/token_bucket.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/bounded_table.hpp"

namespace stillroom {
namespace {

constexpr MonoTime kStart{std::chrono::hours(1)};
constexpr BucketSize kTenAMinute = BucketSize::of(10, minutes(1));

int take_all(TokenBucket& bucket, MonoTime now, BucketSize size) {
  int taken = 0;
  while (bucket.take(now, size)) taken += 1;
  return taken;
}

TEST(TokenBucket, holds_its_units_and_gets_one_back_at_a_time) {
  TokenBucket bucket;
  EXPECT_EQ(take_all(bucket, kStart, kTenAMinute), 10);
  EXPECT_EQ(bucket.wait(kStart, kTenAMinute), seconds(6));
  EXPECT_EQ(bucket.wait(kStart + seconds(2), kTenAMinute), seconds(4));
  EXPECT_FALSE(bucket.take(kStart + milliseconds(5999), kTenAMinute));
  EXPECT_TRUE(bucket.take(kStart + seconds(6), kTenAMinute));
  EXPECT_FALSE(bucket.take(kStart + seconds(6), kTenAMinute));
  EXPECT_EQ(take_all(bucket, kStart + minutes(5), kTenAMinute), 10) << "it never holds more";
}

TEST(TokenBucket, what_is_given_back_is_there_again) {
  TokenBucket bucket;
  for (int times = 0; times < 100; ++times) {
    ASSERT_TRUE(bucket.take(kStart, kTenAMinute));
    bucket.give_back(kTenAMinute);
  }
  EXPECT_EQ(take_all(bucket, kStart, kTenAMinute), 10);
  EXPECT_FALSE(bucket.full(kStart));
  EXPECT_TRUE(bucket.full(kStart + minutes(1)));
}

TEST(TokenBucket, one_of_no_units_gives_none) {
  TokenBucket bucket;
  EXPECT_FALSE(bucket.take(kStart, BucketSize::of(0, minutes(1))));
}

TEST(BoundedTable, forgets_what_was_idle_longest) {
  BoundedTable<std::string, int> table(2);
  const auto any = [](int) { return true; };
  *table.touch("a", any) = 1;
  *table.touch("b", any) = 2;
  ASSERT_NE(table.touch("a", any), nullptr);
  *table.touch("c", any) = 3;
  EXPECT_EQ(table.find("b"), nullptr);
  EXPECT_EQ(*table.find("a"), 1);
  EXPECT_EQ(*table.find("c"), 3);
  EXPECT_EQ(table.size(), 2U);
}

TEST(BoundedTable, keeps_what_must_stay_and_refuses_the_newcomer) {
  BoundedTable<std::string, int> table(2);
  *table.touch("a", [](int) { return true; }) = 1;
  *table.touch("b", [](int) { return true; }) = 2;
  const auto all_but_one = [](int value) { return value != 1; };
  ASSERT_NE(table.touch("c", all_but_one), nullptr);
  EXPECT_NE(table.find("a"), nullptr);
  EXPECT_EQ(table.touch("d", [](int) { return false; }), nullptr);
  EXPECT_EQ(table.size(), 2U);
}

}  // namespace
}  // namespace stillroom
