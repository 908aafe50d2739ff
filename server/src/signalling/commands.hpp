// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "base/json.hpp"
#include "base/strong_id.hpp"
#include "identity/token.hpp"
#include "room/command.hpp"
#include "room/refusal.hpp"
#include "sdp/policy.hpp"
#include "signalling/budget.hpp"

/// From a Socket.IO event to a typed command. Shape ends here: nothing behind it looks at JSON.
namespace stillroom::signalling {

inline constexpr std::size_t kRoomIdBytesMax = 64;
inline constexpr std::size_t kIdBytesMax = 128;  ///< session and socket ids
inline constexpr std::size_t kDeviceIdCharactersMax = 64;

/// A command on its way to the desk of the worker that owns `room`.
struct Request {
  RoomId room;
  room::Command command;
};

/// `auth:refresh`: for the door, not for a room.
struct Refresh {
  std::optional<identity::TokenText> token;
};

using Decoded = std::variant<Request, Refresh, room::Refusal>;

/// `args` is the event's whole array, its name first: `["join-room",{…}]`. Members nobody knows and
/// arguments behind the payload are ignored.
[[nodiscard]] Decoded decode(std::string_view event, json::Value args, const sdp::Policy& policy);

/// The same behind the connection's budget: what the gateway calls for each event.
[[nodiscard]] Decoded take_event(std::string_view event, json::Value args,
                                 const sdp::Policy& policy, Budget& budget,
                                 const BudgetSettings& settings, MonoTime now);

/// `deviceId` of CONNECT's auth object; empty when absent or none that can be one.
[[nodiscard]] DeviceId device_of(json::Value auth);

}  // namespace stillroom::signalling
