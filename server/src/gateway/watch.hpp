// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engineio/link.hpp"
#include "engineio/request.hpp"
#include "gateway/reports.hpp"
#include "net/peer_address.hpp"
#include "signalling/problems.hpp"
#include "socketio/peer.hpp"
#include "telemetry/logger.hpp"
#include "telemetry/metrics.hpp"

/// What an operator sees of the door: each refusal and each closing is counted and told once, by a
/// word of ours and a keyed digest of the source, made when the line is. Never what the peer wrote.
namespace stillroom::gateway {

struct Watch {
  telemetry::WorkerMetrics& metrics;
  telemetry::Logger& log;

  /// A request refused by HTTP.
  void request_refused(engineio::RequestError error, const net::PeerAddress& source) const;
  /// A request that is no HTTP.
  void request_malformed(const net::PeerAddress& source) const;
  /// A trusted proxy without the PROXY header that it was said to send.
  void header_missing(const net::PeerAddress& source) const;
  /// A Socket.IO CONNECT refused.
  void connect_refused(const signalling::Problem& problem, const net::PeerAddress& source) const;
  /// A REST request with no token, or one that does not open.
  void bearer_refused(const signalling::Problem& problem, const net::PeerAddress& source) const;
  void logged_in() const { metrics.add(telemetry::Counter::log_ins_accepted); }
  /// A wrong log-in, or one that has to wait.
  void log_in_refused(const signalling::Problem& problem, const net::PeerAddress& source) const;
  /// A connection lost its right to exist; `reason` as it was told.
  void access_ended(std::string_view reason) const;
  /// A packet that breaks the protocol; its link is closed.
  void violated(socketio::Violation violation, const net::PeerAddress& source) const;
  /// Browsers told that our pages did what their policy forbids.
  void page_violated(const ViolationCounts& counts, const net::PeerAddress& source) const;
  void link_closed(engineio::CloseReason reason) const;
};

}  // namespace stillroom::gateway
