// SPDX-License-Identifier: Apache-2.0
// `/api/sessions`: the schedule, for administrators, therapists (their own sessions) and
// applications.
#include <algorithm>
#include <utility>
#include <vector>

#include "gateway/rest_body.hpp"
#include "gateway/rest_routes.hpp"
#include "gateway/switchboard.hpp"
#include "signalling/enquiries.hpp"
#include "signalling/staff.hpp"

namespace stillroom::gateway {
namespace {

using session::Session;
using signalling::About;
using signalling::ChangedSession;
using signalling::SessionChange;
namespace problems = signalling::problems;

HttpResponse refusal(const signalling::AdminError& error) {
  return problem_response(signalling::problem_of(error.refusal, About::session));
}

SessionChange change_in(Members& members) {
  SessionChange change;
  change.clients = members.texts("clients");
  change.therapist = members.text("therapist");
  change.start = members.instant("start");
  if (const auto length = members.integer("minutes")) change.length = minutes(*length);
  change.type = members.word("type", session::type_from_text);
  change.status = members.word("status", session::status_from_text);
  change.payment = members.word("payment", session::payment_from_text);
  return change;
}

signalling::NewSession new_session_in(Members& members) {
  const SessionChange given = change_in(members);
  signalling::NewSession order;
  order.clients = members.must(given.clients);
  order.therapist = members.must(given.therapist);
  order.start = members.must(given.start);
  order.length = given.length.value_or(order.length);
  order.type = given.type;
  order.status = given.status.value_or(order.status);
  order.payment = given.payment.value_or(order.payment);
  order.outside_id = members.text("outsideId");
  return order;
}

signalling::SessionRow row_in(Members& row) {
  return {row.must(row.text("outsideId")), change_in(row)};
}

/// Whoever may not stay is put out before anybody hears that it is done.
void tell(Front& front, const Session& changed) {
  front.switchboard().session_changed(front, changed.room, changed.id);
}

}  // namespace

Task<HttpResponse> Rest::Routes::list_sessions(Rest* rest, StaffAsk ask) {
  signalling::Page page = page_of(ask.request);
  page.limit = std::clamp<std::uint32_t>(page.limit, 1, signalling::kPageLimitMax);
  Ordering<std::vector<Session>> order = [rest, page, by = ask.by](auto answer) {
    rest->administration_.list_sessions(page, std::move(answer), by);
  };
  const auto sessions = co_await ordered<std::vector<Session>>(rest, std::move(order));
  co_return sessions ? json_response(signalling::encode_session_page(*sessions, page))
                     : refusal(sessions.error());
}

Task<HttpResponse> Rest::Routes::find_session(Rest* rest, StaffAsk ask) {
  Ordering<Session> order = [rest, id = ask.argument, by = ask.by](auto answer) {
    rest->administration_.find_session(id, by, std::move(answer));
  };
  const auto found = co_await ordered<Session>(rest, std::move(order));
  co_return found ? json_response(signalling::encode_session_view(*found)) : refusal(found.error());
}

/// The room is there since the session is; asking again answers the same.
Task<HttpResponse> Rest::Routes::generate_room(Rest* rest, StaffAsk ask) {
  Ordering<Session> order = [rest, id = ask.argument, by = ask.by](auto answer) {
    rest->administration_.find_session(id, by, std::move(answer));
  };
  const auto found = co_await ordered<Session>(rest, std::move(order));
  co_return found ? json_response(signalling::encode_room_of(*found)) : refusal(found.error());
}

Task<HttpResponse> Rest::Routes::add_session(Rest* rest, StaffAsk ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  const signalling::NewSession wanted = new_session_in(members);
  if (members.problem()) co_return problem_response(*members.problem());
  if (!session::may_begin_as(wanted.status)) co_return problem_response(problems::kStatusRefused);
  Ordering<Session> order = [rest, wanted, by = ask.by](auto answer) {
    rest->administration_.add_session(wanted, std::move(answer), by);
  };
  const auto added = co_await ordered<Session>(rest, std::move(order));
  co_return added ? json_response(201, signalling::encode_session_view(*added))
                  : refusal(added.error());
}

Task<HttpResponse> Rest::Routes::change_session(Rest* rest, StaffAsk ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  const SessionChange change = change_in(members);
  if (members.problem()) co_return problem_response(*members.problem());
  Ordering<ChangedSession> order = [rest, id = ask.argument, change, by = ask.by](auto answer) {
    rest->administration_.change_session(id, change, by, std::move(answer));
  };
  const auto changed = co_await ordered<ChangedSession>(rest, std::move(order));
  if (!changed) co_return refusal(changed.error());
  tell(rest->front_, changed->now);
  co_return json_response(signalling::encode_session_view(changed->now));
}

Task<HttpResponse> Rest::Routes::cancel_session(Rest* rest, StaffAsk ask) {
  using signalling::CancelledSession;
  Ordering<CancelledSession> order = [rest, id = ask.argument, by = ask.by](auto answer) {
    rest->administration_.cancel_session(id, std::move(answer), by);
  };
  const auto cancelled = co_await ordered<CancelledSession>(rest, std::move(order));
  if (!cancelled) co_return refusal(cancelled.error());
  rest->front_.switchboard().session_changed(rest->front_, cancelled->room, cancelled->session);
  co_return json_response(signalling::encode_cancelled(*cancelled));
}

Task<HttpResponse> Rest::Routes::upsert_sessions(Rest* rest, StaffAsk ask) {
  const auto rows = rows_in(Body(ask.request.body), "sessions", row_in);
  if (!rows) co_return problem_response(rows.error());
  using signalling::UpsertedSessions;
  Ordering<UpsertedSessions> order = [rest, rows = *rows, by = ask.by](auto answer) {
    rest->administration_.upsert_sessions(rows, by, std::move(answer));
  };
  const auto done = co_await ordered<UpsertedSessions>(rest, std::move(order));
  if (!done) co_return refusal(done.error());
  if (!done->refused.empty()) co_return rows_response(done->refused, About::session);
  for (const ChangedSession& change : done->changed) tell(rest->front_, change.now);
  co_return json_response(signalling::encode_upserted(*done));
}

}  // namespace stillroom::gateway
