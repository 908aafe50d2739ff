// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "room/decide.hpp"
#include "room/example_people.hpp"
#include "sdp/example_offer.hpp"

/// One room with time and a session that a test turns by hand. Never linked into the binary.
namespace stillroom::room::example {

/// What a decision did, in words: one line for each emission, in order.
using Lines = std::vector<std::string>;

class Stage {
 public:
  Stage() { room.id = RoomId("room-1"); }

  /// Decides and applies, as if the store had said yes.
  Decision act(const CallerRef& who, const Command& command) {
    Facts facts;
    if (reads_session(command)) facts.session = stored;
    facts.caller = who;
    facts.fresh_seat = SeatId("seat" + std::to_string(++seats_));
    facts.wall = wall;
    facts.mono = mono;
    Decision decision = decide(room, command, facts, settings);
    for (const Change& change : decision.changes) apply(room, change);
    if (decision.call && stored) write(*decision.call);
    return decision;
  }
  Decision join(const CallerRef& who, const std::string& device = "") {
    names[who->address] = who->socket.text();
    return act(who, Join{SessionId("s1"), DeviceId(device)});
  }
  void pass(milliseconds time) {
    wall += time;
    mono += time;
  }

  Lines lines(const Decision& decision) const {
    Lines out;
    for (const Emission& emission : decision.emissions) {
      std::string to;
      for (const Address& address : emission.to) {
        to += (to.empty() ? "" : ",") + names.at(address);
      }
      out.push_back(to + " <- " + std::visit(Words{}, emission.message));
    }
    return out;
  }

  Room room;
  Settings settings;
  std::optional<session::Session> stored = session();
  WallTime wall = kNow;
  MonoTime mono = MonoTime(seconds(5000));
  std::map<Address, std::string> names;

  CallerRef tea = caller(principal(user("tea", identity::Role::psychologist)), 1);
  CallerRef ann = caller(principal(user("ann")), 2);
  CallerRef bob = caller(principal(user("bob")), 3);
  CallerRef eve = caller(principal(user("eve")), 9);

 private:
  struct Words {
    std::string operator()(const TellCallStarted&) const { return "call-started"; }
    std::string operator()(const TellUserJoined& told) const {
      return "user-joined " + told.person.socket.text();
    }
    std::string operator()(const TellExisting& told) const {
      std::string words = "existing";
      for (const Person& person : told.people) words += " " + person.socket.text();
      return words;
    }
    std::string operator()(const TellCallStatus&) const { return "call-status"; }
    std::string operator()(const TellJoined& told) const {
      return "join-success " + std::to_string(told.people) + " " + told.seat.text();
    }
    std::string operator()(const TellUserLeft& told) const {
      return "user-left " + told.person.socket.text() + " " + std::string(to_text(told.reason));
    }
    std::string operator()(const TellCallEnded& told) const {
      return "call-ended " + std::to_string(told.length.count());
    }
    std::string operator()(const TellRevoked& told) const {
      return "revoked " + std::string(told.reason);
    }
    std::string operator()(const TellRelay& told) const { return "relay " + told.from.text(); }
  };

  void write(const CallChange& change) {
    const bool starts = change.kind == CallChange::Kind::start;
    stored->status = starts ? session::Status::in_progress : session::Status::completed;
    (starts ? stored->call_started : stored->call_ended) = change.at;
  }

  int seats_ = 0;
};

inline std::optional<Refusal> refusal_of(const Decision& decision) {
  const auto* refusal = std::get_if<Refusal>(&decision.outcome);
  return refusal != nullptr ? std::optional(*refusal) : std::nullopt;
}

inline std::vector<audit::Kind> kinds_of(const std::vector<audit::Record>& records) {
  std::vector<audit::Kind> kinds;
  for (const audit::Record& record : records) kinds.push_back(record.kind);
  return kinds;
}

inline Offer offer_to(const CallerRef& to) {
  return {to->socket, sdp::parse_offer(sdp::example::kOffer).value()};
}
inline Answer answer_to(const CallerRef& to) {
  return {to->socket, sdp::parse_answer(sdp::example::answer()).value()};
}
inline Candidate candidate_to(const CallerRef& to, std::string_view line =
                                                       "candidate:1 1 udp "
                                                       "2113937151 8.8.8.8 "
                                                       "5000 typ host") {
  sdp::CandidateInit init;
  init.line = line;
  init.mid = "0";
  return {to->socket, sdp::parse_candidate(init).value()};
}

}  // namespace stillroom::room::example
