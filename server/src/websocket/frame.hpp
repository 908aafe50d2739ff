// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// RFC 6455, the server's side, as pure functions over buffers.
namespace stillroom::websocket {

enum class Opcode : std::uint8_t {  // §5.2
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

/// §7.4.1 and its registry; peers may also use 3000-4999.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status = 1005,  ///< never on the wire: the peer gave no code
  invalid_payload = 1007,
  policy_violation = 1008,
  message_too_big = 1009,
  internal_error = 1011,
  try_again_later = 1013,
};

/// True for codes that may stand in a close frame (§7.4).
[[nodiscard]] bool may_be_sent(std::uint16_t code);

inline constexpr std::size_t kFrameHeaderBytesMax = 10;      ///< ours: a server never masks
inline constexpr std::size_t kControlPayloadBytesMax = 125;  ///< §5.5

/// The header of an unfragmented frame; exactly `payload_bytes` have to follow.
void append_frame_header(std::string& out, Opcode opcode, std::size_t payload_bytes);
/// A whole unfragmented frame. Control payloads beyond 125 bytes are a broken invariant.
void append_frame(std::string& out, Opcode opcode, std::string_view payload);
/// A close frame; `no_status` makes an empty one. A reason too long is cut between characters.
void append_close(std::string& out, CloseCode code, std::string_view reason = {});

}  // namespace stillroom::websocket
