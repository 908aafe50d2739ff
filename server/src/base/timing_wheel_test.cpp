// SPDX-License-Identifier: Apache-2.0
#include "base/timing_wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "testing/seeded_rng.hpp"

namespace stillroom {
namespace {

using std::chrono::microseconds;
using Keys = std::vector<TimingWheel::Key>;

const MonoTime kStart = MonoTime(std::chrono::hours(7) + microseconds(123));

Keys advance(TimingWheel& wheel, MonoTime now) {
  Keys due;
  wheel.advance(now, due);
  return due;
}

TEST(TimingWheel, a_deadline_is_never_early_and_comes_once) {
  TimingWheel wheel(kStart);
  wheel.arm(1, kStart + milliseconds(10));
  EXPECT_EQ(advance(wheel, kStart + milliseconds(9) + microseconds(999)), Keys{});
  EXPECT_EQ(advance(wheel, kStart + milliseconds(10)), Keys{1});
  EXPECT_EQ(advance(wheel, kStart + milliseconds(11)), Keys{});
  EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimingWheel, a_deadline_inside_a_millisecond_comes_at_its_end) {
  TimingWheel wheel(kStart);
  wheel.arm(1, kStart + milliseconds(9) + microseconds(1));
  EXPECT_EQ(advance(wheel, kStart + milliseconds(9) + microseconds(500)), Keys{});
  EXPECT_EQ(advance(wheel, kStart + milliseconds(10)), Keys{1});
}

TEST(TimingWheel, what_is_overdue_comes_at_the_next_advance_in_order) {
  TimingWheel wheel(kStart);
  EXPECT_EQ(advance(wheel, kStart + seconds(1)), Keys{});
  wheel.arm(1, kStart + seconds(1));
  wheel.arm(2, kStart - seconds(9));
  wheel.arm(3, kStart + milliseconds(500));
  EXPECT_LE(*wheel.next(), kStart + seconds(1));
  EXPECT_EQ(advance(wheel, kStart + seconds(1)), (Keys{2, 3, 1}));
}

TEST(TimingWheel, time_that_stands_or_goes_back_yields_nothing) {
  TimingWheel wheel(kStart);
  EXPECT_EQ(advance(wheel, kStart + seconds(2)), Keys{});
  wheel.arm(1, kStart + seconds(2) + milliseconds(1));
  EXPECT_EQ(advance(wheel, kStart + seconds(2)), Keys{});
  EXPECT_EQ(advance(wheel, kStart - seconds(1)), Keys{});
  EXPECT_EQ(advance(wheel, kStart + seconds(1)), Keys{});
  EXPECT_EQ(wheel.size(), 1U);
}

TEST(TimingWheel, one_key_may_have_several_deadlines) {
  TimingWheel wheel(kStart);
  wheel.arm(5, kStart + milliseconds(300));
  wheel.arm(5, kStart + milliseconds(100));
  EXPECT_EQ(advance(wheel, kStart + milliseconds(200)), Keys{5});
  EXPECT_EQ(advance(wheel, kStart + milliseconds(300)), Keys{5});
}

TEST(TimingWheel, an_empty_wheel_jumps_and_has_no_next) {
  TimingWheel wheel(kStart);
  EXPECT_EQ(wheel.next(), std::nullopt);
  EXPECT_EQ(advance(wheel, kStart + std::chrono::hours(24 * 365)), Keys{});
  wheel.arm(1, kStart + std::chrono::hours(24 * 365) + milliseconds(1));
  EXPECT_EQ(advance(wheel, kStart + std::chrono::hours(24 * 365)), Keys{});
  EXPECT_EQ(advance(wheel, kStart + std::chrono::hours(24 * 365) + milliseconds(1)), Keys{1});
}

TEST(TimingWheel, deadlines_on_both_sides_of_every_level_come_on_their_millisecond) {
  const std::int64_t edges[] = {0,          255,        256,        257,        511,
                                512,        65'535,     65'536,     65'537,     131'072,
                                16'777'215, 16'777'216, 16'777'217, 33'554'432, 50'000'000};
  for (const std::int64_t from : edges) {
    TimingWheel wheel(kStart);
    Keys due;
    wheel.advance(kStart + milliseconds(from), due);
    for (const std::int64_t span : edges) {
      wheel.arm(static_cast<TimingWheel::Key>(span), kStart + milliseconds(from + span));
    }
    for (const std::int64_t span : edges) {
      if (span > 0) {
        EXPECT_EQ(advance(wheel, kStart + milliseconds(from + span - 1)), Keys{});
      }
      EXPECT_EQ(advance(wheel, kStart + milliseconds(from + span)),
                Keys{static_cast<TimingWheel::Key>(span)});
    }
  }
}

/// A worker that sleeps until next() misses nothing and is not woken for ever.
TEST(TimingWheel, sleeping_until_next_reaches_every_deadline_in_few_steps) {
  TimingWheel wheel(kStart);
  const std::int64_t spans[] = {3, 700, 25'000, 65'536, 120'000, 9'000'000, 40'000'000};
  for (const std::int64_t span : spans) {
    wheel.arm(static_cast<TimingWheel::Key>(span), kStart + milliseconds(span));
  }
  Keys due;
  int wakes = 0;
  MonoTime last = kStart;
  while (const auto next = wheel.next()) {
    ASSERT_GE(*next, last);
    last = *next;
    const std::size_t before = due.size();
    wheel.advance(*next, due);
    for (std::size_t at = before; at < due.size(); ++at) {
      EXPECT_EQ(*next, kStart + milliseconds(due[at])) << "late";
    }
    ASSERT_LT(++wakes, 40);
  }
  EXPECT_EQ(due, (Keys{3, 700, 25'000, 65'536, 120'000, 9'000'000, 40'000'000}));
}

/// The same thing without any cleverness.
class NaiveWheel {
 public:
  void arm(TimingWheel::Key key, MonoTime deadline) {
    entries_.emplace(std::chrono::ceil<milliseconds>(deadline - kStart), key);
  }
  Keys advance(MonoTime now) {
    const auto end = entries_.upper_bound(std::chrono::floor<milliseconds>(now - kStart));
    Keys due;
    for (auto at = entries_.begin(); at != end; ++at) due.push_back(at->second);
    entries_.erase(entries_.begin(), end);
    return due;
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] milliseconds first() const { return entries_.begin()->first; }

 private:
  std::multimap<milliseconds, TimingWheel::Key> entries_;
};

/// Equal milliseconds may come in any order: sort them by key before comparing.
Keys by_instant(const Keys& keys, const std::map<TimingWheel::Key, MonoTime>& deadlines) {
  Keys sorted = keys;
  const auto tick = [&deadlines](TimingWheel::Key key) {
    return std::chrono::ceil<milliseconds>(deadlines.at(key) - kStart);
  };
  for (std::size_t at = 1; at < keys.size(); ++at) {
    EXPECT_LE(tick(keys[at - 1]), tick(keys[at])) << "out of order";
  }
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

void run_against_the_naive_model(std::uint64_t seed) {
  testing::SeededRng rng(seed);
  const std::uint64_t spans_us[] = {2'000, 300'000, 70'000'000, 20'000'000'000, 100'000'000'000};
  TimingWheel wheel(kStart);
  NaiveWheel naive;
  std::map<TimingWheel::Key, MonoTime> deadlines;
  MonoTime now = kStart;
  TimingWheel::Key next_key = 0;
  for (int step = 0; step < 400; ++step) {
    for (std::uint64_t left = rng.below(6); left > 0; --left) {
      const MonoTime deadline =
          now + microseconds(rng.below(spans_us[rng.below(5)])) - microseconds(rng.below(3000));
      wheel.arm(next_key, deadline);
      naive.arm(next_key, deadline);
      deadlines[next_key++] = deadline;
    }
    if (wheel.size() > 0) {
      ASSERT_LE(*wheel.next(), std::max(kStart + naive.first(), now));
    }
    now += microseconds(rng.below(spans_us[rng.below(rng.chance(1, 20) ? 5 : 3)]));
    Keys due;
    wheel.advance(now, due);
    for (const auto key : due) ASSERT_LE(deadlines.at(key), now) << "early";
    Keys expected = naive.advance(now);
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(by_instant(due, deadlines), expected);
    ASSERT_EQ(wheel.size(), naive.size());
  }
}

TEST(TimingWheel, agrees_with_a_naive_model_over_300_seeds) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    run_against_the_naive_model(seed);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace stillroom
