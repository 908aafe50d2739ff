// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "identity/id_text.hpp"
#include "signalling/administration_parts.hpp"
#include "signalling/staff.hpp"

namespace stillroom::signalling {
namespace {

constexpr std::array kTypes{session::Type::individual, session::Type::couples,
                            session::Type::family, session::Type::group};

Failure<AdminError> invalid(std::string sentence) {
  return {AdminError{AdminRefusal::invalid, std::move(sentence)}};
}

std::optional<session::Type> smallest_type(std::size_t people) {
  for (const session::Type type : kTypes) {
    if (people <= capacity(type)) return type;
  }
  return std::nullopt;
}

/// Everything that can be said without looking anybody up; the type that results.
Result<session::Type, AdminError> check(const NewSession& order) {
  std::set<std::string> people{order.therapist};
  people.insert(order.clients.begin(), order.clients.end());
  for (const std::string& id : people) {
    if (auto error = id_error("A user id", id)) return fail(std::move(*error));
  }
  if (order.outside_id) {
    if (auto error = id_error("An outside id", *order.outside_id)) return fail(std::move(*error));
  }
  if (order.clients.empty()) return invalid("A session has one client at least.");
  if (people.size() != order.clients.size() + 1) {
    return invalid("Nobody takes part in a session twice.");
  }
  if (order.length < kSessionLengthMin || order.length > kSessionLengthMax) {
    return invalid("A session has 5 to 600 minutes.");
  }
  const auto type = order.type ? order.type : smallest_type(people.size());
  if (!type) {
    return invalid("No session holds more than " + std::to_string(capacity(session::Type::group)) +
                   " people.");
  }
  if (people.size() > capacity(*type)) {
    return invalid("A session of type " + std::string(to_text(*type)) + " holds " +
                   std::to_string(capacity(*type)) + " people, the therapist included.");
  }
  return *type;
}

/// What would make this session.
NewSession order_of(const session::Session& session) {
  NewSession order;
  for (const session::Participant& participant : session.participants) {
    if (participant.role == identity::Role::psychologist) {
      order.therapist = participant.user.text();
    } else {
      order.clients.push_back(participant.user.text());
    }
  }
  order.start = session.start;
  order.length = session.length;
  order.type = session.type;
  order.status = session.status;
  order.payment = session.payment;
  return order;
}

std::vector<session::Participant> participants_of(const NewSession& order) {
  std::vector<session::Participant> people{{UserId(order.therapist), identity::Role::psychologist}};
  for (const std::string& client : order.clients) {
    people.push_back({UserId(client), identity::Role::client});
  }
  return people;
}

}  // namespace

std::size_t capacity(session::Type type) {
  switch (type) {
    case session::Type::individual:
      return 2;
    case session::Type::couples:
      return 3;
    case session::Type::family:
      return 6;
    case session::Type::group:
      return 12;
  }
  return 2;
}

Result<session::Session, AdminError> draft_of(const NewSession& order) {
  const auto type = check(order);
  if (!type) return fail(type.error());
  session::Session session;
  session.type = *type;
  session.status = order.status;
  session.payment = order.payment;
  session.start = order.start;
  session.length = order.length;
  session.participants = participants_of(order);
  if (order.outside_id) session.outside_id = OutsideId(*order.outside_id);
  return session;
}

Result<session::Session, AdminError> changed(const session::Session& from,
                                             const SessionChange& change) {
  NewSession order = order_of(from);
  order.therapist = change.therapist.value_or(order.therapist);
  order.clients = change.clients.value_or(order.clients);
  order.start = change.start.value_or(order.start);
  order.length = change.length.value_or(order.length);
  order.type = change.type.value_or(from.type);
  session::Session to = from;
  to.payment = change.payment.value_or(from.payment);
  if (change.therapist || change.clients || change.start || change.length || change.type) {
    const auto draft = draft_of(order);
    if (!draft) return fail(draft.error());
    to.type = draft->type;
    to.start = draft->start;
    to.length = draft->length;
    if (change.therapist || change.clients) to.participants = draft->participants;
  }
  to.status = change.status.value_or(from.status);
  session::Session but_for_payment = to;
  but_for_payment.payment = from.payment;
  if (session::is_over(from.status) && but_for_payment != from) {
    return refused(AdminRefusal::session_over,
                   "The session is " + std::string(to_text(from.status)) + ".");
  }
  if (!session::may_become(from.status, to.status)) {
    return refused(AdminRefusal::status_refused,
                   "A session that is " + std::string(to_text(from.status)) + " becomes no " +
                       std::string(to_text(to.status)) + " one.");
  }
  return to;
}

/// A session being put together while its people are looked up, one after the other.
struct Administration::Draft {
  session::Session session;
  std::vector<session::Participant> known;
  std::size_t checked = 0;  ///< participants
  AdminAnswer<session::Session> answer;
};

void Administration::check_people(session::Session session,
                                  const std::vector<session::Participant>& known,
                                  AdminAnswer<session::Session> answer) {
  check_next(std::make_shared<Draft>(Draft{std::move(session), known, 0, std::move(answer)}));
}

void Administration::check_next(const std::shared_ptr<Draft>& draft) {
  const auto& people = draft->session.participants;
  while (draft->checked < people.size() &&
         std::ranges::find(draft->known, people[draft->checked]) != draft->known.end()) {
    ++draft->checked;
  }
  if (draft->checked == people.size()) return draft->answer(std::move(draft->session));
  const session::Participant& next = people[draft->checked];
  active_user(next.user, [this, draft, role = next.role](auto found) {
    if (!found) return draft->answer(fail(found.error()));
    if (found->role != role) {
      const std::string wanted =
          role == identity::Role::psychologist ? "therapist" : std::string(to_text(role));
      return draft->answer(refused(AdminRefusal::wrong_role,
                                   "The user '" + found->id.text() + "' is no " + wanted + "."));
    }
    ++draft->checked;
    check_next(draft);
  });
}

void Administration::add_session(const NewSession& order, AdminAnswer<session::Session> answer,
                                 const Author& by) {
  auto draft = draft_of(order);
  if (!draft) return answer(fail(draft.error()));
  session::Session session = std::move(draft).value();
  if (!leads(by, session)) {
    return answer(refused(AdminRefusal::forbidden, "A therapist schedules their own sessions."));
  }
  session.id = SessionId(random_uuid4(rng_));
  session.room = RoomId("room-" + random_uuid4(rng_));
  if (order.status == session::Status::in_progress) session.call_started = clock_.wall_now();
  check_people(std::move(session), {}, [this, by, answer = std::move(answer)](auto checked) {
    if (!checked) return answer(fail(checked.error()));
    store_session(*checked, by, answer);
  });
}

void Administration::store_session(const session::Session& session, const Author& by,
                                   AdminAnswer<session::Session> answer) {
  const WallTime now = clock_.wall_now();
  Commit commit;
  commit.changes.emplace_back(AddSession{session});
  commit.records.push_back(record_of(audit::Kind::session_added, by, now));
  commit.records.back().session = session.id;
  commit.records.back().room = session.room;
  keep_answer(commit, by, 201, encode_session_view(session), now);
  store_.commit(std::move(commit), [this, session, answer = std::move(answer)](const auto& done) {
    if (done) return answer(session);
    if (done.error() != StoreError::conflict || !session.outside_id) {
      return answer(store_failed(done.error()));
    }
    why_not_stored(session, answer);
  });
}

void Administration::why_not_stored(const session::Session& session,
                                    const AdminAnswer<session::Session>& answer) {
  store_.find_outside_session(*session.outside_id, [answer](const auto& found) {
    if (!found) return answer(store_failed(found.error()));
    if (!*found) return answer(store_failed(StoreError::conflict));
    answer(refused(AdminRefusal::session_exists, "There is a session of that outside id."));
  });
}

/// A therapist hears of a session that is not there what they hear of others' sessions.
void Administration::led_session(const std::string& id, const Author& by,
                                 const AdminAnswer<session::Session>& answer) {
  const bool possible = identity::is_id_text(id);
  const auto judge = [id, by, answer](const std::optional<session::Session>& found) {
    if (found && leads(by, *found)) return answer(*found);
    if (therapist(by) == nullptr) return answer(no_such_session(id));
    answer(refused(AdminRefusal::not_yours, "The session is not theirs."));
  };
  if (!possible) return judge(std::nullopt);
  store_.find_session(SessionId(id), [judge, answer](const auto& found) {
    if (!found) return answer(store_failed(found.error()));
    judge(*found);
  });
}

void Administration::find_session(const std::string& id, const Author& by,
                                  AdminAnswer<session::Session> answer) {
  led_session(id, by, [this, by, answer = std::move(answer)](const auto& found) {
    if (!found) return answer(fail(found.error()));
    Commit commit;
    commit.records.push_back(record_of(audit::Kind::session_read, by, clock_.wall_now()));
    commit.records.back().session = found->id;
    commit.records.back().room = found->room;
    store_.commit(std::move(commit), [session = *found, answer](const auto& done) {
      if (!done) return answer(store_failed(done.error()));
      answer(session);
    });
  });
}

void Administration::change_session(const std::string& id, const SessionChange& change,
                                    const Author& by, AdminAnswer<ChangedSession> answer) {
  led_session(id, by, [this, change, by, answer = std::move(answer)](const auto& found) {
    if (!found) return answer(fail(found.error()));
    auto to = changed(*found, change);
    if (!to) return answer(fail(to.error()));
    if (!leads(by, *to)) {
      return answer(refused(AdminRefusal::forbidden, "A therapist gives no session away."));
    }
    check_people(std::move(to).value(), found->participants,
                 [this, from = *found, by, answer](const auto& checked) {
                   if (!checked) return answer(fail(checked.error()));
                   store_change(from, *checked, by, answer);
                 });
  });
}

void Administration::store_change(const session::Session& from, const session::Session& to,
                                  const Author& by, const AdminAnswer<ChangedSession>& answer) {
  Commit commit;
  add_change(commit, {from, to}, by, clock_.wall_now());
  store_.commit(std::move(commit), [change = ChangedSession{from, to}, answer](const auto& done) {
    if (!done) return answer(store_failed(done.error()));
    answer(change);
  });
}

void add_change(Commit& commit, const ChangedSession& change, const Author& by, WallTime now) {
  const bool cancelled = change.now.status == session::Status::cancelled &&
                         change.was.status != session::Status::cancelled;
  commit.changes.emplace_back(ChangeSession{change.was, change.now});
  commit.records.push_back(record_of(
      cancelled ? audit::Kind::session_cancelled : audit::Kind::session_changed, by, now));
  commit.records.back().session = change.now.id;
  commit.records.back().room = change.now.room;
}

void Administration::cancel_session(const std::string& id, AdminAnswer<CancelledSession> answer,
                                    const Author& by) {
  if (auto error = id_error("A session id", id)) return answer(fail(std::move(*error)));
  led_session(id, by, [this, by, answer = std::move(answer)](const auto& found) {
    if (!found) return answer(fail(found.error()));
    const session::Session& session = *found;
    if (session::is_over(session.status)) {
      return answer(refused(
          AdminRefusal::session_over,
          "The session is " + std::string(to_text(session.status)) + " and cannot be cancelled."));
    }
    Commit commit;
    commit.changes.emplace_back(
        SetSessionStatus{session.id, session.status, session::Status::cancelled});
    commit.records.push_back(record_of(audit::Kind::session_cancelled, by, clock_.wall_now()));
    commit.records.back().session = session.id;
    commit.records.back().room = session.room;
    const CancelledSession cancelled{session.id, session.room, session.status};
    store_.commit(std::move(commit), [cancelled, answer](const auto& done) {
      if (!done) return answer(store_failed(done.error()));
      answer(cancelled);
    });
  });
}

void Administration::list_sessions(Page page, AdminAnswer<std::vector<session::Session>> answer,
                                   const Author& by) {
  Commit commit;
  commit.records.push_back(record_of(audit::Kind::sessions_listed, by, clock_.wall_now()));
  store_.commit(std::move(commit), [this, page, by, answer = std::move(answer)](const auto& done) {
    if (!done) return answer(store_failed(done.error()));
    auto show = [by, answer](auto found) {
      if (!found) return answer(store_failed(found.error()));
      std::erase_if(*found, [&by](const auto& session) { return !leads(by, session); });
      answer(std::move(found).value());
    };
    if (const auto* person = therapist(by)) return store_.sessions_of(person->user(), page, show);
    store_.all_sessions(page, show);
  });
}

}  // namespace stillroom::signalling
