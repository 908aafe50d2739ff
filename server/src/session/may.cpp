// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "session/session.hpp"
#include "session/window.hpp"

namespace stillroom::session {
namespace {

/// Cancelled is told before everything else a participant may hear, over before what could still
/// change.
Result<void, Refusal> still_on(const Session& session) {
  switch (session.status) {
    case Status::cancelled:
    case Status::declined:
      return fail(Refusal::cancelled);
    case Status::completed:
    case Status::no_show:
      return fail(Refusal::ended);
    case Status::pending:
    case Status::approved:
    case Status::confirmed:
    case Status::in_progress:
      return {};
  }
  return fail(Refusal::ended);
}

Result<void, Refusal> confirmed(const Session& session) {
  if (session.status == Status::confirmed || session.status == Status::in_progress) return {};
  return fail(Refusal::not_confirmed);
}

Result<void, Refusal> paid(const Session& session) {
  if (session.payment == Payment::pending) return fail(Refusal::payment_pending);
  return {};
}

Result<void, Refusal> in_window(const Session& session, WallTime now, const Settings& settings) {
  const Window window = joinable(session, settings);
  if (now < window.opens) return fail(Refusal::too_early);
  if (now > window.closes) return fail(Refusal::ended);
  return {};
}

Result<void, Refusal> may_enter(const Session& session, WallTime now, const Settings& settings) {
  if (auto on = still_on(session); !on) return on;
  if (auto payment = paid(session); !payment) return payment;
  if (auto status = confirmed(session); !status) return status;
  return in_window(session, now, settings);
}

Result<void, Refusal> may_stay(const Session& session) {
  if (auto on = still_on(session); !on) return on;
  return confirmed(session);
}

}  // namespace

bool takes_part(const UserId& user, identity::Role role, const Session& session) {
  if (role == identity::Role::admin) return false;
  return std::any_of(session.participants.begin(), session.participants.end(),
                     [&](const Participant& participant) {
                       return participant.user == user && participant.role == role;
                     });
}

Window joinable(const Session& session, const Settings& settings) {
  return {session.start - settings.joinable_before, session.start + settings.joinable_after};
}

Result<void, Refusal> may(const identity::Principal& who, const std::optional<Session>& session,
                          Act act, WallTime now, const Settings& settings) {
  if (!session || !takes_part(who.user(), who.role(), *session)) return fail(Refusal::not_yours);
  if (who.session() && *who.session() != session->id) return fail(Refusal::not_yours);
  switch (act) {
    case Act::read:
      return {};
    case Act::enter:
      return may_enter(*session, now, settings);
    case Act::stay:
    case Act::start:
      return may_stay(*session);
    case Act::end:
      if (who.role() != identity::Role::psychologist) return fail(Refusal::not_therapist);
      return may_stay(*session);
  }
  return fail(Refusal::not_yours);
}

}  // namespace stillroom::session
