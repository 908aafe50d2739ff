// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "net/peer_address.hpp"

namespace stillroom::gateway {

/// Whether somebody on the way could have read along.
enum class Wire : std::uint8_t { plain, tls };

/// Where a connection or a request comes from, and how.
struct Provenance {
  net::PeerAddress address;
  Wire wire = Wire::plain;
  friend bool operator==(const Provenance&, const Provenance&) = default;
};

}  // namespace stillroom::gateway
