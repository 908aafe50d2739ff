// SPDX-License-Identifier: Apache-2.0
#include "gateway/server.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>

#include "base/json.hpp"
#include "gateway/server_stage.hpp"
#include "gateway/test_peer.hpp"
#include "sdp/example_offer.hpp"

namespace stillroom::gateway {
namespace {

using test::Peer;
using test::ServerStage;

/// Holds a worker inside one task, with a mailbox that takes no more work.
class BusyWorker {
 public:
  explicit BusyWorker(net::Worker& worker) {
    std::promise<void> holds;
    EXPECT_TRUE(worker.post(net::Task([&holds, end = end_.get_future().share()] {
      holds.set_value();
      end.wait();
    })));
    holds.get_future().wait();
    while (worker.post(net::Task([] {}))) {
    }
  }
  ~BusyWorker() { end_.set_value(); }
  BusyWorker(const BusyWorker&) = delete;
  BusyWorker& operator=(const BusyWorker&) = delete;

 private:
  std::promise<void> end_;
};

std::string offer_to_somebody(const std::string& room) {
  std::string text = "421";
  json::Writer out(text);
  out.begin_array().string("offer").begin_object();
  out.key("roomId").string(room).key("to").string("somebody");
  out.key("offer").begin_object().key("type").string("offer");
  out.key("sdp").string(sdp::example::kOffer).end_object();
  out.end_object().end_array();
  return text;
}

TEST(Server, a_worker_without_room_for_more_refuses_each_command_in_its_own_words) {
  const ServerStage server({.workers = 2});
  Peer peer(server.port());
  const std::uint32_t other = 1 - server.owner_of_link(peer.open_websocket());
  ASSERT_TRUE(peer.enter(server.token("ann")));
  const int number = server.room_of(other);
  const std::string room = "room-" + std::to_string(number);
  const BusyWorker busy(server.worker(other));

  peer.say(offer_to_somebody(room));
  EXPECT_EQ(peer.text(),
            R"(42["signaling-error",{"error":"Failed to relay offer","code":"offer_failed"}])");
  EXPECT_EQ(peer.text(),
            R"(431[{"ok":false,"error":"Failed to relay offer","code":"offer_failed"}])");
  peer.say(R"(42["leave-room",{"roomId":")" + room + R"("}])");
  EXPECT_EQ(peer.text(),
            R"(42["call-error",{"error":"Failed to leave room","code":"leave_failed"}])");
  peer.say(ServerStage::join(number));
  EXPECT_EQ(peer.text(),
            R"(42["join-error",{"error":"Failed to join room","code":"join_failed"}])");
}

}  // namespace
}  // namespace stillroom::gateway
