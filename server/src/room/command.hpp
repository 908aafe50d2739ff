// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "base/strong_id.hpp"
#include "room/address.hpp"
#include "room/refusal.hpp"
#include "sdp/candidate.hpp"
#include "sdp/description.hpp"

/// What a room can be asked. Commands of a client are decoded by signalling/commands; the rest is
/// what happens to a room by itself.
namespace stillroom::room {

struct Join {
  SessionId session;
  DeviceId device;  ///< overrides the connection's; empty when the client names none
};
struct Offer {
  SocketId to;
  sdp::Description description;
};
struct Answer {
  SocketId to;
  sdp::Description description;
};
struct Candidate {
  SocketId to;
  sdp::Candidate candidate;
};
/// The optional session must be the room's own.
struct StartCall {
  std::optional<SessionId> session;
};
struct EndCall {
  std::optional<SessionId> session;
};
struct Leave {};
struct AskIceServers {};

/// How a connection went. `transport`: the seat waits for its person; `goodbye`: a DISCONNECT
/// packet; `revoked`: its right to exist has ended. After the last two the seat is free at once.
enum class Loss : std::uint8_t { transport, goodbye, revoked };
struct Lost {
  Address address;
  Loss loss = Loss::transport;
};

/// A deadline of the room has passed.
struct Deadline {};
/// The session's record changed elsewhere (REST, command line) and was read again.
struct SessionChanged {};

using Command = std::variant<Join, Offer, Answer, Candidate, StartCall, EndCall, Leave,
                             AskIceServers, Lost, Deadline, SessionChanged>;

/// True when the rules need the session as the database has it now.
[[nodiscard]] bool reads_session(const Command& command);
/// What whoever asked hears when the store could not do its part. Nothing for what nobody asked.
[[nodiscard]] std::optional<Refusal> failure_of(const Command& command);

}  // namespace stillroom::room
