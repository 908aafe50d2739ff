// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sdp/ip_address.hpp"

namespace stillroom::sdp {

/// Which candidates travel. A well-formed candidate that the policy drops is no error.
struct Policy {
  enum class Path : std::uint8_t { all, relay_only };
  /// `lan`: everybody may be on one private network or one machine (demo, tests).
  enum class Reach : std::uint8_t { internet, lan };
  enum class Tcp : std::uint8_t { drop, pass };

  Path path = Path::all;
  Reach reach = Reach::internet;
  Tcp tcp = Tcp::drop;
  /// Relay addresses of the configured TURN servers, where those are not public.
  std::vector<IpRange> relay_ranges;
};

}  // namespace stillroom::sdp
