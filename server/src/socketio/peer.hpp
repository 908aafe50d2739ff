// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "socketio/packet.hpp"

namespace stillroom::socketio {

enum class Binary : std::uint8_t {
  refuse,  ///< a binary packet is a violation by its header already: nothing is ever buffered
  accept,
};

/// One per server; a peer keeps a pointer to it.
struct Settings {
  std::vector<std::string> namespaces{"/"};  ///< offered; 32 at most
  Binary binary = Binary::refuse;
  milliseconds connect_timeout{10'000};
  std::uint32_t attachments_max = 10;
  std::size_t attachment_bytes_max = 1'048'576;  ///< of one packet together
  std::size_t event_name_bytes_max = 64;
  std::uint32_t pending_acks_max = 16;      ///< asked of the client: event_with_ack() refuses
  std::uint32_t unanswered_acks_max = 64;   ///< asked by the client: a violation
  std::uint32_t refused_connects_max = 16;  ///< unknown namespaces in a row: a violation
  json::Limits json{.depth_max = 16, .members_max = 512};
};

/// Index into Settings::namespaces.
enum class NamespaceId : std::uint8_t {};

/// Why the whole connection has to be closed.
enum class Violation : std::uint8_t {
  bad_packet,         ///< type, namespace, id or attachment count
  bad_json,           ///< malformed, too deep, too many members
  bad_payload,        ///< JSON of the wrong shape for its packet
  bad_event_name,     ///< missing, too long or reserved
  not_connected,      ///< a packet for a namespace that is not joined, or before any CONNECT
  already_connected,  ///< a second CONNECT
  unexpected_packet,  ///< CONNECT_ERROR from a client
  binary_refused,
  too_many_attachments,
  bad_placeholder,
  attachment_missing,     ///< text while binary is due
  attachment_unexpected,  ///< binary that is not due
  too_many_acks,
  too_many_connects,
  connect_timeout,
};
[[nodiscard]] std::string_view sentence(Violation violation);

/// A client's EVENT. All views end with the call that delivers it.
struct Event {
  std::string_view name;             ///< unescaped; a number as it was written
  json::Value args;                  ///< the whole array, the name at 0
  std::optional<std::uint64_t> ack;  ///< exactly one ack() or waive_ack() is owed for it
  std::span<const std::string> attachments;
};

/// What a peer tells. Called synchronously from inside on_text(), on_binary() and tick(); may call
/// the peer's other functions, must not destroy it, and must not parse into the peer's Document.
class PeerPort {
 public:
  virtual ~PeerPort() = default;
  /// CONNECT to an offered namespace: accept() or refuse() it, now or later. `auth_json` is an
  /// object's text, or empty.
  virtual void connect_requested(NamespaceId nsp, std::string_view auth_json) = 0;
  virtual void event(NamespaceId nsp, const Event& event) = 0;
  /// The answer to an event_with_ack(); unknown ids are dropped before this.
  virtual void acked(NamespaceId nsp, std::uint64_t id, json::Value args,
                     std::span<const std::string> attachments) = 0;
  /// The client left the namespace; the transport stays.
  virtual void disconnected(NamespaceId nsp) = 0;
  /// A packet to be sent as it is.
  virtual void reply(std::string_view packet) = 0;
  /// Close the whole connection. Once; the peer takes nothing more after it.
  virtual void violated(Violation violation) = 0;
};

/// The Socket.IO state of one client: which namespaces it joined, what acks are owed, and the
/// binary packet that is being put together.
class Peer {
 public:
  /// `now` starts the connect timeout.
  Peer(const Settings& settings, MonoTime now);
  ~Peer();
  Peer(Peer&&) noexcept;
  Peer& operator=(Peer&&) noexcept;

  /// `scratch` is the worker's: the event's values live in it during the call.
  void on_text(MonoTime now, std::string_view text, json::Document& scratch, PeerPort& port);
  void on_binary(MonoTime now, std::string_view data, json::Document& scratch, PeerPort& port);
  void tick(MonoTime now, PeerPort& port);
  /// The connect timeout; MonoTime::max() when none runs.
  [[nodiscard]] MonoTime next_deadline() const { return deadline_; }

  // Each of these appends the packet to send. False, and nothing appended, when the namespace is
  // not in the state for it (the client left meanwhile): that is no error.
  bool accept(std::string& out, NamespaceId nsp, std::string_view sid, std::string_view pid = {});
  bool refuse(MonoTime now, std::string& out, NamespaceId nsp, std::string_view message,
              std::string_view data_json = {});
  bool disconnect(std::string& out, NamespaceId nsp);
  bool event(std::string& out, NamespaceId nsp, std::string_view array_json) const;
  bool ack(std::string& out, NamespaceId nsp, std::uint64_t id, std::string_view array_json);
  /// For an event with an ack id that will get no answer.
  void waive_ack();
  /// The id by which acked() will come; nothing when not joined or too many are open.
  [[nodiscard]] std::optional<std::uint64_t> event_with_ack(std::string& out, NamespaceId nsp,
                                                            std::string_view array_json);

  [[nodiscard]] bool joined(NamespaceId nsp) const;
  [[nodiscard]] std::size_t buffered_bytes() const;

 private:
  struct Assembly;
  struct Acks;
  class Run;

  void forget(NamespaceId nsp);
  [[nodiscard]] bool take_ack(NamespaceId nsp, std::uint64_t id);

  const Settings* settings_;
  MonoTime deadline_;
  std::unique_ptr<Assembly> assembly_;  ///< alive while attachments are due
  std::unique_ptr<Acks> acks_;          ///< alive once the client was asked for one
  std::uint32_t joined_ = 0;            ///< one bit for each namespace
  std::uint32_t asked_ = 0;             ///< CONNECT came, accept() or refuse() did not yet
  std::uint16_t unanswered_ = 0;
  std::uint8_t refused_connects_ = 0;
  bool ended_ = false;
};

/// `value`'s text with each `{"_placeholder":true,"num":i}` renumbered from `first` in order of
/// occurrence; `order` gets the old number of each. For whoever sends received binary on.
void append_renumbered(std::string& out, json::Value value, std::uint32_t first,
                       std::vector<std::uint32_t>& order);

}  // namespace stillroom::socketio
