// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "engineio/link.hpp"
#include "gateway/http.hpp"
#include "gateway/provenance.hpp"
#include "gateway/slots.hpp"
#include "net/connection.hpp"
#include "websocket/decoder.hpp"

namespace stillroom::gateway {

class Front;

/// One client socket: HTTP requests one after the other, until one of them makes it a WebSocket.
/// Lives in its front's slots; may move to another worker between a request and its answer.
class Client final : public net::Connection::Handler, private websocket::Sink {
 public:
  Client(Front& front, SlotId id, int fd, const net::PeerAddress& peer, const net::TlsContext* tls,
         net::Preface preface);
  void start();

  [[nodiscard]] SlotId id() const { return id_; }
  [[nodiscard]] engineio::Channel channel() const;
  [[nodiscard]] static SlotId slot_of(engineio::Channel channel);
  [[nodiscard]] net::Connection& connection() { return connection_; }
  [[nodiscard]] const net::Connection& connection() const { return connection_; }

  /// Whom the request that is being answered comes from, and how: the one thing that everybody who
  /// judges it asks. A request that could not be read comes from the connection's own peer.
  [[nodiscard]] const Provenance& from() const { return from_; }

  /// The answer to the request that was handed to the front. The connection then takes the next.
  void respond(HttpResponse response);
  /// As respond(), and then the connection closes.
  void respond_last(HttpResponse response);

  /// The request was a good upgrade: the 101 leaves, frames follow.
  void become_websocket(std::string_view accept);
  void send_message(engineio::MessageKind kind, std::string_view head, std::string_view data);
  void close_websocket(std::uint16_t code);

  /// The link that this socket serves now (hanging GET, POST, websocket or probe).
  void serve(SlotId link) { link_ = link; }
  [[nodiscard]] SlotId link() const { return link_; }

  // Moving between workers, called by the fronts.
  void leave();
  void arrive(Front& front, SlotId id);

  void on_deadline(MonoTime now);
  [[nodiscard]] MonoTime deadline() const { return deadline_; }
  [[nodiscard]] MonoTime armed() const { return armed_; }
  void set_armed(MonoTime at) { armed_ = at; }
  /// No request will be taken any more; what is under way is answered first.
  void wind_down();

 private:
  enum class Phase : std::uint8_t { reading, answering, websocket, closing };

  void on_announced() override;
  void on_bytes(std::span<char> bytes) override;
  void on_drained() override;
  void on_closed(net::CloseCause cause) override;

  websocket::Next text(std::string_view message) override;
  websocket::Next binary(std::string_view message) override;
  websocket::Next ping(std::string_view payload) override;
  websocket::Next pong(std::string_view payload) override;
  void close(std::uint16_t code, std::string_view reason) override;

  void take_requests();
  void begin_request(HttpRequest request);
  void refuse(HttpError error);
  [[nodiscard]] Provenance own_provenance() const;
  void read_frames(std::span<char> bytes);
  void message(engineio::MessageKind kind, std::string_view data);
  void lose_link(engineio::CloseReason reason);
  void begin_closing();
  void set_deadline(MonoTime at);

  Front* front_;
  SlotId id_;
  SlotId link_;
  net::Connection connection_;
  struct Http {
    explicit Http(const HttpLimits& limits) : reader(limits) {}
    HttpReader reader;
    std::string cors_origin;  ///< of the request being answered
  };
  std::unique_ptr<Http> http_;  ///< only while this speaks HTTP
  websocket::Decoder decoder_;
  Provenance from_;
  MonoTime deadline_ = MonoTime::max();
  MonoTime armed_ = MonoTime::max();
  Phase phase_ = Phase::reading;
  KeepAlive keep_alive_ = KeepAlive::yes;
  BodyOf body_of_ = BodyOf::all;
  bool taking_ = false;  ///< take_requests() is on the stack
  bool winding_down_ = false;
};

}  // namespace stillroom::gateway
