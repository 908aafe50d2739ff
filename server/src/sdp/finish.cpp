// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"
#include "sdp/grammar.hpp"
#include "sdp/reader.hpp"

namespace stillroom::sdp {

using grammar::Words;

const Section* Reader::section_of(std::string_view mid) const {
  for (const auto& section : out_.shape_.sections) {
    if (section.mid == mid) return &section;
  }
  return nullptr;
}

void Reader::keep_ufrag(std::string_view ufrag) {
  if (!out_.shape_.knows_ufrag(ufrag)) out_.shape_.ufrags.emplace_back(ufrag);
}

/// A section is complete when the next begins; what it does not say, the session said for all.
Fault Reader::finish_section() {
  const Transport& session = transports_[0];
  Transport& own = here();
  Section& described = section();
  blame_ = own.line;
  // RFC 9143 §6: port 0 with bundle-only asks to share a transport, without it rejects.
  const bool bundle_only = described.rejected && own.has(Once::bundle_only);
  described.rejected = described.rejected && !bundle_only;
  described.direction = own.direction.value_or(session.direction.value_or(Direction::sendrecv));
  if (!described.rejected) {
    if (described.mid.empty()) return Code::mid_missing;
    if (described.kind != Kind::application && !own.has(Once::mux)) return Code::rtcp_mux_missing;
    if (own.has(Once::ufrag) != own.has(Once::password)) return Code::ice_missing;
    if (own.hashes == 0 && session.hashes == 0 && !bundle_only) {
      const bool weak = own.weak_hash || session.weak_hash;
      return weak ? Code::fingerprint_weak : Code::fingerprint_missing;
    }
    described.setup = own.setup != Setup::none ? own.setup : session.setup;
    if (role_ == Role::answer && described.setup == Setup::actpass) return Code::setup_value;
    if (const Fault fault = finish_transport(own)) return fault;
  }
  blame_ = 0;
  return std::nullopt;
}

/// Everything said twice says the same.
Fault Reader::finish_transport(const Transport& own) {
  const auto ufrag = own.ufrag.empty() ? transports_[0].ufrag : own.ufrag;
  if (!ufrag.empty()) keep_ufrag(ufrag);
  // A candidate of another ICE generation would never be answered.
  if (!own.candidate_ufrag.empty() && own.candidate_ufrag != ufrag) return Code::candidate_ufrag;
  for (const auto hashes : {transports_[0].hashes, own.hashes}) {
    if (hashes == 0) continue;
    if (hashes_ != 0 && hashes_ != hashes) return Code::fingerprint_differs;
    hashes_ = hashes;
  }
  return std::nullopt;
}

Fault Reader::finish() {
  blame_ = lines_.number();
  if (place() == Place::session) return Code::line_missing;
  if (const Fault fault = finish_section()) return fault;
  if (lines_.beyond_ascii() && !is_utf8(text_)) {
    blame_ = kWholeText;
    return Code::not_utf8;
  }
  if (const Fault fault = finish_fingerprints()) return fault;
  return finish_bundle();
}

/// Even a description that rejects everything says whose it is.
Fault Reader::finish_fingerprints() {
  bool weak = false;
  for (std::size_t index = 0; index <= sections_; ++index) {
    if (transports_[index].hashes != 0) return std::nullopt;
    weak = weak || transports_[index].weak_hash;
  }
  return weak ? Code::fingerprint_weak : Code::fingerprint_missing;
}

/// RFC 9143 §7: one transport for everything that is not rejected, as browsers do it.
Fault Reader::finish_bundle() {
  std::bitset<kSectionsMax> bundled;
  const auto& sections = out_.shape_.sections;
  std::optional<std::size_t> tagged;
  blame_ = bundle_line_;
  for (Words mids(bundle_.value_or(std::string_view())); !mids.done();) {
    const Section* named = section_of(mids.next());
    if (named == nullptr) return Code::bundle_grammar;
    const auto index = static_cast<std::size_t>(named - sections.data());
    if (bundled.test(index)) return Code::bundle_grammar;
    bundled.set(index);
    if (!tagged && !named->rejected) tagged = index;
  }
  for (std::size_t index = 0; index < sections.size(); ++index) {
    if (sections[index].rejected || bundled.test(index)) continue;
    blame_ = transports_[index + 1].line;
    return Code::bundle_missing;
  }
  return tagged ? finish_tagged(*tagged) : std::nullopt;
}

/// RFC 9143 §7.1.3: the first section of the group speaks for the transport; others may be silent
/// about it, but not say something else.
Fault Reader::finish_tagged(std::size_t tagged) {
  auto& sections = out_.shape_.sections;
  const Transport& session = transports_[0];
  const Transport& own = transports_[tagged + 1];
  blame_ = own.line;
  const bool has_ice =
      own.has(Once::ufrag) || (session.has(Once::ufrag) && session.has(Once::password));
  if (!has_ice) return Code::ice_missing;
  const Setup setup = sections[tagged].setup;
  if (setup == Setup::none) return Code::setup_missing;
  for (std::size_t index = 0; index < sections.size(); ++index) {
    auto& section = sections[index];
    if (section.rejected) continue;
    if (section.setup == Setup::none) section.setup = setup;
    blame_ = transports_[index + 1].line;
    if (section.setup != setup) return Code::setup_differs;
  }
  blame_ = 0;
  return std::nullopt;
}

}  // namespace stillroom::sdp
