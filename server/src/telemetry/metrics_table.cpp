// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics_table.hpp"

namespace stillroom::telemetry {
namespace {

constexpr std::string_view kOpenedLinks = "Engine.IO links opened, by first transport.";
constexpr std::string_view kClosedLinks = "Engine.IO links closed, by reason.";
constexpr std::string_view kRelayed = "Signalling messages relayed, by event.";

constexpr MetricRow kCounterRows[] = {
    {"connections_accepted", "", "Connections accepted."},
    {"connections_moved", "", "Connections that went to the worker of their link."},
    {"http_requests", "", "HTTP requests read."},
    {"links_opened", R"(transport="polling")", kOpenedLinks},
    {"links_opened", R"(transport="websocket")", kOpenedLinks},
    {"links_closed", R"(reason="client")", kClosedLinks},
    {"links_closed", R"(reason="lost")", kClosedLinks},
    {"links_closed", R"(reason="timeout")", kClosedLinks},
    {"links_closed", R"(reason="malformed")", kClosedLinks},
    {"links_closed", R"(reason="slow_reader")", kClosedLinks},
    {"links_closed", R"(reason="server")", kClosedLinks},
    {"connects_accepted", "", "Socket.IO CONNECT packets accepted."},
    {"log_ins_accepted", "", "Log-ins begun."},
    {"seats_taken", "", "Rooms joined."},
    {"seats_lost", "", "Seats given up, lost or replaced."},
    {"calls_started", "", "Calls started."},
    {"calls_ended", "", "Calls ended."},
    {"relayed", R"(event="offer")", kRelayed},
    {"relayed", R"(event="answer")", kRelayed},
    {"relayed", R"(event="candidate")", kRelayed},
    {"turn_credentials_issued", "", "TURN credentials issued."},
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
