// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sdp/error.hpp"
#include "sdp/policy.hpp"

namespace stillroom::sdp {

inline constexpr std::size_t kCandidateBytesMax = 1024;

/// What an `ice-candidate` event carries (W3C RTCIceCandidateInit), still unread.
struct CandidateInit {
  std::string_view line;  ///< empty ends the candidates; `a=` in front is allowed
  std::optional<std::string_view> mid;
  std::optional<std::uint32_t> mline_index;
  std::optional<std::string_view> ufrag;
};

/// A candidate by the grammar of RFC 8839 §5.1, in normal form: addresses canonical, related
/// address hidden (it is for diagnostics and tells where somebody is), extensions in fixed order.
class Candidate {
 public:
  enum class Type : std::uint8_t { end, host, srflx, prflx, relay };
  enum class Transport : std::uint8_t { udp, tcp };

  [[nodiscard]] Type type() const { return type_; }
  [[nodiscard]] bool ends() const { return type_ == Type::end; }
  [[nodiscard]] Transport transport() const { return transport_; }
  /// False: acked as not relayed, reaches nobody.
  [[nodiscard]] bool relayable() const { return relayable_; }

  /// `candidate:…` without `a=`; empty at the end of candidates. Plain ASCII without quotes.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] const std::optional<std::string>& mid() const { return mid_; }
  [[nodiscard]] std::optional<std::uint32_t> mline_index() const { return mline_index_; }
  /// Names the ICE generation; compare with `Shape::knows_ufrag` of the sender's description.
  [[nodiscard]] const std::optional<std::string>& ufrag() const { return ufrag_; }

 private:
  friend Result<Candidate, Error> parse_candidate(const CandidateInit& init, const Policy& policy);
  std::string text_;
  std::optional<std::string> mid_;
  std::optional<std::string> ufrag_;
  std::optional<std::uint32_t> mline_index_;
  Type type_ = Type::end;
  Transport transport_ = Transport::udp;
  bool relayable_ = true;
};

[[nodiscard]] Result<Candidate, Error> parse_candidate(const CandidateInit& init,
                                                       const Policy& policy = {});

}  // namespace stillroom::sdp
