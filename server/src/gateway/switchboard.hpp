// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/strong_id.hpp"
#include "engineio/packet.hpp"
#include "room/address.hpp"
#include "room/command.hpp"
#include "room/decide.hpp"
#include "signalling/caller.hpp"
#include "signalling/door.hpp"

namespace stillroom::gateway {

class Front;

/// Which worker owns what, and how a command or an event gets there: at once on the same worker,
/// through the mailbox to another. Every function is called on the thread of `from`.
class Switchboard {
 public:
  void add(Front& front) { fronts_.push_back(&front); }
  [[nodiscard]] std::size_t workers() const { return fronts_.size(); }
  [[nodiscard]] Front& front(std::uint32_t worker) const { return *fronts_[worker]; }

  [[nodiscard]] std::uint32_t owner(const RoomId& room) const;
  [[nodiscard]] std::uint32_t owner(const engineio::Sid& sid) const;

  /// A client's command. When the owner's mailbox is full nothing is submitted, and whoever asked
  /// has to hear what comes back: the command's own failure.
  [[nodiscard]] std::optional<room::Refusal> submit(Front& from,
                                                    const signalling::CallerRef& caller,
                                                    const RoomId& room, room::Command command,
                                                    std::optional<std::uint64_t> ack);
  void connection_lost(Front& from, const room::Address& address, const RoomId& room,
                       room::Loss loss);
  /// On behalf of somebody's seat; `told` is called on the thread of `from`.
  void submit_for(Front& from, const UserId& user, const RoomId& room, room::Command command,
                  std::function<void(const room::Outcome&)> told);
  void session_changed(Front& from, const RoomId& room, const SessionId& session);

  /// Every connection concerned, on every worker, is held against the database again.
  void access_changed(Front& from, const signalling::Concerned& concerned);
  void right_lost(Front& from, const room::Address& to, const RoomId& room,
                  std::string_view reason);

  void emit(Front& from, const room::Address& to, std::string_view event_json);
  void ack(Front& from, const room::Address& to, std::uint64_t ack_id, std::string_view args_json);

 private:
  std::vector<Front*> fronts_;
};

}  // namespace stillroom::gateway
