// SPDX-License-Identifier: Apache-2.0
#include "sdp/reader.hpp"

#include "sdp/grammar.hpp"

namespace stillroom::sdp {
namespace {

using grammar::Words;

constexpr std::string_view kMediaProtocol = "UDP/TLS/RTP/SAVPF";  // RFC 8829 §5.1.2
constexpr std::string_view kDataProtocol = "UDP/DTLS/SCTP";       // RFC 8841 §4
constexpr std::string_view kDataFormat = "webrtc-datachannel";
// RFC 8840 §4.1.1: what a description says before it knows an address, and all that it tells here.
constexpr std::string_view kNoConnection = "c=IN IP4 0.0.0.0";

// RFC 8866 §9: the order of lines, and which of them may be repeated.
constexpr std::string_view kSessionOrder = "vosiuepcbtrzka";
constexpr std::string_view kSectionOrder = "micbka";
constexpr std::string_view kRepeatable = "epba";

std::optional<Kind> kind_of(std::string_view word) {
  if (word == "audio") return Kind::audio;
  if (word == "video") return Kind::video;
  if (word == "application") return Kind::application;
  return std::nullopt;
}

bool is_address_like(std::string_view word) {
  return !word.empty() && grammar::all_are(word, grammar::kAddress);
}

bool is_address_kind(std::string_view word) {
  return word == "IP4" || word == "IP6";
}

}  // namespace

Reader::Reader(std::string_view text, Role role, const Policy& policy)
    : text_(text), lines_(text), role_(role), policy_(policy) {}

Result<Description, Error> Reader::read() && {
  if (text_.size() > kDescriptionBytesMax) return fail(Error{Code::too_large});
  // LF grows to CRLF and a section may gain its `c=` line; one allocation is nearly always enough.
  out_.text_.reserve(text_.size() + text_.size() / 16 + 256);
  while (!lines_.done()) {
    if (const Fault fault = lines_.next()) return fail(error(*fault));
    if (const Fault fault = read_line()) return fail(error(*fault));
  }
  if (const Fault fault = finish()) return fail(error(*fault));
  return std::move(out_);
}

Error Reader::error(Code code) const {
  if (blame_ == kWholeText) return {code, 0};
  return {code, blame_ != 0 ? blame_ : lines_.number()};
}

Fault Reader::read_line() {
  const char letter = lines_.letter();
  const auto value = lines_.value();
  if (const Fault fault = check_order(letter)) return fault;
  switch (letter) {
    case 'v':
      return version(value);
    case 'o':
      return origin(value);
    case 's':
      write("s=-");
      return std::nullopt;
    case 't':
      return time(value);
    case 'c':
      return connection(value);
    case 'b':
      return bandwidth(value);
    case 'k':
      return Code::key_line;
    case 'm':
      return media(value);
    case 'a':
      return attribute(value);
    default:
      return std::nullopt;  // i, u, e, p, r, z: about people and dates; a call needs none
  }
}

Fault Reader::check_order(char letter) {
  if (letter == 'm') {
    // Everything the session must say stands in front of its first section.
    return place() == Place::session && rank_ < kSessionOrder.find('t') ? Fault(Code::line_missing)
                                                                        : std::nullopt;
  }
  const auto order = place() == Place::session ? kSessionOrder : kSectionOrder;
  const auto rank = order.find(letter);
  if (rank == std::string_view::npos) {
    const bool known = kSessionOrder.find(letter) != std::string_view::npos;
    return known ? Code::line_order : Code::line_grammar;
  }
  const bool first = lines_.number() == 1;
  const bool again = rank == rank_ && !first && kRepeatable.find(letter) == std::string_view::npos;
  if (again || rank < rank_) return Code::line_order;
  if (place() == Place::session) {
    // v, o, s and t cannot be left out.
    for (const char needed : std::string_view("vost")) {
      const auto at = order.find(needed);
      if (at < rank && (first || rank_ < at)) return Code::line_missing;
    }
  }
  rank_ = rank;
  return std::nullopt;
}

Fault Reader::version(std::string_view value) {
  if (value != "0") return Code::version_line;
  write("v=0");
  return std::nullopt;
}

/// RFC 8866 §5.2. Who and where stays here; id and version tell one description from the next.
Fault Reader::origin(std::string_view value) {
  Words words(value);
  const auto user = words.next();
  const auto id = words.next();
  const auto version = words.next();
  const auto net = words.next();
  const auto kind = words.next();
  const auto address = words.next();
  constexpr auto kAny = static_cast<std::uint64_t>(-1);
  const bool good = !user.empty() && grammar::number(id, kAny) && grammar::number(version, kAny) &&
                    net == "IN" && is_address_kind(kind) && is_address_like(address) &&
                    words.done();
  if (!good) return Code::origin_line;
  out_.text_.append("o=- ").append(id).append(1, ' ').append(version);
  write(" IN IP4 127.0.0.1");
  return std::nullopt;
}

Fault Reader::time(std::string_view value) {
  Words words(value);
  constexpr auto kAny = static_cast<std::uint64_t>(-1);
  const auto start = grammar::number(words.next(), kAny);
  const auto stop = grammar::number(words.next(), kAny);
  if (!start || !stop || !words.done()) return Code::time_line;
  write("t=0 0");  // RFC 8829 §5.2.1
  return std::nullopt;
}

Fault Reader::connection(std::string_view value) {
  Words words(value);
  const auto net = words.next();
  const auto kind = words.next();
  const auto address = words.next();
  const bool good =
      net == "IN" && is_address_kind(kind) && is_address_like(address) && words.done();
  return good ? std::nullopt : Fault(Code::connection_line);
}

Fault Reader::bandwidth(std::string_view value) {
  const auto colon = value.find(':');
  const auto kind = value.substr(0, colon);
  const bool good = colon != std::string_view::npos && grammar::is_token(kind) &&
                    grammar::number(value.substr(colon + 1), 0xffffffff);
  if (!good) return Code::line_grammar;
  pass();
  return std::nullopt;
}

Fault Reader::media(std::string_view value) {
  if (place() == Place::section) {
    if (const Fault fault = finish_section()) return fault;
  }
  if (sections_ == kSectionsMax) return Code::too_many_sections;
  Words words(value);
  const auto kind_word = words.next();
  const auto port = grammar::number(words.next(), 65535);
  const auto protocol = words.next();
  const auto kind = kind_of(kind_word);
  payload_types_.reset();
  if (!port || words.done()) return Code::media_line;
  if (!kind) return Code::media_kind;
  if (*kind == Kind::application) {
    if (data_section_) return Code::media_kind;
    data_section_ = true;
    if (protocol != kDataProtocol) return Code::media_protocol;
    if (words.rest() != kDataFormat) return Code::media_formats;
  } else {
    if (protocol != kMediaProtocol) return Code::media_protocol;
    if (const Fault fault = payload_types(words.rest())) return fault;
  }
  ++sections_;
  here().line = lines_.number();
  rank_ = 0;
  out_.shape_.sections.push_back({.kind = *kind, .rejected = *port == 0});
  out_.text_.append("m=").append(kind_word).append(*port == 0 ? " 0 " : " 9 ");
  out_.text_.append(protocol).append(1, ' ');
  write(words.rest());
  write(kNoConnection);
  return std::nullopt;
}

Fault Reader::payload_types(std::string_view formats) {
  Words words(formats);
  while (!words.done()) {
    const auto type = grammar::number(words.next(), 127);  // RFC 3550 §5.1: seven bits
    if (!type || payload_types_.test(*type)) return Code::media_formats;
    payload_types_.set(*type);
  }
  return std::nullopt;
}

Result<Description, Error> parse_offer(std::string_view text, const Policy& policy) {
  return Reader(text, Role::offer, policy).read();
}

Result<Description, Error> parse_answer(std::string_view text, const Policy& policy) {
  return Reader(text, Role::answer, policy).read();
}

}  // namespace stillroom::sdp
