// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"

#include <utility>

#include "base/json.hpp"

namespace stillroom::sim {

using engineio::CloseReason;

std::shared_ptr<Line> Wire::line() {
  return std::make_shared<Line>(ground_.schedule, ground_.rng, ground_.weather);
}

void Wire::open() {
  if (server_.expired()) {
    ground_.schedule.after(milliseconds(30), [self = shared_from_this()] { self->end(); });
    return;
  }
  silent_until_ =
      ground_.schedule.mono_now() + ground_.link.ping_interval + ground_.link.ping_timeout;
  pinged();
  if (way_ == Way::websocket) {
    on_socket_ = true;
    open_websocket();
  } else {
    get();
  }
}

void Wire::open_websocket() {
  socket_ = line();
  socket_->heard = [weak = weak_from_this()](const std::string& text) {
    if (const auto self = weak.lock()) self->heard(text);
  };
  socket_->closed = [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->over_) return;
    if (self->on_socket_) return self->end();
    // The probe failed: polling goes on.
    self->socket_.reset();
    self->probed_ = false;
    self->way_ = Way::polling;
    self->flush();
  };
  socket_->up([server = server_, socket = socket_, sid = sid_] {
    if (const auto there = server.lock()) there->websocket(socket, sid);
  });
}

void Wire::heard(const std::string& text) {
  if (over_) return;
  if (!on_socket_ && text == "3probe") {
    probed_ = true;
    return go_over();
  }
  packet(text);
}

/// The client's own watch: a server that does not ping is gone.
void Wire::pinged() {
  ground_.schedule.at(silent_until_, [weak = weak_from_this(), until = silent_until_] {
    const auto self = weak.lock();
    if (self && !self->over_ && self->silent_until_ == until) self->end();
  });
}

void Wire::packet(std::string_view text) {
  if (text.empty() || over_) return;
  switch (text.front()) {
    case '0': {
      json::Document document;
      sid_ = *document.parse(text.substr(1)).value().find("sid")->as_string();
      if (way_ == Way::upgrade) {
        open_websocket();
        socket_->up([server = server_, socket = socket_] {
          if (const auto there = server.lock()) there->ws_text(socket, "2probe");
        });
      }
      return opened();
    }
    case '1':
      return end();
    case '2':
      silent_until_ =
          ground_.schedule.mono_now() + ground_.link.ping_interval + ground_.link.ping_timeout;
      pinged();
      outgoing_.emplace_back("3");
      return flush();
    case '4':
      return message(text.substr(1));
    default:
      return;
  }
}

void Wire::send(std::string packet) {
  outgoing_.push_back("4" + std::move(packet));
  flush();
}

void Wire::flush() {
  if (over_) return;
  if (!on_socket_) {
    if (probed_) return go_over();
    if (!sid_.empty()) {
      post();
      get();
    }
    return;
  }
  while (!outgoing_.empty()) {
    socket_->up([server = server_, socket = socket_, text = std::move(outgoing_.front())] {
      if (const auto there = server.lock()) there->ws_text(socket, text);
    });
    outgoing_.pop_front();
  }
}

void Wire::go_over() {
  if (getting_ || posting_) return;  // each is answered first
  on_socket_ = true;
  outgoing_.emplace_front("5");
  flush();
}

void Wire::get() {
  if (getting_ || probed_ || over_) return;
  getting_ = line();
  const Exchange exchange{getting_, [weak = weak_from_this()](unsigned status, std::string text) {
                            const auto self = weak.lock();
                            if (!self || self->over_) return;
                            self->getting_.reset();
                            self->body(status, text);
                          }};
  getting_->up([server = server_, exchange, sid = sid_] {
    if (const auto there = server.lock()) there->poll(exchange, sid, std::nullopt);
  });
}

void Wire::post() {
  if (posting_ || outgoing_.empty()) return;
  std::string text;
  for (const std::string& each : outgoing_) {
    if (!text.empty()) text += engineio::kSeparator;
    text += each;
  }
  outgoing_.clear();
  posting_ = line();
  const Exchange exchange{posting_, [weak = weak_from_this()](unsigned status, std::string) {
                            const auto self = weak.lock();
                            if (!self || self->over_) return;
                            self->posting_.reset();
                            if (status != 200) return self->end();
                            self->flush();
                          }};
  posting_->up([server = server_, exchange, sid = sid_, text = std::move(text)] {
    if (const auto there = server.lock()) there->poll(exchange, sid, text);
  });
}

void Wire::body(unsigned status, const std::string& text) {
  if (status != 200) return end();
  std::optional<std::string_view> rest = text;
  while (!over_) {
    const auto next = engineio::take_packet(rest);
    if (!next) break;
    packet(*next);
  }
  flush();
}

void Wire::close() {
  if (over_) return;
  if (on_socket_) {
    socket_->up([server = server_, socket = socket_] {
      if (const auto there = server.lock()) there->ws_lost(socket, CloseReason::transport_closed);
    });
  } else if (!sid_.empty()) {
    outgoing_.emplace_back("1");
    if (!posting_) post();
  }
  over_ = true;
}

void Wire::cut(Notice notice) {
  if (over_) return;
  const bool tells_server = notice == Notice::server || notice == Notice::both;
  for (const std::shared_ptr<Line>& each : {socket_, getting_, posting_}) {
    if (!each) continue;
    each->cut();
    if (!tells_server) continue;
    ground_.schedule.after(Weather::between(ground_.rng, milliseconds(0), milliseconds(400)),
                           [server = server_, each] {
                             const auto there = server.lock();
                             if (!there) return;
                             there->ws_lost(each, CloseReason::transport_lost);
                             there->poll_lost(each);
                           });
  }
  if (notice == Notice::client || notice == Notice::both) {
    ground_.schedule.after(Weather::between(ground_.rng, milliseconds(0), milliseconds(400)),
                           [self = shared_from_this()] { self->end(); });
  }
}

void Wire::end() {
  if (over_) return;
  over_ = true;
  closed();
}

}  // namespace stillroom::sim
