// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "disk.hpp"
#include "engineio/link.hpp"
#include "engineio/request.hpp"
#include "identity/token_verifier.hpp"
#include "judge.hpp"
#include "network.hpp"
#include "schedule.hpp"
#include "sdp/policy.hpp"
#include "signalling/administration.hpp"
#include "signalling/budget.hpp"
#include "socketio/peer.hpp"
#include "testing/seeded_rng.hpp"

namespace stillroom::sim {

class Worker;

/// Everything that a run has one of.
struct Ground {
  explicit Ground(std::uint64_t seed);

  Schedule schedule;
  testing::SeededRng rng;
  Weather weather;
  Disk disk;
  identity::TokenVerifier verifier;
  engineio::Settings link;
  socketio::Settings peer;
  room::Settings room;
  signalling::BudgetSettings budget;
  sdp::Policy sdp;
  Judge judge;
  std::function<void(const std::string&)> trace;  ///< empty unless somebody reads along
  std::uint32_t generations = 0;  ///< no address is ever used twice, not even after a crash
};

/// One life of the server: three workers with a desk each and the links that their sids name, on
/// the shipped codecs and use cases. The gateway's part is played in a few lines.
class Server {
 public:
  static constexpr std::uint32_t kWorkers = 3;

  explicit Server(Ground& ground);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // What arrives from the network. An empty sid opens a link.
  void websocket(const std::shared_ptr<Line>& line, const std::string& sid);
  void ws_text(const std::shared_ptr<Line>& line, const std::string& text);
  void ws_lost(const std::shared_ptr<Line>& line, engineio::CloseReason reason);
  void poll(const Exchange& exchange, const std::string& sid,
            const std::optional<std::string>& body);
  void poll_lost(const std::shared_ptr<Line>& line);

  /// What an operator asks of the running server.
  void cancel(const SessionId& session);
  void tick();
  [[nodiscard]] MonoTime next_deadline() const;
  [[nodiscard]] const room::Room* find(const RoomId& room) const;
  [[nodiscard]] bool connected(const room::Address& address) const;

  // For the workers.
  [[nodiscard]] Worker& owner_of(const RoomId& room) const;
  [[nodiscard]] Worker& worker(std::uint32_t index) const { return *workers_[index]; }
  /// Through the mailbox: in order from one worker to another, in any order between two senders.
  void post(std::uint32_t from, std::uint32_t to, Task task);
  /// Later on, unless this life is over by then.
  void later(milliseconds delay, Task task);
  [[nodiscard]] Exchange* exchange(engineio::Channel channel);
  void answered(engineio::Channel channel) { exchanges_.erase(channel); }
  [[nodiscard]] std::shared_ptr<Line> socket(engineio::Channel channel) const;
  void forget_socket(engineio::Channel channel);

  Ground& ground;

 private:
  void session_changed(const RoomId& room, const SessionId& session);
  [[nodiscard]] engineio::Link* link_of(const std::string& sid) const;
  [[nodiscard]] std::optional<engineio::Channel> channel_of(const Line* line) const;
  [[nodiscard]] Worker* worker_of(const std::string& sid) const;
  engineio::Sid new_sid();
  void refuse(const Exchange& exchange, engineio::RequestError error);

  std::shared_ptr<int> alive_ = std::make_shared<int>();
  std::array<std::unique_ptr<Worker>, kWorkers> workers_;
  std::unique_ptr<signalling::Administration> administration_;
  std::map<engineio::Channel, Exchange> exchanges_;
  std::map<engineio::Channel, std::shared_ptr<Line>> sockets_;
  std::map<const Line*, std::string> sid_of_line_;
  std::array<std::array<MonoTime, kWorkers>, kWorkers> last_post_{};
  std::uint64_t next_channel_ = 1;
};

}  // namespace stillroom::sim
