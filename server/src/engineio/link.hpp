// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "engineio/packet.hpp"
#include "engineio/request.hpp"

namespace stillroom::engineio {

/// One per server; a link keeps a pointer to it.
struct Settings {
  milliseconds ping_interval{25'000};
  milliseconds ping_timeout{20'000};
  milliseconds upgrade_timeout{10'000};
  milliseconds noop_interval{100};        ///< to hanging GETs while a probe waits for its `5`
  milliseconds close_linger{20'000};      ///< how long a closed polling link waits to say so
  std::size_t max_payload = 131'072;      ///< a POST body over it: 413; a GET body holds no more
  std::size_t queue_bytes_max = 262'144;  ///< unsent output; over it the link ends (slow_reader)
};

/// Why a link ended, for counters and for the grace period that follows.
enum class CloseReason : std::uint8_t {
  client_close,      ///< a close packet
  transport_closed,  ///< the websocket was closed in order
  transport_lost,    ///< TCP went away, or a GET or POST was dropped
  ping_timeout,
  parse_error,      ///< bytes that are no packet
  protocol_error,   ///< a packet that may not come here
  overlapping,      ///< a second GET or POST
  message_too_big,  ///< close 1009
  slow_reader,
  server_close,
  server_stop,
};

/// A TCP connection as its owner names it: the HTTP exchange or websocket now on it. 0 is none.
enum class Channel : std::uint64_t { none = 0 };

enum class Body : std::uint8_t { packets, ok, error };
/// One HTTP answer: 200 `text/plain; charset=UTF-8`, 200 `text/html` `ok`, or an ErrorAnswer.
struct PollAnswer {
  unsigned status = 200;
  Body kind = Body::packets;
  std::string_view body;
};

/// What a link does to the world. Called synchronously from inside inputs and sends; may call
/// send() and close() of the same link, but must not destroy it before the input has returned.
class LinkPort {
 public:
  virtual ~LinkPort() = default;
  /// One websocket message made of `head` and `data` (so that a prefix costs no copy).
  virtual void ws_send(Channel socket, MessageKind kind, std::string_view head,
                       std::string_view data) = 0;
  /// Send a close frame with this RFC 6455 code and let the socket go. No ws_lost() is expected.
  virtual void ws_close(Channel socket, std::uint16_t code) = 0;
  /// Bytes accepted for this socket and not yet taken by the kernel; 0 = writable now.
  [[nodiscard]] virtual std::size_t ws_unsent_bytes(Channel socket) const = 0;
  /// Answers the exchange; it is over with that.
  virtual void answer(Channel exchange, const PollAnswer& answer) = 0;
  /// A message packet from the client. `data` ends with the call.
  virtual void message(MessageKind kind, std::string_view data) = 0;
  /// Polling became websocket: `socket` carries everything from now on.
  virtual void upgraded(Channel socket) = 0;
  /// Once, last: the link is dead and may be destroyed after the input has returned.
  virtual void closed(CloseReason reason) = 0;
};

enum class PostContent : std::uint8_t {
  text,
  octets,  ///< application/octet-stream: not in protocol 4
};

/// One Engine.IO session over polling, websocket and the upgrade between them. Deadlines are
/// absolute and never rounded; every input looks at them first, so a late tick changes nothing.
/// Inputs about channels that are not the link's (any more) are ignored or refused.
class Link {
 public:
  Link(const Settings& settings, LinkPort& port, const Sid& sid);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // The handshake, exactly once and first: the open packet goes out, the heartbeat starts.
  void open_polling(MonoTime now, Channel exchange);
  void open_websocket(MonoTime now, Channel socket);

  // Polling. Every exchange handed in is answered through the port, at once or later.
  void poll_get(MonoTime now, Channel exchange);
  /// Headers of a POST are in, its body is not: from here on a second POST overlaps. Optional.
  void poll_post_began(MonoTime now, Channel exchange);
  void poll_post(MonoTime now, Channel exchange, PostContent content, std::string_view body);
  /// The client dropped a GET or POST that is not answered yet.
  void poll_lost(MonoTime now, Channel exchange);

  // Websocket. `ws_attached` is a websocket that came with the sid of this link: it becomes the
  // probe of an upgrade or is closed again through the port.
  void ws_attached(MonoTime now, Channel socket);
  void ws_message(MonoTime now, Channel socket, MessageKind kind, std::string_view data);
  /// The socket is gone: closed by the peer in order, lost, or broken (message_too_big,
  /// parse_error).
  void ws_lost(MonoTime now, Channel socket, CloseReason reason);

  // What the server wants. Text must not hold kSeparator, which would part it in a polling body;
  // JSON never does.
  void send(MonoTime now, MessageKind kind, std::string_view data);
  /// Dropped unless it can leave now. False when dropped.
  bool send_volatile(MonoTime now, MessageKind kind, std::string_view data);
  /// Ends the link after everything queued: a websocket at once, polling with the next GET.
  /// Then, once it is said (or close_linger is over), closed(reason).
  void close(MonoTime now, CloseReason reason);

  /// Looks at the deadlines. Call it at next_deadline(); earlier or later does no harm.
  void tick(MonoTime now);
  /// When tick() has something to do; MonoTime::max() once closed. May change with every call
  /// above.
  [[nodiscard]] MonoTime next_deadline() const;

  [[nodiscard]] Transport transport() const { return transport_; }
  /// True until close() or closed(): messages flow.
  [[nodiscard]] bool open() const { return state_ == State::open; }
  [[nodiscard]] bool over() const { return state_ == State::closed; }
  [[nodiscard]] const Sid& sid() const { return sid_; }
  /// Heap memory held now, to be charged to the link.
  [[nodiscard]] std::size_t buffered_bytes() const;

 private:
  friend class Cork;
  struct Polling;
  enum class State : std::uint8_t { created, open, closing, closed };

  [[nodiscard]] std::string open_packet(MonoTime now);
  [[nodiscard]] bool polls(Channel exchange);
  void take_body(MonoTime now, PostContent content, std::string_view body);
  void take_text(MonoTime now, std::string_view text);
  void take_pong(MonoTime now);
  void take_probe(MonoTime now, MessageKind kind, std::string_view data);
  void upgrade();
  void drop_probe(std::uint16_t code);
  void put(PacketType type, MessageKind kind, std::string_view data);
  void ws_send(PacketType type, MessageKind kind, std::string_view data);
  void answer_get(std::string_view body);
  void answer_post(const PollAnswer& answer);
  void flush();
  void end(CloseReason reason);
  void beat(MonoTime now);
  void nudge_get(MonoTime now);

  const Settings* settings_;
  LinkPort* port_;
  std::unique_ptr<Polling> polling_;  ///< exchanges, queue and probe; gone after the upgrade
  Channel socket_ = Channel::none;
  MonoTime heartbeat_;  ///< when the next ping is due, or the pong that answers it
  Sid sid_;
  Transport transport_ = Transport::polling;
  State state_ = State::created;
  CloseReason reason_ = CloseReason::server_close;
  bool awaiting_pong_ = false;
  std::uint8_t corks_ = 0;
};

/// While one lives, what is sent over polling gathers for one body instead of answering the hanging
/// GET packet by packet. Inputs are corked by themselves; a burst from a room wants this. It looks
/// at the deadlines first, as inputs do.
class Cork {
 public:
  Cork(Link& link, MonoTime now);
  ~Cork();
  Cork(const Cork&) = delete;
  Cork& operator=(const Cork&) = delete;

 private:
  Link& link_;
};

}  // namespace stillroom::engineio
