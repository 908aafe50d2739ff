// SPDX-License-Identifier: Apache-2.0
#include "signalling/desk.hpp"

#include <utility>

#include "signalling/desk_line.hpp"

namespace stillroom::signalling {
namespace {

bool may_make_a_room(const room::Command& command) {
  return std::holds_alternative<room::Join>(command);
}

}  // namespace

std::size_t Desk::ByRoom::operator()(const std::unique_ptr<Line>& line) const {
  return (*this)(line->room.id);
}

bool Desk::ByRoom::operator()(const RoomId& room, const std::unique_ptr<Line>& line) const {
  return room == line->room.id;
}

bool Desk::ByRoom::operator()(const std::unique_ptr<Line>& line, const RoomId& room) const {
  return room == line->room.id;
}

bool Desk::ByRoom::operator()(const std::unique_ptr<Line>& a,
                              const std::unique_ptr<Line>& b) const {
  return a->room.id == b->room.id;
}

Desk::Desk(DeskPorts ports, room::Settings settings)
    : ports_(ports),
      settings_(settings),
      deadlines_(ports.clock.mono_now()),
      self_(std::make_shared<Desk*>(this)) {}

Desk::~Desk() = default;

Desk::Line* Desk::line_of(const RoomId& room, TimingWheel::Key key) {
  const auto found = lines_.find(room);
  if (found == lines_.end() || (*found)->key != key) return nullptr;
  return found->get();
}

Desk::Line* Desk::line_for(const RoomId& room, const room::Command& command) {
  const auto found = lines_.find(room);
  if (found != lines_.end()) return found->get();
  if (!may_make_a_room(command) || unseated_ >= kUnseatedRoomsMax) return nullptr;
  auto line = std::make_unique<Line>();
  line->key = next_key_++;
  line->room.id = room;
  unseated_ += 1;
  ports_.metrics.change(telemetry::Gauge::rooms, 1);
  keys_.emplace(line->key, line.get());
  return lines_.insert(std::move(line)).first->get();
}

void Desk::submit(CallerRef caller, const RoomId& room, room::Command command,
                  std::optional<std::uint64_t> ack) {
  if (draining_) return refuse(caller, ack, *room::failure_of(command));
  Line* line = line_for(room, command);
  if (line == nullptr) return turn_away(caller, room, command, ack);
  enqueue(*line, {std::move(caller), std::move(command), ack, nullptr});
}

void Desk::submit_for(const UserId& user, const RoomId& room, room::Command command, Told told) {
  if (draining_) return told(*room::failure_of(command));
  const auto found = lines_.find(room);
  if (found == lines_.end()) return told(room::Refusal::not_in_room);
  Line& line = **found;
  for (const room::Seat& seat : line.room.seats) {
    if (seat.who->principal.user() != user) continue;
    return enqueue(line, {seat.who, std::move(command), std::nullopt, std::move(told)});
  }
  told(room::Refusal::not_in_room);
}

/// A room this desk does not know: the rules say what an empty one would.
void Desk::turn_away(const CallerRef& caller, const RoomId& room, const room::Command& command,
                     std::optional<std::uint64_t> ack) {
  if (may_make_a_room(command)) return refuse(caller, ack, room::Refusal::join_failed);
  room::Room empty;
  empty.id = room;
  room::Facts facts;
  facts.caller = caller;
  facts.wall = ports_.clock.wall_now();
  facts.mono = ports_.clock.mono_now();
  const room::Decision decision = room::decide(empty, command, facts, settings_);
  refuse(caller, ack, std::get<room::Refusal>(decision.outcome), decision.notes);
}

void Desk::enqueue(Line& line, Work work) {
  if (line.acting && line.waiting.size() - line.own_waiting >= kWaitingPerRoomMax) {
    return refuse(work, *room::failure_of(work.command));
  }
  line.waiting.push_back(std::move(work));
  run(line);
}

void Desk::enqueue_own(Line& line, room::Command command) {
  line.own_waiting += 1;
  line.waiting.push_back({nullptr, std::move(command), std::nullopt, nullptr});
}

void Desk::connection_lost(const room::Address& address, const RoomId& room, room::Loss loss) {
  const auto found = lines_.find(room);
  if (found == lines_.end()) return;
  Line& line = **found;
  // Joins that have not begun would only seat somebody who is not there.
  std::erase_if(line.waiting, [&](const Work& work) {
    return work.caller && work.caller->address == address &&
           std::holds_alternative<room::Join>(work.command);
  });
  const bool acts =
      line.acting && line.acting->work.caller && line.acting->work.caller->address == address;
  if (acts) line.acting->caller_gone = true;
  if (acts || line.room.seat_at(address) != nullptr) {
    enqueue_own(line, room::Lost{address, loss});
  }
  run(line);
}

void Desk::session_changed(const SessionId& session) {
  // By key: what is told on the way may end other lines.
  std::vector<TimingWheel::Key> concerned;
  for (const auto& line : lines_) {
    const auto acting =
        line->acting ? session_behind(line->room, line->acting->work.command) : std::nullopt;
    const bool is = line->room.session && line->room.session->id == session;
    if (is || acting == session) concerned.push_back(line->key);
  }
  for (const TimingWheel::Key key : concerned) {
    const auto found = keys_.find(key);
    if (found == keys_.end() || found->second->change_waiting) continue;
    Line& line = *found->second;
    line.change_waiting = true;
    enqueue_own(line, room::SessionChanged{});
    run(line);
  }
}

void Desk::adopt(session::Session session) {
  if (session.status != session::Status::in_progress || lines_.contains(session.room)) return;
  Line* line = line_for(session.room, room::Join{session.id, {}});
  if (line == nullptr) return;
  line->unseated = false;
  unseated_ -= 1;
  room::apply(line->room, room::SessionRead{std::move(session), ports_.clock.mono_now()});
  settle(*line);
}

void Desk::tick(MonoTime now) {
  due_.clear();
  deadlines_.advance(now, due_);
  for (const TimingWheel::Key key : due_) {
    const auto found = keys_.find(key);
    if (found == keys_.end()) continue;
    found->second->armed.reset();
    wake(*found->second, now);
  }
}

void Desk::wake(Line& line, MonoTime now) {
  if (line.hold && *line.hold <= now) line.hold.reset();
  const auto deadline = line.room.deadline(settings_);
  if (deadline && *deadline <= now && !line.hold && !line.deadline_waiting) {
    line.deadline_waiting = true;
    enqueue_own(line, room::Deadline{});
  }
  if (line.recheck && *line.recheck <= now) {
    line.recheck.reset();
    if (!line.change_waiting) {
      line.change_waiting = true;
      enqueue_own(line, room::SessionChanged{});
    }
  }
  run(line);
}

std::optional<MonoTime> Desk::next_deadline() const {
  return deadlines_.next();
}

void Desk::drain(std::function<void()> idle) {
  draining_ = true;
  idle_ = std::move(idle);
  look_whether_idle();
}

void Desk::look_whether_idle() {
  if (!draining_ || in_flight_ > 0 || !idle_) return;
  std::exchange(idle_, nullptr)();
}

Desk::Figures Desk::figures() const {
  Figures figures;
  figures.rooms = lines_.size();
  for (const auto& line : lines_) {
    figures.seats += line->room.seats.size();
    if (line->room.call()) figures.calls += 1;
    figures.waiting += line->waiting.size();
  }
  return figures;
}

const room::Room* Desk::find(const RoomId& room) const {
  const auto found = lines_.find(room);
  return found == lines_.end() ? nullptr : &(*found)->room;
}

}  // namespace stillroom::signalling
