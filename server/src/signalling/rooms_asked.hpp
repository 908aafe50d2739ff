// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "base/strong_id.hpp"
#include "signalling/commands.hpp"

namespace stillroom::signalling {

/// Rooms that one connection may have asked to join. More: the join is refused.
inline constexpr std::size_t kRoomsPerConnectionMax = 4;

/// The rooms that have to hear of a connection's end (Desk::connection_lost): those that it asked
/// to join, answered or not. Lives with the connection, on its worker.
class RoomsAsked {
 public:
  /// Before a request is submitted. Something comes back: it is not, and this is the answer.
  [[nodiscard]] std::optional<room::Refusal> note(const Request& request) {
    if (!std::holds_alternative<room::Join>(request.command)) return std::nullopt;
    if (std::ranges::find(rooms_, request.room) != rooms_.end()) return std::nullopt;
    if (rooms_.size() >= kRoomsPerConnectionMax) return room::Refusal::join_failed;
    rooms_.push_back(request.room);
    return std::nullopt;
  }
  /// The right to be in `room` is gone, and the room knows it. True when no other room is left.
  [[nodiscard]] bool drop(const RoomId& room) {
    std::erase(rooms_, room);
    return rooms_.empty();
  }
  /// At the end of the connection, once.
  [[nodiscard]] std::vector<RoomId> take() { return std::exchange(rooms_, {}); }

 private:
  std::vector<RoomId> rooms_;
};

}  // namespace stillroom::signalling
