// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "telemetry/field.hpp"
#include "telemetry/logger.hpp"

/// What is refused or ended, and why: the whole list, as docs/security/events.md tells it.
namespace stillroom::telemetry {

enum class SecurityKind : std::uint8_t {
  connection_refused,
  request_refused,
  connect_refused,
  refresh_refused,
  bearer_refused,
  log_in_refused,
  invite_refused,
  link_refused,
  renewal_refused,
  key_refused,
  staff_refused,
  session_refused,
  join_refused,
  call_refused,
  signalling_refused,
  packet_refused,
  transport_refused,
  access_ended,
  page_violated,
  unlisted,  ///< a reason that is missing from the list: a mistake of ours, told all the same
};
[[nodiscard]] constexpr Severity severity_of(SecurityKind kind) {
  return kind == SecurityKind::access_ended ? Severity::info : Severity::warning;
}

struct SecurityRow {
  SecurityKind kind;
  Literal name;    ///< of the kind
  Literal reason;  ///< in most cases the code that whoever was refused hears
};
inline constexpr std::size_t kSecurityRows = 154;

/// A kind's reasons stand together.
[[nodiscard]] const SecurityRow& security_row(std::size_t index);
/// The place of the row, which is its counter's as well.
[[nodiscard]] std::size_t find_security_row(SecurityKind kind, std::string_view reason);

}  // namespace stillroom::telemetry
