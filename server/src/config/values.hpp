// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Values that are checked once, when they are read: holding one means it is well formed.
namespace stillroom::config {

/// Where to listen: `HOST:PORT`, `[IPv6]:PORT`. Port 0 lets the system choose.
struct Listen {
  std::string host;
  std::uint16_t port = 0;

  [[nodiscard]] static std::optional<Listen> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  /// Only this machine can reach it.
  [[nodiscard]] bool loopback() const;
  friend bool operator==(const Listen&, const Listen&) = default;
};

/// RFC 6454 §4: scheme, host and port, in the form that browsers send.
class WebOrigin {
 public:
  /// `http` or `https`, no user, no path but a lone `/`, no wildcard.
  [[nodiscard]] static std::optional<WebOrigin> parse(std::string_view text);
  /// `https://app.example`, `http://localhost:5173`: lower case, without the scheme's own port.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool secure() const { return text_.starts_with("https:"); }
  friend auto operator<=>(const WebOrigin&, const WebOrigin&) = default;

 private:
  explicit WebOrigin(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// A range of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
class Network {
 public:
  /// Sixteen bytes, IPv4 in its mapped form `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2).
  using Address = std::array<std::uint8_t, 16>;

  /// Bits behind the prefix must be zero, so that a slip does not silently widen the range.
  [[nodiscard]] static std::optional<Network> parse(std::string_view text);
  [[nodiscard]] static std::optional<Address> parse_address(std::string_view text);
  [[nodiscard]] bool contains(const Address& address) const;
  [[nodiscard]] const std::string& text() const { return text_; }
  friend bool operator==(const Network&, const Network&) = default;

 private:
  Network(Address address, unsigned prefix_bits, std::string_view text)
      : address_(address), prefix_bits_(prefix_bits), text_(text) {}
  Address address_;
  unsigned prefix_bits_;  ///< of 128
  std::string text_;
};

/// RFC 7064, RFC 7065: `stun:`, `stuns:`, `turn:` or `turns:`, host, port, transport.
class IceUrl {
 public:
  [[nodiscard]] static std::optional<IceUrl> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const { return text_; }
  /// A relay, which asks for credentials; a STUN server asks for none.
  [[nodiscard]] bool relays() const { return text_.starts_with("turn"); }
  friend bool operator==(const IceUrl&, const IceUrl&) = default;

 private:
  explicit IceUrl(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace stillroom::config
