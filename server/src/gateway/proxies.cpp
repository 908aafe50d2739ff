// SPDX-License-Identifier: Apache-2.0
#include "gateway/proxies.hpp"

#include <algorithm>
#include <optional>
#include <ranges>
#include <string_view>

#include "gateway/forwarded.hpp"

namespace stillroom::gateway {
namespace {

std::string_view without_space(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/// The members of a comma-separated field, from the last of the last line on (RFC 9110 §5.3: lines
/// are one list); `visit` says whether it wants another. An empty member is one: it may be what a
/// proxy had nothing to write into.
template <class Visit>
void from_the_right(const HttpRequest& request, std::string_view name, Visit visit) {
  for (const auto& [field, value] : std::views::reverse(request.fields)) {
    if (field != name) continue;
    std::string_view rest = value;
    while (true) {
      const auto comma = rest.rfind(',');
      const auto begin = comma == std::string_view::npos ? 0 : comma + 1;
      if (!visit(without_space(rest.substr(begin)))) return;
      if (comma == std::string_view::npos) break;
      rest = rest.substr(0, comma);
    }
  }
}

/// What the proxies on the way say about TLS: all of them https, or it is not.
class Schemes {
 public:
  void add(ForwardedHop::Scheme scheme) {
    ++hops_;
    if (scheme != ForwardedHop::Scheme::untold) ++told_;
    if (scheme == ForwardedHop::Scheme::https) ++https_;
  }
  /// Where nobody said anything the connection speaks for itself.
  [[nodiscard]] Wire wire(Wire own) const {
    if (told_ == 0) return own;
    return https_ == hops_ ? Wire::tls : Wire::plain;
  }

 private:
  std::size_t hops_ = 0;
  std::size_t told_ = 0;
  std::size_t https_ = 0;
};

}  // namespace

bool TrustedProxies::trusts(const net::PeerAddress& address) const {
  return std::ranges::any_of(settings_.trusted, [&address](const config::Network& network) {
    return network.contains(address.ip);
  });
}

TrustedProxies::Entry TrustedProxies::entry(const net::PeerAddress& peer) const {
  const bool announced = settings_.words == ProxyWords::proxy_protocol;
  if (trusts(peer)) return announced ? Entry::announced : Entry::proxied;
  return announced ? Entry::refused : Entry::direct;
}

Provenance TrustedProxies::see(const Provenance& connection, const HttpRequest& request) const {
  // Behind a PROXY header the connection's address is the client's, who may write what he likes.
  if (settings_.words == ProxyWords::proxy_protocol || !trusts(connection.address)) {
    return connection;
  }
  return settings_.words == ProxyWords::forwarded ? see_forwarded(connection, request)
                                                  : see_x_forwarded(connection, request);
}

Provenance TrustedProxies::see_x_forwarded(const Provenance& connection,
                                           const HttpRequest& request) const {
  Provenance seen = connection;
  std::size_t hops = 0;
  from_the_right(request, "x-forwarded-for", [&](std::string_view text) {
    const auto hop = read_hop(text);
    if (hop) seen.address = *hop;
    return hop && trusts(*hop) && ++hops < kHopsMax;
  });
  Schemes schemes;
  from_the_right(request, "x-forwarded-proto", [&schemes](std::string_view text) {
    schemes.add(read_scheme(text));
    return true;  // every one of them has to be https; the head is bounded
  });
  seen.wire = schemes.wire(connection.wire);
  return seen;
}

Provenance TrustedProxies::see_forwarded(const Provenance& connection,
                                         const HttpRequest& request) const {
  Provenance seen = connection;
  Schemes schemes;
  std::size_t hops = 0;
  const auto take = [&](const ForwardedHop& hop) {
    schemes.add(hop.scheme);
    if (hop.address) seen.address = *hop.address;
    return hop.address && trusts(*hop.address) && ++hops < kHopsMax;
  };
  for (const auto& [field, value] : std::views::reverse(request.fields)) {
    if (field != "forwarded") continue;
    const auto line = read_forwarded(value);
    if (!line) schemes.add(ForwardedHop::Scheme::other);
    if (!line || !std::ranges::all_of(std::views::reverse(*line), take)) break;
  }
  seen.wire = schemes.wire(connection.wire);
  return seen;
}

}  // namespace stillroom::gateway
