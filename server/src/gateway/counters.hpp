// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace stillroom::gateway {

/// What one front counted since start; read on its own thread.
struct Counters {
  std::uint64_t accepted = 0;
  std::uint64_t shed = 0;  ///< closed at accept: the front was full
  std::uint64_t requests = 0;
  std::uint64_t bad_requests = 0;
  std::uint64_t moved = 0;
  std::uint64_t links = 0;
  std::array<std::uint64_t, 16> links_closed{};  ///< by engineio::CloseReason
  std::array<std::uint64_t, 32> violations{};    ///< by socketio::Violation
};

}  // namespace stillroom::gateway
