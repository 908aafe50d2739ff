// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engineio/link.hpp"
#include "server.hpp"
#include "signalling/budget.hpp"
#include "signalling/caller.hpp"
#include "signalling/commands.hpp"
#include "signalling/desk.hpp"
#include "signalling/door.hpp"
#include "signalling/rooms_asked.hpp"
#include "socketio/peer.hpp"

namespace stillroom::sim {

/// A link and the Socket.IO client on it: where bytes become commands and events become bytes.
class Host final : public engineio::LinkPort, public socketio::PeerPort {
 public:
  Host(Worker& worker, std::uint32_t slot, const engineio::Sid& sid);

  engineio::Link link;
  socketio::Peer peer;

  [[nodiscard]] bool over() const { return link.over(); }
  [[nodiscard]] bool is(const room::Address& address) const {
    return caller_ != nullptr && caller_->address == address;
  }
  void tick(MonoTime now);
  [[nodiscard]] MonoTime next_deadline() const;
  void emit(std::string_view json);
  void ack(std::uint64_t id, std::string_view json);
  void right_lost(const RoomId& room);

  // engineio::LinkPort
  void ws_send(engineio::Channel socket, engineio::MessageKind kind, std::string_view head,
               std::string_view data) override;
  void ws_close(engineio::Channel socket, std::uint16_t code) override;
  [[nodiscard]] std::size_t ws_unsent_bytes(engineio::Channel) const override { return 0; }
  void answer(engineio::Channel exchange, const engineio::PollAnswer& answer) override;
  void message(engineio::MessageKind kind, std::string_view data) override;
  void upgraded(engineio::Channel) override {}
  void closed(engineio::CloseReason reason) override;

  // socketio::PeerPort
  void connect_requested(socketio::NamespaceId nsp, std::string_view auth_json) override;
  void event(socketio::NamespaceId nsp, const socketio::Event& event) override;
  void acked(socketio::NamespaceId, std::uint64_t, json::Value,
             std::span<const std::string>) override {}
  void disconnected(socketio::NamespaceId nsp) override;
  void reply(std::string_view packet) override;
  void violated(socketio::Violation) override;

 private:
  void admitted(std::uint32_t attempt, const Result<signalling::CallerRef, signalling::Problem>&);
  void leave_rooms(room::Loss loss);
  void refuse(room::Refusal refusal, std::optional<std::uint64_t> ack);

  Worker& worker_;
  std::uint32_t slot_;
  std::uint32_t attempt_ = 0;  ///< the generation of the address that is being asked for
  signalling::CallerRef caller_;
  signalling::RoomsAsked rooms_;
  signalling::Budget budget_;
};

/// One worker: the links whose sids name it, and a desk of the rooms it owns.
class Worker final : public signalling::Outbox, public signalling::IceServers {
 public:
  Worker(Server& server, std::uint32_t index);
  ~Worker() override;

  Host& open(const engineio::Sid& sid);
  [[nodiscard]] Host* host(std::uint32_t slot) const;
  [[nodiscard]] Host* host(const engineio::Sid& sid) const;
  void forget(std::uint32_t slot) { hosts_.erase(slot); }

  void poll_lost(MonoTime now, engineio::Channel exchange);
  void tick(MonoTime now);
  [[nodiscard]] MonoTime next_deadline() const;

  void emit(const room::Address& to, std::string_view event_json) override;
  void ack(const room::Address& to, std::uint64_t ack_id, std::string_view args_json) override;
  void right_lost(const room::Address& to, const RoomId& room, std::string_view reason) override;
  [[nodiscard]] std::vector<signalling::IceServer> issue(const UserId&, WallTime) override {
    return {};
  }
  [[nodiscard]] bool relay_only() const override { return false; }

  Server& server;
  const std::uint32_t index;
  json::Document scratch;
  std::unique_ptr<signalling::Store> store;
  telemetry::WorkerMetrics metrics;
  telemetry::NullLogger log;
  SecretText source_key{"source key"};
  signalling::SecurityEvents events;
  signalling::Door door;
  signalling::Desk desk;

 private:
  std::map<std::uint32_t, std::unique_ptr<Host>> hosts_;
  std::uint32_t next_slot_ = 1;
};

}  // namespace stillroom::sim
