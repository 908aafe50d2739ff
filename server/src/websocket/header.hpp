// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/result.hpp"
#include "websocket/frame.hpp"

namespace stillroom::websocket {

inline constexpr std::size_t kClientHeaderBytesMax = 14;  ///< 2, then 8 of length, then 4 of mask

using Mask = std::array<char, 4>;

struct Header {
  Opcode opcode = Opcode::continuation;
  bool fin = true;
  std::uint64_t payload_bytes = 0;
  Mask mask{};
  std::size_t bytes = 0;  ///< of the header itself

  [[nodiscard]] bool control() const { return (static_cast<unsigned>(opcode) & 0x8) != 0; }
};

/// The frame header at the start of `bytes`; nothing when it is not complete yet. Whatever the
/// bytes so far forbid is an error at once.
[[nodiscard]] Result<std::optional<Header>, CloseCode> read_header(std::span<const char> bytes);

/// XORs with the mask (§5.3), which is turned so that it fits the byte behind.
void unmask(std::span<char> bytes, Mask& mask);

}  // namespace stillroom::websocket
