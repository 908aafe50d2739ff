// SPDX-License-Identifier: Apache-2.0
#include "sdp/candidate_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "sdp/grammar.hpp"

namespace stillroom::sdp {
namespace {

using grammar::Words;
using Fault = std::optional<Code>;
using Type = Candidate::Type;
using Transport = Candidate::Transport;
using TcpType = CandidateLine::TcpType;
using Scope = IpAddress::Scope;

constexpr std::uint64_t kPriorityMax = 0x7fffffff;  // RFC 8445 §5.1.2
constexpr std::uint64_t kPortMax = 65535;
constexpr std::uint16_t kUnprivilegedPortMin = 1024;
constexpr std::uint16_t kDiscardPort = 9;  // RFC 6544 §4.5: what an active candidate says
constexpr std::uint64_t kExtensionNumberMax = 0xffffffff;
constexpr std::size_t kFoundationBytesMax = 32;
constexpr std::size_t kUfragBytesMin = 4;
constexpr std::size_t kUfragBytesMax = 256;
constexpr std::size_t kExtensionsMax = 16;
constexpr std::string_view kLocal = ".local";

/// One label in front of `.local`: what mDNS names of candidates look like.
bool is_local_name(std::string_view name) {
  if (name.size() <= kLocal.size() ||
      !grammar::equal_folded(name.substr(name.size() - kLocal.size()), kLocal)) {
    return false;
  }
  const auto label = name.substr(0, name.size() - kLocal.size());
  return label.size() <= 63 && grammar::all_are(label, grammar::kLabel);
}

/// 8-4-4-4-12 hex digits. Any other `.local` name could be a printer next to the receiver.
bool is_random_name(std::string_view name) {
  if (name.size() != 36 + kLocal.size()) return false;
  for (std::size_t at = 0; at < 36; ++at) {
    const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
    if (dash ? name[at] != '-' : !grammar::is(name[at], grammar::kHex)) return false;
  }
  return true;
}

template <class T, std::size_t N>
bool pick(std::string_view word, const std::array<std::pair<std::string_view, T>, N>& table,
          T& out) {
  for (const auto& [name, value] : table) {
    if (!grammar::equal_folded(word, name)) continue;
    out = value;
    return true;
  }
  return false;
}

constexpr std::array<std::pair<std::string_view, Transport>, 2> kTransports{
    {{"udp", Transport::udp}, {"tcp", Transport::tcp}}};
constexpr std::array<std::pair<std::string_view, Type>, 4> kTypes{
    {{"host", Type::host}, {"srflx", Type::srflx}, {"prflx", Type::prflx}, {"relay", Type::relay}}};
constexpr std::array<std::pair<std::string_view, TcpType>, 3> kTcpTypes{
    {{"active", TcpType::active}, {"passive", TcpType::passive}, {"so", TcpType::so}}};

Fault read_address(std::string_view word, CandidateLine& line) {
  line.address = IpAddress::parse(word);
  if (line.address) return std::nullopt;
  if (!is_local_name(word)) return Code::candidate_address;
  line.name = word;
  return std::nullopt;
}

Fault read_head(Words& words, CandidateLine& line) {
  line.foundation = words.next();
  if (line.foundation.empty() || line.foundation.size() > kFoundationBytesMax ||
      !grammar::all_are(line.foundation, grammar::kIce)) {
    return Code::candidate_grammar;
  }
  const auto component = grammar::number(words.next(), 2);
  if (!component || *component == 0) return Code::candidate_grammar;
  line.component = static_cast<std::uint8_t>(*component);
  if (!pick(words.next(), kTransports, line.transport)) return Code::candidate_grammar;
  const auto priority = grammar::number(words.next(), kPriorityMax);
  if (!priority || *priority == 0) return Code::candidate_grammar;
  line.priority = static_cast<std::uint32_t>(*priority);
  const auto address = words.next();
  const auto port = grammar::number(words.next(), kPortMax);
  if (!port || *port == 0) return Code::candidate_grammar;
  line.port = static_cast<std::uint16_t>(*port);
  if (words.next() != "typ" || !pick(words.next(), kTypes, line.type)) {
    return Code::candidate_grammar;
  }
  return read_address(address, line);
}

/// The related address is checked and forgotten: it is for diagnostics only (RFC 8839 §5.1).
Fault read_related(std::string_view name, std::string_view value) {
  if (name == "rport") {
    return grammar::number(value, kPortMax) ? std::nullopt : Fault(Code::candidate_grammar);
  }
  if (IpAddress::parse(value) || is_local_name(value)) return std::nullopt;
  return Code::candidate_address;
}

Fault read_number(std::string_view value, std::optional<std::uint32_t>& out) {
  const auto number = grammar::number(value, kExtensionNumberMax);
  if (!number || out) return Code::candidate_grammar;
  out = static_cast<std::uint32_t>(*number);
  return std::nullopt;
}

Fault read_ufrag(std::string_view value, CandidateLine& line) {
  if (!line.ufrag.empty() || value.size() < kUfragBytesMin || value.size() > kUfragBytesMax ||
      !grammar::all_are(value, grammar::kIce)) {
    return Code::candidate_grammar;
  }
  line.ufrag = value;
  return std::nullopt;
}

/// Extensions that nobody here knows are dropped when they are well formed.
Fault read_extension(std::string_view name, std::string_view value, CandidateLine& line) {
  if (name == "raddr" || name == "rport") return read_related(name, value);
  if (name == "generation") return read_number(value, line.generation);
  if (name == "network-id") return read_number(value, line.network_id);
  if (name == "network-cost") return read_number(value, line.network_cost);
  if (name == "ufrag") return read_ufrag(value, line);
  if (name == "tcptype") {
    const bool fits = line.transport == Transport::tcp && line.tcp_type == TcpType::none &&
                      pick(value, kTcpTypes, line.tcp_type);
    return fits ? std::nullopt : Fault(Code::candidate_grammar);
  }
  const bool harmless = grammar::is_token(name) && grammar::is_plain(value);
  return harmless ? std::nullopt : Fault(Code::candidate_grammar);
}

bool may_reach(const IpAddress& address, Type type, const Policy& policy) {
  const Scope scope = address.scope();
  if (scope == Scope::internet) return true;
  if (scope == Scope::nobody) return false;
  if (policy.reach == Policy::Reach::lan) return true;
  if (type == Type::host) return scope == Scope::site;
  if (type != Type::relay) return false;
  for (const auto& range : policy.relay_ranges) {
    if (range.contains(address)) return true;
  }
  return false;
}

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_named(std::string& out, std::string_view name, std::uint64_t value) {
  out += name;
  append_number(out, value);
}

}  // namespace

Result<CandidateLine, Code> read_candidate_line(std::string_view value) {
  if (value.size() > kCandidateBytesMax) return fail(Code::too_large);
  CandidateLine line;
  Words words(value);
  if (const Fault fault = read_head(words, line)) return fail(*fault);
  for (std::size_t count = 0; !words.done(); ++count) {
    if (count == kExtensionsMax) return fail(Code::candidate_grammar);
    const auto name = words.next();
    if (words.done()) return fail(Code::candidate_grammar);
    if (const Fault fault = read_extension(name, words.next(), line)) return fail(*fault);
  }
  // RFC 6544 §4.5: a TCP candidate says which side connects.
  if (line.transport == Transport::tcp && line.tcp_type == TcpType::none) {
    return fail(Code::candidate_grammar);
  }
  // Only a host candidate can hide behind a name: others are seen from outside.
  if (!line.address && line.type != Type::host) return fail(Code::candidate_address);
  return line;
}

bool CandidateLine::relayable(const Policy& policy) const {
  if (transport == Transport::tcp && policy.tcp == Policy::Tcp::drop) return false;
  // Nothing of a call lives at a port where the receiver's own network keeps its services.
  const bool discard = tcp_type == TcpType::active && port == kDiscardPort;
  if (port < kUnprivilegedPortMin && !discard) return false;
  if (policy.path == Policy::Path::relay_only && type != Type::relay) return false;
  return address ? may_reach(*address, type, policy) : is_random_name(name);
}

void CandidateLine::append_to(std::string& out) const {
  out += foundation;
  out += ' ';
  append_number(out, component);
  out += transport == Transport::udp ? " udp " : " tcp ";
  append_number(out, priority);
  out += ' ';
  if (address) {
    address->append_to(out);
  } else {
    const auto from = static_cast<std::ptrdiff_t>(out.size());
    out += name;
    std::transform(out.begin() + from, out.end(), out.begin() + from, grammar::to_lower);
  }
  out += ' ';
  append_number(out, port);
  out += " typ ";
  out += kTypes[static_cast<std::size_t>(type) - 1].first;
  if (type != Type::host) {
    // RFC 8839 §5.1: how an agent hides the related address.
    const bool v6 = address && address->family() == IpAddress::Family::v6;
    out += v6 ? " raddr :: rport 9" : " raddr 0.0.0.0 rport 9";
  }
  if (tcp_type != TcpType::none) {
    out += " tcptype ";
    out += kTcpTypes[static_cast<std::size_t>(tcp_type) - 1].first;
  }
  if (generation) append_named(out, " generation ", *generation);
  if (!ufrag.empty()) (out += " ufrag ") += ufrag;
  if (network_id) append_named(out, " network-id ", *network_id);
  if (network_cost) append_named(out, " network-cost ", *network_cost);
}

}  // namespace stillroom::sdp
