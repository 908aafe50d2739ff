// SPDX-License-Identifier: Apache-2.0
#include "gateway/link_host.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.hpp"
#include "base/rng.hpp"
#include "crypto/digest.hpp"
#include "gateway/client.hpp"
#include "gateway/front.hpp"
#include "gateway/reasons.hpp"
#include "gateway/switchboard.hpp"
#include "signalling/commands.hpp"
#include "signalling/door.hpp"
#include "signalling/events.hpp"

namespace stillroom::gateway {
namespace {

constexpr socketio::NamespaceId kMain{0};
constexpr std::size_t kSocketIdBytes = 15;
constexpr std::size_t kConnectionIdBytes = 6;  // 8 characters
/// Within the second that contract §3 gives to an end.
constexpr milliseconds kFarewell{500};

bool same_secret(std::string_view a, std::string_view b) {
  return crypto::equal_constant_time(as_bytes(a), as_bytes(b));
}

}  // namespace

LinkHost::LinkHost(Front& front, SlotId id, const engineio::Sid& sid, Handshake handshake)
    : front_(front),
      id_(id),
      link_(front.settings().engineio, *this, sid),
      peer_(front.settings().socketio, front.now()),
      handshake_(std::move(handshake)) {}

LinkHost::~LinkHost() = default;

room::Address LinkHost::address() const {
  return {front_.worker().index(), id_.slot, id_.generation};
}

engineio::Verdict LinkHost::binding(const HttpRequest& request) const {
  const auto origin = request.field("origin");
  const auto authorization = request.field("authorization");
  const bool same =
      (!origin || handshake_.origin.empty() || *origin == handshake_.origin) &&
      (!authorization || !handshake_.tokens || handshake_.tokens->authorization.empty() ||
       same_secret(*authorization, handshake_.tokens->authorization.reveal()));
  return same ? engineio::Verdict::passes : engineio::Verdict::fails;
}

// ---- from the wire
// -------------------------------------------------------------------------------

void LinkHost::open_polling(Client& client) {
  client.serve(id_);
  link_.open_polling(front_.now(), client.channel());
  rearm();
}

void LinkHost::open_websocket(Client& client) {
  client.serve(id_);
  link_.open_websocket(front_.now(), client.channel());
  rearm();
}

void LinkHost::attach_websocket(Client& client) {
  client.serve(id_);
  link_.ws_attached(front_.now(), client.channel());
  rearm();
}

void LinkHost::poll_get(Client& client) {
  client.serve(id_);
  link_.poll_get(front_.now(), client.channel());
  rearm();
}

void LinkHost::poll_post(Client& client, const HttpRequest& request) {
  client.serve(id_);
  const auto type = request.field("content-type").value_or("");
  const auto content = type.starts_with("application/octet-stream") ? engineio::PostContent::octets
                                                                    : engineio::PostContent::text;
  link_.poll_post(front_.now(), client.channel(), content, request.body);
  rearm();
}

void LinkHost::exchange_lost(engineio::Channel exchange) {
  link_.poll_lost(front_.now(), exchange);
  rearm();
}

void LinkHost::socket_message(engineio::Channel socket, engineio::MessageKind kind,
                              std::string_view data) {
  link_.ws_message(front_.now(), socket, kind, data);
  rearm();
}

void LinkHost::socket_lost(engineio::Channel socket, engineio::CloseReason reason) {
  link_.ws_lost(front_.now(), socket, reason);
  rearm();
}

// ---- LinkPort: Engine.IO -> Socket.IO, and towards the sockets
// --------------------------------------

void LinkHost::message(engineio::MessageKind kind, std::string_view data) {
  if (kind == engineio::MessageKind::text) {
    peer_.on_text(front_.now(), data, front_.event_document(), *this);
  } else {
    peer_.on_binary(front_.now(), data, front_.event_document(), *this);
  }
}

void LinkHost::ws_send(engineio::Channel socket, engineio::MessageKind kind, std::string_view head,
                       std::string_view data) {
  if (Client* client = front_.client(Client::slot_of(socket)))
    client->send_message(kind, head, data);
}

void LinkHost::ws_close(engineio::Channel socket, std::uint16_t code) {
  Client* client = front_.client(Client::slot_of(socket));
  if (client == nullptr) return;
  client->serve({});
  client->close_websocket(code);
}

std::size_t LinkHost::ws_unsent_bytes(engineio::Channel socket) const {
  const Client* client = front_.client(Client::slot_of(socket));
  return client == nullptr ? 0 : client->connection().backlog();
}

void LinkHost::answer(engineio::Channel exchange, const engineio::PollAnswer& answer) {
  Client* client = front_.client(Client::slot_of(exchange));
  if (client == nullptr) return;
  HttpResponse response;
  response.status = static_cast<std::uint16_t>(answer.status);
  switch (answer.kind) {
    case engineio::Body::packets:
      response.content_type = "text/plain; charset=UTF-8";
      break;
    case engineio::Body::ok:
      response.content_type = "text/html";
      break;
    case engineio::Body::error:
      response.content_type = "application/json";
      break;
  }
  response.body = answer.body;
  if (answer.kind == engineio::Body::error) {
    client->respond_last(std::move(response));
  } else {
    client->respond(std::move(response));
  }
}

void LinkHost::upgraded(engineio::Channel /*socket*/) {}

void LinkHost::closed(engineio::CloseReason reason) {
  const Closed told = closed_of(reason);
  front_.metrics().add(told.counter);
  front_.log().debug("link_closed", {{"reason", told.word}});
  // What broke Socket.IO has been told already, by its own name.
  if (const auto why = reason_of(reason); !why.empty() && !violated_) {
    tell(signalling::SecurityKind::transport_refused, why);
  }
  // A handshake that dies before its CONNECT was an attempt too.
  if (!asked_to_connect_) {
    static_cast<void>(front_.limiter().attempt(handshake_.peer, {}, front_.now()));
  }
  leave_rooms(room::Loss::transport, "transport");
  front_.forget(*this);
}

// ---- PeerPort: Socket.IO -> commands
// ----------------------------------------------------------------

void LinkHost::connect_requested(socketio::NamespaceId /*nsp*/, std::string_view auth_json) {
  // Paid for before anything of the token is looked at.
  asked_to_connect_ = true;
  auto look = look_at_token();
  if (!look) return refuse_connect(look.error());
  json::Document& document = front_.auth_document();
  std::optional<std::string> auth_token;
  DeviceId device;
  if (const auto auth = document.parse(auth_json); auth) {
    if (const auto token = auth->find("token")) auth_token = token->as_string();
    device = signalling::device_of(*auth);
  }
  identity::OfferedTokens offered;
  if (auth_token) offered.auth = *auth_token;
  if (const Handshake::Tokens* tokens = handshake_.tokens.get()) {
    if (!tokens->query.empty()) offered.query = tokens->query.reveal();
    if (!tokens->authorization.empty()) offered.authorization = tokens->authorization.reveal();
  }
  offered.party = handshake_.party();

  signalling::Arrival arrival;
  arrival.address = address();
  arrival.socket = SocketId(random_token(front_.rng(), kSocketIdBytes));
  arrival.device = std::move(device);
  arrival.trace = {random_token(front_.rng(), kConnectionIdBytes),
                   front_.source_of(handshake_.peer)};
  arrival.transport = handshake_.transport;
  const auto proven = front_.door().prove(offered, arrival.trace);
  if (auth_token) wipe(auth_token->data(), auth_token->size());
  if (!proven) {
    if (proven.error() == signalling::problems::kTokenInvalid) {
      front_.limiter().failed(handshake_.peer, front_.now());
    }
    return refuse_connect(proven.error());
  }
  // Somebody else's pass is as none.
  const bool returning = *look == Limiter::Look::returning;
  if (returning && front_.passes().holder(proven->user()) != handshake_.pass.holder) {
    look = front_.limiter().attempt(handshake_.peer, {}, front_.now());
    if (!look) return refuse_connect(look.error());
  }
  const auto paid = front_.limiter().proved(handshake_.peer, *look, proven->user(), front_.now());
  if (!paid) return refuse_connect(paid.error());
  // The link may be gone when the answer comes: it is looked up again.
  front_.door().admit(
      *proven, std::move(arrival),
      [&front = front_, id = id_](Result<signalling::CallerRef, signalling::Problem> result) {
        if (LinkHost* self = front.link(id)) {
          self->admitted(std::move(result));
        } else if (result) {
          front.door().departed(**result, "transport");
        }
      });
}

Result<Limiter::Look, Limiter::Refused> LinkHost::look_at_token() {
  ShownPass& pass = handshake_.pass;
  if (std::exchange(pass.has_paid, false)) return Limiter::Look::returning;
  return front_.limiter().attempt(handshake_.peer, pass.holder, front_.now());
}

void LinkHost::admitted(Result<signalling::CallerRef, signalling::Problem> result) {
  if (!result) return refuse_connect(result.error());
  std::string& packet = front_.packet_buffer();
  packet.clear();
  if (!peer_.accept(packet, kMain, (*result)->socket.text())) {
    front_.door().departed(**result, "client");  // it left while it was being let in
    return;
  }
  front_.metrics().add(telemetry::Counter::connects_accepted);
  hold(*std::move(result));
  budget_ = {};
  const engineio::Cork cork(link_, front_.now());
  send(packet);
  emit(front_.hello(caller_->principal.user()));
  rearm();
}

/// A living connection rests on its token as long as that says, by a clock that nobody sets; a
/// token that came in its last moments, as long as we would still take it.
void LinkHost::hold(signalling::CallerRef caller) {
  caller_ = std::move(caller);
  const identity::VerifiedToken& token = caller_->principal.token();
  const WallTime now = front_.clock().wall_now();
  access_until_ =
      front_.now() + ((token.expires() > now ? token.expires() : token.void_from()) - now);
}

void LinkHost::refuse_connect(const Limiter::Refused& refused) {
  front_.tell_limited(signalling::SecurityKind::connect_refused, handshake_.peer,
                      audit::Kind::connect_refused);
  refuse_connect(signalling::problems::kRateLimited, refused.wait);
}

void LinkHost::refuse_connect(const signalling::Problem& problem,
                              std::optional<MonoTime::duration> retry_after) {
  std::string& packet = front_.packet_buffer();
  packet.clear();
  if (peer_.refuse(front_.now(), packet, kMain, problem.text,
                   signalling::encode_connect_error_data(problem, retry_after))) {
    send(packet);
  }
  rearm();
}

void LinkHost::event(socketio::NamespaceId /*nsp*/, const socketio::Event& event) {
  if (!caller_) return;
  auto decoded = signalling::take_event(event.name, event.args, front_.settings().sdp, budget_,
                                        front_.settings().budgets, front_.now());
  if (const auto* refusal = std::get_if<room::Refusal>(&decoded)) {
    return refuse(*refusal, event.ack);
  }
  if (const auto* fresh = std::get_if<signalling::Refresh>(&decoded)) {
    return refresh(*fresh, event.ack);
  }
  auto& request = std::get<signalling::Request>(decoded);
  if (const auto refusal = rooms_.note(request)) return refuse(*refusal, event.ack);
  const auto overloaded = front_.switchboard().submit(front_, caller_, request.room,
                                                      std::move(request.command), event.ack);
  if (overloaded) refuse(*overloaded, event.ack);
}

void LinkHost::refresh(const signalling::Refresh& request, std::optional<std::uint64_t> ack_id) {
  front_.door().refresh(caller_, request.token, handshake_.party(),
                        [&front = front_, id = id_, asked = caller_, ack_id](const auto& result) {
                          LinkHost* self = front.link(id);
                          const bool same = self != nullptr && self->caller_ != nullptr &&
                                            self->caller_->socket == asked->socket;
                          if (same) self->refreshed(result, ack_id);
                        });
}

void LinkHost::refreshed(const Result<signalling::CallerRef, signalling::Problem>& result,
                         std::optional<std::uint64_t> ack_id) {
  if (result) hold(*result);
  if (!ack_id) return rearm();
  ack(*ack_id, result ? signalling::events::refreshed_ack(caller_->principal.token().expires())
                      : signalling::events::problem_ack(result.error()));
}

void LinkHost::acked(socketio::NamespaceId /*nsp*/, std::uint64_t /*id*/, json::Value /*args*/,
                     std::span<const std::string> /*attachments*/) {
}  // nothing is asked of clients

void LinkHost::disconnected(socketio::NamespaceId /*nsp*/) {
  leave_rooms(room::Loss::goodbye, "client");
}

void LinkHost::reply(std::string_view packet) {
  send(packet);
}

void LinkHost::violated(socketio::Violation violation) {
  violated_ = true;
  tell(signalling::SecurityKind::packet_refused, reason_of(violation));
  link_.close(front_.now(), engineio::CloseReason::protocol_error);
}

// ---- from the desks, and ends
// -----------------------------------------------------------------------

void LinkHost::emit(std::string_view event_json) {
  std::string& packet = front_.packet_buffer();
  packet.clear();
  if (peer_.event(packet, kMain, event_json)) send(packet);
  rearm();
}

void LinkHost::ack(std::uint64_t ack_id, std::string_view args_json) {
  std::string& packet = front_.packet_buffer();
  packet.clear();
  if (peer_.ack(packet, kMain, ack_id, args_json)) send(packet);
  rearm();
}

void LinkHost::refuse(room::Refusal refusal, std::optional<std::uint64_t> ack_id) {
  front_.events().tell(signalling::event_of(*caller_, refusal));
  if (const auto event = signalling::events::refusal(refusal)) emit(*event);
  if (ack_id) ack(*ack_id, signalling::events::refusal_ack(refusal));
}

void LinkHost::right_lost(const RoomId& room, std::string_view reason) {
  if (caller_ && rooms_.drop(room)) close_access(reason);
}

void LinkHost::review(const signalling::Concerned& concerned) {
  if (!caller_ || !signalling::concerns(concerned, *caller_)) return;
  front_.door().review(*caller_,
                       [&front = front_, id = id_, asked = caller_, concerned](auto ended) {
                         LinkHost* self = front.link(id);
                         if (!ended || self == nullptr) return;
                         if (self->caller_ == asked) return self->end_access(*ended);
                         self->review(concerned);  // with the token that was handed in meanwhile
                       });
}

void LinkHost::end_access(std::string_view reason) {
  close_access(reason, signalling::events::access_revoked(reason));
}

void LinkHost::tell(signalling::SecurityKind kind, std::string_view reason) {
  front_.tell(kind, reason, handshake_.peer, caller_ ? &caller_->principal.user() : nullptr);
}

/// `told`: the event that says so, unless a room has sent one. The rooms come first: a client that
/// reads too slowly to be told loses its seat all the same. A DISCONNECT keeps the stock client
/// from coming back by itself.
void LinkHost::close_access(std::string_view reason, std::string_view told) {
  if (!caller_) return;
  tell(signalling::SecurityKind::access_ended, reason);
  leave_rooms(room::Loss::revoked, reason);
  if (!told.empty()) emit(told);
  std::string packet;
  if (peer_.disconnect(packet, kMain)) send(packet);
  take_leave();
}

/// The stock client looks at a close packet before the messages of the same polling body, and would
/// take the end for an accident: it gets time to read them, and closes by itself.
void LinkHost::take_leave() {
  if (transport() == engineio::Transport::polling) {
    closes_at_ = front_.now() + kFarewell;
    return rearm();
  }
  link_.close(front_.now(), engineio::CloseReason::server_close);
}

void LinkHost::leave_rooms(room::Loss loss, std::string_view reason) {
  if (!caller_) return;
  access_until_ = MonoTime::max();
  for (const RoomId& room : rooms_.take()) {
    front_.switchboard().connection_lost(front_, address(), room, loss);
  }
  front_.door().departed(*std::exchange(caller_, nullptr), reason);
}

void LinkHost::stop() {
  link_.close(front_.now(), engineio::CloseReason::server_stop);
}

void LinkHost::send(std::string_view packet) {
  link_.send(front_.now(), engineio::MessageKind::text, packet);
}

void LinkHost::tick(MonoTime now) {
  link_.tick(now);
  if (link_.open()) peer_.tick(now, *this);
  if (now >= closes_at_) {
    closes_at_ = MonoTime::max();
    link_.close(now, engineio::CloseReason::server_close);
  }
  if (now >= access_until_) end_access(identity::reason(identity::Refusal::token_expired));
  rearm();
}

MonoTime LinkHost::next_deadline() const {
  if (!link_.open()) return link_.next_deadline();
  return std::min({link_.next_deadline(), peer_.next_deadline(), access_until_, closes_at_});
}

void LinkHost::rearm() {
  front_.arm_link(*this);
}

}  // namespace stillroom::gateway
