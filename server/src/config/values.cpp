// SPDX-License-Identifier: Apache-2.0
#include "config/values.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace stillroom::config {
namespace {

constexpr std::size_t kHostBytesMax = 253;  // RFC 1035 §2.3.4, without the root's dot

std::optional<unsigned> read_number(std::string_view text, unsigned max) {
  unsigned number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole && number <= max ? std::optional(number) : std::nullopt;
}

bool is_ipv6(std::string_view text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > kHostBytesMax) return false;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  const bool dotted_well = text.front() != '.' && text.find("..") == std::string_view::npos;
  return dotted_well && std::all_of(text.begin(), text.end(), allowed);
}

struct Authority {
  std::string_view host;  ///< IPv6 without its brackets
  bool bracketed = false;
  std::optional<std::uint16_t> port;
};

/// `host`, `host:port`, `[v6]`, `[v6]:port`; nothing else, no user.
std::optional<Authority> read_authority(std::string_view text) {
  Authority authority;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    authority.host = text.substr(1, close - 1);
    authority.bracketed = true;
    rest = text.substr(close + 1);
    if (!is_ipv6(authority.host)) return std::nullopt;
  } else {
    const std::size_t colon = text.find(':');
    authority.host = text.substr(0, colon);
    if (colon != std::string_view::npos) rest = text.substr(colon);
    if (!is_host_name(authority.host)) return std::nullopt;
  }
  if (rest.empty()) return authority;
  if (rest.front() != ':') return std::nullopt;
  const auto port = read_number(rest.substr(1), 65'535);
  if (!port) return std::nullopt;
  authority.port = static_cast<std::uint16_t>(*port);
  return authority;
}

std::string host_text(std::string_view host, bool bracketed) {
  std::string text(host);
  return bracketed ? "[" + text + "]" : text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

unsigned bit_of(const Network::Address& address, unsigned bit) {
  return address[bit / 8] >> (7 - bit % 8) & 1U;
}

}  // namespace

std::optional<Listen> Listen::parse(std::string_view text) {
  const auto authority = read_authority(text);
  if (!authority || !authority->port) return std::nullopt;
  return Listen{std::string(authority->host), *authority->port};
}

std::string Listen::text() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return host_text(host, bracketed) + ":" + std::to_string(port);
}

bool Listen::loopback() const {
  return host == "localhost" || host == "::1" || (host.starts_with("127.") && Network::parse(host));
}

std::optional<WebOrigin> WebOrigin::parse(std::string_view text) {
  const std::string folded = lower(text);
  std::string_view rest = folded;
  const bool secure = rest.starts_with("https://");
  if (!secure && !rest.starts_with("http://")) return std::nullopt;
  rest.remove_prefix(secure ? 8 : 7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const auto authority = read_authority(rest);
  if (!authority || authority->port == 0) return std::nullopt;
  std::string canonical = secure ? "https://" : "http://";
  canonical += host_text(authority->host, authority->bracketed);
  const std::uint16_t own_port = secure ? 443 : 80;
  if (authority->port && *authority->port != own_port) {
    canonical += ":" + std::to_string(*authority->port);
  }
  return WebOrigin(std::move(canonical));
}

std::optional<Network::Address> Network::parse_address(std::string_view text) {
  const std::string zero_ended(text);
  if (zero_ended.size() != text.size() || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  Address address{};
  if (::inet_pton(AF_INET6, zero_ended.c_str(), address.data()) == 1) return address;
  address[10] = address[11] = 0xFF;
  if (::inet_pton(AF_INET, zero_ended.c_str(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const auto address = parse_address(host);
  if (!address) return std::nullopt;
  const bool ipv4 = host.find(':') == std::string_view::npos;
  const unsigned width = ipv4 ? 32 : 128;
  unsigned prefix = width;
  if (slash != std::string_view::npos) {
    const auto told = read_number(text.substr(slash + 1), width);
    if (!told) return std::nullopt;
    prefix = *told;
  }
  const unsigned prefix_bits = prefix + (128 - width);
  for (unsigned bit = prefix_bits; bit < 128; ++bit) {
    if (bit_of(*address, bit) != 0) return std::nullopt;
  }
  return Network(*address, prefix_bits, text);
}

bool Network::contains(const Address& address) const {
  for (unsigned bit = 0; bit < prefix_bits_; ++bit) {
    if (bit_of(address, bit) != bit_of(address_, bit)) return false;
  }
  return true;
}

std::optional<IceUrl> IceUrl::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon);
  const bool relay = scheme == "turn" || scheme == "turns";
  if (colon == std::string_view::npos || (!relay && scheme != "stun" && scheme != "stuns")) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(colon + 1);
  if (const std::size_t query = rest.find('?'); query != std::string_view::npos) {
    const std::string_view asked = rest.substr(query + 1);
    // RFC 7065 §3.1; a STUN URI has no query (RFC 7064 §3.1).
    if (!relay || (asked != "transport=udp" && asked != "transport=tcp")) return std::nullopt;
    rest = rest.substr(0, query);
  }
  const auto authority = read_authority(rest);
  if (!authority || authority->port == 0) return std::nullopt;
  return IceUrl(std::string(text));
}

}  // namespace stillroom::config
