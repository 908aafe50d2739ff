// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "signalling/desk_line.hpp"

// The path of one command: read -> decide -> commit -> finish, or fail.
namespace stillroom::signalling {
namespace {

/// A commit that found the session changed is decided anew on fresh facts, this often at most.
constexpr unsigned kDecisionsMax = 3;
constexpr std::size_t kSeatIdBytes = 9;

Change to_change(const room::CallChange& change) {
  if (change.kind == room::CallChange::Kind::start) return StartCall{change.session, change.at};
  return EndCall{change.session, change.at};
}

}  // namespace

std::optional<SessionId> session_behind(const room::Room& room, const room::Command& command) {
  if (const auto* join = std::get_if<room::Join>(&command)) return join->session;
  if (room::reads_session(command) && room.session) return room.session->id;
  return std::nullopt;
}

void Desk::run(Line& line) {
  while (!line.acting && !line.waiting.empty()) {
    line.acting = std::make_unique<Act>(std::move(line.waiting.front()));
    line.waiting.pop_front();
    const Work& work = line.acting->work;
    if (!work.caller) line.own_waiting -= 1;
    if (std::holds_alternative<room::Deadline>(work.command)) line.deadline_waiting = false;
    if (std::holds_alternative<room::SessionChanged>(work.command)) line.change_waiting = false;
    step(line);
  }
  settle(line);
}

void Desk::step(Line& line) {
  const auto session = session_behind(line.room, line.acting->work.command);
  if (session) return read(line, *session);
  decide(line, std::nullopt);
}

void Desk::read(Line& line, const SessionId& session) {
  in_flight_ += 1;
  ports_.store.find_session(
      session, [self = std::weak_ptr(self_), room = line.room.id, key = line.key](Read found) {
        const auto desk = self.lock();
        if (desk) (*desk)->was_read(room, key, std::move(found));
      });
}

void Desk::was_read(const RoomId& room, TimingWheel::Key key, Read found) {
  in_flight_ -= 1;
  Line* line = line_of(room, key);
  const Act& act = *line->acting;
  if (act.caller_gone && std::holds_alternative<room::Join>(act.work.command)) {
    line->acting.reset();
  } else if (!found) {
    fail(*line, found.error());
  } else {
    decide(*line, std::move(*found));
  }
  run(*line);
  look_whether_idle();
}

void Desk::decide(Line& line, std::optional<session::Session> session) {
  Act& act = *line.acting;
  room::Facts facts;
  facts.session = std::move(session);
  facts.caller = act.work.caller;
  if (std::holds_alternative<room::Join>(act.work.command)) {
    facts.fresh_seat = SeatId(random_token(ports_.rng, kSeatIdBytes));
  }
  facts.wall = ports_.clock.wall_now();
  facts.mono = ports_.clock.mono_now();
  act.decision = room::decide(line.room, act.work.command, facts, settings_);
  act.decisions += 1;
  if (act.decision.gated()) {
    commit(line);
  } else {
    finish(line);
  }
}

void Desk::commit(Line& line) {
  Commit commit;
  room::Decision& decision = line.acting->decision;
  if (decision.call) commit.changes.push_back(to_change(*decision.call));
  commit.records = std::move(decision.records);
  in_flight_ += 1;
  ports_.store.commit(std::move(commit), [self = std::weak_ptr(self_), room = line.room.id,
                                          key = line.key](Result<void, StoreError> done) {
    const auto desk = self.lock();
    if (desk) (*desk)->was_committed(room, key, done);
  });
}

void Desk::was_committed(const RoomId& room, TimingWheel::Key key, Result<void, StoreError> done) {
  in_flight_ -= 1;
  Line* line = line_of(room, key);
  if (done) {
    finish(*line);
  } else {
    fail(*line, done.error());
  }
  run(*line);
  look_whether_idle();
}

void Desk::finish(Line& line) {
  room::Decision& decision = line.acting->decision;
  // What is refused has its record from the events, within their bounds.
  if (!std::holds_alternative<room::Refusal>(decision.outcome)) {
    for (audit::Record& note : decision.notes) ports_.store.note(std::move(note));
  }
  for (room::Change& change : decision.changes) {
    count(change);
    room::apply(line.room, std::move(change));
  }
  if (line.unseated && line.room.session) {
    line.unseated = false;
    unseated_ -= 1;
  }
  tell(line);
  line.acting.reset();
}

void Desk::fail(Line& line, StoreError error) {
  const room::Command& command = line.acting->work.command;
  const MonoTime again = ports_.clock.mono_now() + kEndRetry;
  const bool conflict = error == StoreError::conflict;
  if (conflict && room::reads_session(command) && line.acting->decisions < kDecisionsMax) {
    return step(line);
  }
  if (std::holds_alternative<room::Deadline>(command)) {
    // Nobody waits for the end of an empty call; a conflict says that it ended elsewhere.
    line.hold = again;
    if (conflict) line.recheck = ports_.clock.mono_now();
  } else if (std::holds_alternative<room::SessionChanged>(command)) {
    line.recheck = again;
  } else if (const auto refusal = room::failure_of(command)) {
    refuse(line.acting->work, *refusal);
  }
  line.acting.reset();
}

void Desk::tell(Line& line) {
  const room::Decision& decision = line.acting->decision;
  const Work& work = line.acting->work;
  events::Ice ice;
  const auto* joined = std::get_if<room::TellJoined>(&decision.outcome);
  const auto* granted = std::get_if<room::IceServersGranted>(&decision.outcome);
  if (joined != nullptr || granted != nullptr) {
    const UserId& user = joined != nullptr ? joined->user : granted->user;
    ice.servers = ports_.ice.issue(user, ports_.clock.wall_now());
    ports_.metrics.add(telemetry::Counter::turn_credentials_issued);
    if (ports_.ice.relay_only()) ice.policy = events::IcePolicy::relay;
  }
  const events::Context context{line.room.id, work.command, ice, ports_.clock.wall_now()};
  for (const room::Emission& emission : decision.emissions) {
    const std::string text = events::message(emission.message, context);
    for (const room::Address& to : emission.to) ports_.outbox.emit(to, text);
    if (const auto* revoked = std::get_if<room::TellRevoked>(&emission.message)) {
      end_right(*revoked, emission.to, line.room.id);
    }
    if (std::holds_alternative<room::TellRelay>(emission.message)) count_relay(work.command);
  }
  if (const auto* refusal = std::get_if<room::Refusal>(&decision.outcome)) {
    refuse(work, *refusal, decision.notes);
  } else if (work.told) {
    work.told(decision.outcome);
  } else if (work.ack) {
    ports_.outbox.ack(work.caller->address, *work.ack, events::ack(decision.outcome, context));
  }
}

void Desk::end_right(const room::TellRevoked& revoked, const std::vector<room::Address>& whose,
                     const RoomId& room) {
  if (revoked.of != room::TellRevoked::Of::right) return;
  for (const room::Address& to : whose) ports_.outbox.right_lost(to, room, revoked.reason);
}

void Desk::count_relay(const room::Command& command) {
  using telemetry::Counter;
  const bool offer = std::holds_alternative<room::Offer>(command);
  const bool answer = std::holds_alternative<room::Answer>(command);
  ports_.metrics.add(offer    ? Counter::offers_relayed
                     : answer ? Counter::answers_relayed
                              : Counter::candidates_relayed);
}

void Desk::count(const room::Change& change) {
  using telemetry::Counter;
  if (std::holds_alternative<room::Seated>(change)) ports_.metrics.add(Counter::seats_taken);
  if (std::holds_alternative<room::Vacated>(change)) ports_.metrics.add(Counter::seats_lost);
  if (std::holds_alternative<room::CallStarted>(change)) ports_.metrics.add(Counter::calls_started);
  if (std::holds_alternative<room::CallEnded>(change)) ports_.metrics.add(Counter::calls_ended);
}

void Desk::refuse(const CallerRef& caller, std::optional<std::uint64_t> ack, room::Refusal refusal,
                  const std::vector<audit::Record>& notes) {
  SecurityEvent refused = event_of(*caller, refusal);
  if (!notes.empty()) {
    refused.about = &notes.front();
    refused.recorded = notes.front().kind;
  }
  ports_.events.tell(refused);
  if (const auto event = events::refusal(refusal)) ports_.outbox.emit(caller->address, *event);
  if (ack) ports_.outbox.ack(caller->address, *ack, events::refusal_ack(refusal));
}

void Desk::refuse(const Work& work, room::Refusal refusal,
                  const std::vector<audit::Record>& notes) {
  if (work.told) return work.told(refusal);
  refuse(work.caller, work.ack, refusal, notes);
}

/// Behind every act: the line goes when nothing is lost by it, else its next deadline is set.
void Desk::settle(Line& line) {
  if (line.acting) return;
  if (line.room.idle() && line.waiting.empty()) {
    if (line.unseated) unseated_ -= 1;
    keys_.erase(line.key);
    ports_.metrics.change(telemetry::Gauge::rooms, -1);
    lines_.erase(lines_.find(line.room.id));
    return;
  }
  const auto due = line.due(settings_);
  if (!due || (line.armed && *line.armed <= *due)) return;
  line.armed = due;
  deadlines_.arm(line.key, *due);
}

}  // namespace stillroom::signalling
