// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "net/peer_address.hpp"

namespace stillroom::gateway {

/// Hops of one request that are looked at, from the nearest on.
inline constexpr std::size_t kHopsMax = 16;

/// `192.0.2.1`, `[2001:db8::1]`, either with a port behind it, or an IPv6 address alone. Nothing
/// for `unknown`, `_hidden` and everything else. The port is not kept: it says nothing about a
/// person.
[[nodiscard]] std::optional<net::PeerAddress> read_hop(std::string_view text);

/// What one proxy has said about who asked it.
struct ForwardedHop {
  enum class Scheme : std::uint8_t {
    untold,
    https,  ///< or wss: some proxies call an upgrade so
    other,
  };
  std::optional<net::PeerAddress> address;  ///< nothing: hidden, unknown or not told
  Scheme scheme = Scheme::untold;
};

[[nodiscard]] ForwardedHop::Scheme read_scheme(std::string_view text);

/// One line of `Forwarded` (RFC 7239 §4), the last kHopsMax of it, in its order; nothing when it is
/// malformed. A line is read as a whole from its beginning, so that a quotation mark that a
/// stranger left open cannot swallow what a proxy has written behind it.
[[nodiscard]] std::optional<std::vector<ForwardedHop>> read_forwarded(std::string_view line);

}  // namespace stillroom::gateway
