// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "disk.hpp"
#include "room/room.hpp"
#include "schedule.hpp"
#include "signalling/caller.hpp"
#include "violation.hpp"

namespace stillroom::sim {

/// Knows what may be heard by whom, from the database's records and the sessions alone.
class Judge {
 public:
  Judge(const Schedule& schedule, Disk& disk) : schedule_(schedule), disk_(disk) {}

  /// A room of the world and whose it is.
  void knows(const session::Session& session);
  /// A token was accepted and the client is about to be told so.
  void admitted(const signalling::Caller& caller);
  /// The server has seen the end of this connection.
  void gone(const room::Address& address);

  /// `room` is the recipient's own, as its desk has it; null when it has none.
  void emitted(const room::Address& to, std::string_view json, const room::Room* room);
  void acked(const room::Address& to, std::string_view json);
  /// After every step of the world, for each room there is.
  void looks_at(const room::Room& room, const room::Settings& settings);

  /// The room of the session that a connection's person takes part in.
  [[nodiscard]] const RoomId* room_of(const room::Address& to) const;
  [[nodiscard]] std::size_t checks() const { return checks_; }
  /// How often each event left the server.
  [[nodiscard]] const std::map<std::string, std::size_t>& seen() const { return seen_; }

 private:
  struct Met {
    UserId user;
    std::string connection;
    DeviceId device;
    std::optional<SessionId> session;
    std::size_t told_joined = 0;
    std::size_t told_ice = 0;
  };

  void read_new_records();
  void heard_of(const Met& who, const json::Value& socket, std::string_view event);
  void relayed(const Met& who, const json::Value& body, const room::Room& room,
               std::string_view event);
  void call_told(const Met& who, std::string_view event);
  [[nodiscard]] Met& met(const room::Address& address);
  [[noreturn]] void broken(const std::string& promise) const;
  void demand(bool holds, std::string_view promise);

  const Schedule& schedule_;
  Disk& disk_;
  std::map<SessionId, session::Session> sessions_;
  std::map<UserId, SessionId> session_of_;
  std::map<RoomId, SessionId> room_session_;
  std::map<room::Address, Met> met_;
  std::map<SocketId, room::Address> sockets_;
  std::map<room::Address, MonoTime> gone_at_;
  json::Document document_;
  std::size_t checks_ = 0;
  std::map<std::string, std::size_t> seen_;

  // What the records say so far.
  std::size_t read_ = 0;
  std::set<std::string> connected_;                          ///< by connection
  std::map<std::string, std::size_t> entered_;               ///< by connection
  std::map<std::string, std::size_t> ice_;                   ///< by connection
  std::map<UserId, std::size_t> seated_at_;                  ///< index of the last new seat
  std::map<std::pair<UserId, UserId>, std::size_t> opened_;  ///< index of the last opening
  std::set<SessionId> started_;
  std::set<SessionId> ended_;
};

}  // namespace stillroom::sim
