// SPDX-License-Identifier: Apache-2.0
#include "engineio/packet.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.hpp"

namespace stillroom::engineio {
namespace {
/// An open packet with the settings that we come with takes about a hundred.
constexpr std::size_t kOpenBytesExpected = 128;

void append_member(std::string& out, std::string_view key, std::int64_t number) {
  std::array<char, 24> digits{};
  const auto [end, problem] = std::to_chars(digits.begin(), digits.end(), number);
  out.append(key).append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}
}  // namespace

std::optional<Packet> decode_packet(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > digit_of(PacketType::noop)) {
    return std::nullopt;
  }
  return Packet{static_cast<PacketType>(text.front() - '0'), text.substr(1)};
}

std::optional<std::string_view> take_packet(std::optional<std::string_view>& body) {
  if (!body) return std::nullopt;
  const auto separator = body->find(kSeparator);
  const std::string_view packet = body->substr(0, separator);
  if (separator == std::string_view::npos) {
    body.reset();
  } else {
    body->remove_prefix(separator + 1);
  }
  return packet;
}

void append_polling_message(std::string& body, MessageKind kind, std::string_view data) {
  if (kind == MessageKind::binary) {
    body.push_back('b');
    body.append(to_base64(as_bytes(data)));
  } else {
    body.push_back(digit_of(PacketType::message));
    body.append(data);
  }
}

Sid::Sid(std::span<const std::uint8_t, kBytes> random) {
  const std::string text = to_base64url(random);
  std::copy(text.begin(), text.end(), chars_.begin());
}

std::optional<Sid> Sid::parse(std::string_view text) {
  const auto known = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  if (text.size() != kChars || !std::ranges::all_of(text, known)) return std::nullopt;
  Sid sid;
  std::copy(text.begin(), text.end(), sid.chars_.begin());
  return sid;
}

void append_open(std::string& out, const Open& open) {
  out.reserve(out.size() + kOpenBytesExpected);
  out.push_back(digit_of(PacketType::open));
  out.append(R"({"sid":")").append(open.sid);
  out.append(open.transport == Transport::polling ? R"(","upgrades":["websocket"])"
                                                  : R"(","upgrades":[])");
  append_member(out, R"(,"pingInterval":)", open.ping_interval.count());
  append_member(out, R"(,"pingTimeout":)", open.ping_timeout.count());
  append_member(out, R"(,"maxPayload":)", static_cast<std::int64_t>(open.max_payload));
  out.push_back('}');
}

}  // namespace stillroom::engineio
