// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "fuzz/input.hpp"
#include "socketio/peer.hpp"

// Pieces between 0x1e: `t` a text packet, `b` binary, other letters what the server does. What
// reaches the application is whole and within limits; a violation is told once and ends all.
namespace stillroom::fuzz {
namespace {

using namespace stillroom::socketio;

Settings settings_with(Binary binary) {
  Settings settings;
  settings.namespaces = {"/", "/custom"};
  settings.binary = binary;
  settings.attachment_bytes_max = 256;
  return settings;
}

class World : public PeerPort {
 public:
  explicit World(Binary binary) : settings_(settings_with(binary)), peer_(settings_, now_) {}

  void run(Input input) {
    while (!input.empty()) {
      const std::string_view piece = input.until('\x1e');
      if (!piece.empty()) step(piece.front(), piece.substr(1));
      const bool clean = settings_.binary == Binary::refuse;
      expect(peer_.buffered_bytes() <= (clean ? 2048U : 65'536U), "memory is bounded");
    }
  }

  void connect_requested(NamespaceId nsp, std::string_view auth_json) override {
    calm();
    expect(!peer_.joined(nsp), "nobody joins twice");
    expect(auth_json.empty() || auth_json.front() == '{' || auth_json.find('{') < auth_json.size(),
           "auth is an object");
  }
  void event(NamespaceId nsp, const Event& event) override {
    calm();
    expect(peer_.joined(nsp), "events come where one has joined");
    expect(event.args.is(json::Kind::array) && event.args.size() > 0, "an event is an array");
    expect(event.name.size() <= settings_.event_name_bytes_max, "a name is short");
    take(event.attachments);
    if (!event.ack) return;
    out_.clear();
    expect(peer_.ack(out_, nsp, *event.ack, "[]"), "an event can be answered");
  }
  void acked(NamespaceId nsp, std::uint64_t, json::Value args,
             std::span<const std::string> attachments) override {
    calm();
    expect(peer_.joined(nsp) && args.is(json::Kind::array), "an ack is an array");
    take(attachments);
  }
  void disconnected(NamespaceId nsp) override {
    calm();
    expect(!peer_.joined(nsp), "who left has left");
  }
  void reply(std::string_view packet) override {
    calm();
    expect(packet.starts_with("4/"), "only unknown namespaces are answered from inside");
  }
  void violated(Violation violation) override {
    calm();
    expect(!sentence(violation).empty(), "a violation has its sentence");
    ended_ = true;
  }

 private:
  void calm() const { expect(!ended_, "nothing counts behind a violation"); }
  void take(std::span<const std::string> attachments) {
    expect(settings_.binary == Binary::accept || attachments.empty(), "binary was refused");
    expect(attachments.size() <= settings_.attachments_max, "attachments are few");
  }

  void step(char what, std::string_view data) {
    out_.clear();
    switch (what) {
      case 't':
        return text(data);
      case 'b':
        return peer_.on_binary(now_, data, document_, *this);
      case 'A':
        return (void)peer_.accept(out_, NamespaceId{0}, "sid");
      case 'B':
        return (void)peer_.accept(out_, NamespaceId{1}, "sid", "pid");
      case 'R':
        return (void)peer_.refuse(now_, out_, NamespaceId{0}, "no", "{}");
      case 'D':
        return (void)peer_.disconnect(out_, NamespaceId{0});
      case 'Q':
        return (void)peer_.event_with_ack(out_, NamespaceId{0}, R"(["q"])");
      case 'E':
        return (void)peer_.event(out_, NamespaceId{1}, R"(["e"])");
      default:
        now_ += milliseconds(1000);
        peer_.tick(now_, *this);
    }
  }

  void text(std::string_view data) {
    if (const auto packet = decode_packet(data)) round_trip(*packet);
    peer_.on_text(now_, data, document_, *this);
  }

  /// What was read, written again and read again, is the same.
  void round_trip(const Packet& packet) {
    std::string again(1, static_cast<char>('0' + static_cast<int>(packet.type)));
    const bool binary =
        packet.type == PacketType::binary_event || packet.type == PacketType::binary_ack;
    if (binary) again += std::to_string(packet.attachments) + "-";
    if (packet.nsp != "/" || packet.payload.starts_with('/')) {
      again.append(packet.nsp).push_back(',');
    }
    if (packet.id) again += std::to_string(*packet.id);
    again += packet.payload;
    const auto second = decode_packet(again);
    expect(second.ok(), "a packet written again can be read");
    expect(second->nsp == packet.nsp && second->id == packet.id &&
               second->payload == packet.payload && second->attachments == packet.attachments,
           "a packet written again is the same");
  }

  Settings settings_;
  MonoTime now_{std::chrono::hours(1)};
  Peer peer_;
  json::Document document_;
  std::string out_;
  bool ended_ = false;
};

}  // namespace
}  // namespace stillroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stillroom::fuzz;
  World(Binary::accept).run(Input(data, size));
  World(Binary::refuse).run(Input(data, size));
  return 0;
}
