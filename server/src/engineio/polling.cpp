// SPDX-License-Identifier: Apache-2.0
#include "engineio/polling.hpp"

#include <utility>

namespace stillroom::engineio {
namespace {

std::size_t charge_of(const Outgoing& packet) {
  return packet.data.size() + OutgoingQueue::kPacketChargeBytes;
}

/// Bytes in a body: digit or `b`, then text or base64.
std::size_t encoded_bytes(const Outgoing& packet) {
  if (packet.kind == MessageKind::text) return 1 + packet.data.size();
  return 1 + (packet.data.size() + 2) / 3 * 4;
}

void append(std::string& body, const Outgoing& packet) {
  if (packet.type == PacketType::message) {
    append_polling_message(body, packet.kind, packet.data);
  } else {
    body.push_back(digit_of(packet.type));
  }
}

}  // namespace

void OutgoingQueue::push(Outgoing packet) {
  charged_bytes_ += charge_of(packet);
  packets_.push_back(std::move(packet));
}

std::string OutgoingQueue::take_body(std::size_t bytes_max) {
  std::string body;
  for (std::size_t count = 0; !empty() && count < kPacketsPerBodyMax; ++count) {
    Outgoing& packet = packets_[head_];
    if (count > 0) {
      if (body.size() + 1 + encoded_bytes(packet) > bytes_max) break;
      body.push_back(kSeparator);
    }
    append(body, packet);
    charged_bytes_ -= charge_of(packet);
    packet.data = {};
    ++head_;
  }
  if (empty()) {
    packets_.clear();
    head_ = 0;
  } else if (head_ >= packets_.size() / 2) {
    // The slots in front would grow without end if the queue never ran dry.
    packets_.erase(packets_.begin(), packets_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  return body;
}

std::vector<Outgoing> OutgoingQueue::take_all() {
  packets_.erase(packets_.begin(), packets_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
  charged_bytes_ = 0;
  return std::exchange(packets_, {});
}

}  // namespace stillroom::engineio
