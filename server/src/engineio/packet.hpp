// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"

/// Engine.IO protocol 4, the server's side.
namespace stillroom::engineio {

enum class PacketType : std::uint8_t { open, close, ping, pong, message, upgrade, noop };
enum class MessageKind : std::uint8_t { text, binary };
enum class Transport : std::uint8_t { polling, websocket };

/// Separates packets in one polling body.
inline constexpr char kSeparator = '\x1e';
/// A body with more packets makes python-engineio 4.3 drop the connection.
inline constexpr std::size_t kPacketsPerBodyMax = 16;

struct Packet {
  PacketType type = PacketType::noop;
  std::string_view data;
};

/// `<digit><data>`, a text frame or one text packet of a body.
[[nodiscard]] std::optional<Packet> decode_packet(std::string_view text);

[[nodiscard]] constexpr char digit_of(PacketType type) {
  return static_cast<char>('0' + static_cast<int>(type));
}

/// Takes the next packet off a polling body; nothing when the body is used up.
[[nodiscard]] std::optional<std::string_view> take_packet(std::optional<std::string_view>& body);

/// A message as it stands in a polling body: `4<text>` or `b<base64>`.
void append_polling_message(std::string& body, MessageKind kind, std::string_view data);

/// The bearer secret that names a link: 18 random bytes as base64url. It has no print form.
class Sid {
 public:
  static constexpr std::size_t kBytes = 18;
  static constexpr std::size_t kChars = 24;

  Sid() = default;
  explicit Sid(std::span<const std::uint8_t, kBytes> random);
  /// Nothing unless it has the form of a sid.
  [[nodiscard]] static std::optional<Sid> parse(std::string_view text);

  /// For codecs, never for logs.
  [[nodiscard]] std::string_view text() const { return {chars_.data(), chars_.size()}; }
  friend bool operator==(const Sid&, const Sid&) = default;

 private:
  std::array<char, kChars> chars_{};
};

/// What an open packet tells; exactly these five keys.
struct Open {
  std::string_view sid;
  Transport transport = Transport::polling;  ///< polling offers the upgrade, websocket nothing
  milliseconds ping_interval{25'000};
  milliseconds ping_timeout{20'000};
  std::size_t max_payload = 131'072;
};
void append_open(std::string& out, const Open& open);

}  // namespace stillroom::engineio

/// Sids are random: any eight of their characters spread well.
template <>
struct std::hash<stillroom::engineio::Sid> {
  std::size_t operator()(const stillroom::engineio::Sid& sid) const noexcept {
    return std::hash<std::string_view>{}(sid.text());
  }
};
