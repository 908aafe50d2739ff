// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace stillroom::room {

/// Where a connection lives. Rules only compare it; the gateway knows what it means.
struct Address {
  std::uint32_t worker = 0;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  friend auto operator<=>(const Address&, const Address&) = default;
};

}  // namespace stillroom::room
