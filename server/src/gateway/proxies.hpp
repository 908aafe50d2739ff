// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "config/values.hpp"
#include "gateway/http.hpp"
#include "gateway/provenance.hpp"

namespace stillroom::gateway {

/// In which words a trusted proxy says for whom it speaks. The operator names one, and only that is
/// read: what a proxy does not write itself it passes on as a stranger wrote it.
enum class ProxyWords : std::uint8_t {
  x_forwarded,     ///< X-Forwarded-For, X-Forwarded-Proto
  forwarded,       ///< Forwarded (RFC 7239)
  proxy_protocol,  ///< a PROXY v2 header before the first byte
};

struct ProxySettings {
  std::vector<config::Network> trusted;
  ProxyWords words = ProxyWords::x_forwarded;
};

/// Whom a request comes from and whether it came by TLS, once for all who ask (contract §4, §5).
/// What an untrusted peer says of itself is not looked at.
class TrustedProxies {
 public:
  explicit TrustedProxies(ProxySettings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] bool trusts(const net::PeerAddress& address) const;

  /// How a new socket begins.
  enum class Entry : std::uint8_t {
    direct,     ///< with its own bytes, on its own account
    proxied,    ///< with its own bytes; everybody comes through it
    announced,  ///< with a PROXY header
    refused,    ///< the protocol forbids to guess whether a header comes, so strangers bring none
  };
  [[nodiscard]] Entry entry(const net::PeerAddress& peer) const;

  /// Of a request on this connection: the right-most hop that is no proxy of ours. A hop that
  /// cannot be read ends the search at the last one that could: it may be a stranger's words.
  [[nodiscard]] Provenance see(const Provenance& connection, const HttpRequest& request) const;

 private:
  [[nodiscard]] Provenance see_x_forwarded(const Provenance& connection,
                                           const HttpRequest& request) const;
  [[nodiscard]] Provenance see_forwarded(const Provenance& connection,
                                         const HttpRequest& request) const;
  ProxySettings settings_;
};

}  // namespace stillroom::gateway
