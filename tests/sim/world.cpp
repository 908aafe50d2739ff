// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>
#include <utility>

#include "identity/token_minter.hpp"

namespace stillroom::sim {
namespace {

constexpr milliseconds kTrouble{120'000};
/// A silent cut is found after one ping interval and its timeout; then people come back.
constexpr milliseconds kHealing{75'000};
constexpr milliseconds kEcho{5'000};
/// Far more than any run needs; a world that never stands still is a fault too.
constexpr std::uint64_t kStepsMax = 400'000;

std::string mint(const identity::User& user, WallTime now) {
  const identity::TokenMinter minter(identity::own_token_key(SecretText(std::string(32, 's'))));
  const identity::TokenContent content{user.id, user.role, now, identity::kOwnTokenLife, now, "j"};
  return std::string(minter.mint(content).reveal());
}

}  // namespace

World::World(std::uint64_t seed) : ground_(seed) {
  ground_.disk.on_fatal = [this] { end_server(Disk::End::process); };
  furnish();
}
World::~World() {
  // The store's and the network's tasks die with the schedule; nothing may be told after this.
  server_.reset();
}

void World::add_session(const std::string& name, session::Type type,
                        const std::vector<std::string>& clients) {
  session::Session session;
  session.id = SessionId(name);
  session.room = RoomId("room-" + name);
  session.type = type;
  session.start = ground_.schedule.wall_now();
  session.participants.push_back({UserId(name + "-therapist"), identity::Role::psychologist});
  for (const std::string& client : clients) {
    session.participants.push_back({UserId(client), identity::Role::client});
  }
  signalling::Commit people;
  for (const session::Participant& one : session.participants) {
    people.changes.push_back(signalling::AddUser{
        {one.user, one.role, PersonName("Somebody"), identity::UserStatus::active}});
  }
  people.changes.push_back(signalling::AddSession{session});
  ground_.disk.commit_now(std::move(people));
  ground_.judge.knows(session);
  sessions_.push_back(std::move(session));
}

void World::add_client(const std::string& user, const std::string& session,
                       const std::string& device) {
  Persona persona;
  persona.user = UserId(user);
  persona.token = mint(ground_.disk.user(persona.user), ground_.schedule.wall_now());
  persona.device = device;
  persona.session = SessionId(session);
  persona.room = RoomId("room-" + session);
  persona.way = static_cast<Wire::Way>(ground_.rng.below(3));
  clients_.push_back(std::make_unique<Client>(ground_, server_, std::move(persona)));
}

void World::furnish() {
  add_session("one", session::Type::individual, {"ada"});
  add_session("two", session::Type::couples, {"bea", "ben"});
  add_session("three", session::Type::family, {"cleo", "carl", "cora"});
  add_client("one-therapist", "one", "");
  add_client("ada", "one", "");
  add_client("two-therapist", "two", "");
  add_client("bea", "two", "");
  add_client("ben", "two", "");
  add_client("three-therapist", "three", "");
  add_client("cleo", "three", "phone");
  add_client("cleo", "three", "tablet");
  add_client("carl", "three", "");
  add_client("cora", "three", "");
  ground_.disk.commit_now({{signalling::AddUser{{UserId("eve"), identity::Role::client,
                                                 PersonName("Eve"), identity::UserStatus::active}}},
                           {}});
  add_client("eve", "one", "");
  stranger_ = std::move(clients_.back());
  clients_.pop_back();
}

void World::say(const std::string& line) const {
  if (ground_.trace) ground_.trace(line);
}

void World::read_along(std::function<void(const std::string&)> line) {
  ground_.trace = [this, line = std::move(line)](const std::string& text) {
    line(std::to_string(ground_.schedule.age().count()) + " ms  " + text);
  };
}

void World::start_server() {
  server_ = std::make_shared<Server>(ground_);
  say("the server starts");
}

void World::end_server(Disk::End end) {
  if (!server_) return;
  say(end == Disk::End::power ? "the power goes" : "the server dies");
  server_.reset();
  ground_.disk.crash(end);
  for (const auto& client : clients_) {
    client->cut(ground_.rng.chance(3, 4) ? Notice::client : Notice::nobody);
  }
  stranger_->cut(Notice::client);
  const auto down = Weather::between(ground_.rng, milliseconds(200), milliseconds(8000));
  ground_.schedule.after(down, [this] {
    if (!server_) start_server();
  });
}

void World::run() {
  start_server();
  for (std::size_t at = 0; at < clients_.size(); ++at) {
    ground_.schedule.after(Weather::between(ground_.rng, milliseconds(0), milliseconds(9000)),
                           [this, at] { clients_[at]->come(); });
    next_whim(at);
  }
  ground_.schedule.after(milliseconds(500), [this] { stranger_->come(); });
  next_fault();
  run_for(kTrouble);
  make_peace();
  run_for(kHealing);
  check_everybody_is_back();
  for (const auto& client : clients_) client->echo("e");
  run_for(kEcho);
  check_echoes();
}

void World::run_for(milliseconds time) {
  Schedule& schedule = ground_.schedule;
  const MonoTime end = schedule.mono_now() + time;
  for (;;) {
    const MonoTime deadline = server_ ? server_->next_deadline() : MonoTime::max();
    const MonoTime next = std::min(deadline, schedule.next());
    if (next > end) break;
    schedule.advance_to(next);
    if (deadline <= schedule.mono_now()) {
      server_->tick();
    } else {
      schedule.run_one();
    }
    steps_ += 1;
    demand(steps_ < kStepsMax, "the world comes to rest");
    look();
  }
  schedule.advance_to(end);
}

void World::look() {
  if (!server_) return;
  for (const session::Session& session : sessions_) {
    const room::Room* room = server_->find(session.room);
    if (room != nullptr) ground_.judge.looks_at(*room, ground_.room);
  }
}

void World::demand(bool holds, const std::string& promise) const {
  if (holds) return;
  throw Violation(ground_.schedule, promise);
}

void World::make_peace() {
  say("peace");
  peace_ = true;
  ground_.weather = Weather{};
  ground_.disk.make_room();
  ground_.disk.go_on();
  if (!server_) start_server();
  for (const auto& client : clients_) client->come();
}

void World::check_everybody_is_back() {
  for (const session::Session& session : sessions_) {
    const auto stored = ground_.disk.session(session.id);
    if (stored.status == session::Status::confirmed ||
        stored.status == session::Status::in_progress) {
      check_room(stored);
    } else if (stored.status == session::Status::cancelled) {
      const room::Room* room = server_->find(session.room);
      demand(room == nullptr || room->seats.empty(), "nobody sits in a cancelled session");
    }
  }
}

void World::check_room(const session::Session& session) {
  const room::Room* room = server_->find(session.room);
  demand(room != nullptr, "the room of an open session is there");
  std::set<std::string> here;
  for (const room::Seat& seat : room->seats) {
    demand(!seat.lost, "no seat waits for anybody after the peace");
    demand(server_->connected(seat.who->address), "every seat has its connection");
    here.insert(seat.who->socket.text());
  }
  demand(session.status == session::Status::in_progress, "people are here, so the call runs");
  std::size_t expected = 0;
  for (const auto& client : clients_) {
    if (client->persona().session != session.id) continue;
    expected += 1;
    const std::string who = client->persona().user.text() + " " + client->persona().device;
    demand(client->seated(), "everybody who should be connected is: " + who);
    demand(here.contains(client->socket()), "the seat is the client's own: " + who);
    std::set<std::string> others = here;
    others.erase(client->socket());
    demand(client->others() == others, "people see who is here and nobody else: " + who);
  }
  demand(here.size() == expected, "no seat is left of anybody who is gone");
}

void World::check_echoes() {
  for (const auto& from : clients_) {
    if (!from->seated()) continue;
    // When the call is over people may still sit there, and no signalling passes any more.
    const auto stored = ground_.disk.session(from->persona().session);
    const bool runs = stored.status == session::Status::in_progress;
    for (const auto& to : clients_) {
      const bool together = to->persona().session == from->persona().session;
      if (to == from || !to->seated() || (together && !runs)) continue;
      demand(to->echoes().contains(from->socket() + " e") == together,
             from->persona().user.text() + " reaches " + to->persona().user.text());
    }
  }
}

}  // namespace stillroom::sim
