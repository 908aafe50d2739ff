// SPDX-License-Identifier: Apache-2.0
#include "room/draft.hpp"

#include <chrono>
#include <utility>

namespace stillroom::room {

const Seat* Scene::own_seat() const {
  const Seat* seat = room.seat_at(caller().address);
  return seat != nullptr && !seat->lost ? seat : nullptr;
}

bool Scene::may_stay(const Seat& seat) const {
  return session::may(seat.who->principal, room.session, session::Act::stay, facts.wall,
                      settings.session)
      .ok();
}

Person person_of(const Seat& seat) {
  const identity::Principal& who = seat.who->principal;
  return {seat.who->socket, who.user(), who.name(), who.role(), seat.id};
}

audit::Record record_of(const Scene& scene, audit::Kind kind) {
  audit::Record record;
  record.kind = kind;
  record.at = scene.facts.wall;
  record.room = scene.room.id;
  if (scene.facts.session) {
    record.session = scene.facts.session->id;
  } else if (scene.room.session) {
    record.session = scene.room.session->id;
  }
  return record;
}

audit::Record record_of(const Scene& scene, audit::Kind kind, const Caller& who) {
  audit::Record record = record_of(scene, kind);
  record.actor = who.principal.user();
  record.role = who.principal.role();
  record.source = who.source;
  record.connection = who.connection;
  return record;
}

std::vector<Address> everybody(const Room& room, const SeatId& left_out) {
  std::vector<Address> all;
  all.reserve(room.seats.size() + 1);
  for (const Seat& seat : room.seats) {
    if (seat.id != left_out) all.push_back(seat.who->address);
  }
  return all;
}

void say(Decision& decision, std::vector<Address> to, Message message) {
  if (!to.empty()) decision.emissions.push_back({std::move(to), std::move(message)});
}

void refresh(const Scene& scene, std::vector<Address> audience, Decision& decision) {
  if (!scene.facts.session) return;
  const session::Session& now = *scene.facts.session;
  Room after{scene.room.id, now, {}, {}, {}};
  const auto was = scene.room.call();
  const auto is = after.call();
  if (!was && is && scene.room.session) {
    say(decision, std::move(audience), TellCallStarted{now.id, *is});
  } else if (was && !is) {
    const WallTime end = now.call_ended.value_or(scene.facts.wall);
    const auto length = std::chrono::floor<minutes>(end - *was);
    say(decision, std::move(audience), TellCallEnded{now.id, end, length});
  }
  decision.changes.emplace_back(SessionRead{now, scene.facts.mono});
}

Decision refused(Refusal refusal) {
  Decision decision;
  decision.outcome = refusal;
  return decision;
}

Decision refused(const Scene& scene, audit::Kind kind, Refusal refusal) {
  Decision decision = refused(refusal);
  audit::Record record = record_of(scene, kind, scene.caller());
  record.outcome = audit::Outcome::refused;
  record.reason = text_of(refusal).code;
  decision.notes.push_back(std::move(record));
  return decision;
}

}  // namespace stillroom::room
