// SPDX-License-Identifier: Apache-2.0
#include "gateway/watch.hpp"

#include <cstddef>
#include <iterator>

#include "base/encoding.hpp"

namespace stillroom::gateway {
namespace {

using telemetry::Counter;
using telemetry::Field;
using telemetry::Literal;

struct Told {
  Literal word;
  Counter counter;
};

Told told_of(engineio::RequestError error) {
  using enum engineio::RequestError;
  switch (error) {
    case origin_refused:
      return {"origin", Counter::http_refused_origin};
    case insecure:
      return {"insecure", Counter::http_refused_insecure};
    case transport_unknown:
      return {"transport_unknown", Counter::http_refused_engineio};
    case sid_unknown:
      return {"sid_unknown", Counter::http_refused_engineio};
    case bad_handshake_method:
      return {"bad_handshake_method", Counter::http_refused_engineio};
    case bad_request:
      return {"bad_request", Counter::http_refused_engineio};
    case forbidden:
      return {"forbidden", Counter::http_refused_engineio};
    case unsupported_version:
      return {"unsupported_version", Counter::http_refused_engineio};
    case rate_limited:
      return {"rate_limited", Counter::http_refused_rate_limited};
    case payload_too_large:
      break;
  }
  return {"payload_too_large", Counter::http_refused_engineio};
}

Told told_of(const signalling::Problem& problem) {
  using namespace signalling::problems;
  if (problem == kTokenMissing) return {"token_missing", Counter::connects_refused_token_missing};
  if (problem == kTokenInvalid) return {"token_invalid", Counter::connects_refused_token_invalid};
  if (problem == kTokenExpired) return {"token_expired", Counter::connects_refused_token_expired};
  if (problem == kUserUnknown) return {"user_unknown", Counter::connects_refused_user};
  if (problem == kUserInactive) return {"user_inactive", Counter::connects_refused_user};
  if (problem == kLogInFailed) return {"log_in_failed", Counter::log_ins_refused};
  if (problem == kRateLimited) return {"rate_limited", Counter::connects_refused_rate_limited};
  return {"unavailable", Counter::connects_refused_unavailable};
}

Told told_of(engineio::CloseReason reason) {
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

Told told_of_ended(std::string_view reason) {
  if (reason == "token_expired") return {"token_expired", Counter::access_ended_expired};
  if (reason == "token_revoked") return {"token_revoked", Counter::access_ended_revoked};
  if (reason == "user_inactive") return {"user_inactive", Counter::access_ended_user};
  if (reason == "user_unknown") return {"user_unknown", Counter::access_ended_user};
  if (reason == "role_changed") return {"role_changed", Counter::access_ended_user};
  if (reason == "unavailable") return {"unavailable", Counter::access_ended_unavailable};
  return {"session", Counter::access_ended_session};
}

/// In the order of socketio::Violation.
constexpr Literal kViolations[] = {
    "bad_packet",           "bad_json",          "bad_payload",        "bad_event_name",
    "not_connected",        "already_connected", "unexpected_packet",  "binary_refused",
    "too_many_attachments", "bad_placeholder",   "attachment_missing", "attachment_unexpected",
    "too_many_acks",        "too_many_connects", "connect_timeout",
};
static_assert(std::size(kViolations) ==
              static_cast<std::size_t>(socketio::Violation::connect_timeout) + 1);

static_assert(static_cast<std::size_t>(Counter::page_violations_other) -
                      static_cast<std::size_t>(Counter::page_violations_script_src) + 1 ==
                  kDirectives,
              "a counter for each directive, in order");

Field from(const net::PeerAddress& source) {
  return {"source", telemetry::loggable_source(as_text({source.ip.data(), source.ip.size()}))};
}

}  // namespace

void Watch::request_refused(engineio::RequestError error, const net::PeerAddress& source) const {
  const Told told = told_of(error);
  metrics.add(told.counter);
  log.warning("request_refused", {{"reason", told.word}, from(source)});
}

void Watch::request_malformed(const net::PeerAddress& source) const {
  metrics.add(Counter::http_refused_malformed);
  log.warning("request_malformed", {from(source)});
}

void Watch::header_missing(const net::PeerAddress& source) const {
  metrics.add(Counter::connections_refused);
  log.warning("proxy_header_missing", {from(source)});
}

void Watch::connect_refused(const signalling::Problem& problem,
                            const net::PeerAddress& source) const {
  const Told told = told_of(problem);
  metrics.add(told.counter);
  log.warning("connect_refused", {{"code", told.word}, from(source)});
}

void Watch::bearer_refused(const signalling::Problem& problem,
                           const net::PeerAddress& source) const {
  metrics.add(Counter::http_refused_token);
  log.warning("bearer_refused", {{"code", told_of(problem).word}, from(source)});
}

void Watch::log_in_refused(const signalling::Problem& problem,
                           const net::PeerAddress& source) const {
  metrics.add(Counter::log_ins_refused);
  log.warning("log_in_refused", {{"code", told_of(problem).word}, from(source)});
}

void Watch::access_ended(std::string_view reason) const {
  const Told told = told_of_ended(reason);
  metrics.add(told.counter);
  log.info("access_ended", {{"reason", told.word}});
}

void Watch::violated(socketio::Violation violation, const net::PeerAddress& source) const {
  log.warning("packet_refused",
              {{"violation", kViolations[static_cast<std::size_t>(violation)]}, from(source)});
}

void Watch::page_violated(const ViolationCounts& counts, const net::PeerAddress& source) const {
  constexpr auto kFirst = static_cast<std::size_t>(Counter::page_violations_script_src);
  std::uint32_t reports = 0;
  std::size_t most = 0;
  for (std::size_t at = 0; at < kDirectives; ++at) {
    metrics.add(static_cast<Counter>(kFirst + at), counts[at]);
    reports += counts[at];
    if (counts[at] > counts[most]) most = at;
  }
  if (reports == 0) return;
  log.warning("page_violated",
              {{"reports", reports}, {"most_of", kDirectiveNames[most]}, from(source)});
}

void Watch::link_closed(engineio::CloseReason reason) const {
  const Told told = told_of(reason);
  metrics.add(told.counter);
  log.debug("link_closed", {{"reason", told.word}});
}

}  // namespace stillroom::gateway
