// SPDX-License-Identifier: Apache-2.0
#include "websocket/header.hpp"

#include <cstring>

namespace stillroom::websocket {
namespace {

constexpr unsigned kFinBit = 0x80;
constexpr unsigned kReservedBits = 0x70;
constexpr unsigned kOpcodeBits = 0x0F;
constexpr unsigned kMaskBit = 0x80;
constexpr unsigned kLengthBits = 0x7F;

unsigned byte_at(std::span<const char> bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

bool known_opcode(unsigned opcode) {
  return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xA);
}

std::uint64_t big_endian(std::span<const char> bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = (value << 8) | static_cast<unsigned char>(byte);
  return value;
}

/// Bytes of extended length that follow the second byte.
std::size_t length_bytes(unsigned short_length) {
  if (short_length == 126) return 2;
  return short_length == 127 ? 8 : 0;
}

/// §5.2: the shortest form is the only one, and the top bit of 64 is clear.
bool length_allowed(unsigned short_length, std::uint64_t length) {
  if (short_length == 126) return length > 125;
  if (short_length == 127) return length > 0xFFFF && (length >> 63) == 0;
  return true;
}

bool first_bytes_allowed(std::span<const char> bytes) {
  const unsigned first = byte_at(bytes, 0);
  if ((first & kReservedBits) != 0) return false;        // §5.2: no extension was agreed on
  if (!known_opcode(first & kOpcodeBits)) return false;  // §5.2
  const bool control = (first & 0x8) != 0;
  if (control && (first & kFinBit) == 0) return false;  // §5.5: control frames are whole
  if (bytes.size() < 2) return true;
  const unsigned second = byte_at(bytes, 1);
  if ((second & kMaskBit) == 0) return false;  // §5.1: a client masks every frame
  return !control || (second & kLengthBits) <= kControlPayloadBytesMax;  // §5.5
}

}  // namespace

Result<std::optional<Header>, CloseCode> read_header(std::span<const char> bytes) {
  if (bytes.empty()) return std::optional<Header>();
  if (!first_bytes_allowed(bytes)) return fail(CloseCode::protocol_error);
  if (bytes.size() < 2) return std::optional<Header>();

  const unsigned short_length = byte_at(bytes, 1) & kLengthBits;
  const std::size_t extended = length_bytes(short_length);
  if (bytes.size() < 2 + extended) return std::optional<Header>();

  Header header;
  header.opcode = static_cast<Opcode>(byte_at(bytes, 0) & kOpcodeBits);
  header.fin = (byte_at(bytes, 0) & kFinBit) != 0;
  header.payload_bytes = extended == 0 ? short_length : big_endian(bytes.subspan(2, extended));
  header.bytes = 2 + extended + header.mask.size();
  if (!length_allowed(short_length, header.payload_bytes)) return fail(CloseCode::protocol_error);
  if (bytes.size() < header.bytes) return std::optional<Header>();
  std::memcpy(header.mask.data(), bytes.data() + 2 + extended, header.mask.size());
  return std::optional<Header>(header);
}

void unmask(std::span<char> bytes, Mask& mask) {
  std::uint64_t wide = 0;
  std::memcpy(&wide, mask.data(), mask.size());
  std::memcpy(reinterpret_cast<char*>(&wide) + mask.size(), mask.data(), mask.size());

  std::size_t at = 0;
  for (; at + sizeof(wide) <= bytes.size(); at += sizeof(wide)) {
    std::uint64_t block = 0;
    std::memcpy(&block, bytes.data() + at, sizeof(block));
    block ^= wide;
    std::memcpy(bytes.data() + at, &block, sizeof(block));
  }
  for (std::size_t i = at; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(bytes[i] ^ mask[i % mask.size()]);
  }
  const Mask before = mask;
  for (std::size_t i = 0; i < mask.size(); ++i) mask[i] = before[(i + bytes.size()) % mask.size()];
}

}  // namespace stillroom::websocket
