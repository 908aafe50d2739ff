// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "engineio/link.hpp"

/// A port that writes everything down, and a link on it with a clock that tests turn.
namespace stillroom::engineio::test {

using Lines = std::vector<std::string>;

inline std::string name_of(CloseReason reason) {
  switch (reason) {
    case CloseReason::client_close:
      return "client_close";
    case CloseReason::transport_closed:
      return "transport_closed";
    case CloseReason::transport_lost:
      return "transport_lost";
    case CloseReason::ping_timeout:
      return "ping_timeout";
    case CloseReason::parse_error:
      return "parse_error";
    case CloseReason::protocol_error:
      return "protocol_error";
    case CloseReason::overlapping:
      return "overlapping";
    case CloseReason::message_too_big:
      return "message_too_big";
    case CloseReason::slow_reader:
      return "slow_reader";
    case CloseReason::server_close:
      return "server_close";
    case CloseReason::server_stop:
      return "server_stop";
  }
  return "?";
}

constexpr Channel channel(unsigned number) {
  return Channel{number};
}

/// `1<200 body`, `1<400 3`, `ws1<text`, `ws1<binary:…`, `ws1!1000`, `>text`, `>binary:…`, `up ws2`,
/// `closed reason`. A separator in a body shows as `|`.
class Notes : public LinkPort {
 public:
  void ws_send(Channel socket, MessageKind kind, std::string_view head,
               std::string_view data) override {
    note(socket_name(socket) + (kind == MessageKind::binary ? "<binary:" : "<") +
         std::string(head).append(data));
  }
  void ws_close(Channel socket, std::uint16_t code) override {
    note(socket_name(socket) + "!" + std::to_string(code));
  }
  std::size_t ws_unsent_bytes(Channel) const override { return unsent; }
  void answer(Channel exchange, const PollAnswer& answer) override {
    std::string body(answer.body);
    for (char& c : body) c = c == kSeparator ? '|' : c;
    if (answer.kind == Body::error) body = body.substr(8, 1);
    note(number(exchange) + "<" + std::to_string(answer.status) + " " + body);
  }
  void message(MessageKind kind, std::string_view data) override {
    note((kind == MessageKind::binary ? ">binary:" : ">") + std::string(data));
    if (on_message) on_message(kind, std::string(data));
  }
  void upgraded(Channel socket) override { note("up " + socket_name(socket)); }
  void closed(CloseReason reason) override { note("closed " + name_of(reason)); }

  /// What happened since the last call.
  Lines take() { return std::exchange(lines_, {}); }

  std::size_t unsent = 0;
  std::function<void(MessageKind, std::string)> on_message;

 private:
  static std::string number(Channel c) { return std::to_string(static_cast<unsigned>(c)); }
  static std::string socket_name(Channel socket) { return "ws" + number(socket); }
  void note(std::string line) { lines_.push_back(std::move(line)); }
  Lines lines_;
};

inline Sid some_sid() {
  return *Sid::parse("AAAAAAAAAAAAAAAAAAAAAAAA");
}

/// A link at some moment. Each call acts now; `later` turns the clock without a tick.
struct Bench {
  explicit Bench(Settings chosen = {}) : settings(chosen), link(settings, port, some_sid()) {}

  Bench& polling() {
    link.open_polling(now, channel(1));
    port.take();
    return *this;
  }
  Bench& websocket() {
    link.open_websocket(now, channel(1));
    port.take();
    return *this;
  }
  /// Polling with websocket 2 as its probe, `3probe` sent.
  Bench& probed() {
    polling();
    link.ws_attached(now, channel(2));
    ws(2, "2probe");
    port.take();
    return *this;
  }
  Bench& later(milliseconds time) {
    now += time;
    return *this;
  }
  Lines tick(milliseconds time = milliseconds(0)) {
    link.tick(now += time);
    return port.take();
  }
  Lines get(unsigned exchange) {
    link.poll_get(now, channel(exchange));
    return port.take();
  }
  Lines post(unsigned exchange, std::string body, PostContent content = PostContent::text) {
    for (char& c : body) c = c == '|' ? kSeparator : c;
    link.poll_post(now, channel(exchange), content, body);
    return port.take();
  }
  Lines ws(unsigned socket, std::string_view text, MessageKind kind = MessageKind::text) {
    link.ws_message(now, channel(socket), kind, text);
    return port.take();
  }
  Lines send(std::string_view data, MessageKind kind = MessageKind::text) {
    link.send(now, kind, data);
    return port.take();
  }
  Lines close(CloseReason reason = CloseReason::server_close) {
    link.close(now, reason);
    return port.take();
  }
  void echo() {
    port.on_message = [this](MessageKind kind, const std::string& data) {
      link.send(now, kind, data);
    };
  }

  Settings settings;
  Notes port;
  MonoTime now{std::chrono::hours(1)};
  Link link;
};

}  // namespace stillroom::engineio::test
