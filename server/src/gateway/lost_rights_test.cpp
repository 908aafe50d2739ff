// SPDX-License-Identifier: Apache-2.0
// What a running gateway does with people who have lost their right.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "gateway/server_stage.hpp"
#include "gateway/test_peer.hpp"

namespace stillroom::gateway {
namespace {

using telemetry::Counter;
using test::Peer;
using test::ServerStage;

/// Rounds of a worker in which nothing more came of what it was sent.
constexpr int kRoundsAlike = 50;

/// Sends pings and reads nothing, until not one byte more may wait for it.
void stand_still(const ServerStage& server, const Peer& peer) {
  const std::size_t most = engineio::Settings().queue_bytes_max;
  const std::string payload(125, 'x');
  std::size_t waiting = 0;
  while (waiting < most / 2) {
    for (int at = 0; at < 16; ++at) peer.ping(payload);
    waiting = server.unsent(0);
  }
  for (int rounds_alike = 0; rounds_alike < kRoundsAlike;) {  // all of them have been looked at
    const std::size_t before = std::exchange(waiting, server.unsent(0));
    rounds_alike = waiting == before ? rounds_alike + 1 : 0;
  }
  while (waiting <= most) {
    peer.ping(payload);
    const std::size_t before = waiting;
    while (waiting == before) waiting = server.unsent(0);
  }
}

TEST(LostRights, who_reads_nothing_loses_the_seat_at_once_all_the_same) {
  const ServerStage server;
  Peer tea(server.port());
  static_cast<void>(tea.open_websocket());
  ASSERT_TRUE(tea.enter(server.token("tea")));
  tea.say(ServerStage::join(0));
  ASSERT_TRUE(tea.text_from("431[").starts_with(R"(431[{"ok":true)"));
  Peer ann(server.port(), Peer::Room::little);
  static_cast<void>(ann.open_websocket());
  ASSERT_TRUE(ann.enter(server.token("ann")));
  ann.say(ServerStage::join(0));
  ASSERT_FALSE(tea.text_from(R"(42["user-joined")").empty());
  stand_still(server, ann);

  const MonoTime begun = system_clock().mono_now();
  server.suspend("ann");
  const std::string left = tea.text_from(R"(42["user-left")");
  EXPECT_NE(left.find(R"("userId":"ann")"), std::string::npos) << left;
  EXPECT_NE(left.find(R"("reason":"removed")"), std::string::npos) << left;
  EXPECT_LT(system_clock().mono_now() - begun, seconds(5)) << "not after the seat's grace";
  EXPECT_EQ(server.counted(Counter::links_closed_slow_reader), 1U) << "it could not be told";
}

}  // namespace
}  // namespace stillroom::gateway
