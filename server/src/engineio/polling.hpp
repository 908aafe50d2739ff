// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "engineio/link.hpp"

namespace stillroom::engineio {

struct Outgoing {
  PacketType type = PacketType::message;
  MessageKind kind = MessageKind::text;
  std::string data;
};

/// Packets that wait for a GET, oldest first.
class OutgoingQueue {
 public:
  /// Charged for each packet beside its bytes, so that many tiny ones are bounded too.
  static constexpr std::size_t kPacketChargeBytes = sizeof(Outgoing);

  void push(Outgoing packet);
  /// One polling body: at most kPacketsPerBodyMax packets and, beyond the first, at most
  /// `bytes_max` bytes.
  [[nodiscard]] std::string take_body(std::size_t bytes_max);
  [[nodiscard]] std::vector<Outgoing> take_all();

  [[nodiscard]] bool empty() const { return head_ == packets_.size(); }
  [[nodiscard]] std::size_t size() const { return packets_.size() - head_; }
  [[nodiscard]] std::size_t charged_bytes() const { return charged_bytes_; }

 private:
  std::vector<Outgoing> packets_;
  std::size_t head_ = 0;
  std::size_t charged_bytes_ = 0;
};

/// What a link holds only while it polls; freed when the upgrade is done.
struct Link::Polling {
  enum class Post : std::uint8_t { none, body_due, in_hand };
  enum class Probe : std::uint8_t { none, attached, answered };  ///< answered: `3probe` is out

  Channel get = Channel::none;   ///< the GET that hangs
  Channel post = Channel::none;  ///< the POST that is not answered yet
  Post post_state = Post::none;
  Probe probe_state = Probe::none;
  Channel probe = Channel::none;
  MonoTime upgrade_deadline;
  MonoTime noop_at;
  MonoTime linger_until;
  OutgoingQueue queue;

  void forget_probe() {
    probe = Channel::none;
    probe_state = Probe::none;
  }
};

}  // namespace stillroom::engineio
