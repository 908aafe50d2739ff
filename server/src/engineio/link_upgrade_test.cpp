// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "engineio/test_port.hpp"

namespace stillroom::engineio::test {
namespace {

constexpr milliseconds kMs{1};

TEST(Upgrade, goes_probe_pong_upgrade) {
  Bench bench;
  bench.polling();
  bench.link.ws_attached(bench.now, channel(2));
  EXPECT_EQ(bench.port.take(), Lines{});
  EXPECT_EQ(bench.ws(2, "2probe"), (Lines{"ws2<3probe"}));
  EXPECT_EQ(bench.link.transport(), Transport::polling);
  EXPECT_EQ(bench.ws(2, "5"), (Lines{"up ws2"}));
  EXPECT_EQ(bench.link.transport(), Transport::websocket);
  EXPECT_EQ(bench.ws(2, "4hi"), (Lines{">hi"}));
  EXPECT_EQ(bench.send("there"), (Lines{"ws2<4there"}));
}

TEST(Upgrade, polling_state_is_freed) {
  Bench bench;
  bench.probed();
  EXPECT_GT(bench.link.buffered_bytes(), 0U);
  bench.ws(2, "5");
  EXPECT_EQ(bench.link.buffered_bytes(), 0U);
}

TEST(Upgrade, hanging_get_gets_a_noop_every_hundred_milliseconds) {
  Bench bench;
  bench.polling().get(3);
  bench.link.ws_attached(bench.now, channel(2));
  bench.ws(2, "2probe");
  EXPECT_EQ(bench.link.next_deadline(), bench.now + milliseconds(100));
  EXPECT_EQ(bench.tick(milliseconds(99)), Lines{});
  EXPECT_EQ(bench.tick(kMs), (Lines{"3<200 6"}));
  EXPECT_EQ(bench.get(4), Lines{});
  EXPECT_EQ(bench.tick(milliseconds(99)), Lines{});
  EXPECT_EQ(bench.tick(kMs), (Lines{"4<200 6"}));
}

TEST(Upgrade, get_that_comes_later_waits_for_the_next_beat) {
  Bench bench;
  bench.probed().later(milliseconds(150));
  EXPECT_EQ(bench.get(3), Lines{});
  EXPECT_EQ(bench.link.next_deadline(), bench.now + milliseconds(50));
  EXPECT_EQ(bench.tick(milliseconds(50)), (Lines{"3<200 6"}));
}

TEST(Upgrade, get_that_still_hangs_is_freed_by_the_upgrade) {
  Bench bench;
  bench.probed().get(3);
  EXPECT_EQ(bench.ws(2, "5"), (Lines{"3<200 6", "up ws2"}));
}

TEST(Upgrade, packets_that_wait_flow_in_order_on_the_websocket) {
  Bench bench;
  bench.probed();
  bench.send("one");
  bench.send("\x02", MessageKind::binary);
  bench.send("three");
  EXPECT_EQ(bench.ws(2, "5"), (Lines{"up ws2", "ws2<4one", "ws2<binary:\x02", "ws2<4three"}));
  EXPECT_EQ(bench.send("four"), (Lines{"ws2<4four"}));
}

TEST(Upgrade, polling_delivers_until_the_upgrade_packet) {
  Bench bench;
  bench.probed().get(3);
  EXPECT_EQ(bench.send("over polling"), (Lines{"3<200 4over polling"}));
  EXPECT_EQ(bench.post(4, "4still legal"), (Lines{">still legal", "4<200 ok"}));
}

TEST(Upgrade, nothing_is_lost_doubled_or_reordered_whenever_it_happens) {
  // The upgrade packet at every place in a stream of messages, with a GET now and then.
  for (int upgrade_at = 0; upgrade_at <= 12; ++upgrade_at) {
    for (int get_every = 1; get_every <= 5; ++get_every) {
      Bench bench;
      bench.probed();
      std::string seen;
      unsigned exchange = 10;
      const auto read = [&seen](const Lines& lines) {
        for (const auto& line : lines) {
          for (std::size_t i = 0; i + 1 < line.size(); ++i) {
            if (line[i] == '4' && line[i + 1] >= 'a') seen += line[i + 1];
          }
        }
      };
      for (int i = 0; i < 12; ++i) {
        if (i == upgrade_at) read(bench.ws(2, "5"));
        if (i < upgrade_at && i % get_every == 0 && bench.link.open()) {
          const auto lines = bench.get(exchange++);
          read(lines);
          if (lines.empty()) read(bench.tick(milliseconds(100)));
        }
        read(bench.send(std::string(1, static_cast<char>('a' + i))));
      }
      if (upgrade_at == 12) read(bench.ws(2, "5"));
      EXPECT_EQ(seen, "abcdefghijkl") << "upgrade at " << upgrade_at << ", get every " << get_every;
    }
  }
}

TEST(Upgrade, polling_is_400_after_it_and_closes_nothing) {
  Bench bench;
  bench.probed().ws(2, "5");
  EXPECT_EQ(bench.get(3), (Lines{"3<400 3"}));
  EXPECT_EQ(bench.post(4, "4x"), (Lines{"4<400 3"}));
  EXPECT_EQ(bench.ws(2, "4x"), (Lines{">x"}));
}

TEST(Upgrade, post_caught_in_the_middle_is_refused_whole) {
  Bench bench;
  bench.probed();
  bench.link.poll_post_began(bench.now, channel(3));
  EXPECT_EQ(bench.ws(2, "5"), (Lines{"3<400 3", "up ws2"}));
}

TEST(Upgrade, takes_no_longer_than_its_timeout) {
  Bench bench;
  bench.polling();
  bench.link.ws_attached(bench.now, channel(2));
  EXPECT_EQ(bench.link.next_deadline(), bench.now + milliseconds(10'000));
  bench.ws(2, "2probe");
  EXPECT_EQ(bench.tick(milliseconds(9'999)), Lines{});
  EXPECT_EQ(bench.tick(kMs), (Lines{"ws2!1008"}));
  EXPECT_EQ(bench.send("x"), Lines{});
  EXPECT_EQ(bench.get(3), (Lines{"3<200 4x"}));
}

TEST(Upgrade, timeout_counts_from_the_attach_not_the_probe) {
  Bench bench;
  bench.polling();
  bench.link.ws_attached(bench.now, channel(2));
  bench.later(milliseconds(9'000)).ws(2, "2probe");
  EXPECT_EQ(bench.tick(milliseconds(1'000)), (Lines{"ws2!1008"}));
}

TEST(Upgrade, upgrade_packet_at_the_timeout_is_too_late) {
  Bench bench;
  bench.probed().later(milliseconds(10'000));
  EXPECT_EQ(bench.ws(2, "5"), (Lines{"ws2!1008"}));
  EXPECT_EQ(bench.link.transport(), Transport::polling);
}

class WrongProbe : public testing::TestWithParam<const char*> {};

TEST_P(WrongProbe, drops_the_websocket_only) {
  Bench bench;
  bench.polling();
  bench.link.ws_attached(bench.now, channel(2));
  EXPECT_EQ(bench.ws(2, GetParam()), (Lines{"ws2!1002"}));
  bench.link.ws_attached(bench.now, channel(3));  // another may try
  EXPECT_EQ(bench.ws(3, "2probe"), (Lines{"ws3<3probe"}));
  EXPECT_EQ(bench.ws(3, GetParam()),
            GetParam() == std::string("5") ? (Lines{"up ws3"}) : (Lines{"ws3!1002"}));
  EXPECT_TRUE(bench.link.open());
}

INSTANTIATE_TEST_SUITE_P(Table, WrongProbe,
                         testing::Values("", "2", "2prob", "2probes", "3probe", "4hi", "1", "6",
                                         "5x", "5", "abc", "0"));

TEST(Upgrade, binary_on_the_probe_drops_the_websocket_only) {
  Bench bench;
  bench.polling();
  bench.link.ws_attached(bench.now, channel(2));
  EXPECT_EQ(bench.ws(2, "2probe", MessageKind::binary), (Lines{"ws2!1002"}));
  EXPECT_TRUE(bench.link.open());
}

TEST(Upgrade, loss_of_the_probe_leaves_polling_alone) {
  Bench bench;
  bench.probed().get(3);
  bench.link.ws_lost(bench.now, channel(2), CloseReason::transport_lost);
  EXPECT_EQ(bench.port.take(), Lines{});
  EXPECT_EQ(bench.tick(milliseconds(200)), Lines{});  // no more noops
  EXPECT_EQ(bench.send("x"), (Lines{"3<200 4x"}));
}

TEST(Upgrade, second_probe_is_closed_and_the_first_goes_on) {
  Bench bench;
  bench.probed();
  bench.link.ws_attached(bench.now, channel(3));
  EXPECT_EQ(bench.port.take(), (Lines{"ws3!1008"}));
  EXPECT_EQ(bench.ws(3, "5"), Lines{});
  EXPECT_EQ(bench.ws(2, "5"), (Lines{"up ws2"}));
}

TEST(Upgrade, loss_of_a_refused_websocket_means_nothing) {
  Bench bench;
  bench.probed().ws(2, "5");
  bench.link.ws_attached(bench.now, channel(3));
  bench.port.take();
  bench.link.ws_lost(bench.now, channel(3), CloseReason::transport_lost);
  EXPECT_EQ(bench.port.take(), Lines{});
  EXPECT_TRUE(bench.link.open());
}

TEST(Upgrade, end_of_the_link_takes_the_probe_along) {
  Bench bench;
  bench.probed().get(3);
  EXPECT_EQ(bench.get(4), (Lines{"4<400 3", "3<200 1", "ws2!1008", "closed overlapping"}));
}

TEST(Upgrade, server_close_takes_the_probe_along) {
  Bench bench;
  bench.probed();
  EXPECT_EQ(bench.close(), (Lines{"ws2!1000"}));
  bench.link.ws_attached(bench.now, channel(3));
  EXPECT_EQ(bench.port.take(), (Lines{"ws3!1008"}));
  EXPECT_EQ(bench.get(4), (Lines{"4<200 1", "closed server_close"}));
}

TEST(Upgrade, websocket_for_a_dead_link_is_closed) {
  Bench bench;
  bench.polling().post(2, "1");
  bench.link.ws_attached(bench.now, channel(3));
  EXPECT_EQ(bench.port.take(), (Lines{"ws3!1008"}));
}

}  // namespace
}  // namespace stillroom::engineio::test
