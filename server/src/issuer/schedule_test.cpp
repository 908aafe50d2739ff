// SPDX-License-Identifier: Apache-2.0
#include "issuer/schedule.hpp"

#include <gtest/gtest.h>

namespace stillroom::issuer {
namespace {

constexpr Ages kAges{seconds(30), minutes(60), minutes(24 * 60)};
constexpr MonoTime kStart{std::chrono::hours(5)};

Schedule answered_at_start(std::optional<milliseconds> said_age = std::nullopt) {
  Schedule schedule(kAges);
  schedule.asked(kStart);
  schedule.answered(kStart, said_age);
  return schedule;
}

TEST(Schedule, nobody_has_asked_so_ask_at_once) {
  const Schedule schedule(kAges);
  EXPECT_LT(schedule.next_question(false), kStart);
  EXPECT_EQ(schedule.end_of_keys(), std::nullopt);
}

TEST(Schedule, a_good_answer_holds_for_max_age) {
  EXPECT_EQ(answered_at_start().next_question(false), kStart + minutes(60));
}

TEST(Schedule, the_issuers_own_age_is_taken_within_bounds) {
  EXPECT_EQ(answered_at_start(minutes(5)).next_question(false), kStart + minutes(5));
  EXPECT_EQ(answered_at_start(seconds(0)).next_question(false), kStart + seconds(30));
  EXPECT_EQ(answered_at_start(minutes(10'000)).next_question(false), kStart + minutes(60));
}

TEST(Schedule, an_unknown_key_hurries_the_next_question_but_never_past_min_age) {
  Schedule schedule = answered_at_start();
  EXPECT_EQ(schedule.next_question(true), kStart + seconds(30));
  schedule.asked(kStart + seconds(30));
  schedule.answered(kStart + seconds(31), std::nullopt);
  EXPECT_EQ(schedule.next_question(true), kStart + seconds(60));
}

TEST(Schedule, a_failure_is_tried_again_after_min_age) {
  Schedule schedule(kAges);
  schedule.asked(kStart);
  schedule.failed();
  EXPECT_EQ(schedule.next_question(false), kStart + seconds(30));
  EXPECT_EQ(schedule.end_of_keys(), std::nullopt);
}

TEST(Schedule, old_keys_stay_until_the_stale_limit_after_the_last_good_answer) {
  Schedule schedule = answered_at_start();
  schedule.asked(kStart + minutes(60));
  schedule.failed();
  EXPECT_EQ(schedule.end_of_keys(), kStart + minutes(24 * 60));
  EXPECT_EQ(schedule.next_question(false), kStart + minutes(60) + seconds(30));
  schedule.dropped();
  EXPECT_EQ(schedule.end_of_keys(), std::nullopt);
  EXPECT_EQ(schedule.next_question(false), kStart + minutes(60) + seconds(30)) << "it is asked on";
}

}  // namespace
}  // namespace stillroom::issuer
