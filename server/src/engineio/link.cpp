// SPDX-License-Identifier: Apache-2.0
#include "engineio/link.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/encoding.hpp"
#include "base/invariant.hpp"
#include "engineio/polling.hpp"

namespace stillroom::engineio {
namespace {

constexpr std::string_view kProbe = "probe";

/// RFC 6455 §7.4.1 codes that a websocket is closed with.
constexpr std::uint16_t kNormal = 1000;
constexpr std::uint16_t kGoingAway = 1001;
constexpr std::uint16_t kProtocolError = 1002;
constexpr std::uint16_t kPolicyViolation = 1008;
constexpr std::uint16_t kMessageTooBig = 1009;

std::uint16_t close_code(CloseReason reason) {
  switch (reason) {
    case CloseReason::client_close:
    case CloseReason::transport_closed:
    case CloseReason::server_close:
      return kNormal;
    case CloseReason::transport_lost:
    case CloseReason::ping_timeout:
    case CloseReason::server_stop:
      return kGoingAway;
    case CloseReason::parse_error:
    case CloseReason::protocol_error:
      return kProtocolError;
    case CloseReason::overlapping:
    case CloseReason::slow_reader:
      return kPolicyViolation;
    case CloseReason::message_too_big:
      return kMessageTooBig;
  }
  return kGoingAway;
}

PollAnswer error_answer(RequestError error) {
  const ErrorAnswer& answer = answer_of(error);
  return {answer.status, Body::error, answer.body};
}

constexpr PollAnswer kPostTaken{200, Body::ok, "ok"};

/// A POST whose packets were understood is told so although its link ended.
bool post_was_understood(CloseReason reason) {
  return reason == CloseReason::client_close || reason == CloseReason::server_close ||
         reason == CloseReason::server_stop;
}

}  // namespace

Cork::Cork(Link& link, MonoTime now) : link_(link) {
  ++link_.corks_;
  link_.tick(now);
}

Cork::~Cork() {
  if (--link_.corks_ == 0) link_.flush();
}

Link::Link(const Settings& settings, LinkPort& port, const Sid& sid)
    : settings_(&settings), port_(&port), sid_(sid) {}
Link::~Link() = default;

// Handshake
// ----------------------------------------------------------------------------------------

std::string Link::open_packet(MonoTime now) {
  ensure(state_ == State::created, "a link opens once");
  state_ = State::open;
  heartbeat_ = now + settings_->ping_interval;
  std::string packet;
  append_open(packet, {sid_.text(), transport_, settings_->ping_interval, settings_->ping_timeout,
                       settings_->max_payload});
  return packet;
}

void Link::open_polling(MonoTime now, Channel exchange) {
  polling_ = std::make_unique<Polling>();
  port_->answer(exchange, {200, Body::packets, open_packet(now)});
}

void Link::open_websocket(MonoTime now, Channel socket) {
  transport_ = Transport::websocket;
  socket_ = socket;
  port_->ws_send(socket, MessageKind::text, {}, open_packet(now));
}

// Polling
// ------------------------------------------------------------------------------------------

bool Link::polls(Channel exchange) {
  ensure(state_ != State::created, "a link opens before anything else");
  if (polling_ && state_ != State::closed) return true;
  const auto error = over() ? RequestError::sid_unknown : RequestError::bad_request;
  port_->answer(exchange, error_answer(error));
  return false;
}

void Link::poll_get(MonoTime now, Channel exchange) {
  tick(now);
  if (!polls(exchange)) return;
  if (polling_->get != Channel::none) {
    port_->answer(exchange, error_answer(RequestError::bad_request));
    return end(CloseReason::overlapping);
  }
  polling_->get = exchange;
  flush();
}

void Link::poll_post_began(MonoTime now, Channel exchange) {
  tick(now);
  if (!polls(exchange)) return;
  if (polling_->post != Channel::none) {
    port_->answer(exchange, error_answer(RequestError::bad_request));
    return end(CloseReason::overlapping);
  }
  polling_->post = exchange;
  polling_->post_state = Polling::Post::body_due;
}

void Link::poll_post(MonoTime now, Channel exchange, PostContent content, std::string_view body) {
  if (!polling_ || polling_->post != exchange) poll_post_began(now, exchange);
  tick(now);
  if (!polling_ || polling_->post != exchange) return;  // answered already
  polling_->post_state = Polling::Post::in_hand;
  const Cork cork(*this, now);
  if (body.size() > settings_->max_payload) {
    return answer_post(error_answer(RequestError::payload_too_large));
  }
  if (state_ == State::open) take_body(now, content, body);
  answer_post(kPostTaken);
}

/// Ends the link where the body is not what protocol 4 sends; packets before that have counted.
void Link::take_body(MonoTime now, PostContent content, std::string_view body) {
  if (content == PostContent::octets || !is_utf8(body)) return end(CloseReason::parse_error);
  std::optional<std::string_view> rest = body;
  while (const auto packet = take_packet(rest)) {
    if (packet->starts_with('b')) {
      const auto bytes = from_base64(packet->substr(1));
      if (!bytes) return end(CloseReason::parse_error);
      port_->message(MessageKind::binary, *bytes);
    } else {
      take_text(now, *packet);
    }
    if (state_ != State::open) return;
  }
}

void Link::answer_post(const PollAnswer& answer) {
  if (!polling_ || polling_->post == Channel::none) return;
  polling_->post_state = Polling::Post::none;
  port_->answer(std::exchange(polling_->post, Channel::none), answer);
}

void Link::answer_get(std::string_view body) {
  if (!polling_ || polling_->get == Channel::none) return;
  port_->answer(std::exchange(polling_->get, Channel::none), {200, Body::packets, body});
}

void Link::poll_lost(MonoTime now, Channel exchange) {
  tick(now);
  if (!polling_ || state_ == State::closed) return;
  if (polling_->get == exchange) {
    polling_->get = Channel::none;
  } else if (polling_->post == exchange) {
    polling_->post = Channel::none;
  } else {
    return;
  }
  end(state_ == State::closing ? reason_ : CloseReason::transport_lost);
}

// Websocket and upgrade
// ----------------------------------------------------------------------------

void Link::ws_attached(MonoTime now, Channel socket) {
  tick(now);
  if (state_ != State::open || !polling_ || polling_->probe != Channel::none) {
    return port_->ws_close(socket, kPolicyViolation);
  }
  polling_->probe = socket;
  polling_->probe_state = Polling::Probe::attached;
  polling_->upgrade_deadline = now + settings_->upgrade_timeout;
}

void Link::ws_message(MonoTime now, Channel socket, MessageKind kind, std::string_view data) {
  tick(now);
  if (state_ != State::open) return;
  const Cork cork(*this, now);
  if (polling_ && socket == polling_->probe) return take_probe(now, kind, data);
  if (transport_ != Transport::websocket || socket != socket_) return;
  if (kind == MessageKind::binary) return port_->message(kind, data);
  take_text(now, data);
}

void Link::ws_lost(MonoTime now, Channel socket, CloseReason reason) {
  tick(now);
  if (state_ == State::closed) return;
  if (polling_ && socket == polling_->probe) return polling_->forget_probe();
  if (transport_ != Transport::websocket || socket != socket_) return;
  socket_ = Channel::none;
  end(reason);
}

void Link::take_probe(MonoTime now, MessageKind kind, std::string_view data) {
  const auto packet = kind == MessageKind::text ? decode_packet(data) : std::nullopt;
  if (packet && packet->type == PacketType::ping && packet->data == kProbe) {
    polling_->probe_state = Polling::Probe::answered;
    polling_->noop_at = now + settings_->noop_interval;
    return port_->ws_send(polling_->probe, MessageKind::text, "3", kProbe);
  }
  const bool ready = polling_->probe_state == Polling::Probe::answered;
  if (ready && packet && packet->type == PacketType::upgrade && packet->data.empty()) {
    return upgrade();
  }
  drop_probe(kProtocolError);  // polling lives on
}

void Link::drop_probe(std::uint16_t code) {
  if (!polling_ || polling_->probe == Channel::none) return;
  const Channel probe = polling_->probe;
  polling_->forget_probe();
  port_->ws_close(probe, code);
}

/// What waited for a GET goes first on the websocket, so the order of packets survives.
void Link::upgrade() {
  answer_get("6");
  answer_post(error_answer(RequestError::bad_request));
  socket_ = polling_->probe;
  transport_ = Transport::websocket;
  const auto waiting = polling_->queue.take_all();
  polling_.reset();
  port_->upgraded(socket_);
  for (const Outgoing& packet : waiting) ws_send(packet.type, packet.kind, packet.data);
}

// Packets in
// ---------------------------------------------------------------------------------------

void Link::take_text(MonoTime now, std::string_view text) {
  const auto packet = decode_packet(text);
  if (!packet) return end(CloseReason::parse_error);
  if (packet->type == PacketType::message) {
    return port_->message(MessageKind::text, packet->data);
  }
  if (!packet->data.empty()) return end(CloseReason::protocol_error);
  switch (packet->type) {
    case PacketType::close:
      return end(CloseReason::client_close);
    case PacketType::pong:
      return take_pong(now);
    case PacketType::noop:
      return;
    default:
      return end(CloseReason::protocol_error);  // open, ping and upgrade may not come here
  }
}

/// A pong that answers no ping changes nothing: it would put off the next ping for ever.
void Link::take_pong(MonoTime now) {
  if (!awaiting_pong_) return;
  awaiting_pong_ = false;
  heartbeat_ = now + settings_->ping_interval;
}

// Packets out
// --------------------------------------------------------------------------------------

void Link::send(MonoTime now, MessageKind kind, std::string_view data) {
  tick(now);
  if (state_ == State::open) put(PacketType::message, kind, data);
}

bool Link::send_volatile(MonoTime now, MessageKind kind, std::string_view data) {
  tick(now);
  if (state_ != State::open) return false;
  const bool writable =
      polling_ ? polling_->get != Channel::none && polling_->queue.size() < kPacketsPerBodyMax
               : port_->ws_unsent_bytes(socket_) == 0;
  if (writable) put(PacketType::message, kind, data);
  return writable;
}

void Link::put(PacketType type, MessageKind kind, std::string_view data) {
  const std::size_t unsent =
      polling_ ? polling_->queue.charged_bytes() : port_->ws_unsent_bytes(socket_);
  if (unsent > 0 && unsent + data.size() > settings_->queue_bytes_max) {
    return end(CloseReason::slow_reader);
  }
  if (!polling_) return ws_send(type, kind, data);
  polling_->queue.push({type, kind, std::string(data)});
  if (corks_ == 0) flush();
}

void Link::ws_send(PacketType type, MessageKind kind, std::string_view data) {
  if (kind == MessageKind::binary) return port_->ws_send(socket_, kind, {}, data);
  const char digit = digit_of(type);
  port_->ws_send(socket_, kind, {&digit, 1}, data);
}

void Link::flush() {
  if (!polling_ || state_ == State::closed) return;
  if (polling_->get == Channel::none || polling_->queue.empty()) return;
  answer_get(polling_->queue.take_body(settings_->max_payload));
  if (state_ == State::closing && polling_->queue.empty()) end(reason_);
}

// Ends
// ---------------------------------------------------------------------------------------------

void Link::close(MonoTime now, CloseReason reason) {
  tick(now);
  if (state_ != State::open) return;
  if (!polling_) return end(reason);
  state_ = State::closing;
  reason_ = reason;
  drop_probe(kNormal);
  polling_->linger_until = now + settings_->close_linger;
  polling_->queue.push({PacketType::close, MessageKind::text, {}});
  if (corks_ == 0) flush();
}

void Link::end(CloseReason reason) {
  if (state_ == State::closed) return;
  state_ = State::closed;
  if (polling_) {
    answer_get(reason == CloseReason::client_close ? "6" : "1");
    const bool taken =
        polling_->post_state == Polling::Post::in_hand && post_was_understood(reason);
    answer_post(taken ? kPostTaken : error_answer(RequestError::bad_request));
    drop_probe(close_code(reason));
    polling_.reset();
  } else if (socket_ != Channel::none) {
    port_->ws_close(std::exchange(socket_, Channel::none), close_code(reason));
  }
  port_->closed(reason);
}

// Time
// ---------------------------------------------------------------------------------------------

void Link::tick(MonoTime now) {
  if (state_ == State::open) beat(now);
  if (!polling_ || state_ == State::closed) return;
  if (state_ == State::closing) {
    if (now >= polling_->linger_until) end(reason_);
    return;
  }
  if (polling_->probe == Channel::none) return;
  if (now >= polling_->upgrade_deadline) return drop_probe(kPolicyViolation);
  nudge_get(now);
}

/// The pong's deadline counts from the moment the ping was due, whenever this runs and even while
/// the ping waits for a GET.
void Link::beat(MonoTime now) {
  if (now < heartbeat_) return;
  const bool ping_due = !awaiting_pong_;
  if (ping_due) {
    awaiting_pong_ = true;
    heartbeat_ += settings_->ping_timeout;
  }
  if (now >= heartbeat_) return end(CloseReason::ping_timeout);
  if (ping_due) put(PacketType::ping, MessageKind::text, {});
}

/// A client that waits to upgrade must get its GET back before it can send `5`.
void Link::nudge_get(MonoTime now) {
  if (polling_->probe_state != Polling::Probe::answered || now < polling_->noop_at) return;
  const auto late = now - polling_->noop_at;
  polling_->noop_at += settings_->noop_interval * (late / settings_->noop_interval + 1);
  answer_get("6");
}

MonoTime Link::next_deadline() const {
  if (state_ == State::closed || state_ == State::created) return MonoTime::max();
  if (state_ == State::closing) return polling_->linger_until;
  if (!polling_ || polling_->probe == Channel::none) return heartbeat_;
  MonoTime next = std::min(heartbeat_, polling_->upgrade_deadline);
  const bool nudging =
      polling_->probe_state == Polling::Probe::answered && polling_->get != Channel::none;
  return nudging ? std::min(next, polling_->noop_at) : next;
}

std::size_t Link::buffered_bytes() const {
  return polling_ ? sizeof(Polling) + polling_->queue.charged_bytes() : 0;
}

}  // namespace stillroom::engineio
