// SPDX-License-Identifier: Apache-2.0
#include "signalling/enquiries.hpp"

#include <algorithm>
#include <utility>

#include "identity/id_text.hpp"
#include "session/window.hpp"

namespace stillroom::signalling {
namespace {

audit::Record record_of(audit::Kind kind, const identity::Principal& who, const Trace& trace,
                        WallTime at) {
  audit::Record record;
  record.kind = kind;
  record.at = at;
  record.actor = who.user();
  record.role = who.role();
  record.connection = trace.connection;
  record.source = trace.source;
  return record;
}

Commit recording(audit::Record record) {
  Commit commit;
  commit.records.push_back(std::move(record));
  return commit;
}

void name_session(audit::Record& record, const session::Session& session) {
  record.session = session.id;
  record.room = session.room;
}

}  // namespace

/// A session on its way to somebody who may see it, while the participants' names are looked up.
struct Enquiries::Reading {
  identity::Principal who;
  Trace trace;
  Answer<SessionView> answer;
  SessionView view;
};

void Enquiries::refuse(const identity::Principal& who, const SessionId& id, const Trace& trace,
                       session::Refusal why) {
  audit::Record record = record_of(audit::Kind::session_read, who, trace, clock_.wall_now());
  record.reason = problem_of(why).code;
  if (identity::is_id_text(id.text())) record.session = id;
  events_.tell(event_of(SecurityKind::session_refused, record));
}

void Enquiries::can_join(const identity::Principal& who, const SessionId& id, Trace trace,
                         Answer<CanJoin> answer) {
  find_readable(
      who, id, std::move(trace),
      [this, who, answer = std::move(answer)](auto found, const Trace& from) {
        if (!found) return answer(fail(found.error()));
        session::Session session = std::move(found).value();
        audit::Record record = record_of(audit::Kind::session_read, who, from, clock_.wall_now());
        name_session(record, session);
        record.reason = "can_join";
        store_.commit(recording(std::move(record)),
                      [this, who, session = std::move(session), answer](const auto& done) {
                        if (!done) return answer(fail(problems::kUnavailable));
                        answer(judge_joining(who, session));
                      });
      });
}

CanJoin Enquiries::judge_joining(const identity::Principal& who,
                                 const session::Session& session) const {
  const session::Window window = session::joinable(session, settings_);
  CanJoin result{session, std::nullopt, window.opens, window.closes};
  const auto entering =
      session::may(who, session, session::Act::enter, clock_.wall_now(), settings_);
  if (!entering) result.obstacle = problem_of(entering.error());
  return result;
}

void Enquiries::find_readable(
    const identity::Principal& who, const SessionId& id, Trace trace,
    std::function<void(Result<session::Session, Problem>, const Trace&)> found) {
  if (!identity::is_id_text(id.text())) {
    refuse(who, id, trace, session::Refusal::not_yours);
    return found(fail(problem_of(session::Refusal::not_yours)), trace);
  }
  store_.find_session(
      id, [this, who, id, trace = std::move(trace), found = std::move(found)](auto reply) {
        if (!reply) return found(fail(problems::kUnavailable), trace);
        std::optional<session::Session> session = std::move(reply).value();
        const auto reading =
            session::may(who, session, session::Act::read, clock_.wall_now(), settings_);
        if (!reading) {
          refuse(who, id, trace, reading.error());
          return found(fail(problem_of(reading.error())), trace);
        }
        found(std::move(*session), trace);
      });
}

void Enquiries::session(const identity::Principal& who, const SessionId& id, Trace trace,
                        Answer<SessionView> answer) {
  find_readable(who, id, std::move(trace),
                [this, who, answer = std::move(answer)](auto found, const Trace& from) {
                  if (!found) return answer(fail(found.error()));
                  auto reading = std::make_shared<Reading>(
                      Reading{who, from, answer, SessionView{std::move(found).value(), {}}});
                  read_names(reading);
                });
}

/// One participant after the other; their number is bounded by the type's capacity.
void Enquiries::read_names(const std::shared_ptr<Reading>& reading) {
  const std::size_t next = reading->view.participants.size();
  const auto& participants = reading->view.session.participants;
  if (next == participants.size()) return show(reading);
  const session::Participant& participant = participants[next];
  store_.find_user(participant.user, [this, reading, participant](auto found) {
    if (!found) return reading->answer(fail(problems::kUnavailable));
    const std::optional<identity::User> user = std::move(found).value();
    const bool named = user && user->status != identity::UserStatus::deleted;
    reading->view.participants.push_back(
        {participant.user, participant.role, named ? user->name : PersonName()});
    read_names(reading);
  });
}

void Enquiries::show(const std::shared_ptr<Reading>& reading) {
  audit::Record record =
      record_of(audit::Kind::session_read, reading->who, reading->trace, clock_.wall_now());
  name_session(record, reading->view.session);
  store_.commit(recording(std::move(record)), [reading](const auto& done) {
    if (!done) return reading->answer(fail(problems::kUnavailable));
    reading->answer(std::move(reading->view));
  });
}

void Enquiries::history(const identity::Principal& who, Page page, const Trace& trace,
                        Answer<HistoryPage> answer) {
  page.limit = std::clamp<std::uint32_t>(page.limit, 1, kPageLimitMax);
  store_.commit(recording(record_of(audit::Kind::history_read, who, trace, clock_.wall_now())),
                [this, who, page, answer = std::move(answer)](const auto& done) {
                  if (!done) return answer(fail(problems::kUnavailable));
                  if (who.session()) return history_of_one(who, page, answer);
                  store_.sessions_of(who.user(), page, [page, answer](auto found) {
                    if (!found) return answer(fail(problems::kUnavailable));
                    answer(HistoryPage{std::move(found).value(), page});
                  });
                });
}

/// Of somebody who came by a link: the session it leads into.
void Enquiries::history_of_one(const identity::Principal& who, Page page,
                               const Answer<HistoryPage>& answer) {
  store_.find_session(*who.session(), [this, who, page, answer](auto found) {
    if (!found) return answer(fail(problems::kUnavailable));
    const std::optional<session::Session> session = std::move(found).value();
    HistoryPage shown{{}, page};
    const bool readable =
        session::may(who, session, session::Act::read, clock_.wall_now(), settings_).ok();
    if (readable && page.offset == 0) shown.sessions.push_back(*session);
    answer(std::move(shown));
  });
}

void Enquiries::config(const identity::Principal& who, const Trace& trace,
                       Answer<events::Ice> answer) {
  store_.commit(
      recording(record_of(audit::Kind::ice_credentials_issued, who, trace, clock_.wall_now())),
      [this, user = who.user(), answer = std::move(answer)](const auto& done) {
        if (!done) return answer(fail(problems::kUnavailable));
        answer(events::Ice{ice_.issue(user, clock_.wall_now()),
                           ice_.relay_only() ? events::IcePolicy::relay : events::IcePolicy::all});
      });
}

}  // namespace stillroom::signalling
