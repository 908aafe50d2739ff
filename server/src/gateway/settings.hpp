// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "engineio/link.hpp"
#include "gateway/http.hpp"
#include "gateway/limiter.hpp"
#include "gateway/origin.hpp"
#include "gateway/proxies.hpp"
#include "identity/token.hpp"
#include "room/room.hpp"
#include "sdp/policy.hpp"
#include "session/session.hpp"
#include "signalling/accounts.hpp"
#include "signalling/budget.hpp"
#include "signalling/links.hpp"
#include "socketio/peer.hpp"
#include "websocket/decoder.hpp"

namespace stillroom::gateway {

enum class TransportRule : std::uint8_t {
  secure_only,  ///< what came without TLS is answered 426
  any,          ///< `--dev` on loopback
};

/// Everything the gateway may be told; `app` fills it from the configuration.
struct Settings {
  std::string version;
  TransportRule transport = TransportRule::secure_only;
  std::vector<std::string> origins;  ///< exact: scheme, host, port
  ProxySettings proxies;
  OriginPolicy::NonBrowser non_browser = OriginPolicy::NonBrowser::refuse;
  identity::QueryTokens query_tokens = identity::QueryTokens::accepted;
  milliseconds request_timeout{5'000};  ///< TLS handshake and a whole request head and body
  std::size_t clients_max = 18'000;     ///< per worker; one more is closed at accept
  milliseconds stop_grace{5'000};
  /// Deadlines are looked at on a grid of this, never early: many in one go instead of each alone.
  milliseconds tick{16};
  HttpLimits http;
  LimiterSettings limiter;
  websocket::Limits websocket;
  engineio::Settings engineio;
  socketio::Settings socketio;
  signalling::BudgetSettings budgets;
  signalling::LinkSettings links;
  signalling::AccountSettings accounts;
  session::Settings sessions;
  room::Settings rooms;
  sdp::Policy sdp;
};

}  // namespace stillroom::gateway
