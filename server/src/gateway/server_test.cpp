// SPDX-License-Identifier: Apache-2.0
#include "gateway/server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>

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

// ---- stopping
// ------------------------------------------------------------------------------------------

/// Server::stop() on a thread of its own, as the main thread does it.
class Stopping {
 public:
  explicit Stopping(ServerStage& server)
      : over_(std::async(std::launch::async, [&server] { server.stop(); })) {}
  [[nodiscard]] bool over() const {
    return over_.wait_for(seconds(0)) == std::future_status::ready;
  }

 private:
  std::future<void> over_;  // its destructor waits for the end
};

/// The stop has begun: nobody new gets in. False when that does not come.
bool refuses_connections(std::uint16_t port) {
  const MonoTime end = system_clock().mono_now() + seconds(test::kWaitSeconds);
  while (system_clock().mono_now() < end) {
    if (!Peer(port).connected()) return true;
    std::this_thread::yield();
  }
  return false;
}

TEST(ServerStop, a_websocket_is_told_1001) {
  ServerStage server({.workers = 2});
  Peer peer(server.port());
  static_cast<void>(peer.open_websocket());
  ASSERT_TRUE(peer.enter(server.token("ann")));
  {
    const Stopping stopping(server);
    EXPECT_EQ(peer.close_code(), 1001U);
    EXPECT_TRUE(peer.ended());
    peer.hang_up();
  }
  EXPECT_FALSE(Peer(server.port()).connected());
}

TEST(ServerStop, a_hanging_poll_is_answered) {
  ServerStage server;
  Peer peer(server.port());
  const std::string target = "/socket.io/?EIO=4&transport=polling";
  peer.get(target);
  const std::string here = target + "&sid=" + Peer::sid_in(peer.answer());
  peer.post(here, R"(40{"token":")" + server.token("ann") + "\"}");
  ASSERT_TRUE(peer.answer().ends_with("\r\n\r\nok"));
  std::string heard;
  while (heard.find("server:hello") == std::string::npos) {
    peer.get(here);
    heard = peer.answer();
    ASSERT_TRUE(heard.starts_with("HTTP/1.1 200 ")) << heard;
  }
  peer.get(here);
  Peer other(server.port());  // answered behind the GET, which hangs by then
  other.get("/livez");
  ASSERT_TRUE(other.answer().starts_with("HTTP/1.1 200 "));

  const Stopping stopping(server);
  const std::string last = peer.answer();
  EXPECT_TRUE(last.starts_with("HTTP/1.1 200 ")) << last;
  EXPECT_TRUE(last.ends_with("\r\n\r\n1")) << last;
  EXPECT_TRUE(peer.ended());
  peer.hang_up();
  other.hang_up();
}

TEST(ServerStop, a_command_in_flight_is_answered_and_the_next_one_refused) {
  ServerStage server({.workers = 2});
  Peer peer(server.port());
  // The room of another worker: its answer has to come through a mailbox.
  const std::uint32_t owner = 1 - server.owner_of_link(peer.open_websocket());
  ASSERT_TRUE(peer.enter(server.token("ann")));
  const int number = server.room_of(owner);
  server.with_store(owner, [](testing::MemoryStore& store) { store.hold(); });
  peer.say(ServerStage::join(number));
  server.wait_for_operation(owner);

  const Stopping stopping(server);
  ASSERT_TRUE(refuses_connections(server.port()));
  peer.say(R"(42["leave-room",{"roomId":"room-)" + std::to_string(number) + R"("}])");
  EXPECT_EQ(peer.text(),
            R"(42["call-error",{"error":"Failed to leave room","code":"leave_failed"}])");
  EXPECT_FALSE(stopping.over());
  server.with_store(owner, [](testing::MemoryStore& store) { store.release(); });
  EXPECT_TRUE(peer.text_from("42[\"join-success\"").starts_with("42[\"join-success\""));
  EXPECT_TRUE(peer.text_from("431[").starts_with(R"(431[{"ok":true)"));
  EXPECT_EQ(peer.close_code(), 1001U);
  peer.hang_up();
}

TEST(ServerStop, a_store_that_hangs_does_not_keep_people_from_being_told) {
  ServerStage server({.stop_grace = milliseconds(400)});
  Peer peer(server.port());
  static_cast<void>(peer.open_websocket());
  ASSERT_TRUE(peer.enter(server.token("ann")));
  server.with_store(0, [](testing::MemoryStore& store) { store.hold(); });
  peer.say(ServerStage::join(0));
  server.wait_for_operation(0);
  const Stopping stopping(server);
  EXPECT_EQ(peer.close_code(), 1001U);
}

TEST(ServerStop, what_is_left_at_the_end_of_the_grace_is_cut) {
  ServerStage server({.stop_grace = milliseconds(400)});
  server.with_store(0, [](testing::MemoryStore& store) { store.hold(); });
  Peer unanswered(server.port());
  unanswered.get("/readyz");  // waits for the store
  server.wait_for_operation(0);
  Peer deaf(server.port());
  static_cast<void>(deaf.open_websocket());  // neither reads nor closes from now on
  const MonoTime begun = system_clock().mono_now();
  server.stop();
  EXPECT_GE(system_clock().mono_now() - begun, milliseconds(400));
  EXPECT_EQ(unanswered.answer(), "");
  EXPECT_TRUE(unanswered.ended());
  EXPECT_TRUE(deaf.ended());
}

}  // namespace
}  // namespace stillroom::gateway
