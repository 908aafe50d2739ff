// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/invariant.hpp"
#include "signalling/events.hpp"
#include "signalling/problems.hpp"
#include "worker.hpp"

namespace stillroom::sim {
namespace {

constexpr socketio::NamespaceId kMain{0};

}  // namespace

Host::Host(Worker& worker, std::uint32_t slot, const engineio::Sid& sid)
    : link(worker.server.ground.link, *this, sid),
      peer(worker.server.ground.peer, worker.server.ground.schedule.mono_now()),
      worker_(worker),
      slot_(slot) {}

void Host::tick(MonoTime now) {
  link.tick(now);
  if (!over()) peer.tick(now, *this);
}

MonoTime Host::next_deadline() const {
  return over() ? MonoTime::max() : std::min(link.next_deadline(), peer.next_deadline());
}

void Host::emit(std::string_view json) {
  std::string packet;
  if (peer.event(packet, kMain, json)) reply(packet);
}

void Host::ack(std::uint64_t id, std::string_view json) {
  std::string packet;
  if (peer.ack(packet, kMain, id, json)) reply(packet);
}

void Host::ws_send(engineio::Channel socket, engineio::MessageKind, std::string_view head,
                   std::string_view data) {
  const auto line = worker_.server.socket(socket);
  if (!line) return;
  line->down([line, text = std::string(head).append(data)] { line->heard(text); });
}

void Host::ws_close(engineio::Channel socket, std::uint16_t) {
  const auto line = worker_.server.socket(socket);
  if (!line) return;
  line->down([line] {
    line->cut();
    line->closed();
  });
  worker_.server.forget_socket(socket);
}

void Host::answer(engineio::Channel channel, const engineio::PollAnswer& answer) {
  const Exchange* exchange = worker_.server.exchange(channel);
  if (exchange == nullptr) return;
  exchange->line->down([answered = exchange->answered, status = answer.status,
                        body = std::string(answer.body)] { answered(status, body); });
  worker_.server.answered(channel);
}

void Host::message(engineio::MessageKind kind, std::string_view data) {
  if (over()) return;
  const MonoTime now = worker_.server.ground.schedule.mono_now();
  if (kind == engineio::MessageKind::binary) {
    peer.on_binary(now, data, worker_.scratch, *this);
  } else {
    peer.on_text(now, data, worker_.scratch, *this);
  }
}

void Host::closed(engineio::CloseReason) {
  leave_rooms(room::Loss::transport);
  worker_.server.later(milliseconds(0), [&worker = worker_, slot = slot_] { worker.forget(slot); });
}

void Host::connect_requested(socketio::NamespaceId nsp, std::string_view auth_json) {
  json::Document document;
  const auto auth = document.parse(auth_json);
  std::optional<std::string> token;
  DeviceId device;
  if (auth) {
    device = signalling::device_of(*auth);
    if (const auto value = auth->find("token")) token = value->as_string();
  }
  Ground& ground = worker_.server.ground;
  identity::OfferedTokens offered;
  if (token) offered.auth = *token;
  attempt_ = ++ground.generations;
  signalling::Arrival arrival{{worker_.index, slot_, attempt_},
                              SocketId(random_token(ground.rng, 15)),
                              device,
                              {random_token(ground.rng, 6), "source"}};
  const auto proved = worker_.door.prove(offered, arrival.trace);
  if (!proved) {
    std::string packet;
    peer.refuse(ground.schedule.mono_now(), packet, nsp, proved.error().text,
                encode_connect_error_data(proved.error()));
    return reply(packet);
  }
  worker_.door.admit(*proved, std::move(arrival),
                     [&worker = worker_, slot = slot_, attempt = attempt_](const auto& who) {
                       Host* host = worker.host(slot);
                       if (host != nullptr && !host->over()) host->admitted(attempt, who);
                     });
}

void Host::admitted(std::uint32_t attempt,
                    const Result<signalling::CallerRef, signalling::Problem>& who) {
  if (attempt != attempt_) return;
  Ground& ground = worker_.server.ground;
  std::string packet;
  if (!who) {
    peer.refuse(ground.schedule.mono_now(), packet, kMain, who.error().text,
                encode_connect_error_data(who.error()));
    return reply(packet);
  }
  if (!peer.accept(packet, kMain, who.value()->socket.text())) return;
  caller_ = who.value();
  ground.judge.admitted(*caller_);
  reply(packet);
}

void Host::event(socketio::NamespaceId, const socketio::Event& event) {
  Ground& ground = worker_.server.ground;
  auto decoded = signalling::take_event(event.name, event.args, ground.sdp, budget_, ground.budget,
                                        ground.schedule.mono_now());
  if (const auto* refusal = std::get_if<room::Refusal>(&decoded)) {
    return refuse(*refusal, event.ack);
  }
  ensure(!std::holds_alternative<signalling::Refresh>(decoded), "no script hands in a token");
  auto& request = std::get<signalling::Request>(decoded);
  if (const auto refusal = rooms_.note(request)) return refuse(*refusal, event.ack);
  Worker& owner = worker_.server.owner_of(request.room);
  worker_.server.post(worker_.index, owner.index,
                      [&owner, caller = caller_, request = std::move(request), ack = event.ack] {
                        owner.desk.submit(caller, request.room, request.command, ack);
                      });
}

void Host::refuse(room::Refusal refusal, std::optional<std::uint64_t> ack_id) {
  if (const auto text = signalling::events::refusal(refusal)) emit(*text);
  if (ack_id) ack(*ack_id, signalling::events::refusal_ack(refusal));
}

void Host::disconnected(socketio::NamespaceId) {
  attempt_ = 0;
  leave_rooms(room::Loss::goodbye);
}

void Host::right_lost(const RoomId& room) {
  if (caller_ == nullptr || !rooms_.drop(room)) return;
  std::string packet;
  if (peer.disconnect(packet, kMain)) reply(packet);
  leave_rooms(room::Loss::revoked);
  link.close(worker_.server.ground.schedule.mono_now(), engineio::CloseReason::server_close);
}

void Host::leave_rooms(room::Loss loss) {
  if (caller_ == nullptr) return;
  worker_.server.ground.judge.gone(caller_->address);
  worker_.door.departed(*caller_, loss == room::Loss::transport ? "transport" : "left");
  for (const RoomId& room : rooms_.take()) {
    Worker& owner = worker_.server.owner_of(room);
    worker_.server.post(worker_.index, owner.index,
                        [&owner, address = caller_->address, room, loss] {
                          owner.desk.connection_lost(address, room, loss);
                        });
  }
  caller_.reset();
}

void Host::reply(std::string_view packet) {
  link.send(worker_.server.ground.schedule.mono_now(), engineio::MessageKind::text, packet);
}

void Host::violated(socketio::Violation) {
  link.close(worker_.server.ground.schedule.mono_now(), engineio::CloseReason::protocol_error);
}

}  // namespace stillroom::sim
