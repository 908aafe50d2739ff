// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics_table.hpp"

namespace stillroom::telemetry {
namespace {

constexpr std::string_view kRefusedRequests = "HTTP requests refused before a handler saw them.";
constexpr std::string_view kOpenedLinks = "Engine.IO links opened, by first transport.";
constexpr std::string_view kClosedLinks = "Engine.IO links closed, by reason.";
constexpr std::string_view kRefusedConnects = "Socket.IO CONNECT packets refused, by code.";
constexpr std::string_view kEndedAccess = "Connections whose right to exist ended, by reason.";
constexpr std::string_view kViolatedPages = "Violations of the page's policy, as browsers told.";
constexpr std::string_view kRelayed = "Signalling messages relayed, by event.";

constexpr MetricRow kCounterRows[] = {
    {"connections_accepted", "", "Connections accepted."},
    {"connections_refused", "", "Connections closed at accept: the worker was full or stopping."},
    {"connections_moved", "", "Connections that went to the worker of their link."},
    {"http_requests", "", "HTTP requests read."},
    {"http_refused", R"(reason="malformed")", kRefusedRequests},
    {"http_refused", R"(reason="origin")", kRefusedRequests},
    {"http_refused", R"(reason="insecure")", kRefusedRequests},
    {"http_refused", R"(reason="engineio")", kRefusedRequests},
    {"http_refused", R"(reason="rate_limited")", kRefusedRequests},
    {"http_refused", R"(reason="token")", kRefusedRequests},
    {"links_opened", R"(transport="polling")", kOpenedLinks},
    {"links_opened", R"(transport="websocket")", kOpenedLinks},
    {"links_closed", R"(reason="client")", kClosedLinks},
    {"links_closed", R"(reason="lost")", kClosedLinks},
    {"links_closed", R"(reason="timeout")", kClosedLinks},
    {"links_closed", R"(reason="malformed")", kClosedLinks},
    {"links_closed", R"(reason="slow_reader")", kClosedLinks},
    {"links_closed", R"(reason="server")", kClosedLinks},
    {"connects_accepted", "", "Socket.IO CONNECT packets accepted."},
    {"connects_refused", R"(code="token_missing")", kRefusedConnects},
    {"connects_refused", R"(code="token_invalid")", kRefusedConnects},
    {"connects_refused", R"(code="token_expired")", kRefusedConnects},
    {"connects_refused", R"(code="user")", kRefusedConnects},
    {"connects_refused", R"(code="rate_limited")", kRefusedConnects},
    {"connects_refused", R"(code="unavailable")", kRefusedConnects},
    {"log_ins_accepted", "", "Log-ins begun."},
    {"log_ins_refused", "", "Log-ins refused, for whatever reason, or paused."},
    {"access_ended", R"(reason="token_expired")", kEndedAccess},
    {"access_ended", R"(reason="token_revoked")", kEndedAccess},
    {"access_ended", R"(reason="user")", kEndedAccess},
    {"access_ended", R"(reason="session")", kEndedAccess},
    {"access_ended", R"(reason="unavailable")", kEndedAccess},
    {"events_refused", "", "Client events refused before a room saw them."},
    {"commands_refused", "", "Commands that a room's rules or the store refused."},
    {"seats_taken", "", "Rooms joined."},
    {"seats_lost", "", "Seats given up, lost or replaced."},
    {"calls_started", "", "Calls started."},
    {"calls_ended", "", "Calls ended."},
    {"relayed", R"(event="offer")", kRelayed},
    {"relayed", R"(event="answer")", kRelayed},
    {"relayed", R"(event="candidate")", kRelayed},
    {"turn_credentials_issued", "", "TURN credentials issued."},
    {"page_violations", R"(directive="script-src")", kViolatedPages},
    {"page_violations", R"(directive="script-src-elem")", kViolatedPages},
    {"page_violations", R"(directive="script-src-attr")", kViolatedPages},
    {"page_violations", R"(directive="style-src-elem")", kViolatedPages},
    {"page_violations", R"(directive="style-src-attr")", kViolatedPages},
    {"page_violations", R"(directive="img-src")", kViolatedPages},
    {"page_violations", R"(directive="media-src")", kViolatedPages},
    {"page_violations", R"(directive="connect-src")", kViolatedPages},
    {"page_violations", R"(directive="worker-src")", kViolatedPages},
    {"page_violations", R"(directive="frame-ancestors")", kViolatedPages},
    {"page_violations", R"(directive="require-trusted-types-for")", kViolatedPages},
    {"page_violations", R"(directive="trusted-types")", kViolatedPages},
    {"page_violations", R"(directive="other")", kViolatedPages},
};
static_assert(std::size(kCounterRows) == kCounters, "a row for each counter, in order");

constexpr MetricRow kGaugeRows[] = {
    {"connections", "", "Open connections."},
    {"links", "", "Open Engine.IO links."},
    {"rooms", "", "Rooms in memory."},
    {"tls_certificate_expires", "", "End of the server's certificate, Unix seconds; 0 without."},
};
static_assert(std::size(kGaugeRows) == kGauges, "a row for each gauge, in order");

}  // namespace

const MetricRow& row_of(Counter counter) {
  return kCounterRows[static_cast<std::size_t>(counter)];
}

const MetricRow& row_of(Gauge gauge) {
  return kGaugeRows[static_cast<std::size_t>(gauge)];
}

}  // namespace stillroom::telemetry
