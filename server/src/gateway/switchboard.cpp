// SPDX-License-Identifier: Apache-2.0
#include "gateway/switchboard.hpp"

#include <functional>
#include <utility>

#include "gateway/front.hpp"
#include "gateway/link_host.hpp"
#include "signalling/desk.hpp"

namespace stillroom::gateway {

std::uint32_t Switchboard::owner(const RoomId& room) const {
  return static_cast<std::uint32_t>(std::hash<RoomId>{}(room) % fronts_.size());
}

std::uint32_t Switchboard::owner(const engineio::Sid& sid) const {
  return static_cast<std::uint32_t>(std::hash<engineio::Sid>{}(sid) % fronts_.size());
}

std::optional<room::Refusal> Switchboard::submit(Front& from, const signalling::CallerRef& caller,
                                                 const RoomId& room, room::Command command,
                                                 std::optional<std::uint64_t> ack) {
  Front& there = front(owner(room));
  if (&there == &from) {
    there.desk().submit(caller, room, std::move(command), ack);
    there.arm_desk();
    return std::nullopt;
  }
  const room::Refusal overloaded = *room::failure_of(command);
  auto act = [&there, caller = caller, room, command = std::move(command), ack]() mutable {
    there.desk().submit(std::move(caller), room, std::move(command), ack);
    there.arm_desk();
  };
  if (there.worker().post(net::Task(std::move(act)))) return std::nullopt;
  return overloaded;
}

void Switchboard::connection_lost(Front& from, const room::Address& address, const RoomId& room,
                                  room::Loss loss) {
  Front& there = front(owner(room));
  auto tell = [&there, address, room, loss] {
    there.desk().connection_lost(address, room, loss);
    there.arm_desk();
  };
  if (&there == &from) return tell();
  there.worker().post_consequence(net::Task(std::move(tell)));
}

void Switchboard::submit_for(Front& from, const UserId& user, const RoomId& room,
                             room::Command command,
                             std::function<void(const room::Outcome&)> told) {
  Front& there = front(owner(room));
  if (&there == &from) {
    there.desk().submit_for(user, room, std::move(command), std::move(told));
    return there.arm_desk();
  }
  const room::Outcome overloaded = *room::failure_of(command);
  auto back = [&from, told](const room::Outcome& outcome) {
    from.worker().post_consequence(net::Task([told, outcome] { told(outcome); }));
  };
  auto act = [&there, user, room, command = std::move(command), back = std::move(back)]() mutable {
    there.desk().submit_for(user, room, std::move(command), std::move(back));
    there.arm_desk();
  };
  if (!there.worker().post(net::Task(std::move(act)))) told(overloaded);
}

void Switchboard::session_changed(Front& from, const RoomId& room, const SessionId& session) {
  Front& there = front(owner(room));
  auto tell = [&there, session] {
    there.desk().session_changed(session);
    there.arm_desk();
  };
  if (&there == &from) return tell();
  there.worker().post_consequence(net::Task(std::move(tell)));
}

void Switchboard::access_changed(Front& from, const signalling::Concerned& concerned) {
  for (Front* there : fronts_) {
    if (there == &from) {
      there->review(concerned);
    } else {
      there->worker().post_consequence(net::Task([there, concerned] { there->review(concerned); }));
    }
  }
}

void Switchboard::right_lost(Front& from, const room::Address& to, const RoomId& room,
                             std::string_view reason) {
  Front& there = front(to.worker);
  auto tell = [&there, id = SlotId{to.slot, to.generation}, room, reason] {
    if (LinkHost* host = there.link(id)) host->right_lost(room, reason);
  };
  if (&there == &from) return tell();
  there.worker().post_consequence(net::Task(std::move(tell)));
}

void Switchboard::emit(Front& from, const room::Address& to, std::string_view event_json) {
  Front& there = front(to.worker);
  const SlotId id{to.slot, to.generation};
  if (&there == &from) {
    if (LinkHost* host = there.link(id)) host->emit(event_json);
    return;
  }
  there.worker().post_consequence(net::Task([&there, id, text = std::string(event_json)] {
    if (LinkHost* host = there.link(id)) host->emit(text);
  }));
}

void Switchboard::ack(Front& from, const room::Address& to, std::uint64_t ack_id,
                      std::string_view args_json) {
  Front& there = front(to.worker);
  const SlotId id{to.slot, to.generation};
  if (&there == &from) {
    if (LinkHost* host = there.link(id)) host->ack(ack_id, args_json);
    return;
  }
  there.worker().post_consequence(net::Task([&there, id, ack_id, text = std::string(args_json)] {
    if (LinkHost* host = there.link(id)) host->ack(ack_id, text);
  }));
}

}  // namespace stillroom::gateway
