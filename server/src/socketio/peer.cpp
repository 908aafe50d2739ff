// SPDX-License-Identifier: Apache-2.0
#include "socketio/peer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/invariant.hpp"
#include "socketio/placeholder.hpp"

namespace stillroom::socketio {
namespace {

constexpr std::size_t kNamespacesMax = 32;

// The JavaScript emitter uses these names for itself.
constexpr std::array<std::string_view, 6> kReservedEvents = {
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

constexpr std::uint32_t bit_of(NamespaceId nsp) {
  return std::uint32_t{1} << static_cast<unsigned>(nsp);
}

std::string_view name_of(const Settings& settings, NamespaceId nsp) {
  return settings.namespaces[static_cast<std::size_t>(nsp)];
}

std::optional<NamespaceId> offered(const Settings& settings, std::string_view name) {
  const auto& names = settings.namespaces;
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<NamespaceId>(found - names.begin());
}

}  // namespace

std::string_view sentence(Violation violation) {
  switch (violation) {
    case Violation::bad_packet:
      return "not a Socket.IO packet";
    case Violation::bad_json:
      return "payload is not JSON within the limits";
    case Violation::bad_payload:
      return "payload has the wrong shape";
    case Violation::bad_event_name:
      return "event name is missing, too long or reserved";
    case Violation::not_connected:
      return "packet for a namespace that is not joined";
    case Violation::already_connected:
      return "second CONNECT to a namespace";
    case Violation::unexpected_packet:
      return "packet that only a server sends";
    case Violation::binary_refused:
      return "binary packets are not taken";
    case Violation::too_many_attachments:
      return "too many attachments";
    case Violation::bad_placeholder:
      return "placeholder names no attachment";
    case Violation::attachment_missing:
      return "text while an attachment is due";
    case Violation::attachment_unexpected:
      return "binary that is not due";
    case Violation::too_many_acks:
      return "too many events wait for their ack";
    case Violation::too_many_connects:
      return "too many unknown namespaces";
    case Violation::connect_timeout:
      return "no namespace joined in time";
  }
  return {};
}

/// A binary packet whose attachments are still coming.
struct Peer::Assembly {
  std::string text;
  std::uint32_t due = 0;
  std::size_t bytes = 0;
  std::vector<std::string> attachments;
};

struct Peer::Acks {
  struct Pending {
    NamespaceId nsp;
    std::uint64_t id;
    friend bool operator==(const Pending&, const Pending&) = default;
  };
  std::vector<std::uint64_t> next;  ///< for each namespace, from 0
  std::vector<Pending> pending;
};

/// One packet on its way through: each step either goes on or ends in one violation.
class Peer::Run {
 public:
  Run(Peer& peer, json::Document& scratch, PeerPort& port)
      : peer_(peer), settings_(*peer.settings_), scratch_(scratch), port_(port) {}

  void text(std::string_view text) {
    if (peer_.assembly_) return violated(Violation::attachment_missing);
    const auto packet = decode_packet(text);
    if (!packet) return violated(Violation::bad_packet);
    if (packet->type == PacketType::connect) return connect(*packet);
    if (packet->type == PacketType::connect_error) return violated(Violation::unexpected_packet);
    const auto nsp = offered(settings_, packet->nsp);
    if (!nsp || !peer_.joined(*nsp)) return violated(Violation::not_connected);
    if (packet->type == PacketType::disconnect) return disconnect(*packet, *nsp);
    const auto args = checked_args(*packet);
    if (!args) return;
    if (packet->attachments > 0) return begin_assembly(*packet, text);
    deliver(*packet, *nsp, *args, {});
  }

  void binary(std::string_view data) {
    if (!peer_.assembly_) return violated(Violation::attachment_unexpected);
    Assembly& assembly = *peer_.assembly_;
    assembly.bytes += data.size();
    if (assembly.bytes > settings_.attachment_bytes_max) {
      return violated(Violation::too_many_attachments);
    }
    assembly.attachments.emplace_back(data);
    if (assembly.attachments.size() < assembly.due) return;
    const auto whole = std::exchange(peer_.assembly_, nullptr);
    complete(*whole);
  }

  void violated(Violation violation) {
    peer_.ended_ = true;
    peer_.assembly_.reset();
    peer_.deadline_ = MonoTime::max();
    port_.violated(violation);
  }

 private:
  void connect(const Packet& packet) {
    if (packet.id) return violated(Violation::bad_payload);
    if (!packet.payload.empty()) {
      const auto auth = scratch_.parse(packet.payload, settings_.json);
      if (!auth) return violated(Violation::bad_json);
      if (!auth->is(json::Kind::object)) return violated(Violation::bad_payload);
    }
    const auto nsp = offered(settings_, packet.nsp);
    if (!nsp) return refuse_namespace(packet.nsp);
    if (((peer_.joined_ | peer_.asked_) & bit_of(*nsp)) != 0) {
      return violated(Violation::already_connected);
    }
    peer_.asked_ |= bit_of(*nsp);
    peer_.deadline_ = MonoTime::max();  // from here on the server is the one who takes its time
    port_.connect_requested(*nsp, packet.payload);
  }

  void refuse_namespace(std::string_view nsp) {
    if (++peer_.refused_connects_ > settings_.refused_connects_max) {
      return violated(Violation::too_many_connects);
    }
    std::string packet;
    append_connect_error(packet, nsp, "Invalid namespace");
    port_.reply(packet);
  }

  void disconnect(const Packet& packet, NamespaceId nsp) {
    if (packet.id || !packet.payload.empty()) return violated(Violation::bad_payload);
    peer_.forget(nsp);
    port_.disconnected(nsp);
  }

  /// The packet's array, good in every respect; otherwise the violation has been told.
  std::optional<json::Value> checked_args(const Packet& packet) {
    const bool event = packet.type == PacketType::event || packet.type == PacketType::binary_event;
    const bool binary =
        packet.type == PacketType::binary_event || packet.type == PacketType::binary_ack;
    // Before anything is parsed, and long before anything is kept.
    if (binary && settings_.binary == Binary::refuse) return refused(Violation::binary_refused);
    if (packet.attachments > settings_.attachments_max) {
      return refused(Violation::too_many_attachments);
    }
    if (!event && !packet.id) return refused(Violation::bad_payload);
    const auto args = scratch_.parse(packet.payload, settings_.json);
    if (!args) return refused(Violation::bad_json);
    if (!args->is(json::Kind::array)) return refused(Violation::bad_payload);
    if (event && !take_name(*args)) return std::nullopt;
    if (binary && !placeholders_fit(*args, packet.attachments)) {
      return refused(Violation::bad_placeholder);
    }
    return *args;
  }

  bool take_name(json::Value args) {
    const auto first = args.at(0);
    if (!first || !read_name(*first)) {
      violated(Violation::bad_payload);
      return false;
    }
    const bool allowed = name_.size() <= settings_.event_name_bytes_max &&
                         std::ranges::find(kReservedEvents, name_) == kReservedEvents.end();
    if (!allowed) violated(Violation::bad_event_name);
    return allowed;
  }

  bool read_name(json::Value first) {
    if (first.is(json::Kind::number)) {
      name_ = first.raw();
    } else if (const auto plain = first.as_plain_string()) {
      name_ = *plain;
    } else if (auto escaped = first.as_string()) {
      unescaped_ = std::move(*escaped);
      name_ = unescaped_;
    } else {
      return false;
    }
    return true;
  }

  static bool placeholders_fit(json::Value args, std::uint32_t attachments) {
    PlaceholderWalk walk(args);
    while (const auto placeholder = walk.next()) {
      if (!placeholder_index(*placeholder, attachments)) return false;
    }
    return true;
  }

  void begin_assembly(const Packet& packet, std::string_view text) {
    peer_.assembly_ = std::make_unique<Assembly>();
    peer_.assembly_->text = text;
    peer_.assembly_->due = packet.attachments;
  }

  /// The header was checked when it came; the namespace may have been left since.
  void complete(const Assembly& assembly) {
    const auto packet = decode_packet(assembly.text);
    ensure(packet.ok(), "an assembly holds a packet");
    const auto nsp = offered(settings_, packet->nsp);
    if (!nsp || !peer_.joined(*nsp)) return;
    const auto args = checked_args(*packet);
    if (args) deliver(*packet, *nsp, *args, assembly.attachments);
  }

  void deliver(const Packet& packet, NamespaceId nsp, json::Value args,
               std::span<const std::string> attachments) {
    if (packet.type == PacketType::ack || packet.type == PacketType::binary_ack) {
      if (peer_.take_ack(nsp, *packet.id)) port_.acked(nsp, *packet.id, args, attachments);
      return;
    }
    if (packet.id && ++peer_.unanswered_ > settings_.unanswered_acks_max) {
      return violated(Violation::too_many_acks);
    }
    port_.event(nsp, Event{name_, args, packet.id, attachments});
  }

  std::optional<json::Value> refused(Violation violation) {
    violated(violation);
    return std::nullopt;
  }

  Peer& peer_;
  const Settings& settings_;
  json::Document& scratch_;
  PeerPort& port_;
  std::string_view name_;
  std::string unescaped_;
};

Peer::Peer(const Settings& settings, MonoTime now)
    : settings_(&settings), deadline_(now + settings.connect_timeout) {
  ensure(settings.namespaces.size() <= kNamespacesMax, "namespaces fit a word of bits");
}
Peer::~Peer() = default;
Peer::Peer(Peer&&) noexcept = default;
Peer& Peer::operator=(Peer&&) noexcept = default;

void Peer::on_text(MonoTime now, std::string_view text, json::Document& scratch, PeerPort& port) {
  tick(now, port);
  if (!ended_) Run(*this, scratch, port).text(text);
}

void Peer::on_binary(MonoTime now, std::string_view data, json::Document& scratch, PeerPort& port) {
  tick(now, port);
  if (!ended_) Run(*this, scratch, port).binary(data);
}

void Peer::tick(MonoTime now, PeerPort& port) {
  if (ended_ || now < deadline_) return;
  ended_ = true;
  deadline_ = MonoTime::max();
  port.violated(Violation::connect_timeout);
}

bool Peer::accept(std::string& out, NamespaceId nsp, std::string_view sid, std::string_view pid) {
  if (ended_ || (asked_ & bit_of(nsp)) == 0) return false;
  asked_ &= ~bit_of(nsp);
  joined_ |= bit_of(nsp);
  refused_connects_ = 0;
  append_connect(out, name_of(*settings_, nsp), sid, pid);
  return true;
}

bool Peer::refuse(MonoTime now, std::string& out, NamespaceId nsp, std::string_view message,
                  std::string_view data_json) {
  if (ended_ || (asked_ & bit_of(nsp)) == 0) return false;
  asked_ &= ~bit_of(nsp);
  if (joined_ == 0 && asked_ == 0) deadline_ = now + settings_->connect_timeout;
  append_connect_error(out, name_of(*settings_, nsp), message, data_json);
  return true;
}

bool Peer::disconnect(std::string& out, NamespaceId nsp) {
  if (ended_ || !joined(nsp)) return false;
  forget(nsp);
  append_disconnect(out, name_of(*settings_, nsp));
  return true;
}

bool Peer::event(std::string& out, NamespaceId nsp, std::string_view array_json) const {
  if (ended_ || !joined(nsp)) return false;
  append_event(out, name_of(*settings_, nsp), array_json);
  return true;
}

bool Peer::ack(std::string& out, NamespaceId nsp, std::uint64_t id, std::string_view array_json) {
  waive_ack();
  if (ended_ || !joined(nsp)) return false;
  append_ack(out, name_of(*settings_, nsp), id, array_json);
  return true;
}

void Peer::waive_ack() {
  if (unanswered_ > 0) --unanswered_;
}

std::optional<std::uint64_t> Peer::event_with_ack(std::string& out, NamespaceId nsp,
                                                  std::string_view array_json) {
  if (ended_ || !joined(nsp)) return std::nullopt;
  if (!acks_) acks_ = std::make_unique<Acks>();
  if (acks_->pending.size() >= settings_->pending_acks_max) return std::nullopt;
  acks_->next.resize(settings_->namespaces.size());
  const std::uint64_t id = acks_->next[static_cast<std::size_t>(nsp)]++;
  acks_->pending.push_back({nsp, id});
  append_event_with_ack(out, name_of(*settings_, nsp), id, array_json);
  return id;
}

bool Peer::joined(NamespaceId nsp) const {
  return (joined_ & bit_of(nsp)) != 0;
}

void Peer::forget(NamespaceId nsp) {
  joined_ &= ~bit_of(nsp);
  if (acks_) std::erase_if(acks_->pending, [nsp](const auto& ack) { return ack.nsp == nsp; });
}

bool Peer::take_ack(NamespaceId nsp, std::uint64_t id) {
  return acks_ && std::erase(acks_->pending, Acks::Pending{nsp, id}) > 0;
}

std::size_t Peer::buffered_bytes() const {
  std::size_t bytes = 0;
  if (assembly_) bytes += sizeof(Assembly) + assembly_->text.capacity() + assembly_->bytes;
  if (acks_) bytes += sizeof(Acks) + acks_->pending.capacity() * sizeof(Acks::Pending);
  return bytes;
}

}  // namespace stillroom::socketio
