// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "room/draft.hpp"

namespace stillroom::room {
namespace {

/// Who comes in, and what becomes of the seat.
struct Entry {
  const Seat* held = nullptr;  ///< the seat that is taken over
  SeatId seat;
  DeviceId device;
  bool starts_call = false;
  std::size_t people = 0;  ///< the newcomer included

  /// The same connection asks again: nothing changes for anybody else.
  [[nodiscard]] bool repeats(const Caller& caller) const {
    return held != nullptr && held->who->address == caller.address && !held->lost;
  }
};

std::optional<Refusal> may_enter(const Scene& scene) {
  const auto& session = scene.facts.session;
  const auto allowed = session::may(scene.caller().principal, session, session::Act::enter,
                                    scene.facts.wall, scene.settings.session);
  if (!allowed) return entry_refusal(allowed.error());
  if (session->room != scene.room.id) return Refusal::wrong_room;
  return std::nullopt;
}

Entry entry_of(const Scene& scene, const Join& join) {
  const Caller& caller = scene.caller();
  const UserId& user = caller.principal.user();
  Entry entry;
  entry.device = join.device.empty() ? caller.device : join.device;
  // One connection has one seat in a room, whatever device it names the second time.
  entry.held = scene.room.seat_at(caller.address);
  if (entry.held == nullptr) entry.held = scene.room.seat_of(user, entry.device);
  entry.seat = entry.held != nullptr ? entry.held->id : scene.facts.fresh_seat;
  entry.people = scene.room.people() + (scene.room.seats_of(user) == 0 ? 1 : 0);
  entry.starts_call =
      entry.people >= 2 && scene.facts.session->status == session::Status::confirmed;
  return entry;
}

bool fits(const Scene& scene, const Entry& entry) {
  if (entry.held != nullptr) return true;
  const std::size_t own = scene.room.seats_of(scene.caller().principal.user());
  if (own > 0) return own < scene.settings.seats_per_person_max;
  return scene.room.people() < scene.settings.capacity(scene.facts.session->type);
}

void record(const Scene& scene, const Entry& entry, Decision& decision) {
  audit::Kind kind = audit::Kind::joined;
  if (entry.held != nullptr) {
    const bool replaces = !entry.held->lost && !entry.repeats(scene.caller());
    kind = replaces ? audit::Kind::seat_replaced : audit::Kind::seat_returned;
  }
  decision.records.push_back(record_of(scene, kind, scene.caller()));
  if (!entry.starts_call) return;
  decision.records.push_back(record_of(scene, audit::Kind::call_started, scene.caller()));
  decision.call = CallChange{CallChange::Kind::start, scene.facts.session->id, scene.facts.wall};
}

void change(const Scene& scene, const Entry& entry, Decision& decision) {
  if (entry.held == nullptr) {
    decision.changes.emplace_back(
        Seated{Seat{entry.seat, scene.facts.caller, entry.device, std::nullopt}});
  } else {
    decision.changes.emplace_back(Reseated{entry.seat, scene.facts.caller});
  }
  if (entry.starts_call) decision.changes.emplace_back(CallStarted{scene.facts.wall});
}

/// contract §6: call-started, user-joined to the others, then what the newcomer is told.
void tell(const Scene& scene, const Entry& entry, Decision& decision) {
  const Caller& caller = scene.caller();
  const session::Session& session = *scene.facts.session;
  const std::vector<Address> others = everybody(scene.room, entry.seat);
  const bool repeats = entry.repeats(caller);
  if (entry.held != nullptr && !repeats) {
    if (!entry.held->lost)
      say(decision, {entry.held->who->address}, TellRevoked{"replaced", TellRevoked::Of::seat});
    say(decision, others, TellUserLeft{person_of(*entry.held), Reason::replaced});
  }
  if (entry.starts_call) {
    std::vector<Address> all = others;
    all.push_back(caller.address);
    say(decision, std::move(all), TellCallStarted{session.id, scene.facts.wall});
  }
  const Seat newcomer{entry.seat, scene.facts.caller, entry.device, std::nullopt};
  if (!repeats) say(decision, others, TellUserJoined{person_of(newcomer)});

  TellExisting existing;
  for (const Seat& seat : scene.room.seats) {
    if (seat.id != entry.seat) existing.people.push_back(person_of(seat));
  }
  say(decision, {caller.address}, std::move(existing));
  const Room as_read{scene.room.id, session, {}, {}, {}};
  const auto started = entry.starts_call ? scene.facts.wall : as_read.call();
  if (started) say(decision, {caller.address}, TellCallStatus{*started});
  const TellJoined joined{session.id,   caller.principal.user(),
                          entry.seat,   caller.principal.role(),
                          entry.people, caller.transport};
  say(decision, {caller.address}, joined);
  decision.outcome = joined;
}

}  // namespace

Decision decide_join(const Scene& scene, const Join& join) {
  if (const auto refusal = may_enter(scene)) {
    return refused(scene, audit::Kind::join_refused, *refusal);
  }
  const Entry entry = entry_of(scene, join);
  if (!fits(scene, entry)) {
    return refused(scene, audit::Kind::join_refused, Refusal::room_full);
  }
  Decision decision;
  refresh(scene, everybody(scene.room), decision);
  record(scene, entry, decision);
  change(scene, entry, decision);
  tell(scene, entry, decision);
  return decision;
}

}  // namespace stillroom::room
