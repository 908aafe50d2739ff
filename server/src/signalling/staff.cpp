// SPDX-License-Identifier: Apache-2.0
#include "signalling/staff.hpp"

#include <functional>

#include "signalling/enquiries.hpp"
#include "signalling/links.hpp"

namespace stillroom::signalling {
namespace {

std::string written(const std::function<void(json::Writer&)>& members) {
  std::string out;
  json::Writer json(out);
  json.begin_object();
  members(json);
  json.end_object();
  return out;
}

void append_user_object(json::Writer& out, const identity::User& user) {
  out.begin_object();
  append_user(out, user);
  out.key("status").string(identity::to_text(user.status)).end_object();
}

void append_session_object(json::Writer& out, const session::Session& session) {
  out.begin_object();
  append_session(out, session);
  if (session.outside_id) out.key("outsideId").string(session.outside_id->text());
  append_participants(out, session);
  out.end_object();
}

void append_page(json::Writer& out, Page page) {
  out.key("limit").integer(page.limit).key("offset").integer(page.offset);
}

template <class T, class Changed>
void append_counts(json::Writer& out, const Upserted<T, Changed>& done) {
  out.key("added").integer(static_cast<std::int64_t>(done.added.size()));
  out.key("changed").integer(static_cast<std::int64_t>(done.changed.size()));
  out.key("unchanged").integer(static_cast<std::int64_t>(done.unchanged.size()));
}

void append_found(json::Writer& out, const session::Session& session) {
  out.begin_object();
  if (session.outside_id) out.key("outsideId").string(session.outside_id->text());
  out.key("sessionId").string(session.id.text()).key("roomId").string(session.room.text());
  out.end_object();
}

}  // namespace

Problem problem_of(AdminRefusal refusal, About about) {
  using enum AdminRefusal;
  switch (refusal) {
    case invalid:
      return problems::kInvalid;
    case user_exists:
      return problems::kUserExists;
    case user_unknown:
      return about == About::user ? problems::kNotFound : problems::kUnfit;
    case user_inactive:
    case wrong_role:
    case not_participant:
      return problems::kUnfit;
    case session_unknown:
    case key_unknown:
      return problems::kNotFound;
    case session_exists:
      return problems::kSessionExists;
    case session_over:
      return problems::kSessionOver;
    case status_refused:
      return problems::kStatusRefused;
    case key_reused:
      return problems::kKeyReused;
    case forbidden:
      return problems::kForbidden;
    case not_yours:
      return problem_of(session::Refusal::not_yours);
    case conflict:
      return problems::kConflict;
    case no_secret:
    case unavailable:
      return problems::kUnavailable;
  }
  return problems::kUnavailable;
}

std::string encode_user_view(const identity::User& user) {
  return written([&user](json::Writer& out) {
    out.key("user");
    append_user_object(out, user);
  });
}

std::string encode_user_page(const std::vector<identity::User>& users, Page page) {
  return written([&users, page](json::Writer& out) {
    out.key("users").begin_array();
    for (const identity::User& user : users) append_user_object(out, user);
    out.end_array();
    append_page(out, page);
  });
}

std::string encode_session_view(const session::Session& session) {
  return written([&session](json::Writer& out) {
    out.key("session");
    append_session_object(out, session);
  });
}

std::string encode_session_page(const std::vector<session::Session>& sessions, Page page) {
  return written([&sessions, page](json::Writer& out) {
    out.key("sessions").begin_array();
    for (const session::Session& session : sessions) append_session_object(out, session);
    out.end_array();
    append_page(out, page);
  });
}

std::string encode_room_of(const session::Session& session) {
  return written([&session](json::Writer& out) {
    out.key("roomId").string(session.room.text()).key("sessionId").string(session.id.text());
  });
}

std::string encode_upserted(const UpsertedUsers& done) {
  return written([&done](json::Writer& out) { append_counts(out, done); });
}

std::string encode_upserted(const UpsertedSessions& done) {
  return written([&done](json::Writer& out) {
    append_counts(out, done);
    out.key("sessions").begin_array();
    for (const session::Session& session : done.added) append_found(out, session);
    for (const ChangedSession& change : done.changed) append_found(out, change.now);
    for (const session::Session& session : done.unchanged) append_found(out, session);
    out.end_array();
  });
}

std::string encode_refused(const std::vector<RefusedRow>& rows, About about) {
  return written([&rows, about](json::Writer& out) {
    append_problem(out, problems::kRowsRefused);
    out.key("rows").begin_array();
    for (const RefusedRow& row : rows) {
      const Problem problem = problem_of(row.refusal, about);
      out.begin_object().key("row").integer(static_cast<std::int64_t>(row.row));
      out.key("error").string(problem.text).key("code").string(problem.code).end_object();
    }
    out.end_array();
  });
}

}  // namespace stillroom::signalling
