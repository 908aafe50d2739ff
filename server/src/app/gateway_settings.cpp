// SPDX-License-Identifier: Apache-2.0
#include "app/gateway_settings.hpp"

#include <chrono>

#include "app/own_hosts.hpp"
#include "app/version.hpp"

namespace stillroom::app {
namespace {

template <class To>
To in(milliseconds duration) {
  return std::chrono::duration_cast<To>(duration);
}

session::Settings session_settings(const config::Settings& settings) {
  session::Settings out;
  out.joinable_before = in<minutes>(settings.rooms.join_before);
  out.joinable_after = in<minutes>(settings.rooms.join_after);
  return out;
}

room::Settings room_settings(const config::Settings& settings) {
  room::Settings out;
  out.seat_grace = in<seconds>(settings.rooms.grace_seat);
  out.empty_grace = in<seconds>(settings.rooms.grace_room);
  out.individual_max = settings.rooms.capacity_individual;
  out.couples_max = settings.rooms.capacity_couples;
  out.family_max = settings.rooms.capacity_family;
  out.group_max = settings.rooms.capacity_group;
  out.session = session_settings(settings);
  return out;
}

gateway::ProxySettings proxy_settings(const config::Server& server) {
  gateway::ProxySettings out;
  out.trusted = server.trusted_proxies;
  switch (server.forwarded) {
    case config::Forwarded::x_forwarded:
      out.words = gateway::ProxyWords::x_forwarded;
      break;
    case config::Forwarded::forwarded:
      out.words = gateway::ProxyWords::forwarded;
      break;
    case config::Forwarded::proxy_protocol:
      out.words = gateway::ProxyWords::proxy_protocol;
      break;
  }
  return out;
}

sdp::Policy sdp_policy(const config::Settings& settings) {
  sdp::Policy out;
  if (settings.turn.policy == config::IcePolicy::relay) out.path = sdp::Policy::Path::relay_only;
  if (!settings.strict()) out.reach = sdp::Policy::Reach::lan;
  return out;
}

}  // namespace

gateway::Settings gateway_settings(const config::Settings& settings) {
  gateway::Settings out;
  out.version = kVersion;
  out.transport = settings.dev == config::DevMode::loopback ? gateway::TransportRule::any
                                                            : gateway::TransportRule::secure_only;
  for (const config::WebOrigin& origin : settings.security.allowed_origins) {
    out.origins.push_back(origin.text());
  }
  out.proxies = proxy_settings(settings.server);
  const bool non_browser = settings.security.allow_non_browser || !settings.strict();
  out.non_browser = non_browser ? gateway::OriginPolicy::NonBrowser::allow
                                : gateway::OriginPolicy::NonBrowser::refuse;
  out.query_tokens = settings.security.token_in_url ? identity::QueryTokens::accepted
                                                    : identity::QueryTokens::ignored;
  out.request_timeout = settings.http.header_timeout;
  out.stop_grace = settings.server.shutdown_grace;
  out.limiter.attempts = settings.limits.connect_attempts;
  out.limiter.proofs = settings.limits.proof_attempts;
  out.limiter.log_ins = settings.limits.log_in_attempts;
  out.limiter.window = settings.limits.connect_window;
  out.http.body_bytes_max = settings.engineio.max_payload;
  out.websocket.message_bytes_max = settings.engineio.max_payload;
  out.engineio.ping_interval = settings.engineio.ping_interval;
  out.engineio.ping_timeout = settings.engineio.ping_timeout;
  out.engineio.upgrade_timeout = settings.engineio.upgrade_timeout;
  out.engineio.max_payload = settings.engineio.max_payload;
  out.socketio.connect_timeout = settings.engineio.connect_timeout;
  out.accounts.limits = {settings.accounts.idle_limit, settings.accounts.absolute_limit};
  if (!settings.strict()) out.accounts.second_factor = signalling::SecondFactor::optional;
  out.links.token_life = in<seconds>(settings.security.token_lifetime);
  out.sessions = session_settings(settings);
  out.rooms = room_settings(settings);
  out.sdp = sdp_policy(settings);
  return out;
}

std::vector<std::string> own_origins(const config::Settings& settings, std::uint16_t port) {
  std::vector<std::string> origins;
  if (settings.server.public_origin) origins.push_back(settings.server.public_origin->text());
  if (settings.strict()) return origins;
  const bool lan = settings.dev == config::DevMode::lan;
  for (const std::string& host : own_hosts(settings, machine_addresses())) {
    origins.push_back((lan ? "https://" : "http://") + host_in_url(host) + ":" +
                      std::to_string(port));
  }
  return origins;
}

}  // namespace stillroom::app
