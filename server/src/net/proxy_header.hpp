// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "net/peer_address.hpp"

namespace stillroom::net {

/// A whole PROXY v2 header: 16 bytes, addresses, and what the proxy adds to them.
inline constexpr std::size_t kProxyHeaderBytesMax = 2'048;

struct ProxyHeader {
  enum class Client : std::uint8_t { unknown, by_tls };
  /// Nothing: the proxy speaks for itself (LOCAL), or does not know (UNSPEC).
  std::optional<PeerAddress> source;
  Client client = Client::unknown;  ///< how the client came to the proxy
};

/// What ends the connection: the protocol forbids to go on without its header.
enum class ProxyHeaderError : std::uint8_t {
  no_header,  ///< something else, the text form (version 1) too
  malformed,
  too_long,
};

/// Reads the header that a proxy sends before everything else ("The PROXY protocol", version 2,
/// §2.2): TCP over IPv4 and IPv6, LOCAL and UNSPEC.
class ProxyHeaderReader {
 public:
  /// So many bytes of it are missing at least. Who receives no more than that leaves what stands
  /// behind the header where it is.
  [[nodiscard]] std::size_t wants() const;
  /// The header, once it is whole.
  [[nodiscard]] Result<std::optional<ProxyHeader>, ProxyHeaderError> feed(
      std::span<const char> bytes);

 private:
  std::string bytes_;
  std::size_t size_ = 0;  ///< of the whole header; 0 until its first part is there
};

}  // namespace stillroom::net
