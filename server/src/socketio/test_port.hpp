// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "socketio/peer.hpp"

/// A port that writes everything down, and a peer on it with a clock that tests turn.
namespace stillroom::socketio::test {

using Lines = std::vector<std::string>;

constexpr NamespaceId kMain{0};
constexpr NamespaceId kCustom{1};

/// `connect 0 {auth}`, `event 0 name [args] #ack +attachment…`, `ack 0 #id [args]`, `left 0`,
/// `reply text`, `violation sentence`.
class Notes : public PeerPort {
 public:
  void connect_requested(NamespaceId nsp, std::string_view auth_json) override {
    note("connect " + number(nsp) + " " + std::string(auth_json));
  }
  void event(NamespaceId nsp, const Event& event) override {
    std::string line = "event " + number(nsp) + " " + std::string(event.name) + " ";
    line += event.args.raw();
    if (event.ack) line += " #" + std::to_string(*event.ack);
    for (const auto& attachment : event.attachments) line += " +" + attachment;
    note(line);
  }
  void acked(NamespaceId nsp, std::uint64_t id, json::Value args,
             std::span<const std::string> attachments) override {
    std::string line = "ack " + number(nsp) + " #" + std::to_string(id) + " ";
    line += args.raw();
    for (const auto& attachment : attachments) line += " +" + attachment;
    note(line);
  }
  void disconnected(NamespaceId nsp) override { note("left " + number(nsp)); }
  void reply(std::string_view packet) override { note("reply " + std::string(packet)); }
  void violated(Violation violation) override {
    note("violation");
    last_violation = violation;
  }

  Lines take() { return std::exchange(lines_, {}); }
  std::optional<Violation> last_violation;

 private:
  static std::string number(NamespaceId nsp) { return std::to_string(static_cast<unsigned>(nsp)); }
  void note(std::string line) { lines_.push_back(std::move(line)); }
  Lines lines_;
};

inline Settings conformance_settings() {
  Settings settings;
  settings.namespaces = {"/", "/custom"};
  settings.binary = Binary::accept;
  return settings;
}

struct Bench {
  explicit Bench(Settings chosen = conformance_settings())
      : settings(std::move(chosen)), peer(settings, now) {}

  Bench& joined(NamespaceId nsp = kMain) {
    text(nsp == kMain ? "0" : "0/custom,");
    std::string out;
    peer.accept(out, nsp, "sid");
    port.take();
    return *this;
  }
  Lines text(std::string_view packet) {
    peer.on_text(now, packet, scratch, port);
    return port.take();
  }
  Lines binary(std::string_view data) {
    peer.on_binary(now, data, scratch, port);
    return port.take();
  }
  Lines tick(milliseconds time) {
    peer.tick(now += time, port);
    return port.take();
  }

  Settings settings;
  MonoTime now{std::chrono::hours(1)};
  Peer peer;
  Notes port;
  json::Document scratch;
};

}  // namespace stillroom::socketio::test
