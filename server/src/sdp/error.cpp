// SPDX-License-Identifier: Apache-2.0
#include "sdp/error.hpp"

#include <array>

namespace stillroom::sdp {
namespace {

struct Entry {
  Code code;
  std::string_view text;
  std::string_view sentence;
};

/// In the order of `Code`.
constexpr std::array kEntries{
    Entry{Code::too_large, "sdp_too_large", "The text is larger than the server takes."},
    Entry{Code::line_too_long, "sdp_line_too_long", "A line is longer than 4,096 bytes."},
    Entry{Code::too_many_lines, "sdp_too_many_lines", "There are more than 4,096 lines."},
    Entry{Code::too_many_sections, "sdp_too_many_sections",
          "There are more than 32 media sections."},
    Entry{Code::too_many_candidates, "sdp_too_many_candidates",
          "There are more than 100 candidates."},
    Entry{Code::line_end, "sdp_line_end", "The last line has no line end."},
    Entry{Code::control_byte, "sdp_control_byte", "A line holds a control character."},
    Entry{Code::not_utf8, "sdp_not_utf8", "The text is not UTF-8."},
    Entry{Code::line_grammar, "sdp_line_grammar",
          "A line is not a letter, an equals sign and a value."},
    Entry{Code::line_order, "sdp_line_order", "A line stands where it may not stand, or twice."},
    Entry{Code::line_missing, "sdp_line_missing", "One of the lines v, o, s, t, m is missing."},
    Entry{Code::version_line, "sdp_version_line", "The version is not 0."},
    Entry{Code::origin_line, "sdp_origin_line", "The origin line does not have its six words."},
    Entry{Code::time_line, "sdp_time_line", "The time line is not two numbers."},
    Entry{Code::connection_line, "sdp_connection_line", "A connection line is malformed."},
    Entry{Code::key_line, "sdp_key_line", "Keys do not travel in a description."},
    Entry{Code::media_line, "sdp_media_line", "A media line is malformed."},
    Entry{Code::media_kind, "sdp_media_kind",
          "Only audio, video and one application section are taken."},
    Entry{Code::media_protocol, "sdp_media_protocol",
          "Media travels as UDP/TLS/RTP/SAVPF, data as UDP/DTLS/SCTP."},
    Entry{Code::media_formats, "sdp_media_formats", "A media line names impossible formats."},
    Entry{Code::attribute_grammar, "sdp_attribute_grammar", "An attribute is malformed."},
    Entry{Code::attribute_place, "sdp_attribute_place",
          "An attribute stands at the session instead of a section, or the reverse."},
    Entry{Code::attribute_twice, "sdp_attribute_twice",
          "An attribute that stands once stands twice."},
    Entry{Code::crypto_refused, "sdp_crypto_refused", "Only DTLS-SRTP is taken: no other keying."},
    Entry{Code::fingerprint_missing, "sdp_fingerprint_missing",
          "A section has no certificate fingerprint."},
    Entry{Code::fingerprint_grammar, "sdp_fingerprint_grammar", "A fingerprint is malformed."},
    Entry{Code::fingerprint_weak, "sdp_fingerprint_weak", "A fingerprint is weaker than SHA-256."},
    Entry{Code::fingerprint_differs, "sdp_fingerprint_differs", "Fingerprints differ."},
    Entry{Code::setup_missing, "sdp_setup_missing", "The DTLS role is missing."},
    Entry{Code::setup_value, "sdp_setup_value", "The DTLS role is not one that can stand here."},
    Entry{Code::setup_differs, "sdp_setup_differs",
          "Sections of one transport differ in DTLS role."},
    Entry{Code::ice_missing, "sdp_ice_missing", "ICE user name fragment or password is missing."},
    Entry{Code::ice_grammar, "sdp_ice_grammar", "ICE user name fragment or password is malformed."},
    Entry{Code::bundle_missing, "sdp_bundle_missing", "A section is not in the BUNDLE group."},
    Entry{Code::bundle_grammar, "sdp_bundle_grammar", "The BUNDLE group is malformed."},
    Entry{Code::rtcp_mux_missing, "sdp_rtcp_mux_missing", "A section does not multiplex RTCP."},
    Entry{Code::mid_missing, "sdp_mid_missing", "A section has no identification."},
    Entry{Code::mid_grammar, "sdp_mid_grammar", "A section's identification is malformed."},
    Entry{Code::mid_twice, "sdp_mid_twice", "Two sections have the same identification."},
    Entry{Code::candidate_grammar, "candidate_grammar", "The candidate is malformed."},
    Entry{Code::candidate_address, "candidate_address",
          "The candidate has no IP address and no mDNS name."},
    Entry{Code::candidate_target, "candidate_target", "The candidate does not say its section."},
    Entry{Code::candidate_ufrag, "candidate_ufrag",
          "The candidate's user name fragment is malformed or not the section's."},
    Entry{Code::answer_sections, "sdp_answer_sections",
          "The answer's sections are not the offer's."},
    Entry{Code::answer_revives, "sdp_answer_revives",
          "The answer takes up a section that the offer rejected."},
    Entry{Code::answer_setup, "sdp_answer_setup", "Both sides would take the same DTLS role."},
    Entry{Code::answer_direction, "sdp_answer_direction",
          "The answer's direction does not fit the offer's."},
};

constexpr bool complete() {
  for (std::size_t at = 0; at < kEntries.size(); ++at) {
    if (kEntries[at].code != static_cast<Code>(at)) return false;
  }
  return kEntries.back().code == Code::answer_direction;
}
static_assert(complete());

}  // namespace

std::string_view code_text(Code code) {
  return kEntries[static_cast<std::size_t>(code)].text;
}
std::string_view sentence(Code code) {
  return kEntries[static_cast<std::size_t>(code)].sentence;
}

}  // namespace stillroom::sdp
