// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/strong_id.hpp"
#include "wire.hpp"

namespace stillroom::sim {

/// Who somebody is and where they belong.
struct Persona {
  UserId user;
  std::string token;
  std::string device;
  SessionId session;
  RoomId room;
  Wire::Way way = Wire::Way::websocket;
};

/// One person's page, as the contract lets it behave: connects, joins, offers to whoever is there,
/// answers, and comes back by itself.
class Client {
 public:
  Client(Ground& ground, const std::shared_ptr<Server>& server, Persona persona)
      : ground_(ground), server_(server), persona_(std::move(persona)) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // What the script makes people do.
  void come();
  void go();      ///< leaves the room, says DISCONNECT, closes
  void vanish();  ///< closes the tab
  void cut(Notice notice);
  void join(bool twice = false);
  void leave_room();
  void say(const std::string& event, const std::string& payload);
  void offer_to(const std::string& socket);
  void end_call() { say("end-call", room_json()); }
  /// Sends `mark` as a candidate to everybody this client knows of.
  void echo(const std::string& mark);

  [[nodiscard]] const Persona& persona() const { return persona_; }
  [[nodiscard]] bool wants_in() const { return wants_in_; }
  [[nodiscard]] bool refused_for_good() const { return refused_for_good_; }
  [[nodiscard]] bool seated() const { return seated_ && wire_ && wire_->alive(); }
  [[nodiscard]] bool away() const { return !wire_ || !wire_->alive(); }
  [[nodiscard]] const std::string& socket() const { return socket_; }
  /// Sockets of the others, as events have told.
  [[nodiscard]] const std::set<std::string>& others() const { return others_; }
  [[nodiscard]] const std::set<std::string>& echoes() const { return echoes_; }
  [[nodiscard]] std::string room_json() const;
  [[nodiscard]] std::string label() const;

 private:
  void connect();
  void retry(milliseconds low, milliseconds high);
  void packet(std::string_view text);
  void event(const std::string& name, const json::Value& body);
  void left();
  void refused(const std::string& error);
  void offer_again();
  void answer_to(const std::string& socket);
  void candidate_to(const std::string& socket, const std::string& mark);

  Ground& ground_;
  const std::shared_ptr<Server>& server_;  ///< the world's; null while it is down
  Persona persona_;
  std::shared_ptr<Wire> wire_;
  std::string socket_;
  std::set<std::string> others_;
  std::set<std::string> echoes_;
  std::uint64_t attempt_ = 0;  ///< names the retry that is still meant
  std::uint64_t acks_ = 0;
  std::string leaving_;  ///< the ack that says we have left; empty: not leaving
  bool wants_in_ = false;
  bool connected_ = false;
  bool offers_again_ = false;
  bool seated_ = false;
  bool refused_for_good_ = false;
};

}  // namespace stillroom::sim
