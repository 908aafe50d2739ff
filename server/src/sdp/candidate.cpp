// SPDX-License-Identifier: Apache-2.0
#include "sdp/candidate.hpp"

#include "sdp/candidate_line.hpp"
#include "sdp/description.hpp"
#include "sdp/grammar.hpp"

namespace stillroom::sdp {
namespace {

constexpr std::string_view kPrefix = "candidate:";
constexpr std::size_t kNormalFormBytes = 192;  ///< room for nearly every candidate

bool is_ufrag(std::string_view text) {
  return text.size() >= 4 && text.size() <= 256 && grammar::all_are(text, grammar::kIce);
}

/// W3C WebRTC §4.8.1: a candidate says its section by mid or by index; the end need not.
Result<void, Error> check_target(const CandidateInit& init) {
  const bool named = init.mid.has_value() || init.mline_index.has_value();
  if (!named && !init.line.empty()) return fail(Error{Code::candidate_target});
  if (init.mid && (init.mid->size() > kMidBytesMax || !grammar::is_token(*init.mid))) {
    return fail(Error{Code::candidate_target});
  }
  if (init.mline_index && *init.mline_index >= kSectionsMax) {
    return fail(Error{Code::candidate_target});
  }
  if (init.ufrag && !is_ufrag(*init.ufrag)) return fail(Error{Code::candidate_ufrag});
  return {};
}

}  // namespace

Result<Candidate, Error> parse_candidate(const CandidateInit& init, const Policy& policy) {
  if (const auto target = check_target(init); !target) return fail(target.error());
  Candidate candidate;
  if (init.mid) candidate.mid_.emplace(*init.mid);
  if (init.ufrag) candidate.ufrag_.emplace(*init.ufrag);
  candidate.mline_index_ = init.mline_index;
  if (init.line.empty()) return candidate;

  auto value = init.line;
  if (value.starts_with("a=")) value.remove_prefix(2);
  if (!value.starts_with(kPrefix)) return fail(Error{Code::candidate_grammar});
  value.remove_prefix(kPrefix.size());
  const auto line = read_candidate_line(value);
  if (!line) return fail(Error{line.error()});
  if (init.ufrag && !line->ufrag.empty() && line->ufrag != *init.ufrag) {
    return fail(Error{Code::candidate_ufrag});
  }
  if (!candidate.ufrag_ && !line->ufrag.empty()) candidate.ufrag_.emplace(line->ufrag);
  candidate.type_ = line->type;
  candidate.transport_ = line->transport;
  candidate.relayable_ = line->relayable(policy);
  candidate.text_.reserve(kNormalFormBytes);
  candidate.text_ += kPrefix;
  line->append_to(candidate.text_);
  return candidate;
}

}  // namespace stillroom::sdp
