// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

struct sockaddr;  // NOLINT(readability-identifier-naming): the system's name

namespace stillroom::net {

/// Where a connection comes from. IPv4 is kept as an IPv4-mapped IPv6 address, so that the two ways
/// in which one client can arrive compare equal. No print form: logs and audit get a keyed digest.
struct PeerAddress {
  std::array<std::uint8_t, 16> ip{};
  std::uint16_t port = 0;

  [[nodiscard]] bool is_loopback() const;
  friend bool operator==(const PeerAddress&, const PeerAddress&) = default;
};

/// Of a sockaddr_in or sockaddr_in6; anything else gives `::`.
[[nodiscard]] PeerAddress to_peer_address(const sockaddr* address);

}  // namespace stillroom::net
