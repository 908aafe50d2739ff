// SPDX-License-Identifier: Apache-2.0
#include "net/proxy_header.hpp"

#include <algorithm>
#include <string_view>

namespace stillroom::net {
namespace {

constexpr std::string_view kSignature("\r\n\r\n\0\r\nQUIT\n", 12);
constexpr std::size_t kFixedBytes = 16;
constexpr std::uint8_t kLocal = 0x20;
constexpr std::uint8_t kProxy = 0x21;
constexpr std::uint8_t kUnspecified = 0x00;
constexpr std::uint8_t kTcpOver4 = 0x11;
constexpr std::uint8_t kTcpOver6 = 0x21;
/// Two addresses and two ports.
constexpr std::size_t kAddresses4Bytes = 12;
constexpr std::size_t kAddresses6Bytes = 36;
constexpr std::uint8_t kTypeSsl = 0x20;
constexpr std::size_t kSslBytesMin = 5;  ///< flags, and what came of the client's certificate
constexpr std::uint8_t kClientSsl = 0x01;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t number_at(std::string_view bytes, std::size_t at) {
  return std::size_t{byte_at(bytes, at)} << 8U | byte_at(bytes, at + 1);
}

PeerAddress source_of(std::string_view addresses) {
  PeerAddress source;
  const bool v4 = addresses.size() == kAddresses4Bytes;
  if (v4) source.ip[10] = source.ip[11] = 0xFF;
  const std::size_t width = v4 ? 4 : 16;
  std::copy_n(addresses.begin(), width, source.ip.end() - static_cast<std::ptrdiff_t>(width));
  source.port = static_cast<std::uint16_t>(number_at(addresses, 2 * width));
  return source;
}

/// §2.2.6: type, length, value, one after the other; only the one about TLS tells us something.
Result<ProxyHeader::Client, ProxyHeaderError> read_additions(std::string_view rest) {
  constexpr std::size_t kHeadBytes = 3;
  auto client = ProxyHeader::Client::unknown;
  while (!rest.empty()) {
    if (rest.size() < kHeadBytes) return fail(ProxyHeaderError::malformed);
    const std::size_t length = number_at(rest, 1);
    if (rest.size() < kHeadBytes + length) return fail(ProxyHeaderError::malformed);
    if (byte_at(rest, 0) == kTypeSsl) {
      if (length < kSslBytesMin) return fail(ProxyHeaderError::malformed);
      const bool by_tls = (byte_at(rest, kHeadBytes) & kClientSsl) != 0;
      client = by_tls ? ProxyHeader::Client::by_tls : ProxyHeader::Client::unknown;
    }
    rest.remove_prefix(kHeadBytes + length);
  }
  return client;
}

Result<ProxyHeader, ProxyHeaderError> read_header(std::string_view bytes) {
  const std::uint8_t command = byte_at(bytes, 12);
  const std::uint8_t family = byte_at(bytes, 13);
  if (command == kLocal) return ProxyHeader{};
  if (command != kProxy) return fail(ProxyHeaderError::malformed);
  if (family == kUnspecified) return ProxyHeader{};
  if (family != kTcpOver4 && family != kTcpOver6) return fail(ProxyHeaderError::malformed);
  const std::size_t width = family == kTcpOver4 ? kAddresses4Bytes : kAddresses6Bytes;
  const std::string_view body = bytes.substr(kFixedBytes);
  if (body.size() < width) return fail(ProxyHeaderError::malformed);
  const auto client = read_additions(body.substr(width));
  if (!client) return fail(client.error());
  return ProxyHeader{source_of(body.substr(0, width)), *client};
}

}  // namespace

std::size_t ProxyHeaderReader::wants() const {
  return (size_ == 0 ? kFixedBytes : size_) - bytes_.size();
}

Result<std::optional<ProxyHeader>, ProxyHeaderError> ProxyHeaderReader::feed(
    std::span<const char> bytes) {
  bytes_.append(bytes.data(), bytes.size());
  const std::string_view begin = std::string_view(bytes_).substr(0, kSignature.size());
  if (!kSignature.starts_with(begin)) return fail(ProxyHeaderError::no_header);
  if (size_ == 0 && bytes_.size() >= kFixedBytes) {
    size_ = kFixedBytes + number_at(bytes_, kFixedBytes - 2);
    if (size_ > kProxyHeaderBytesMax) return fail(ProxyHeaderError::too_long);
  }
  if (size_ == 0 || bytes_.size() < size_) return std::optional<ProxyHeader>();
  auto header = read_header(std::string_view(bytes_).substr(0, size_));
  if (!header) return fail(header.error());
  return std::optional<ProxyHeader>(*header);
}

}  // namespace stillroom::net
