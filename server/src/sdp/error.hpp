// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace stillroom::sdp {

/// Why a description or a candidate goes no further. `code_text` is stable; see protocol/sdp.md.
enum class Code : std::uint8_t {
  too_large,  ///< over kDescriptionBytesMax, or a candidate over kCandidateBytesMax
  line_too_long,
  too_many_lines,
  too_many_sections,
  too_many_candidates,
  line_end,  ///< the last line does not end
  control_byte,
  not_utf8,
  line_grammar,  ///< not `<letter>=<value>`, or a letter SDP does not have
  line_order,    ///< a line where RFC 8866 §9 does not allow it, or twice
  line_missing,  ///< v, o, s, t, or any m
  version_line,
  origin_line,
  time_line,
  connection_line,
  key_line,  ///< `k=`: keys never travel in the description
  media_line,
  media_kind,      ///< other than audio, video, application; or a second application section
  media_protocol,  ///< other than UDP/TLS/RTP/SAVPF, UDP/DTLS/SCTP
  media_formats,
  attribute_grammar,
  attribute_place,  ///< a section's attribute before the first section, or the reverse
  attribute_twice,
  crypto_refused,  ///< a=crypto, a=key-mgmt, a=zrtp-hash: DTLS-SRTP is the only way
  fingerprint_missing,
  fingerprint_grammar,
  fingerprint_weak,     ///< nothing as good as SHA-256
  fingerprint_differs,  ///< two values for one hash function
  setup_missing,
  setup_value,  ///< unknown, or `actpass` in an answer
  setup_differs,
  ice_missing,
  ice_grammar,
  bundle_missing,  ///< no BUNDLE group, or a section outside of it
  bundle_grammar,  ///< names an unknown section, or a second group
  rtcp_mux_missing,
  mid_missing,
  mid_grammar,
  mid_twice,
  candidate_grammar,
  candidate_address,  ///< a host name, a zone, or no address at all
  candidate_target,   ///< says neither section nor index, or one that cannot be
  candidate_ufrag,    ///< the line and `usernameFragment` disagree
  answer_sections,    ///< other number, order, kind or mid than the offer
  answer_revives,     ///< takes up a section that the offer rejected
  answer_setup,       ///< both sides would take the same DTLS role
  answer_direction,   ///< would send what the offer does not receive (RFC 3264 §6.1)
};

struct Error {
  Code code;
  std::uint32_t line = 0;  ///< from 1; 0 when it is no single line

  friend bool operator==(const Error&, const Error&) = default;
};

/// `sdp_crypto_refused`: for `code` members and metrics.
[[nodiscard]] std::string_view code_text(Code code);
/// One sentence for developers; says nothing of what was received.
[[nodiscard]] std::string_view sentence(Code code);

}  // namespace stillroom::sdp
