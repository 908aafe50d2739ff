// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "sdp/candidate_line.hpp"
#include "sdp/grammar.hpp"
#include "sdp/reader.hpp"

namespace stillroom::sdp {
namespace {

using grammar::Words;

constexpr std::size_t kNameBytesMax = 64;
constexpr std::size_t kKnownNameBytesMax = 17;  ///< the longest of those in the table
constexpr std::uint64_t kSourceMax = 0xffffffff;
constexpr std::uint64_t kExtensionIdMax = 4351;  // RFC 8285 §5, §6

struct Hash {
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array<Hash, 3> kStrongHashes{{{"sha-256", 32}, {"sha-384", 48}, {"sha-512", 64}}};

/// RFC 8122 §5: pairs of hex digits with colons between.
bool is_digest(std::string_view text, std::size_t bytes) {
  if (text.size() != bytes * 3 - 1) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at % 3 == 2 ? text[at] != ':' : !grammar::is(text[at], grammar::kHex)) return false;
  }
  return true;
}

/// RFC 8839 §5.4 with the lengths of §5.4: 4 and 22 characters at least, 256 at most.
bool is_ice_word(std::string_view text, std::size_t bytes_min) {
  return text.size() >= bytes_min && text.size() <= 256 && grammar::all_are(text, grammar::kIce);
}

/// RFC 8866 §6.6: `name/clock[/channels]`.
bool is_encoding(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || !grammar::is_token(text.substr(0, slash))) return false;
  auto clock = text.substr(slash + 1);
  if (const auto second = clock.find('/'); second != std::string_view::npos) {
    if (!grammar::number(clock.substr(second + 1), 255)) return false;
    clock = clock.substr(0, second);
  }
  return grammar::number(clock, kSourceMax).has_value();
}

Fault unless(bool good, Code code) {
  return good ? std::nullopt : Fault(code);
}

}  // namespace

const Reader::Attribute* Reader::find_attribute(std::string_view name) {
  using R = Reader;
  using enum Where;
  using enum Once;
  constexpr auto by_length = [](const Attribute& a, const Attribute& b) {
    return a.name.size() < b.name.size();
  };
  // Sorted by length of the name: a look-up compares with the few of its own length.
  static constexpr std::array<Attribute, 33> kAttributes{{
      {"mid", section_only, mid, &R::mid_value},
      {"rid", section_only, many, &R::plain},
      {"fmtp", section_only, many, &R::of_payload_type},
      {"msid", section_only, many, &R::plain},
      {"rtcp", section_only, rtcp, &R::rtcp_value},
      {"ssrc", section_only, many, &R::of_source},
      {"group", session_only, many, &R::group},
      {"setup", anywhere, setup, &R::setup_value},
      {"crypto", anywhere, many, &R::refuse_keying},
      {"extmap", anywhere, many, &R::extension_map},
      {"rtpmap", section_only, many, &R::of_payload_type},
      {"ice-pwd", anywhere, password, &R::ice_password},
      {"rtcp-fb", section_only, many, &R::of_payload_type},
      {"key-mgmt", anywhere, many, &R::refuse_keying},
      {"ice-lite", session_only, many, &R::flag},
      {"inactive", anywhere, direction, &R::direction_value},
      {"recvonly", anywhere, direction, &R::direction_value},
      {"rtcp-mux", section_only, mux, &R::flag},
      {"sendonly", anywhere, direction, &R::direction_value},
      {"sendrecv", anywhere, direction, &R::direction_value},
      {"candidate", section_only, many, &R::candidate},
      {"ice-ufrag", anywhere, ufrag, &R::ice_ufrag},
      {"sctp-port", section_only, sctp_port, &R::sctp_port_value},
      {"simulcast", section_only, many, &R::plain},
      {"zrtp-hash", anywhere, many, &R::refuse_keying},
      {"rtcp-rsize", section_only, many, &R::flag},
      {"ssrc-group", section_only, many, &R::plain},
      {"bundle-only", section_only, bundle_only, &R::flag},
      {"fingerprint", anywhere, many, &R::fingerprint},
      {"ice-options", anywhere, many, &R::tokens},
      {"max-message-size", section_only, message_size, &R::max_message_size},
      {"end-of-candidates", anywhere, end_of_candidates, &R::flag},
      {"remote-candidates", section_only, many, &R::drop},  // addresses of the other side
  }};
  static_assert(std::is_sorted(kAttributes.begin(), kAttributes.end(), by_length));
  static constexpr auto kFirst = [] {
    std::array<std::uint8_t, kKnownNameBytesMax + 2> first{};
    for (std::size_t bytes = 0; bytes < first.size(); ++bytes) {
      while (first[bytes] < kAttributes.size() && kAttributes[first[bytes]].name.size() < bytes) {
        ++first[bytes];
      }
    }
    return first;
  }();
  static_assert(kFirst.back() == kAttributes.size());
  if (name.size() > kKnownNameBytesMax) return nullptr;
  for (auto at = kFirst[name.size()]; at < kFirst[name.size() + 1]; ++at) {
    if (kAttributes[at].name == name) return &kAttributes[at];
  }
  return nullptr;
}

Fault Reader::attribute(std::string_view line) {
  const auto colon = line.find(':');
  attribute_name_ = line.substr(0, colon);
  const auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (colon != std::string_view::npos && value.empty()) return Code::attribute_grammar;
  const Attribute* known = find_attribute(attribute_name_);
  if (known == nullptr) return unknown_attribute(attribute_name_);
  if (!lines_.ascii()) return Code::attribute_grammar;
  if (const Fault fault = check_place(*known)) return fault;
  return (this->*known->read)(value);
}

/// Browsers bring new attributes every year: what is harmless text goes on, what is not stays here.
Fault Reader::unknown_attribute(std::string_view name) {
  if (!grammar::is_token(name)) return Code::attribute_grammar;
  if (name.size() <= kNameBytesMax && lines_.ascii()) pass();
  return std::nullopt;
}

Fault Reader::check_place(const Attribute& attribute) {
  const bool in_session = place() == Place::session;
  if (attribute.where == Where::session_only && !in_session) return Code::attribute_place;
  if (attribute.where == Where::section_only && in_session) return Code::attribute_place;
  if (attribute.once == Once::many) return std::nullopt;
  if (here().has(attribute.once)) return Code::attribute_twice;
  here().seen |= 1u << static_cast<unsigned>(attribute.once);
  return std::nullopt;
}

Fault Reader::drop(std::string_view) {
  return std::nullopt;
}

/// RFC 8827 §6.5: keys come from the DTLS handshake and from nowhere else.
Fault Reader::refuse_keying(std::string_view) {
  return Code::crypto_refused;
}

Fault Reader::flag(std::string_view value) {
  if (!value.empty()) return Code::attribute_grammar;
  pass();
  return std::nullopt;
}

Fault Reader::plain(std::string_view value) {
  if (value.empty()) return Code::attribute_grammar;
  pass();
  return std::nullopt;
}

Fault Reader::tokens(std::string_view value) {
  Words words(value);
  do {
    if (!grammar::is_token(words.next())) return Code::attribute_grammar;
  } while (!words.done());
  pass();
  return std::nullopt;
}

/// Lines about a payload type that the m-line does not offer are left out: pages that remove a
/// codec often forget them.
Fault Reader::of_payload_type(std::string_view value) {
  Words words(value);
  const auto type_word = words.next();
  if (words.done()) return Code::attribute_grammar;
  if (attribute_name_ == "rtpmap" && !is_encoding(words.rest())) return Code::attribute_grammar;
  if (type_word == "*" && attribute_name_ == "rtcp-fb") {
    pass();
    return std::nullopt;
  }
  const auto type = grammar::number(type_word, 127);
  if (!type) return Code::attribute_grammar;
  if (payload_types_.test(*type)) pass();
  return std::nullopt;
}

/// RFC 5576 §4.1.
Fault Reader::of_source(std::string_view value) {
  Words words(value);
  const bool numbered = grammar::number(words.next(), kSourceMax).has_value();
  if (!numbered || words.done()) return Code::attribute_grammar;
  pass();
  return std::nullopt;
}

/// RFC 8285 §5: `id[/direction] URI [attributes]`.
Fault Reader::extension_map(std::string_view value) {
  Words words(value);
  const auto first = words.next();
  const auto slash = first.find('/');
  const auto id = grammar::number(first.substr(0, slash), kExtensionIdMax);
  const bool directed =
      slash == std::string_view::npos || grammar::is_token(first.substr(slash + 1));
  if (!id || *id == 0 || !directed || words.done() || words.next().empty()) {
    return Code::attribute_grammar;
  }
  pass();
  return std::nullopt;
}

/// RFC 5888 §5, RFC 9143 §7.
Fault Reader::group(std::string_view value) {
  Words words(value);
  const auto semantics = words.next();
  if (!grammar::is_token(semantics)) return Code::attribute_grammar;
  const auto mids = words.rest();
  while (!words.done()) {
    if (!grammar::is_token(words.next())) return Code::bundle_grammar;
  }
  if (semantics == "BUNDLE") {
    if (bundle_) return Code::bundle_grammar;
    bundle_ = mids;
    bundle_line_ = lines_.number();
  }
  pass();
  return std::nullopt;
}

Fault Reader::mid_value(std::string_view value) {
  if (value.size() > kMidBytesMax || !grammar::is_token(value)) return Code::mid_grammar;
  if (section_of(value) != nullptr) return Code::mid_twice;
  section().mid = value;
  pass();
  return std::nullopt;
}

Fault Reader::ice_ufrag(std::string_view value) {
  if (!is_ice_word(value, 4)) return Code::ice_grammar;
  here().ufrag = value;
  pass();
  return std::nullopt;
}

Fault Reader::ice_password(std::string_view value) {
  if (!is_ice_word(value, 22)) return Code::ice_grammar;
  here().password = value;
  pass();
  return std::nullopt;
}

/// RFC 8122 §5. A weak hash beside a strong one is left out; alone it is refused at the end.
Fault Reader::fingerprint(std::string_view value) {
  Words words(value);
  const auto name = words.next();
  const auto digest = words.next();
  if (!grammar::is_token(name) || !words.done()) return Code::fingerprint_grammar;
  for (std::size_t at = 0; at < kStrongHashes.size(); ++at) {
    if (!grammar::equal_folded(name, kStrongHashes[at].name)) continue;
    if (!is_digest(digest, kStrongHashes[at].bytes)) return Code::fingerprint_grammar;
    const auto known = fingerprints_[at];
    if (!known.empty() && !grammar::equal_folded(known, digest)) return Code::fingerprint_differs;
    fingerprints_[at] = digest;
    const auto bit = static_cast<std::uint8_t>(1u << at);
    if ((here().hashes & bit) != 0) return std::nullopt;
    here().hashes = static_cast<std::uint8_t>(here().hashes | bit);
    out_.text_.append("a=fingerprint:").append(kStrongHashes[at].name).append(1, ' ');
    for (const char c : digest) out_.text_ += grammar::to_upper(c);
    out_.text_.append("\r\n");
    return std::nullopt;
  }
  here().weak_hash = true;
  return unless(grammar::is_plain(digest), Code::fingerprint_grammar);
}

/// RFC 4145 §4. `holdconn` has no meaning in a call that is to be set up.
Fault Reader::setup_value(std::string_view value) {
  auto& setup = here().setup;
  if (value == "actpass") setup = Setup::actpass;
  if (value == "active") setup = Setup::active;
  if (value == "passive") setup = Setup::passive;
  if (setup == Setup::none) return Code::setup_value;
  pass();
  return std::nullopt;
}

Fault Reader::direction_value(std::string_view value) {
  auto& direction = here().direction;
  if (attribute_name_ == "sendrecv") direction = Direction::sendrecv;
  if (attribute_name_ == "sendonly") direction = Direction::sendonly;
  if (attribute_name_ == "recvonly") direction = Direction::recvonly;
  if (attribute_name_ == "inactive") direction = Direction::inactive;
  return flag(value);
}

/// RFC 3605. With rtcp-mux it says nothing but an address, so it says none.
Fault Reader::rtcp_value(std::string_view value) {
  Words words(value);
  if (!grammar::number(words.next(), 65535)) return Code::attribute_grammar;
  write("a=rtcp:9 IN IP4 0.0.0.0");
  return std::nullopt;
}

Fault Reader::sctp_port_value(std::string_view value) {
  const auto port = grammar::number(value, 65535);  // RFC 8841 §5
  if (!port || *port == 0) return Code::attribute_grammar;
  pass();
  return std::nullopt;
}

Fault Reader::max_message_size(std::string_view value) {
  constexpr auto kAny = static_cast<std::uint64_t>(-1);  // RFC 8841 §6: no upper bound
  if (!grammar::number(value, kAny)) return Code::attribute_grammar;
  pass();
  return std::nullopt;
}

Fault Reader::candidate(std::string_view value) {
  if (++candidates_ > kCandidatesMax) return Code::too_many_candidates;
  const auto line = read_candidate_line(value);
  if (!line) return line.error();
  if (!line->ufrag.empty()) {
    auto& ufrag = here().candidate_ufrag;
    if (!ufrag.empty() && ufrag != line->ufrag) return Code::candidate_ufrag;
    ufrag = line->ufrag;
  }
  if (!line->relayable(policy_)) return std::nullopt;
  out_.text_.append("a=candidate:");
  line->append_to(out_.text_);
  out_.text_.append("\r\n");
  return std::nullopt;
}

}  // namespace stillroom::sdp
