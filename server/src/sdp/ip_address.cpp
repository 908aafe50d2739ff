// SPDX-License-Identifier: Apache-2.0
#include "sdp/ip_address.hpp"

#include <algorithm>
#include <charconv>

#include "sdp/grammar.hpp"

namespace stillroom::sdp {
namespace {

using Bytes = std::array<std::uint8_t, 16>;
using Scope = IpAddress::Scope;

bool parse_v4(std::string_view text, std::uint8_t* out) {
  for (int part = 0; part < 4; ++part) {
    const auto dot = part < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos || dot == 0 || dot > 3) return false;
    const auto digits = text.substr(0, dot);
    const auto value = grammar::number(digits, 255);
    if (!value || (digits.size() > 1 && digits.front() == '0')) return false;
    *out++ = static_cast<std::uint8_t>(*value);
    text.remove_prefix(part < 3 ? dot + 1 : dot);
  }
  return text.empty();
}

/// Up to four hex digits in front of `text`; nothing when there is none.
std::optional<std::uint16_t> take_group(std::string_view& text) {
  std::uint32_t value = 0;
  const auto* const first = text.data();
  const auto* const last = first + std::min<std::size_t>(text.size(), 4);
  const auto [end, error] = std::from_chars(first, last, value, 16);
  if (error != std::errc{} || end == first) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - first));
  return static_cast<std::uint16_t>(value);
}

/// RFC 4291 §2.2: groups, at most one `::`, maybe a dotted quad at the end.
bool parse_v6(std::string_view text, Bytes& out) {
  std::size_t at = 0;
  std::optional<std::size_t> gap;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (at <= 12 && text.find('.') != std::string_view::npos &&
        text.find(':') == std::string_view::npos) {
      if (!parse_v4(text, &out[at])) return false;
      at += 4;
      text = {};
      break;
    }
    const auto group = take_group(text);
    if (!group || at > 14) return false;
    out[at++] = static_cast<std::uint8_t>(*group >> 8);
    out[at++] = static_cast<std::uint8_t>(*group & 0xff);
    if (text.empty()) break;
    if (text.starts_with("::")) {
      if (gap) return false;
      gap = at;
      text.remove_prefix(2);
    } else if (text.front() == ':' && text.size() > 1) {
      text.remove_prefix(1);
    } else {
      return false;
    }
  }
  if (!gap) return at == 16;
  if (at > 14) return false;
  std::rotate(out.begin() + static_cast<std::ptrdiff_t>(*gap),
              out.begin() + static_cast<std::ptrdiff_t>(at), out.end());
  return true;
}

struct Block {
  Bytes prefix;
  std::uint8_t bits;
  Scope scope;
};

bool inside(const Bytes& address, const Block& block) {
  const std::size_t whole = block.bits / 8u;
  if (!std::equal(block.prefix.begin(), block.prefix.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.begin())) {
    return false;
  }
  const unsigned rest = block.bits % 8u;
  if (rest == 0) return true;
  const unsigned mask = 0xffu << (8u - rest) & 0xffu;
  return ((address[whole] ^ block.prefix[whole]) & mask) == 0;
}

template <std::size_t N>
Scope first_match(const Bytes& address, const std::array<Block, N>& blocks, Scope otherwise) {
  for (const auto& block : blocks) {
    if (inside(address, block)) return block.scope;
  }
  return otherwise;
}

// IANA IPv4 and IPv6 special-purpose address registries; narrower blocks first.
constexpr std::array kV4Blocks{
    Block{{0, 0, 0, 0}, 32, Scope::nobody},
    Block{{0}, 8, Scope::special},
    Block{{10}, 8, Scope::site},
    Block{{100, 64}, 10, Scope::site},
    Block{{127}, 8, Scope::loopback},
    Block{{169, 254}, 16, Scope::link},
    Block{{172, 16}, 12, Scope::site},
    Block{{192, 0, 0}, 24, Scope::special},
    Block{{192, 0, 2}, 24, Scope::special},
    Block{{192, 88, 99}, 24, Scope::special},
    Block{{192, 168}, 16, Scope::site},
    Block{{198, 18}, 15, Scope::special},
    Block{{198, 51, 100}, 24, Scope::special},
    Block{{203, 0, 113}, 24, Scope::special},
    Block{{224}, 4, Scope::nobody},
    Block{{255, 255, 255, 255}, 32, Scope::nobody},
    Block{{240}, 4, Scope::special},
};

constexpr std::array kV6Blocks{
    Block{{}, 128, Scope::nobody},
    Block{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, Scope::loopback},
    Block{{0xfc}, 7, Scope::site},
    Block{{0xfe, 0xc0}, 10, Scope::site},
    Block{{0xfe, 0x80}, 10, Scope::link},
    Block{{0xff}, 8, Scope::nobody},
    Block{{0x20, 0x01, 0x00}, 23, Scope::special},        // Teredo, ORCHID, benchmarking
    Block{{0x20, 0x01, 0x0d, 0xb8}, 32, Scope::special},  // documentation
    Block{{0x3f, 0xff, 0x00}, 20, Scope::special},        // documentation
    Block{{0x20}, 3, Scope::internet},
};

struct Embedding {
  Block block;
  std::size_t offset;  ///< of the IPv4 address inside
};
constexpr std::array kEmbeddings{
    Embedding{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, Scope::special}, 12},  // mapped
    Embedding{{{}, 96, Scope::special}, 12},                                          // compatible
    Embedding{{{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, Scope::special}, 12},  // SIIT, RFC 2765
    Embedding{{{0x00, 0x64, 0xff, 0x9b}, 96, Scope::special}, 12},              // RFC 6052
    Embedding{{{0x20, 0x02}, 16, Scope::special}, 2},                           // 6to4
};

Scope scope_v4(const Bytes& address) {
  return first_match(address, kV4Blocks, Scope::internet);
}

Scope scope_v6(const Bytes& address) {
  const Scope own = first_match(address, kV6Blocks, Scope::special);
  if (own == Scope::nobody || own == Scope::loopback) return own;
  for (const auto& [block, offset] : kEmbeddings) {
    if (!inside(address, block)) continue;
    Bytes inner{};
    std::copy_n(address.begin() + static_cast<std::ptrdiff_t>(offset), 4, inner.begin());
    const Scope scope = scope_v4(inner);
    return scope == Scope::internet ? Scope::special : scope;
  }
  return own;
}

void append_number(std::string& out, unsigned value, int base) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
  out.append(digits.data(), end);
}

void append_v4(std::string& out, const std::uint8_t* bytes) {
  for (int part = 0; part < 4; ++part) {
    if (part > 0) out += '.';
    append_number(out, bytes[part], 10);
  }
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  IpAddress address;
  if (text.find(':') == std::string_view::npos) {
    if (!parse_v4(text, address.bytes_.data())) return std::nullopt;
    return address;
  }
  address.family_ = Family::v6;
  if (!parse_v6(text, address.bytes_)) return std::nullopt;
  return address;
}

IpAddress::Scope IpAddress::scope() const {
  return family_ == Family::v4 ? scope_v4(bytes_) : scope_v6(bytes_);
}

void IpAddress::append_to(std::string& out) const {
  if (family_ == Family::v4) return append_v4(out, bytes_.data());
  const auto group = [this](std::size_t index) {
    return static_cast<unsigned>(bytes_[2 * index] << 8 | bytes_[2 * index + 1]);
  };
  // RFC 5952 §4.2: the longest run of zero groups, the first of equals, two groups at least.
  std::size_t gap = 8;
  std::size_t gap_groups = 1;
  for (std::size_t from = 0; from < 8; ++from) {
    std::size_t to = from;
    while (to < 8 && group(to) == 0) ++to;
    if (to - from > gap_groups) {
      gap = from;
      gap_groups = to - from;
    }
  }
  for (std::size_t index = 0; index < 8;) {
    if (index == gap) {
      out += "::";
      index += gap_groups;
      continue;
    }
    if (index > 0 && index != gap + gap_groups) out += ':';
    append_number(out, group(index), 16);
    ++index;
  }
}

}  // namespace stillroom::sdp
