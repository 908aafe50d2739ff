// SPDX-License-Identifier: Apache-2.0
#include "signalling/budget.hpp"

#include <gtest/gtest.h>

namespace stillroom::signalling {
namespace {

constexpr MonoTime kStart{std::chrono::hours(1)};

BudgetSettings settings_with(Allowance offers) {
  BudgetSettings settings;
  settings.of[static_cast<std::size_t>(EventKind::offer)] = offers;
  return settings;
}

int taken(Budget& budget, EventKind kind, MonoTime now, const BudgetSettings& settings, int tries) {
  int count = 0;
  for (int at = 0; at < tries; ++at) count += budget.take(kind, now, settings) ? 1 : 0;
  return count;
}

TEST(Budget, gives_its_burst_at_once_and_then_its_rate) {
  const BudgetSettings settings = settings_with({5, 60});
  Budget budget;
  EXPECT_EQ(taken(budget, EventKind::offer, kStart, settings, 100), 5);
  EXPECT_EQ(taken(budget, EventKind::offer, kStart + milliseconds(999), settings, 9), 0);
  EXPECT_EQ(taken(budget, EventKind::offer, kStart + seconds(1), settings, 9), 1);
  EXPECT_EQ(taken(budget, EventKind::offer, kStart + seconds(3), settings, 9), 2);
}

TEST(Budget, does_not_save_more_than_its_burst) {
  const BudgetSettings settings = settings_with({5, 60});
  Budget budget;
  EXPECT_EQ(taken(budget, EventKind::offer, kStart + std::chrono::hours(5), settings, 100), 5);
}

TEST(Budget, what_is_refused_costs_nothing) {
  const BudgetSettings settings = settings_with({1, 60});
  Budget budget;
  taken(budget, EventKind::offer, kStart, settings, 1000);
  EXPECT_EQ(taken(budget, EventKind::offer, kStart + seconds(1), settings, 9), 1);
}

TEST(Budget, kinds_do_not_share) {
  const BudgetSettings settings = settings_with({1, 60});
  Budget budget;
  taken(budget, EventKind::offer, kStart, settings, 10);
  EXPECT_TRUE(budget.take(EventKind::answer, kStart, settings));
}

TEST(Budget, knows_the_events_and_counts_the_rest_together) {
  EXPECT_EQ(kind_of("join-room"), EventKind::join);
  EXPECT_EQ(kind_of("offer"), EventKind::offer);
  EXPECT_EQ(kind_of("answer"), EventKind::answer);
  EXPECT_EQ(kind_of("ice-candidate"), EventKind::candidate);
  EXPECT_EQ(kind_of("start-call"), EventKind::call);
  EXPECT_EQ(kind_of("end-call"), EventKind::call);
  EXPECT_EQ(kind_of("leave-room"), EventKind::leave);
  EXPECT_EQ(kind_of("ice-servers"), EventKind::other);
  EXPECT_EQ(kind_of("waiting:admit"), EventKind::other);
  EXPECT_EQ(kind_of(""), EventKind::other);
}

}  // namespace
}  // namespace stillroom::signalling
