// SPDX-License-Identifier: Apache-2.0
#include "gateway/reasons.hpp"

#include <cstddef>
#include <iterator>

namespace stillroom::gateway {
namespace {

using telemetry::Counter;

/// In the order of socketio::Violation.
constexpr std::string_view kViolations[] = {
    "bad_packet",           "bad_json",          "bad_payload",        "bad_event_name",
    "not_connected",        "already_connected", "unexpected_packet",  "binary_refused",
    "too_many_attachments", "bad_placeholder",   "attachment_missing", "attachment_unexpected",
    "too_many_acks",        "too_many_connects", "connect_timeout",
};
static_assert(std::size(kViolations) ==
              static_cast<std::size_t>(socketio::Violation::connect_timeout) + 1);

}  // namespace

std::string_view reason_of(engineio::RequestError error) {
  using enum engineio::RequestError;
  switch (error) {
    case origin_refused:
      return "origin_refused";
    case insecure:
      return "insecure";
    case transport_unknown:
      return "transport_unknown";
    case sid_unknown:
      return "sid_unknown";
    case bad_handshake_method:
      return "bad_handshake_method";
    case bad_request:
      return "bad_request";
    case forbidden:
      return "forbidden";
    case unsupported_version:
      return "unsupported_version";
    case rate_limited:
      return "rate_limited";
    case payload_too_large:
      break;
  }
  return "payload_too_large";
}

std::string_view reason_of(HttpError error) {
  switch (error) {
    case HttpError::malformed:
      return "malformed";
    case HttpError::head_too_large:
      return "head_too_large";
    case HttpError::body_too_large:
      break;
  }
  return "body_too_large";
}

std::string_view reason_of(socketio::Violation violation) {
  return kViolations[static_cast<std::size_t>(violation)];
}

std::string_view reason_of(engineio::CloseReason reason) {
  using enum engineio::CloseReason;
  switch (reason) {
    case parse_error:
      return "parse_error";
    case protocol_error:
      return "protocol_error";
    case overlapping:
      return "overlapping";
    case message_too_big:
      return "message_too_big";
    case slow_reader:
      return "slow_reader";
    default:
      return {};
  }
}

Closed closed_of(engineio::CloseReason reason) {
  using enum engineio::CloseReason;
  switch (reason) {
    case client_close:
    case transport_closed:
      return {"client", Counter::links_closed_client};
    case transport_lost:
      return {"lost", Counter::links_closed_lost};
    case ping_timeout:
      return {"timeout", Counter::links_closed_timeout};
    case parse_error:
    case protocol_error:
    case overlapping:
    case message_too_big:
      return {"malformed", Counter::links_closed_malformed};
    case slow_reader:
      return {"slow_reader", Counter::links_closed_slow_reader};
    case server_close:
    case server_stop:
      break;
  }
  return {"server", Counter::links_closed_server};
}

}  // namespace stillroom::gateway
