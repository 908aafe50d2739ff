// SPDX-License-Identifier: Apache-2.0
#include "net/peer_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace stillroom::net {
namespace {
constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::array<std::uint8_t, 16> kLoopback6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
}  // namespace

bool PeerAddress::is_loopback() const {
  const bool mapped = std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), ip.begin());
  return (mapped && ip[12] == 127) || ip == kLoopback6;
}

PeerAddress to_peer_address(const sockaddr* address) {
  PeerAddress peer;
  if (address->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, address, sizeof v4);
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), peer.ip.begin());
    std::memcpy(peer.ip.data() + kMappedPrefix.size(), &v4.sin_addr, 4);
    peer.port = ntohs(v4.sin_port);
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    std::memcpy(peer.ip.data(), &v6.sin6_addr, peer.ip.size());
    peer.port = ntohs(v6.sin6_port);
  }
  return peer;
}

}  // namespace stillroom::net
