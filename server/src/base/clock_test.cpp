// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <gtest/gtest.h>

#include "testing/manual_clock.hpp"
#include "testing/seeded_rng.hpp"

namespace stillroom {
namespace {

std::string normal(std::string_view text) {
  const auto time = parse_rfc3339(text);
  return time.ok() ? to_rfc3339(*time) : "refused";
}

TEST(Rfc3339, reads_every_offset_and_writes_utc) {
  EXPECT_EQ(normal("2026-11-24T10:15:00Z"), "2026-11-24T10:15:00.000Z");
  EXPECT_EQ(normal("2026-11-24t10:15:00z"), "2026-11-24T10:15:00.000Z");
  EXPECT_EQ(normal("2026-11-24T10:15:00+01:00"), "2026-11-24T09:15:00.000Z");
  EXPECT_EQ(normal("2026-11-24T00:15:00+05:45"), "2026-11-23T18:30:00.000Z");
  EXPECT_EQ(normal("2026-12-31T23:30:00-02:30"), "2027-01-01T02:00:00.000Z");
  EXPECT_EQ(normal("2026-11-24T10:15:00-00:00"), "2026-11-24T10:15:00.000Z");
  EXPECT_EQ(normal("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(normal("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(normal("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
}

TEST(Rfc3339, cuts_what_is_finer_than_a_millisecond) {
  EXPECT_EQ(normal("2026-11-24T10:15:00.1Z"), "2026-11-24T10:15:00.100Z");
  EXPECT_EQ(normal("2026-11-24T10:15:00.1239Z"), "2026-11-24T10:15:00.123Z");
  EXPECT_EQ(normal("2026-11-24T10:15:59.999999999999Z"), "2026-11-24T10:15:59.999Z");
}

TEST(Rfc3339, knows_leap_years_and_leap_seconds) {
  EXPECT_EQ(normal("2028-02-29T00:00:00Z"), "2028-02-29T00:00:00.000Z");
  EXPECT_EQ(normal("2026-02-29T00:00:00Z"), "refused");
  EXPECT_EQ(normal("1900-02-29T00:00:00Z"), "refused");
  EXPECT_EQ(normal("1990-12-31T23:59:60Z"), "1991-01-01T00:00:00.000Z");
  EXPECT_EQ(normal("1990-12-31T15:59:60-08:00"), "1991-01-01T00:00:00.000Z");
  EXPECT_EQ(normal("1990-12-31T22:59:60Z"), "refused");
}

TEST(Rfc3339, refuses_everything_else) {
  for (const char* text : {"",
                           "2026-11-24",
                           "2026-11-24T10:15:00",
                           "2026-11-24 10:15:00Z",
                           "2026-11-24T10:15Z",
                           "2026-11-24T10:15:00.Z",
                           "2026-11-24T10:15:00,5Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-11-31T00:00:00Z",
                           "2026-11-00T00:00:00Z",
                           "2026-11-24T24:00:00Z",
                           "2026-11-24T10:60:00Z",
                           "2026-11-24T10:15:61Z",
                           "2026-11-24T10:15:00+24:00",
                           "2026-11-24T10:15:00+01:60",
                           "2026-11-24T10:15:00+0100",
                           "2026-11-24T10:15:00+01",
                           "2026-11-24T10:15:00ZZ",
                           "2026-11-24T10:15:00Z ",
                           " 2026-11-24T10:15:00Z",
                           "+026-11-24T10:15:00Z",
                           "2026-11-24T-1:15:00Z",
                           "2026-1-24T10:15:00Z",
                           "12026-11-24T10:15:00Z",
                           "2026-11-24T10:15:00\xE2\x88\x92"
                           "01:00",
                           "0000-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01"}) {
    EXPECT_EQ(normal(text), "refused") << text;
  }
  EXPECT_EQ(normal(std::string_view("2026-11-24T10:15:00Z\0", 21)), "refused");
}

TEST(Rfc3339, every_millisecond_we_write_comes_back) {
  testing::SeededRng rng(4);
  const auto year_zero = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
  const auto year_last = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);
  const auto span = static_cast<std::uint64_t>(milliseconds(year_last - year_zero).count());
  for (int round = 0; round < 100'000; ++round) {
    const WallTime time = year_zero + milliseconds(rng.below(span));
    const std::string text = to_rfc3339(time);
    const auto read = parse_rfc3339(text);
    ASSERT_TRUE(read.ok()) << text;
    ASSERT_EQ(*read, time) << text;
  }
}

TEST(SystemClock, mono_time_does_not_go_back_and_wall_time_is_this_century) {
  const MonoTime before = system_clock().mono_now();
  EXPECT_LE(before, system_clock().mono_now());
  EXPECT_GT(to_rfc3339(system_clock().wall_now()), "2026");
}

TEST(ManualClock, moves_only_when_told) {
  testing::ManualClock clock;
  EXPECT_EQ(to_rfc3339(clock.wall_now()), "2026-11-24T10:00:00.000Z");
  const MonoTime start = clock.mono_now();
  clock.advance(seconds(25));
  clock.step_wall(-minutes(1));
  EXPECT_EQ(clock.mono_now() - start, seconds(25));
  EXPECT_EQ(to_rfc3339(clock.wall_now()), "2026-11-24T09:59:25.000Z");
}

}  // namespace
}  // namespace stillroom
