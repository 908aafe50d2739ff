// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// Socket.IO protocol 5, the server's side.
namespace stillroom::socketio {

enum class PacketType : std::uint8_t {
  connect,
  disconnect,
  event,
  ack,
  connect_error,
  binary_event,
  binary_ack,
};

inline constexpr std::size_t kNamespaceBytesMax = 64;
inline constexpr std::uint64_t kAckIdMax = (std::uint64_t{1} << 53) - 1;  ///< a JS number holds it

/// `<type>[<attachments>-][<namespace>,][<id>][JSON]`, taken apart; the JSON is not looked at.
struct Packet {
  PacketType type = PacketType::event;
  std::uint32_t attachments = 0;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> id;
  std::string_view payload;
};

enum class DecodeError : std::uint8_t { unknown_type, bad_attachments, bad_namespace, bad_id };
[[nodiscard]] Result<Packet, DecodeError> decode_packet(std::string_view text);

// Encoders append one packet. `nsp` is "/" or "/name"; JSON arguments are complete texts.
void append_event(std::string& out, std::string_view nsp, std::string_view array_json);
void append_event_with_ack(std::string& out, std::string_view nsp, std::uint64_t id,
                           std::string_view array_json);
void append_ack(std::string& out, std::string_view nsp, std::uint64_t id,
                std::string_view array_json);
/// `attachments` binary messages have to follow.
void append_binary_event(std::string& out, std::string_view nsp, std::size_t attachments,
                         std::string_view array_json);
void append_binary_ack(std::string& out, std::string_view nsp, std::size_t attachments,
                       std::uint64_t id, std::string_view array_json);
/// `pid` only with connection state recovery; empty = none.
void append_connect(std::string& out, std::string_view nsp, std::string_view sid,
                    std::string_view pid = {});
/// `data_json` empty = no data.
void append_connect_error(std::string& out, std::string_view nsp, std::string_view message,
                          std::string_view data_json = {});
void append_disconnect(std::string& out, std::string_view nsp);

}  // namespace stillroom::socketio
