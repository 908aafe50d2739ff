// SPDX-License-Identifier: Apache-2.0
#include "gateway/client.hpp"

#include <utility>

#include "gateway/front.hpp"
#include "gateway/link_host.hpp"
#include "websocket/frame.hpp"
#include "websocket/upgrade.hpp"

namespace stillroom::gateway {
namespace {
/// A connection on which nothing is asked is let go after so long.
constexpr seconds kKeepAliveFor{65};
/// After our last byte the peer has so long to close, so that no reset eats the answer.
constexpr seconds kLingerFor{2};
/// Bytes of further requests that may wait behind one that is being answered; more: closed.
constexpr std::size_t kPipelinedBytesMax = 65'536;
}  // namespace

Client::Client(Front& front, SlotId id, int fd, const net::PeerAddress& peer,
               const net::TlsContext* tls, net::Preface preface)
    : front_(&front),
      id_(id),
      connection_(front.worker(), *this, fd, peer, tls, preface),
      http_(std::make_unique<Http>(front.settings().http)) {}

void Client::start() {
  set_deadline(front_->now() + front_->settings().request_timeout);
  connection_.start();
}

engineio::Channel Client::channel() const {
  return static_cast<engineio::Channel>((std::uint64_t{id_.generation} << 32U) | id_.slot);
}

SlotId Client::slot_of(engineio::Channel channel) {
  const auto bits = static_cast<std::uint64_t>(channel);
  return {static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32U)};
}

void Client::set_deadline(MonoTime at) {
  deadline_ = at;
  front_->arm_client(*this);
}

Provenance Client::own_provenance() const {
  return {connection_.peer(), connection_.secure() ? Wire::tls : Wire::plain};
}

void Client::on_announced() {
  front_->announced(*this);
}

void Client::on_bytes(std::span<char> bytes) {
  if (phase_ == Phase::websocket) return read_frames(bytes);
  if (phase_ == Phase::closing) return;
  if (http_->reader.idle() && phase_ == Phase::reading) {
    set_deadline(front_->now() + front_->settings().request_timeout);
  }
  http_->reader.feed(bytes);
  if (phase_ == Phase::reading) return take_requests();
  if (http_->reader.waiting_bytes() > kPipelinedBytesMax) connection_.abort();
}

void Client::on_drained() {
  if (phase_ == Phase::reading) take_requests();
}

// A loop rather than a recursion: answers that come at once lead to the next request here.
void Client::take_requests() {
  if (taking_) return;
  taking_ = true;
  while (phase_ == Phase::reading && connection_.is_open()) {
    if (http_->reader.waiting_bytes() > 0) connection_.flush();
    // Whoever does not read its answers is not asked for more; on_drained() goes on.
    if (!connection_.is_open() || connection_.backlog() > 0) break;
    auto next = http_->reader.next();
    if (!next) {
      refuse(next.error());
      break;
    }
    if (!next->has_value()) {
      if (http_->reader.wants_continue()) connection_.write("HTTP/1.1 100 Continue\r\n\r\n");
      break;
    }
    begin_request(**std::move(next));
  }
  taking_ = false;
}

void Client::begin_request(HttpRequest request) {
  phase_ = Phase::answering;
  keep_alive_ = request.keep_alive && !winding_down_ ? KeepAlive::yes : KeepAlive::no;
  body_of_ = request.method == Method::head ? BodyOf::head_only : BodyOf::all;
  http_->cors_origin = front_->origins().cors_origin(request);
  from_ = front_->proxies().see(own_provenance(), request);
  deadline_ = MonoTime::max();
  front_->handle(*this, std::move(request));
}

void Client::respond(HttpResponse response) {
  if (phase_ != Phase::answering || !connection_.is_open()) return;
  link_ = {};
  front_->append(connection_.cork(), std::move(response), std::exchange(http_->cors_origin, {}),
                 from_.wire, keep_alive_, std::exchange(body_of_, BodyOf::all));
  if (keep_alive_ == KeepAlive::no) return begin_closing();
  phase_ = Phase::reading;
  set_deadline(front_->now() + kKeepAliveFor);
  take_requests();
}

void Client::respond_last(HttpResponse response) {
  keep_alive_ = KeepAlive::no;
  respond(std::move(response));
}

void Client::refuse(HttpError error) {
  phase_ = Phase::answering;
  keep_alive_ = KeepAlive::no;
  from_ = own_provenance();
  front_->refuse(*this, error);
}

void Client::begin_closing() {
  phase_ = Phase::closing;
  http_.reset();
  set_deadline(front_->now() + kLingerFor);
  connection_.close();
}

void Client::wind_down() {
  winding_down_ = true;
  keep_alive_ = KeepAlive::no;
  if (phase_ == Phase::reading) begin_closing();
}

void Client::on_deadline(MonoTime now) {
  if (now < deadline_) return;
  deadline_ = MonoTime::max();
  if (phase_ == Phase::reading && !http_->reader.idle()) {
    phase_ = Phase::answering;
    from_ = own_provenance();
    front_->tell(signalling::SecurityKind::request_refused, "timeout", from_.address);
    return respond_last(front_->plain_answer(408));
  }
  connection_.abort();
}

void Client::on_closed(net::CloseCause cause) {
  if (cause == net::CloseCause::no_header) {
    front_->tell(signalling::SecurityKind::connection_refused, "header_missing",
                 connection_.peer());
  }
  lose_link(engineio::CloseReason::transport_lost);
  phase_ = Phase::closing;
  front_->forget(*this);
}

void Client::lose_link(engineio::CloseReason reason) {
  LinkHost* host = front_->link(std::exchange(link_, {}));
  if (host == nullptr) return;
  if (phase_ == Phase::answering) {
    host->exchange_lost(channel());
  } else {
    host->socket_lost(channel(), reason);
  }
}

void Client::become_websocket(std::string_view accept) {
  websocket::append_switching_protocols(connection_.cork(), accept);
  phase_ = Phase::websocket;
  deadline_ = MonoTime::max();
  std::string rest = http_->reader.take_rest();
  http_.reset();
  if (rest.empty()) return;
  // Frames that came in the same packet as the upgrade wait until the link knows this socket.
  front_->worker().after_event(
      net::Task([front = front_, id = id_, rest = std::move(rest)]() mutable {
        if (Client* self = front->client(id); self != nullptr && self->phase_ == Phase::websocket) {
          self->read_frames(rest);
        }
      }));
}

void Client::read_frames(std::span<char> bytes) {
  const auto taken = decoder_.feed(bytes, front_->settings().websocket, *this);
  if (taken || phase_ != Phase::websocket) return;
  const auto reason = taken.error() == websocket::CloseCode::message_too_big
                          ? engineio::CloseReason::message_too_big
                          : engineio::CloseReason::parse_error;
  close_websocket(static_cast<std::uint16_t>(taken.error()));
  lose_link(reason);
}

void Client::send_message(engineio::MessageKind kind, std::string_view head,
                          std::string_view data) {
  if (phase_ != Phase::websocket) return;
  std::string& out = connection_.cork();
  websocket::append_frame_header(
      out,
      kind == engineio::MessageKind::text ? websocket::Opcode::text : websocket::Opcode::binary,
      head.size() + data.size());
  out.append(head).append(data);
}

void Client::close_websocket(std::uint16_t code) {
  if (phase_ != Phase::websocket) return;
  websocket::append_close(connection_.cork(), static_cast<websocket::CloseCode>(code));
  phase_ = Phase::closing;
  set_deadline(front_->now() + kLingerFor);
  connection_.close();
}

void Client::message(engineio::MessageKind kind, std::string_view data) {
  if (LinkHost* host = front_->link(link_)) host->socket_message(channel(), kind, data);
}

websocket::Next Client::text(std::string_view data) {
  message(engineio::MessageKind::text, data);
  return phase_ == Phase::websocket ? websocket::Next::more : websocket::Next::stop;
}

websocket::Next Client::binary(std::string_view data) {
  message(engineio::MessageKind::binary, data);
  return phase_ == Phase::websocket ? websocket::Next::more : websocket::Next::stop;
}

websocket::Next Client::ping(std::string_view payload) {
  // A flood of pings may not fill our memory with pongs.
  if (connection_.backlog() > front_->settings().engineio.queue_bytes_max) {
    connection_.abort();
    return websocket::Next::stop;
  }
  websocket::append_frame(connection_.cork(), websocket::Opcode::pong, payload);
  return websocket::Next::more;
}

websocket::Next Client::pong(std::string_view /*payload*/) {
  return websocket::Next::more;
}

void Client::close(std::uint16_t /*code*/, std::string_view /*reason*/) {
  close_websocket(static_cast<std::uint16_t>(websocket::CloseCode::normal));
  lose_link(engineio::CloseReason::transport_closed);
}

void Client::leave() {
  connection_.detach();
}

void Client::arrive(Front& front, SlotId id) {
  front_ = &front;
  id_ = id;
  armed_ = MonoTime::max();
  connection_.attach(front.worker());
}

}  // namespace stillroom::gateway
