// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/peer_address.hpp"
#include "net/proxy_header.hpp"
#include "net/tls.hpp"
#include "net/worker.hpp"

namespace stillroom::net {

enum class CloseCause : std::uint8_t {
  by_peer,    ///< the peer closed, or the socket broke
  by_us,      ///< close() after its last byte
  tls_error,  ///< the peer does not speak our TLS
  no_header,  ///< a proxy that did not begin with a PROXY header we take
};

/// What comes before TLS and HTTP.
enum class Preface : std::uint8_t { none, proxy_header };

/// One client socket, with TLS or without. Not a thread, not a coroutine, not a timer: an object
/// that its worker wakes. Output is corked until the end of the event that produced it, so that all
/// frames for one peer become one record and one send.
class Connection final : public Pollable {
 public:
  class Handler {
   public:
    virtual ~Handler() = default;
    /// The PROXY header has come: peer() is now who is behind it. Not told without a preface.
    virtual void on_announced() {}
    /// `bytes` may be changed in place and are gone after the call.
    virtual void on_bytes(std::span<char> bytes) = 0;
    /// Everything written so far has reached the kernel, after it once had not.
    virtual void on_drained() = 0;
    /// Told once; the connection does nothing after it.
    virtual void on_closed(CloseCause cause) = 0;
  };

  /// Takes the non-blocking descriptor; `tls` may be null (plain HTTP).
  Connection(Worker& worker, Handler& handler, int fd, const PeerAddress& peer,
             const TlsContext* tls, Preface preface = Preface::none);
  ~Connection() override;

  /// Begins to receive. Separate from the constructor, so that the handler is whole by then.
  void start();

  /// Appends to what leaves at the end of this event.
  void write(std::string_view bytes);
  /// Where to append a frame without a copy in between; marks the connection as having output.
  [[nodiscard]] std::string& cork();
  /// Sends what is corked (the worker calls it).
  void flush();
  /// Bytes that the kernel has not taken yet, sealed and corked.
  [[nodiscard]] std::size_t backlog() const { return unsent_.size() + corked_.size(); }

  /// Sends what is left, then closes. Nothing more is read.
  void close();
  /// Closes at once.
  void abort();
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] bool closing() const { return closing_; }

  /// By our own TLS, or by that of a proxy that says so in its header.
  [[nodiscard]] bool secure() const { return ssl_ != nullptr || client_ == Client::by_tls; }
  [[nodiscard]] const PeerAddress& peer() const { return peer_; }

  /// Leaves this worker; call attach() on the other one's thread. Corked output goes along.
  void detach();
  void attach(Worker& worker);

 private:
  void ready(std::uint32_t epoll_events) override;
  using Client = ProxyHeader::Client;
  [[nodiscard]] std::optional<std::size_t> receive_some(std::size_t bytes_max);
  void receive();
  [[nodiscard]] bool receive_preface();
  void receive_sealed(std::size_t bytes);
  void seal(std::string_view plain);
  void transmit(std::string_view bytes);
  void send_unsent();
  void shut(CloseCause cause);
  void watch_writable();

  Worker* worker_;
  Handler& handler_;
  int fd_;
  PeerAddress peer_;
  std::unique_ptr<ProxyHeaderReader> preface_;  ///< until its header has come
  SslPtr ssl_;
  std::string corked_;  ///< plaintext of this event
  std::string unsent_;  ///< wire bytes the kernel would not take
  Client client_ = Client::unknown;
  bool dirty_ = false;
  bool writable_watched_ = false;
  bool closing_ = false;
};

}  // namespace stillroom::net
