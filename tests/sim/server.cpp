// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <algorithm>
#include <functional>

#include "worker.hpp"

namespace stillroom::sim {
namespace {

identity::TokenVerifier verifier() {
  std::vector<identity::TokenKey> keys;
  keys.push_back(identity::own_token_key(SecretText(std::string(32, 's'))));
  return identity::TokenVerifier(std::move(keys));
}

}  // namespace

Ground::Ground(std::uint64_t seed)
    : rng(seed), disk(schedule, rng, weather), verifier(sim::verifier()), judge(schedule, disk) {}

Server::Server(Ground& the_ground) : ground(the_ground) {
  for (std::uint32_t index = 0; index < kWorkers; ++index) {
    workers_[index] = std::make_unique<Worker>(*this, index);
  }
  administration_ = std::make_unique<signalling::Administration>(
      *workers_[0]->store, ground.schedule, ground.rng, nullptr);
  // As at every start: calls that were running are looked after from the first moment.
  workers_[0]->store->all_sessions({100, 0}, [this](const auto& sessions) {
    if (!sessions) return;
    for (const session::Session& session : sessions.value()) {
      owner_of(session.room).desk.adopt(session);
    }
  });
}

Server::~Server() = default;

Worker& Server::owner_of(const RoomId& room) const {
  std::uint32_t hash = 2166136261U;
  for (const char byte : room.text()) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 16777619U;
  return *workers_[hash % kWorkers];
}

void Server::later(milliseconds delay, Task task) {
  ground.schedule.after(delay, [alive = std::weak_ptr(alive_), task = std::move(task)] {
    if (!alive.expired()) task();
  });
}

void Server::post(std::uint32_t from, std::uint32_t to, Task task) {
  if (from == to) return task();
  MonoTime& last = last_post_[from][to];
  const auto delay = Weather::between(ground.rng, milliseconds(0), ground.weather.mailbox_max);
  last = std::max(last, ground.schedule.mono_now() + delay);
  ground.schedule.at(last, [alive = std::weak_ptr(alive_), task = std::move(task)] {
    if (!alive.expired()) task();
  });
}

engineio::Sid Server::new_sid() {
  std::array<std::uint8_t, engineio::Sid::kBytes> bytes{};
  ground.rng.fill(bytes);
  return engineio::Sid(bytes);
}

Worker* Server::worker_of(const std::string& sid) const {
  const auto parsed = engineio::Sid::parse(sid);
  if (!parsed) return nullptr;
  return workers_[std::hash<std::string>{}(sid) % kWorkers].get();
}

engineio::Link* Server::link_of(const std::string& sid) const {
  const Worker* worker = worker_of(sid);
  if (worker == nullptr) return nullptr;
  Host* host = worker->host(*engineio::Sid::parse(sid));
  return host != nullptr ? &host->link : nullptr;
}

Exchange* Server::exchange(engineio::Channel channel) {
  const auto found = exchanges_.find(channel);
  return found == exchanges_.end() ? nullptr : &found->second;
}

std::shared_ptr<Line> Server::socket(engineio::Channel channel) const {
  const auto found = sockets_.find(channel);
  return found == sockets_.end() ? nullptr : found->second;
}

void Server::forget_socket(engineio::Channel channel) {
  const auto found = sockets_.find(channel);
  if (found == sockets_.end()) return;
  sid_of_line_.erase(found->second.get());
  sockets_.erase(found);
}

std::optional<engineio::Channel> Server::channel_of(const Line* line) const {
  for (const auto& [channel, other] : sockets_) {
    if (other.get() == line) return channel;
  }
  return std::nullopt;
}

void Server::websocket(const std::shared_ptr<Line>& line, const std::string& sid) {
  const MonoTime now = ground.schedule.mono_now();
  const engineio::Channel channel{next_channel_++};
  engineio::Request request;
  request.method = "GET";
  request.eio = "4";
  request.transport = "websocket";
  request.carrier = engineio::Carrier::websocket_upgrade;
  engineio::Link* link = sid.empty() ? nullptr : link_of(sid);
  if (!sid.empty()) request.sid = sid;
  if (link != nullptr) request.link = link->transport();
  const auto route = engineio::check_request(request);
  if (!route) {
    line->down([line] {
      line->cut();
      line->closed();
    });
    return;
  }
  sockets_[channel] = line;
  if (*route == engineio::Route::attach_websocket) {
    sid_of_line_[line.get()] = sid;
    return link->ws_attached(now, channel);
  }
  const engineio::Sid fresh = new_sid();
  const std::string text(fresh.text());
  sid_of_line_[line.get()] = text;
  worker_of(text)->open(fresh).link.open_websocket(now, channel);
}

void Server::ws_text(const std::shared_ptr<Line>& line, const std::string& text) {
  const auto channel = channel_of(line.get());
  if (!channel) return;
  engineio::Link* link = link_of(sid_of_line_.at(line.get()));
  if (link == nullptr) return;
  link->ws_message(ground.schedule.mono_now(), *channel, engineio::MessageKind::text, text);
}

void Server::ws_lost(const std::shared_ptr<Line>& line, engineio::CloseReason reason) {
  const auto channel = channel_of(line.get());
  if (!channel) return;
  engineio::Link* link = link_of(sid_of_line_.at(line.get()));
  forget_socket(*channel);
  if (link != nullptr) link->ws_lost(ground.schedule.mono_now(), *channel, reason);
}

void Server::refuse(const Exchange& exchange, engineio::RequestError error) {
  const auto& answer = engineio::answer_of(error);
  exchange.line->down([answered = exchange.answered, status = answer.status,
                       body = std::string(answer.body)] { answered(status, body); });
}

void Server::poll(const Exchange& exchange, const std::string& sid,
                  const std::optional<std::string>& body) {
  const MonoTime now = ground.schedule.mono_now();
  engineio::Request request;
  request.method = body ? "POST" : "GET";
  request.eio = "4";
  request.transport = "polling";
  engineio::Link* link = sid.empty() ? nullptr : link_of(sid);
  if (!sid.empty()) request.sid = sid;
  if (link != nullptr) request.link = link->transport();
  const auto route = engineio::check_request(request);
  if (!route) return refuse(exchange, route.error());
  const engineio::Channel channel{next_channel_++};
  exchanges_[channel] = exchange;
  if (*route == engineio::Route::open_polling) {
    const engineio::Sid fresh = new_sid();
    return worker_of(std::string(fresh.text()))->open(fresh).link.open_polling(now, channel);
  }
  if (body) return link->poll_post(now, channel, engineio::PostContent::text, *body);
  link->poll_get(now, channel);
}

void Server::poll_lost(const std::shared_ptr<Line>& line) {
  std::vector<engineio::Channel> lost;
  for (const auto& [channel, exchange] : exchanges_) {
    if (exchange.line == line) lost.push_back(channel);
  }
  const MonoTime now = ground.schedule.mono_now();
  for (const engineio::Channel channel : lost) {
    exchanges_.erase(channel);
    for (const auto& worker : workers_) worker->poll_lost(now, channel);
  }
}

void Server::cancel(const SessionId& session) {
  administration_->cancel_session(session.text(), [this](const auto& cancelled) {
    if (cancelled) session_changed(cancelled->room, cancelled->session);
  });
}

void Server::session_changed(const RoomId& room, const SessionId& session) {
  Worker& owner = owner_of(room);
  post(0, owner.index, [&owner, session] { owner.desk.session_changed(session); });
}

void Server::tick() {
  for (const auto& worker : workers_) worker->tick(ground.schedule.mono_now());
}

MonoTime Server::next_deadline() const {
  MonoTime next = MonoTime::max();
  for (const auto& worker : workers_) next = std::min(next, worker->next_deadline());
  return next;
}

const room::Room* Server::find(const RoomId& room) const {
  return owner_of(room).desk.find(room);
}

bool Server::connected(const room::Address& address) const {
  const Host* host = workers_[address.worker]->host(address.slot);
  return host != nullptr && !host->over() && host->is(address);
}

}  // namespace stillroom::sim
