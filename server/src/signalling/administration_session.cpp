// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>
#include <utility>

#include "identity/id_text.hpp"
#include "signalling/administration.hpp"

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
    if (!identity::is_id_text(id)) {
      return invalid("A user id has 1 to 128 of letters, digits and ._@:+~=|-");
    }
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

/// A session being put together while its people are looked up, one after the other.
struct Administration::Draft {
  session::Session session;
  std::size_t checked = 0;  ///< participants
  AdminAnswer<AddedSession> answer;
};

void Administration::add_session(const NewSession& order, AdminAnswer<AddedSession> answer) {
  const auto type = check(order);
  if (!type) return answer(fail(type.error()));
  auto draft = std::make_shared<Draft>();
  draft->answer = std::move(answer);
  session::Session& session = draft->session;
  session.id = SessionId(random_uuid4(rng_));
  session.room = RoomId("room-" + random_uuid4(rng_));
  session.type = *type;
  session.status = order.status;
  session.payment = order.payment;
  session.start = order.start;
  session.length = order.length;
  if (order.status == session::Status::in_progress) session.call_started = clock_.wall_now();
  session.participants.push_back({UserId(order.therapist), identity::Role::psychologist});
  for (const std::string& client : order.clients) {
    session.participants.push_back({UserId(client), identity::Role::client});
  }
  check_people(draft);
}

void Administration::check_people(const std::shared_ptr<Draft>& draft) {
  if (draft->checked == draft->session.participants.size()) return store_session(draft);
  const session::Participant& next = draft->session.participants[draft->checked];
  active_user(next.user, [this, draft, role = next.role](auto found) {
    if (!found) return draft->answer(fail(found.error()));
    if (found->role != role) {
      const std::string wanted =
          role == identity::Role::psychologist ? "therapist" : std::string(to_text(role));
      return draft->answer(Failure<AdminError>{
          {AdminRefusal::wrong_role, "The user '" + found->id.text() + "' is no " + wanted + "."}});
    }
    ++draft->checked;
    check_people(draft);
  });
}

void Administration::store_session(const std::shared_ptr<Draft>& draft) {
  audit::Record record;
  record.kind = audit::Kind::session_added;
  record.at = clock_.wall_now();
  record.reason = "operator";
  record.session = draft->session.id;
  record.room = draft->session.room;
  Commit commit;
  commit.changes.emplace_back(AddSession{draft->session});
  commit.records.push_back(std::move(record));
  store_.commit(std::move(commit), [draft](const auto& done) {
    if (done) return draft->answer(AddedSession{draft->session.id, draft->session.room});
    const bool conflict = done.error() == StoreError::conflict;
    draft->answer(
        Failure<AdminError>{{conflict ? AdminRefusal::conflict : AdminRefusal::unavailable,
                             conflict ? "Something changed meanwhile; nothing was done."
                                      : "The database does not answer; nothing was done."}});
  });
}

}  // namespace stillroom::signalling
