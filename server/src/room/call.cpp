// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <utility>

#include "room/draft.hpp"

namespace stillroom::room {
namespace {

/// Seated, and speaking of this room's own session when naming one.
bool speaks_here(const Scene& scene, const std::optional<SessionId>& named) {
  if (scene.own_seat() == nullptr || !scene.room.session) return false;
  return !named || *named == scene.room.session->id;
}

Decision not_now(const Scene& scene, Refusal refusal) {
  Decision decision = refused(scene, audit::Kind::call_refused, refusal);
  refresh(scene, everybody(scene.room), decision);
  return decision;
}

std::optional<WallTime> running_as_read(const Scene& scene) {
  return Room{scene.room.id, scene.facts.session, {}, {}, {}}.call();
}

}  // namespace

Decision decide_start(const Scene& scene, const StartCall& start) {
  if (!speaks_here(scene, start.session)) {
    return refused(scene, audit::Kind::call_refused, Refusal::not_in_room);
  }
  if (!session::may(scene.caller().principal, scene.facts.session, session::Act::start,
                    scene.facts.wall, scene.settings.session)) {
    return not_now(scene, Refusal::start_failed);
  }
  Decision decision;
  refresh(scene, everybody(scene.room), decision);
  if (const auto running = running_as_read(scene)) {
    say(decision, {scene.caller().address}, TellCallStatus{*running});
    decision.outcome = TellCallStatus{*running};
    return decision;
  }
  const session::Session& session = *scene.facts.session;
  decision.records.push_back(record_of(scene, audit::Kind::call_started, scene.caller()));
  decision.call = CallChange{CallChange::Kind::start, session.id, scene.facts.wall};
  decision.changes.emplace_back(CallStarted{scene.facts.wall});
  say(decision, everybody(scene.room), TellCallStarted{session.id, scene.facts.wall});
  decision.outcome = TellCallStatus{scene.facts.wall};
  return decision;
}

Decision decide_end(const Scene& scene, const EndCall& end) {
  if (!speaks_here(scene, end.session)) {
    return refused(scene, audit::Kind::call_refused, Refusal::not_in_room);
  }
  const auto running = running_as_read(scene);
  if (!running) return not_now(scene, Refusal::call_not_started);
  const auto allowed = session::may(scene.caller().principal, scene.facts.session,
                                    session::Act::end, scene.facts.wall, scene.settings.session);
  if (!allowed) {
    const bool not_therapist = allowed.error() == session::Refusal::not_therapist;
    return not_now(scene, not_therapist ? Refusal::therapist_only : Refusal::end_failed);
  }
  Decision decision;
  refresh(scene, everybody(scene.room), decision);
  const session::Session& session = *scene.facts.session;
  decision.records.push_back(record_of(scene, audit::Kind::call_ended, scene.caller()));
  decision.call = CallChange{CallChange::Kind::end, session.id, scene.facts.wall};
  decision.changes.emplace_back(CallEnded{scene.facts.wall});
  const auto length = std::chrono::floor<minutes>(scene.facts.wall - *running);
  say(decision, everybody(scene.room), TellCallEnded{session.id, scene.facts.wall, length});
  return decision;
}

Decision decide_ice_servers(const Scene& scene) {
  const Seat* seat = scene.own_seat();
  if (seat == nullptr || !scene.may_stay(*seat)) return refused(Refusal::invalid_attempt);
  Decision decision;
  decision.records.push_back(record_of(scene, audit::Kind::ice_credentials_issued, scene.caller()));
  decision.outcome = IceServersGranted{seat->user()};
  return decision;
}

}  // namespace stillroom::room
