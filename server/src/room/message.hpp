// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/strong_id.hpp"
#include "identity/user.hpp"
#include "room/caller.hpp"
#include "room/refusal.hpp"

/// What people in a room are told; signalling/events writes the JSON.
namespace stillroom::room {

/// Why somebody is no longer in the room, as `user-left` says it.
enum class Reason : std::uint8_t { left, disconnected, connection_lost, replaced, removed };
[[nodiscard]] std::string_view to_text(Reason reason);

struct Person {
  SocketId socket;
  UserId user;
  PersonName name;
  identity::Role role = identity::Role::client;
  SeatId seat;
};

struct TellCallStarted {
  SessionId session;
  WallTime at;
};
struct TellUserJoined {
  Person person;
};
struct TellExisting {
  std::vector<Person> people;
};
struct TellCallStatus {
  WallTime started;
};
struct TellJoined {
  SessionId session;
  UserId user;  ///< whom the TURN credentials are for
  SeatId seat;
  identity::Role role = identity::Role::client;
  std::size_t people = 0;
  Transport transport = Transport::plain;
};
struct TellUserLeft {
  Person person;
  Reason reason = Reason::left;
};
struct TellCallEnded {
  SessionId session;
  WallTime at;
  minutes length{0};
};
struct TellRevoked {
  enum class Of : std::uint8_t {
    seat,   ///< this one only: its person may sit elsewhere in the room
    right,  ///< to be in the room at all
  };
  std::string_view reason;  ///< a literal
  Of of = Of::right;
};
/// The offer, answer or candidate of the command itself goes on: nothing is copied.
struct TellRelay {
  SocketId from;
};

using Message = std::variant<TellCallStarted, TellUserJoined, TellExisting, TellCallStatus,
                             TellJoined, TellUserLeft, TellCallEnded, TellRevoked, TellRelay>;

struct Emission {
  std::vector<Address> to;
  Message message;
};

}  // namespace stillroom::room
