// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engineio/test_port.hpp"

/// The server pings; only a pong counts; all to the millisecond.
namespace stillroom::engineio::test {
namespace {

constexpr milliseconds kMs{1};
constexpr milliseconds kInterval{25'000};
constexpr milliseconds kTimeout{20'000};

TEST(Heartbeat, first_ping_is_due_one_interval_after_the_handshake) {
  Bench bench;
  bench.websocket();
  EXPECT_EQ(bench.link.next_deadline(), bench.now + kInterval);
  EXPECT_EQ(bench.tick(kInterval - kMs), Lines{});
  EXPECT_EQ(bench.tick(kMs), (Lines{"ws1<2"}));
  EXPECT_EQ(bench.tick(kMs), Lines{});
}

TEST(Heartbeat, no_pong_within_the_timeout_ends_the_link) {
  Bench bench;
  bench.websocket().tick(kInterval);
  EXPECT_EQ(bench.link.next_deadline(), bench.now + kTimeout);
  EXPECT_EQ(bench.tick(kTimeout - kMs), Lines{});
  EXPECT_EQ(bench.tick(kMs), (Lines{"ws1!1001", "closed ping_timeout"}));
  EXPECT_EQ(bench.link.next_deadline(), MonoTime::max());
}

TEST(Heartbeat, pong_at_the_last_millisecond_counts) {
  Bench bench;
  bench.websocket().tick(kInterval);
  EXPECT_EQ(bench.later(kTimeout - kMs).ws(1, "3"), Lines{});
  EXPECT_EQ(bench.tick(kInterval - kMs), Lines{});
  EXPECT_EQ(bench.tick(kMs), (Lines{"ws1<2"}));
}

TEST(Heartbeat, pong_one_millisecond_later_does_not) {
  Bench bench;
  bench.websocket().tick(kInterval);
  EXPECT_EQ(bench.later(kTimeout).ws(1, "3"), (Lines{"ws1!1001", "closed ping_timeout"}));
}

TEST(Heartbeat, next_ping_counts_from_the_pong) {
  Bench bench;
  bench.websocket().tick(kInterval);
  bench.later(milliseconds(7)).ws(1, "3");
  EXPECT_EQ(bench.link.next_deadline(), bench.now + kInterval);
}

TEST(Heartbeat, other_data_does_not_count) {
  Bench bench;
  bench.websocket().tick(kInterval);
  for (int i = 0; i < 19; ++i) bench.later(milliseconds(1000)).ws(1, "4x");
  EXPECT_EQ(bench.tick(milliseconds(1000)), (Lines{"ws1!1001", "closed ping_timeout"}));
}

TEST(Heartbeat, pong_that_answers_nothing_changes_nothing) {
  Bench bench;
  bench.websocket();
  const MonoTime due = bench.link.next_deadline();
  bench.later(milliseconds(10'000)).ws(1, "3");
  EXPECT_EQ(bench.link.next_deadline(), due);
}

TEST(Heartbeat, second_pong_changes_nothing) {
  Bench bench;
  bench.websocket().tick(kInterval);
  bench.ws(1, "3");
  const MonoTime due = bench.link.next_deadline();
  bench.later(kMs).ws(1, "3");
  EXPECT_EQ(bench.link.next_deadline(), due);
}

TEST(Heartbeat, deadline_is_checked_on_arrival_without_any_tick) {
  Bench bench;
  bench.polling().later(kInterval + kTimeout);
  EXPECT_EQ(bench.get(2), (Lines{"closed ping_timeout", "2<400 1"}));
}

TEST(Heartbeat, one_millisecond_before_that_the_get_gets_its_ping) {
  Bench bench;
  bench.polling().later(kInterval + kTimeout - kMs);
  EXPECT_EQ(bench.get(2), (Lines{"2<200 2"}));
}

TEST(Heartbeat, late_tick_does_not_give_more_time) {
  Bench bench;
  bench.websocket();
  EXPECT_EQ(bench.tick(kInterval + milliseconds(5000)), (Lines{"ws1<2"}));
  EXPECT_EQ(bench.link.next_deadline(), bench.now + milliseconds(15'000));
}

TEST(Heartbeat, ping_goes_to_the_hanging_get) {
  Bench bench;
  bench.polling().get(2);
  EXPECT_EQ(bench.tick(kInterval), (Lines{"2<200 2"}));
  EXPECT_EQ(bench.post(3, "3"), (Lines{"3<200 ok"}));
  EXPECT_EQ(bench.tick(kInterval), Lines{});  // no GET hangs now
  EXPECT_EQ(bench.get(4), (Lines{"4<200 2"}));
}

TEST(Heartbeat, clock_runs_while_the_ping_waits_for_a_get) {
  Bench bench;
  bench.polling();
  EXPECT_EQ(bench.tick(kInterval), Lines{});
  EXPECT_EQ(bench.tick(kTimeout), (Lines{"closed ping_timeout"}));
}

TEST(Heartbeat, hanging_get_is_told_the_end) {
  Bench bench;
  bench.polling().tick(kInterval);
  bench.get(2);
  bench.get(3);
  EXPECT_EQ(bench.tick(kTimeout), (Lines{"3<200 1", "closed ping_timeout"}));
}

TEST(Heartbeat, survives_the_upgrade) {
  Bench bench;
  bench.probed().tick(milliseconds(1));
  bench.ws(2, "5");
  EXPECT_EQ(bench.tick(kInterval - kMs), (Lines{"ws2<2"}));
  EXPECT_EQ(bench.ws(2, "3"), Lines{});
}

TEST(Heartbeat, ping_that_waits_goes_out_on_the_websocket) {
  Settings settings;
  settings.upgrade_timeout = milliseconds(60'000);
  Bench bench(settings);
  bench.probed().tick(kInterval);
  EXPECT_EQ(bench.ws(2, "5"), (Lines{"up ws2", "ws2<2"}));
  EXPECT_EQ(bench.later(kTimeout - kMs).ws(2, "3"), Lines{});
  EXPECT_TRUE(bench.link.open());
}

TEST(Heartbeat, settings_of_the_conformance_suites_are_exact) {
  Settings settings;
  settings.ping_interval = milliseconds(300);
  settings.ping_timeout = milliseconds(200);
  Bench bench(settings);
  bench.polling();
  bench.tick(milliseconds(300));
  EXPECT_EQ(bench.later(milliseconds(200)).get(2), (Lines{"closed ping_timeout", "2<400 1"}));
}

}  // namespace
}  // namespace stillroom::engineio::test
