// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "room/command.hpp"
#include "room/decide.hpp"
#include "room/message.hpp"
#include "signalling/ports.hpp"
#include "signalling/problems.hpp"

/// JSON texts that leave: complete arrays of an EVENT (`["user-joined",{…}]`) or of an ACK
/// (`[{"ok":true}]`). contract.md §6 is the table of them.
namespace stillroom::signalling::events {

/// `policy` of the contract: `{"iceTransportPolicy":"all"|"relay"}`.
enum class IcePolicy : std::uint8_t { all, relay };

/// ICE servers and policy as `join-success`, the `ice-servers` ack and `config` carry them.
struct Ice {
  std::vector<IceServer> servers;
  IcePolicy policy = IcePolicy::all;
};
/// Appends `"iceServers":[…],"policy":{…}` as members.
void append_ice(json::Writer& out, const Ice& ice);

[[nodiscard]] std::string hello(WallTime now, std::string_view version, IcePolicy policy,
                                std::string_view return_pass);
/// Nothing for refusals that are told by ack only.
[[nodiscard]] std::optional<std::string> refusal(room::Refusal refusal);
[[nodiscard]] std::string refusal_ack(room::Refusal refusal);
/// Of `auth:refresh`.
[[nodiscard]] std::string refreshed_ack(WallTime expires);
[[nodiscard]] std::string problem_ack(const Problem& problem);
/// Of the whole connection, which ends with it.
[[nodiscard]] std::string access_revoked(std::string_view reason);

/// `relayed` is the command whose body goes on, `ice` what a TellJoined carries.
struct Context {
  const RoomId& room;
  const room::Command& relayed;
  const Ice& ice;
  WallTime now;
};
[[nodiscard]] std::string message(const room::Message& message, const Context& context);
[[nodiscard]] std::string ack(const room::Outcome& outcome, const Context& context);

}  // namespace stillroom::signalling::events
