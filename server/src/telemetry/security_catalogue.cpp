// SPDX-License-Identifier: Apache-2.0
#include "telemetry/security_catalogue.hpp"

#include <array>
#include <iterator>

namespace stillroom::telemetry {
namespace {

using enum SecurityKind;

constexpr SecurityRow kRows[] = {
    {connection_refused, "connection_refused", "rate_limited"},
    {connection_refused, "connection_refused", "full"},
    {connection_refused, "connection_refused", "stopping"},
    {connection_refused, "connection_refused", "no_proxy"},
    {connection_refused, "connection_refused", "header_missing"},
    {request_refused, "request_refused", "malformed"},
    {request_refused, "request_refused", "head_too_large"},
    {request_refused, "request_refused", "body_too_large"},
    {request_refused, "request_refused", "timeout"},
    {request_refused, "request_refused", "origin_refused"},
    {request_refused, "request_refused", "insecure"},
    {request_refused, "request_refused", "transport_unknown"},
    {request_refused, "request_refused", "sid_unknown"},
    {request_refused, "request_refused", "bad_handshake_method"},
    {request_refused, "request_refused", "bad_request"},
    {request_refused, "request_refused", "forbidden"},
    {request_refused, "request_refused", "unsupported_version"},
    {request_refused, "request_refused", "rate_limited"},
    {request_refused, "request_refused", "payload_too_large"},
    {request_refused, "request_refused", "upgrade_refused"},
    {request_refused, "request_refused", "report_refused"},
    {connect_refused, "connect_refused", "token_missing"},
    {connect_refused, "connect_refused", "token_invalid"},
    {connect_refused, "connect_refused", "token_expired"},
    {connect_refused, "connect_refused", "token_revoked"},
    {connect_refused, "connect_refused", "user_unknown"},
    {connect_refused, "connect_refused", "user_inactive"},
    {connect_refused, "connect_refused", "role_changed"},
    {connect_refused, "connect_refused", "ticket_used"},
    {connect_refused, "connect_refused", "rate_limited"},
    {connect_refused, "connect_refused", "unavailable"},
    {refresh_refused, "refresh_refused", "token_missing"},
    {refresh_refused, "refresh_refused", "token_invalid"},
    {refresh_refused, "refresh_refused", "token_expired"},
    {refresh_refused, "refresh_refused", "token_revoked"},
    {refresh_refused, "refresh_refused", "user_unknown"},
    {refresh_refused, "refresh_refused", "user_inactive"},
    {refresh_refused, "refresh_refused", "role_changed"},
    {refresh_refused, "refresh_refused", "ticket_used"},
    {refresh_refused, "refresh_refused", "unavailable"},
    {bearer_refused, "bearer_refused", "token_missing"},
    {bearer_refused, "bearer_refused", "token_invalid"},
    {bearer_refused, "bearer_refused", "token_expired"},
    {bearer_refused, "bearer_refused", "token_revoked"},
    {bearer_refused, "bearer_refused", "user_unknown"},
    {bearer_refused, "bearer_refused", "user_inactive"},
    {bearer_refused, "bearer_refused", "role_changed"},
    {bearer_refused, "bearer_refused", "unavailable"},
    {log_in_refused, "log_in_refused", "user_unknown"},
    {log_in_refused, "log_in_refused", "password_wrong"},
    {log_in_refused, "log_in_refused", "user_inactive"},
    {log_in_refused, "log_in_refused", "second_factor_missing"},
    {log_in_refused, "log_in_refused", "second_factor_wrong"},
    {log_in_refused, "log_in_refused", "second_factor_paused"},
    {log_in_refused, "log_in_refused", "paused"},
    {log_in_refused, "log_in_refused", "rate_limited"},
    {log_in_refused, "log_in_refused", "unavailable"},
    {invite_refused, "invite_refused", "invite_invalid"},
    {invite_refused, "invite_refused", "role_changed"},
    {invite_refused, "invite_refused", "maker_inactive"},
    {invite_refused, "invite_refused", "password_refused"},
    {invite_refused, "invite_refused", "code_wrong"},
    {invite_refused, "invite_refused", "second_factor_needed"},
    {invite_refused, "invite_refused", "rate_limited"},
    {link_refused, "link_refused", "malformed"},
    {link_refused, "link_refused", "unknown"},
    {link_refused, "link_refused", "used"},
    {link_refused, "link_refused", "expired"},
    {link_refused, "link_refused", "user_inactive"},
    {link_refused, "link_refused", "not_participant"},
    {link_refused, "link_refused", "session_over"},
    {link_refused, "link_refused", "role_changed"},
    {link_refused, "link_refused", "maker_inactive"},
    {link_refused, "link_refused", "rate_limited"},
    {renewal_refused, "renewal_refused", "not_renewable"},
    {renewal_refused, "renewal_refused", "token_invalid"},
    {key_refused, "key_refused", "malformed"},
    {key_refused, "key_refused", "unknown"},
    {key_refused, "key_refused", "wrong_secret"},
    {key_refused, "key_refused", "revoked"},
    {staff_refused, "staff_refused", "forbidden"},
    {staff_refused, "staff_refused", "not_yours"},
    {session_refused, "session_refused", "not_yours"},
    {join_refused, "join_refused", "not_found"},
    {join_refused, "join_refused", "not_yours"},
    {join_refused, "join_refused", "cancelled"},
    {join_refused, "join_refused", "unpaid"},
    {join_refused, "join_refused", "wrong_room"},
    {join_refused, "join_refused", "too_early"},
    {join_refused, "join_refused", "session_ended"},
    {join_refused, "join_refused", "room_full"},
    {join_refused, "join_refused", "join_failed"},
    {join_refused, "join_refused", "rate_limited"},
    {call_refused, "call_refused", "not_in_room"},
    {call_refused, "call_refused", "call_not_started"},
    {call_refused, "call_refused", "therapist_only"},
    {call_refused, "call_refused", "start_failed"},
    {call_refused, "call_refused", "end_failed"},
    {call_refused, "call_refused", "leave_failed"},
    {call_refused, "call_refused", "rate_limited"},
    {signalling_refused, "signalling_refused", "invalid_attempt"},
    {signalling_refused, "signalling_refused", "invalid_offer"},
    {signalling_refused, "signalling_refused", "invalid_answer"},
    {signalling_refused, "signalling_refused", "invalid_candidate"},
    {signalling_refused, "signalling_refused", "offer_failed"},
    {signalling_refused, "signalling_refused", "answer_failed"},
    {signalling_refused, "signalling_refused", "candidate_failed"},
    {signalling_refused, "signalling_refused", "ice_servers_failed"},
    {signalling_refused, "signalling_refused", "rate_limited"},
    {signalling_refused, "signalling_refused", "unknown_event"},
    {packet_refused, "packet_refused", "bad_packet"},
    {packet_refused, "packet_refused", "bad_json"},
    {packet_refused, "packet_refused", "bad_payload"},
    {packet_refused, "packet_refused", "bad_event_name"},
    {packet_refused, "packet_refused", "not_connected"},
    {packet_refused, "packet_refused", "already_connected"},
    {packet_refused, "packet_refused", "unexpected_packet"},
    {packet_refused, "packet_refused", "binary_refused"},
    {packet_refused, "packet_refused", "too_many_attachments"},
    {packet_refused, "packet_refused", "bad_placeholder"},
    {packet_refused, "packet_refused", "attachment_missing"},
    {packet_refused, "packet_refused", "attachment_unexpected"},
    {packet_refused, "packet_refused", "too_many_acks"},
    {packet_refused, "packet_refused", "too_many_connects"},
    {packet_refused, "packet_refused", "connect_timeout"},
    {transport_refused, "transport_refused", "parse_error"},
    {transport_refused, "transport_refused", "protocol_error"},
    {transport_refused, "transport_refused", "overlapping"},
    {transport_refused, "transport_refused", "message_too_big"},
    {transport_refused, "transport_refused", "slow_reader"},
    {access_ended, "access_ended", "token_expired"},
    {access_ended, "access_ended", "token_revoked"},
    {access_ended, "access_ended", "user_inactive"},
    {access_ended, "access_ended", "user_unknown"},
    {access_ended, "access_ended", "role_changed"},
    {access_ended, "access_ended", "unavailable"},
    {access_ended, "access_ended", "cancelled"},
    {access_ended, "access_ended", "unpaid"},
    {access_ended, "access_ended", "not_confirmed"},
    {access_ended, "access_ended", "not_yours"},
    {page_violated, "page_violated", "script-src"},
    {page_violated, "page_violated", "script-src-elem"},
    {page_violated, "page_violated", "script-src-attr"},
    {page_violated, "page_violated", "style-src-elem"},
    {page_violated, "page_violated", "style-src-attr"},
    {page_violated, "page_violated", "img-src"},
    {page_violated, "page_violated", "media-src"},
    {page_violated, "page_violated", "connect-src"},
    {page_violated, "page_violated", "worker-src"},
    {page_violated, "page_violated", "frame-ancestors"},
    {page_violated, "page_violated", "require-trusted-types-for"},
    {page_violated, "page_violated", "trusted-types"},
    {page_violated, "page_violated", "other"},
    {unlisted, "unlisted", "unlisted"},
};
static_assert(std::size(kRows) == kSecurityRows);

constexpr std::size_t kKinds = static_cast<std::size_t>(unlisted) + 1;

/// Where each kind begins.
consteval std::array<std::size_t, kKinds + 1> beginnings() {
  std::array<std::size_t, kKinds + 1> first{};
  std::size_t kind = 0;
  for (std::size_t row = 0; row < kSecurityRows; ++row) {
    if (row == 0 || kRows[row].kind != kRows[row - 1].kind) first[kind++] = row;
  }
  first[kKinds] = kSecurityRows;
  return first;
}
constexpr auto kFirst = beginnings();

consteval bool in_order() {
  for (std::size_t row = 0; row < kSecurityRows; ++row) {
    const auto kind = static_cast<std::size_t>(kRows[row].kind);
    if (row < kFirst[kind] || row >= kFirst[kind + 1]) return false;
  }
  return true;
}
static_assert(in_order(), "kinds in the order of the enumeration");

}  // namespace

const SecurityRow& security_row(std::size_t index) {
  return kRows[index];
}

std::size_t find_security_row(SecurityKind kind, std::string_view reason) {
  const auto at = static_cast<std::size_t>(kind);
  for (std::size_t row = kFirst[at]; row < kFirst[at + 1]; ++row) {
    if (kRows[row].reason.text() == reason) return row;
  }
  return kSecurityRows - 1;
}

}  // namespace stillroom::telemetry
