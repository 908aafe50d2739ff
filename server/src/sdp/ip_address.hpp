// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stillroom::sdp {

/// An IPv4 or IPv6 address as bytes; never a name, never with a zone.
class IpAddress {
 public:
  enum class Family : std::uint8_t { v4, v6 };
  /// Who can be reached there. An IPv6 address that embeds an IPv4 one (mapped, compatible, NAT64,
  /// 6to4) has the scope of the embedded one, or `special` when that one is public.
  enum class Scope : std::uint8_t {
    internet,
    site,  ///< RFC 1918, RFC 6598, fc00::/7
    loopback,
    link,     ///< 169.254/16 (with the metadata services), fe80::/10
    special,  ///< documentation, benchmarking, reserved, tunnels
    nobody,   ///< 0.0.0.0, ::, multicast, broadcast: never a peer
  };

  /// Strict: dotted quad without leading zeros, or RFC 4291 §2.2; otherwise nothing.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] Family family() const { return family_; }
  [[nodiscard]] Scope scope() const;
  /// RFC 5952 form.
  void append_to(std::string& out) const;

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  Family family_ = Family::v4;
  std::array<std::uint8_t, 16> bytes_{};  ///< IPv4: the first four
};

/// Both ends belong to it; of one family.
struct IpRange {
  IpAddress first;
  IpAddress last;
  [[nodiscard]] bool contains(const IpAddress& address) const {
    return first <= address && address <= last;
  }
};

}  // namespace stillroom::sdp
