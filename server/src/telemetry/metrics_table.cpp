// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics_table.hpp"

namespace stillroom::telemetry {
namespace {

constexpr std::string_view kRefusedConnections = "Connections refused at accept.";
constexpr std::string_view kClosedConnections = "Connections closed, by reason.";
constexpr std::string_view kRefusedRequests = "HTTP requests refused before a handler saw them.";
constexpr std::string_view kOpenedLinks = "Engine.IO links opened, by first transport.";
constexpr std::string_view kRefusedConnects = "Socket.IO CONNECT packets refused, by code.";
constexpr std::string_view kRefusedEvents = "Client events refused before a room saw them.";

constexpr MetricRow kCounterRows[] = {
    {"connections_accepted", "", "Connections accepted."},
    {"connections_refused", R"(reason="rate")", kRefusedConnections},
    {"connections_refused", R"(reason="limit")", kRefusedConnections},
    {"connections_closed", R"(reason="peer")", kClosedConnections},
    {"connections_closed", R"(reason="server")", kClosedConnections},
    {"connections_closed", R"(reason="slow_reader")", kClosedConnections},
    {"connections_closed", R"(reason="deadline")", kClosedConnections},
    {"tls_handshakes_failed", "", "TLS handshakes that failed."},
    {"http_requests", "", "HTTP requests read."},
    {"http_refused", R"(reason="malformed")", kRefusedRequests},
    {"http_refused", R"(reason="origin")", kRefusedRequests},
    {"http_refused", R"(reason="insecure")", kRefusedRequests},
    {"http_refused", R"(reason="rate")", kRefusedRequests},
    {"http_refused", R"(reason="too_large")", kRefusedRequests},
    {"received_bytes", "", "Bytes received from clients, after TLS."},
    {"sent_bytes", "", "Bytes sent to clients, before TLS."},
    {"links_opened", R"(transport="polling")", kOpenedLinks},
    {"links_opened", R"(transport="websocket")", kOpenedLinks},
    {"links_upgraded", "", "Engine.IO links upgraded from polling to WebSocket."},
    {"links_closed", "", "Engine.IO links closed."},
    {"links_refused", "", "Engine.IO handshakes and requests refused."},
    {"packets_received", "", "Engine.IO packets received."},
    {"packets_sent", "", "Engine.IO packets sent."},
    {"connects_accepted", "", "Socket.IO CONNECT packets accepted."},
    {"connects_refused", R"(code="token_missing")", kRefusedConnects},
    {"connects_refused", R"(code="token_invalid")", kRefusedConnects},
    {"connects_refused", R"(code="token_expired")", kRefusedConnects},
    {"connects_refused", R"(code="user")", kRefusedConnects},
    {"connects_refused", R"(code="rate_limited")", kRefusedConnects},
    {"joins_accepted", "", "Rooms joined."},
    {"joins_refused", "", "Joins refused."},
    {"seats_left", "", "Seats given up or lost."},
    {"calls_started", "", "Calls started."},
    {"calls_ended", "", "Calls ended."},
    {"relayed", R"(event="offer")", "Signalling messages relayed, by event."},
    {"relayed", R"(event="answer")", "Signalling messages relayed, by event."},
    {"relayed", R"(event="candidate")", "Signalling messages relayed, by event."},
    {"candidates_dropped", "", "Well-formed candidates that policy keeps from the peer."},
    {"signalling_refused", "", "Signalling messages refused."},
    {"events_refused", R"(reason="rate")", kRefusedEvents},
    {"events_refused", R"(reason="malformed")", kRefusedEvents},
    {"rest_requests", "", "REST requests answered."},
    {"rest_refused", "", "REST requests refused."},
    {"turn_credentials_issued", "", "TURN credentials issued."},
    {"records_written", "", "Audit records made durable."},
    {"records_failed", "",
     "Audit records that could not be written; their effects did not happen."},
    {"store_operations", "", "Operations on the store."},
    {"store_failed", "", "Operations on the store that failed."},
    {"mailbox_full", "", "Messages between workers refused because a mailbox was full."},
};
static_assert(std::size(kCounterRows) == kCounters, "a row for each counter, in order");

constexpr MetricRow kGaugeRows[] = {
    {"connections", "", "Open connections."},
    {"links", "", "Open Engine.IO links."},
    {"sockets", "", "Connected Socket.IO sockets."},
    {"rooms", "", "Rooms in memory."},
    {"seats", "", "Seats held."},
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
