// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "engineio/link.hpp"
#include "gateway/limiter.hpp"
#include "gateway/return_pass.hpp"
#include "gateway/slots.hpp"
#include "net/peer_address.hpp"
#include "room/address.hpp"
#include "room/command.hpp"
#include "signalling/budget.hpp"
#include "signalling/caller.hpp"
#include "signalling/commands.hpp"
#include "signalling/door.hpp"
#include "signalling/problems.hpp"
#include "signalling/rooms_asked.hpp"
#include "socketio/peer.hpp"

namespace stillroom::gateway {

class Client;
class Front;
struct HttpRequest;

/// What the handshake's request said, kept for CONNECT and to bind later requests to it.
struct Handshake {
  struct Tokens {
    SecretText query;
    SecretText authorization;
  };
  std::unique_ptr<Tokens> tokens;  ///< where it brought any
  std::string origin;
  bool own_page = false;  ///< of ours, whether it sent its origin or need not
  net::PeerAddress peer;
  ShownPass pass;
  room::Transport transport = room::Transport::plain;

  /// As identity::OfferedTokens has it.
  [[nodiscard]] std::string_view party() const {
    return own_page ? identity::kOwnPage : std::string_view(origin);
  }
};

/// One Engine.IO session on its worker: the link, the Socket.IO peer over it, and, once CONNECT has
/// passed the door, whose it is. The one place where bytes become commands and events become bytes:
/// client -> Link -> Peer -> command -> desk, and back.
class LinkHost final : private engineio::LinkPort, private socketio::PeerPort {
 public:
  LinkHost(Front& front, SlotId id, const engineio::Sid& sid, Handshake handshake);
  ~LinkHost() override;

  [[nodiscard]] SlotId id() const { return id_; }
  [[nodiscard]] const engineio::Sid& sid() const { return link_.sid(); }
  [[nodiscard]] engineio::Transport transport() const { return link_.transport(); }
  [[nodiscard]] room::Address address() const;
  /// Origin and Authorization, where sent, are those of the handshake (contract §2).
  [[nodiscard]] engineio::Verdict binding(const HttpRequest& request) const;

  // HTTP and websocket, as the front routed them.
  void open_polling(Client& client);
  void open_websocket(Client& client);
  void attach_websocket(Client& client);
  void poll_get(Client& client);
  void poll_post(Client& client, const HttpRequest& request);
  void exchange_lost(engineio::Channel exchange);
  void socket_message(engineio::Channel socket, engineio::MessageKind kind, std::string_view data);
  void socket_lost(engineio::Channel socket, engineio::CloseReason reason);

  // From the desks: complete JSON arrays.
  void emit(std::string_view event_json);
  void ack(std::uint64_t ack_id, std::string_view args_json);

  /// The person has lost the right to be in `room`; with no other room the connection ends.
  void right_lost(const RoomId& room, std::string_view reason);
  /// Asks the door again, if this connection is concerned, and ends when it may not stay.
  void review(const signalling::Concerned& concerned);

  /// The server goes down: the client is told by the transport and comes back by itself.
  void stop();

  void tick(MonoTime now);
  [[nodiscard]] MonoTime next_deadline() const;
  [[nodiscard]] MonoTime armed() const { return armed_; }
  void set_armed(MonoTime at) { armed_ = at; }

 private:
  void ws_send(engineio::Channel socket, engineio::MessageKind kind, std::string_view head,
               std::string_view data) override;
  void ws_close(engineio::Channel socket, std::uint16_t code) override;
  [[nodiscard]] std::size_t ws_unsent_bytes(engineio::Channel socket) const override;
  void answer(engineio::Channel exchange, const engineio::PollAnswer& answer) override;
  void message(engineio::MessageKind kind, std::string_view data) override;
  void upgraded(engineio::Channel socket) override;
  void closed(engineio::CloseReason reason) override;

  void connect_requested(socketio::NamespaceId nsp, std::string_view auth_json) override;
  void event(socketio::NamespaceId nsp, const socketio::Event& event) override;
  void acked(socketio::NamespaceId nsp, std::uint64_t id, json::Value args,
             std::span<const std::string> attachments) override;
  void disconnected(socketio::NamespaceId nsp) override;
  void reply(std::string_view packet) override;
  void violated(socketio::Violation violation) override;

  /// Whether the token of a CONNECT is looked at.
  [[nodiscard]] Result<Limiter::Look, Limiter::Refused> look_at_token();
  void admitted(Result<signalling::CallerRef, signalling::Problem> result);
  void refresh(const signalling::Refresh& request, std::optional<std::uint64_t> ack_id);
  void refreshed(const Result<signalling::CallerRef, signalling::Problem>& result,
                 std::optional<std::uint64_t> ack_id);
  void hold(signalling::CallerRef caller);
  void end_access(std::string_view reason);
  void close_access(std::string_view reason, std::string_view told = {});
  void take_leave();
  void refuse_connect(const Limiter::Refused& refused);
  void refuse_connect(const signalling::Problem& problem,
                      std::optional<MonoTime::duration> retry_after = {});
  void refuse(room::Refusal refusal, std::optional<std::uint64_t> ack_id);
  void tell(signalling::SecurityKind kind, std::string_view reason);
  void leave_rooms(room::Loss loss, std::string_view reason);
  void send(std::string_view packet);
  void rearm();

  Front& front_;
  SlotId id_;
  engineio::Link link_;
  socketio::Peer peer_;
  Handshake handshake_;
  bool asked_to_connect_ = false;
  bool violated_ = false;  ///< and told so
  signalling::CallerRef caller_;
  MonoTime access_until_ = MonoTime::max();  ///< when the token of `caller_` ends
  MonoTime closes_at_ = MonoTime::max();     ///< access is over, and this is when the link is
  signalling::RoomsAsked rooms_;
  signalling::Budget budget_;  ///< of `caller_`
  MonoTime armed_ = MonoTime::max();
};

}  // namespace stillroom::gateway
