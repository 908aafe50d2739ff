// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sdp/candidate.hpp"

namespace stillroom::sdp {

/// A candidate-attribute taken apart; views into the line. What both the event and the `a=` line of
/// a description are read with.
struct CandidateLine {
  enum class TcpType : std::uint8_t { none, active, passive, so };

  std::string_view foundation;
  std::string_view name;  ///< `….local`; empty when there is an address
  std::optional<IpAddress> address;
  Candidate::Type type = Candidate::Type::host;
  Candidate::Transport transport = Candidate::Transport::udp;
  TcpType tcp_type = TcpType::none;
  std::uint8_t component = 0;
  std::uint16_t port = 0;
  std::uint32_t priority = 0;
  std::string_view ufrag;  ///< empty when not said
  std::optional<std::uint32_t> generation;
  std::optional<std::uint32_t> network_id;
  std::optional<std::uint32_t> network_cost;

  [[nodiscard]] bool relayable(const Policy& policy) const;
  /// The normal form without `candidate:`.
  void append_to(std::string& out) const;
};

/// `value` is what stands behind `candidate:`.
[[nodiscard]] Result<CandidateLine, Code> read_candidate_line(std::string_view value);

}  // namespace stillroom::sdp
