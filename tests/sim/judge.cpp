// SPDX-License-Identifier: Apache-2.0
#include "judge.hpp"

#include <algorithm>
#include <string>

namespace stillroom::sim {
namespace {

/// How long the end of a connection may wait its turn: behind acts whose store hangs or is slow.
constexpr milliseconds kSlack{20'000};

bool is_refusal(std::string_view event) {
  return event == "join-error" || event == "call-error" || event == "signaling-error";
}

bool is_relay(std::string_view event) {
  return event == "offer" || event == "answer" || event == "ice-candidate";
}

}  // namespace

void Judge::broken(const std::string& promise) const {
  throw Violation(schedule_, promise);
}

void Judge::demand(bool holds, std::string_view promise) {
  checks_ += 1;
  if (!holds) broken(std::string(promise));
}

void Judge::knows(const session::Session& session) {
  sessions_[session.id] = session;
  room_session_[session.room] = session.id;
  for (const session::Participant& one : session.participants) session_of_[one.user] = session.id;
}

void Judge::admitted(const signalling::Caller& caller) {
  read_new_records();
  demand(connected_.contains(caller.connection), "admitted without a durable record");
  Met met{caller.principal.user(), caller.connection, caller.device, std::nullopt, 0, 0};
  const auto session = session_of_.find(met.user);
  if (session != session_of_.end()) met.session = session->second;
  met_.insert_or_assign(caller.address, std::move(met));
  sockets_.insert_or_assign(caller.socket, caller.address);
}

void Judge::gone(const room::Address& address) {
  gone_at_[address] = schedule_.mono_now();
}

Judge::Met& Judge::met(const room::Address& address) {
  const auto found = met_.find(address);
  if (found == met_.end()) broken("something is sent to a connection that was never admitted");
  return found->second;
}

const RoomId* Judge::room_of(const room::Address& to) const {
  const auto found = met_.find(to);
  if (found == met_.end() || !found->second.session) return nullptr;
  return &sessions_.at(*found->second.session).room;
}

void Judge::read_new_records() {
  const auto& records = disk_.records();
  for (; read_ < records.size(); ++read_) {
    const audit::Record& record = records[read_];
    switch (record.kind) {
      case audit::Kind::connected:
        connected_.insert(record.connection);
        break;
      case audit::Kind::joined:
        seated_at_[*record.actor] = read_;
        entered_[record.connection] += 1;
        break;
      case audit::Kind::seat_returned:
      case audit::Kind::seat_replaced:
        entered_[record.connection] += 1;
        break;
      case audit::Kind::signalling_opened:
        opened_[std::minmax(*record.actor, *record.subject)] = read_;
        break;
      case audit::Kind::ice_credentials_issued:
        ice_[record.connection] += 1;
        break;
      case audit::Kind::call_started:
        started_.insert(*record.session);
        break;
      case audit::Kind::call_ended:
        ended_.insert(*record.session);
        break;
      default:
        break;
    }
  }
}

void Judge::emitted(const room::Address& to, std::string_view json, const room::Room* room) {
  const auto parsed = document_.parse(json);
  demand(parsed.ok(), "what leaves is JSON");
  const std::string event = *parsed.value().at(0)->as_string();
  const json::Value body = *parsed.value().at(1);
  seen_[is_refusal(event) ? *body.find("error")->as_string() : event] += 1;
  if (is_refusal(event) || event == "access:revoked") return;
  read_new_records();
  Met& who = met(to);
  demand(who.session.has_value(), "somebody without a session hears " + event);
  demand(room != nullptr && room->seat_at(to) != nullptr,
         "somebody who is not seated hears " + event);
  if (is_relay(event)) return relayed(who, body, *room, event);
  if (event == "join-success") {
    who.told_joined += 1;
    demand(entered_[who.connection] >= who.told_joined, "join-success without a durable record");
    demand(body.find("roomId")->as_string() == room->id.text(), "join-success of another room");
  } else if (event == "user-joined") {
    const auto socket = sockets_.find(SocketId(*body.find("socketId")->as_string()));
    demand(socket != sockets_.end(), "user-joined of nobody");
    demand(entered_[met(socket->second).connection] > 0, "user-joined without a durable record");
    heard_of(who, *body.find("socketId"), event);
  } else if (event == "user-left") {
    heard_of(who, *body.find("socketId"), event);
  } else if (event == "existing-participants") {
    demand(entered_[who.connection] > who.told_joined, "others are shown before the record");
    for (const json::Value person : body) heard_of(who, *person.find("socketId"), event);
  } else {
    call_told(who, event);
  }
}

/// Whoever is spoken of takes part in the same session.
void Judge::heard_of(const Met& who, const json::Value& socket, std::string_view event) {
  const auto address = sockets_.find(SocketId(*socket.as_string()));
  demand(address != sockets_.end(), "an event about nobody");
  demand(met(address->second).session == who.session,
         std::string(event) + " tells of somebody from another session");
}

void Judge::relayed(const Met& who, const json::Value& body, const room::Room& room,
                    std::string_view event) {
  demand(body.find("roomId")->as_string() == room.id.text(), "relayed from another room");
  const auto from = sockets_.find(SocketId(*body.find("from")->as_string()));
  demand(from != sockets_.end(), "relayed from nobody");
  demand(room.seat_at(from->second) != nullptr, "relayed from somebody who is not seated here");
  const Met& sender = met(from->second);
  demand(sender.session == who.session, "relayed between sessions");
  const auto opened = opened_.find(std::minmax(sender.user, who.user));
  demand(opened != opened_.end(), std::string(event) + " before the record of its opening");
  // With several devices of one person a later seat says nothing about the earlier pair.
  if (!who.device.empty() || !sender.device.empty()) return;
  const std::size_t born = std::max(seated_at_[who.user], seated_at_[sender.user]);
  demand(opened->second > born, std::string(event) + " in a new seat without a new record");
}

void Judge::call_told(const Met& who, std::string_view event) {
  if (event == "call-started" || event == "call-status") {
    demand(started_.contains(*who.session), "a call runs without a durable record");
    demand(disk_.session(*who.session).call_started.has_value(), "a call nobody has stored");
  } else if (event == "call-ended") {
    demand(disk_.session(*who.session).status != session::Status::in_progress,
           "a call is called over that the database has running");
  } else {
    broken("an event that the contract does not have: " + std::string(event));
  }
}

void Judge::acked(const room::Address& to, std::string_view json) {
  if (json.find("\"iceServers\"") == std::string_view::npos) return;
  read_new_records();
  Met& who = met(to);
  who.told_ice += 1;
  demand(entered_[who.connection] + ice_[who.connection] >= who.told_ice,
         "credentials without a durable record");
}

void Judge::looks_at(const room::Room& room, const room::Settings& settings) {
  const auto id = room_session_.find(room.id);
  if (id == room_session_.end()) {
    demand(room.seats.empty(), "a seat in a room that no session has");
    return;
  }
  const session::Session& session = sessions_.at(id->second);
  const MonoTime now = schedule_.mono_now();
  for (const room::Seat& seat : room.seats) {
    const auto is = [&](const session::Participant& one) { return one.user == seat.user(); };
    demand(std::ranges::any_of(session.participants, is), "a seat of somebody from elsewhere");
    if (seat.lost) {
      demand(now < *seat.lost + settings.seat_grace + kSlack, "a lost seat outlives its grace");
    } else if (const auto gone = gone_at_.find(seat.who->address); gone != gone_at_.end()) {
      demand(now < gone->second + kSlack, "a seat of a connection that is gone");
    }
  }
  demand(room.people() <= settings.capacity(session.type), "more people than the room holds");
}

}  // namespace stillroom::sim
