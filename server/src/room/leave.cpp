// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "room/draft.hpp"

namespace stillroom::room {
namespace {

audit::Kind kind_of(Reason reason) {
  return reason == Reason::connection_lost ? audit::Kind::seat_lost : audit::Kind::left;
}

/// Whoever keeps a seat when `gone` lose theirs.
std::vector<Address> kept(const Room& room, const std::vector<const Seat*>& gone) {
  std::vector<Address> addresses;
  for (const Seat& seat : room.seats) {
    if (std::ranges::find(gone, &seat) == gone.end()) addresses.push_back(seat.who->address);
  }
  return addresses;
}

/// Seats become free; whoever keeps one hears of each. `gone` hear nothing of each other.
void vacate(const Scene& scene, const std::vector<const Seat*>& gone, Reason reason,
            Decision& decision) {
  for (const Seat* seat : gone) {
    audit::Record record = record_of(scene, kind_of(reason), *seat->who);
    record.reason = to_text(reason);
    decision.notes.push_back(std::move(record));
    decision.changes.emplace_back(Vacated{seat->id, scene.facts.mono});
    say(decision, kept(scene.room, gone), TellUserLeft{person_of(*seat), reason});
  }
}

/// contract §7: a call nobody sits in ends after the grace period.
void end_empty_call(const Scene& scene, Decision& decision) {
  const Room& room = scene.room;
  if (!room.empty_since || !room.call()) return;
  if (scene.facts.mono < *room.empty_since + scene.settings.empty_grace) return;
  audit::Record record = record_of(scene, audit::Kind::call_ended);
  record.reason = "room_empty";
  decision.records.push_back(std::move(record));
  decision.call = CallChange{CallChange::Kind::end, room.session->id, scene.facts.wall};
  decision.changes.emplace_back(CallEnded{scene.facts.wall});
}

/// Why somebody may not stay, in the word the person is shown; null when they may.
const char* revocation(const Scene& scene, const Seat& seat) {
  const auto allowed = session::may(seat.who->principal, scene.facts.session, session::Act::stay,
                                    scene.facts.wall, scene.settings.session);
  if (allowed) return nullptr;
  switch (allowed.error()) {
    case session::Refusal::cancelled:
      return "cancelled";
    case session::Refusal::payment_pending:
      return "unpaid";
    // The end is told by call-ended; people leave by themselves, and nothing is relayed any more.
    case session::Refusal::ended:
      return nullptr;
    case session::Refusal::not_confirmed:
      return "not_confirmed";
    default:
      return "not_yours";
  }
}

}  // namespace

std::string_view to_text(Reason reason) {
  switch (reason) {
    case Reason::left:
      return "left";
    case Reason::disconnected:
      return "disconnected";
    case Reason::connection_lost:
      return "connection_lost";
    case Reason::replaced:
      return "replaced";
    case Reason::removed:
      return "removed";
  }
  return "left";
}

Decision decide_leave(const Scene& scene) {
  const Seat* seat = scene.own_seat();
  if (seat == nullptr) return refused(Refusal::not_in_room);
  Decision decision;
  vacate(scene, {seat}, Reason::left, decision);
  return decision;
}

Decision decide_lost(const Scene& scene, const Lost& lost) {
  Decision decision;
  const Seat* seat = scene.room.seat_at(lost.address);
  if (seat == nullptr) return decision;
  switch (lost.loss) {
    case Loss::goodbye:
      vacate(scene, {seat}, Reason::disconnected, decision);
      break;
    case Loss::revoked:
      vacate(scene, {seat}, Reason::removed, decision);
      break;
    case Loss::transport:
      if (!seat->lost) decision.changes.emplace_back(SeatLost{seat->id, scene.facts.mono});
      break;
  }
  return decision;
}

Decision decide_deadline(const Scene& scene) {
  Decision decision;
  std::vector<const Seat*> gone;
  for (const Seat& seat : scene.room.seats) {
    if (seat.lost && *seat.lost + scene.settings.seat_grace <= scene.facts.mono) {
      gone.push_back(&seat);
    }
  }
  vacate(scene, gone, Reason::connection_lost, decision);
  end_empty_call(scene, decision);
  return decision;
}

Decision decide_changed(const Scene& scene) {
  Decision decision;
  std::vector<const Seat*> gone;
  for (const Seat& seat : scene.room.seats) {
    const char* why = revocation(scene, seat);
    if (why == nullptr) continue;
    gone.push_back(&seat);
    if (!seat.lost) say(decision, {seat.who->address}, TellRevoked{why, TellRevoked::Of::right});
  }
  refresh(scene, kept(scene.room, gone), decision);
  vacate(scene, gone, Reason::removed, decision);
  if (!scene.facts.session) decision.changes.emplace_back(SessionGone{});
  return decision;
}

}  // namespace stillroom::room
