// SPDX-License-Identifier: Apache-2.0
#include "signalling/enquiries.hpp"

namespace stillroom::signalling {
namespace {

void append_participant(json::Writer& out, const UserId& user, identity::Role role) {
  out.key("id").string(user.text()).key("role").string(identity::to_text(role));
}

}  // namespace

void append_session(json::Writer& out, const session::Session& session) {
  out.key("id").string(session.id.text()).key("roomId").string(session.room.text());
  out.key("type").string(session::to_text(session.type));
  out.key("status").string(session::to_text(session.status));
  out.key("start").string(to_rfc3339(session.start));
  out.key("minutes").integer(session.length.count());
  out.key("payment").string(session::to_text(session.payment));
  if (session.call_started) out.key("callStarted").string(to_rfc3339(*session.call_started));
  if (session.call_ended) out.key("callEnded").string(to_rfc3339(*session.call_ended));
  if (session.call_started && session.call_ended) {
    const auto length = *session.call_ended - *session.call_started;
    out.key("duration").integer(std::chrono::floor<minutes>(length).count());
  }
}

void append_participants(json::Writer& out, const session::Session& session) {
  out.key("participants").begin_array();
  for (const session::Participant& participant : session.participants) {
    out.begin_object();
    append_participant(out, participant.user, participant.role);
    out.end_object();
  }
  out.end_array();
}

std::string encode_can_join(const CanJoin& answer) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("canJoin").boolean(!answer.obstacle);
  if (answer.obstacle) {
    json.key("reason").string(answer.obstacle->text).key("code").string(answer.obstacle->code);
  }
  json.key("sessionId").string(answer.session.id.text());
  // The room's id opens nothing by itself, but nobody needs it before the door is open.
  if (!answer.obstacle) json.key("roomId").string(answer.session.room.text());
  json.key("status").string(session::to_text(answer.session.status));
  json.key("startsAt").string(to_rfc3339(answer.session.start));
  json.key("opensAt").string(to_rfc3339(answer.opens));
  json.key("closesAt").string(to_rfc3339(answer.closes)).end_object();
  return out;
}

std::string encode_session(const SessionView& view) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("session").begin_object();
  append_session(json, view.session);
  json.key("participants").begin_array();
  for (const NamedParticipant& participant : view.participants) {
    json.begin_object();
    append_participant(json, participant.user, participant.role);
    if (!participant.name.empty()) json.key("name").string(participant.name.text());
    json.end_object();
  }
  json.end_array().end_object().end_object();
  return out;
}

std::string encode_history(const HistoryPage& page) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("sessions").begin_array();
  for (const session::Session& session : page.sessions) {
    json.begin_object();
    append_session(json, session);
    append_participants(json, session);
    json.end_object();
  }
  json.end_array();
  json.key("limit").integer(page.page.limit).key("offset").integer(page.page.offset).end_object();
  return out;
}

std::string encode_config(const events::Ice& config) {
  std::string out;
  json::Writer json(out);
  json.begin_object();
  events::append_ice(json, config);
  json.end_object();
  return out;
}

}  // namespace stillroom::signalling
