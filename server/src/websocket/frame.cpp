// SPDX-License-Identifier: Apache-2.0
#include "websocket/frame.hpp"

#include "base/invariant.hpp"

namespace stillroom::websocket {
namespace {

constexpr std::size_t kShortLengthMax = 125;
constexpr std::size_t kMediumLengthMax = 0xFFFF;
constexpr unsigned kFin = 0x80;
constexpr std::size_t kReasonBytesMax = kControlPayloadBytesMax - 2;

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  while (bytes-- > 0) out.push_back(static_cast<char>((value >> (8 * bytes)) & 0xFF));
}

/// The longest prefix within `bytes` that does not cut a character.
std::string_view cut_between_characters(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

}  // namespace

bool may_be_sent(std::uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;  // libraries and applications, §7.4.2
  if (code >= 1000 && code <= 1003) return true;  // §7.4.1; 1004 is reserved
  return code >= 1007 && code <= 1014;            // 1005, 1006, 1015 never appear on the wire
}

void append_frame_header(std::string& out, Opcode opcode, std::size_t payload_bytes) {
  out.push_back(static_cast<char>(kFin | static_cast<unsigned>(opcode)));
  // §5.2: the minimal number of bytes, and the mask bit is clear in what a server sends (§5.1).
  if (payload_bytes <= kShortLengthMax) {
    out.push_back(static_cast<char>(payload_bytes));
  } else if (payload_bytes <= kMediumLengthMax) {
    out.push_back(static_cast<char>(126));
    append_big_endian(out, payload_bytes, 2);
  } else {
    out.push_back(static_cast<char>(127));
    append_big_endian(out, payload_bytes, 8);
  }
}

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  const bool control = (static_cast<unsigned>(opcode) & 0x8) != 0;
  ensure(!control || payload.size() <= kControlPayloadBytesMax, "a control frame is short");
  append_frame_header(out, opcode, payload.size());
  out.append(payload);
}

void append_close(std::string& out, CloseCode code, std::string_view reason) {
  if (code == CloseCode::no_status) {
    append_frame_header(out, Opcode::close, 0);
    return;
  }
  const auto number = static_cast<std::uint16_t>(code);
  ensure(may_be_sent(number), "a close code on the wire is a valid one");
  reason = cut_between_characters(reason, kReasonBytesMax);
  append_frame_header(out, Opcode::close, 2 + reason.size());
  append_big_endian(out, number, 2);
  out.append(reason);
}

}  // namespace stillroom::websocket
