// SPDX-License-Identifier: Apache-2.0
#include "config/settings_table.hpp"

#include <algorithm>

namespace stillroom::config {
namespace {

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr Range kAnyWord{0, 256};
constexpr Range kAnyPath{0, 4096};
constexpr Range kAnySecret{0, 4096};
constexpr Range kListMax{0, 64};
constexpr Range kPeople{1, 50};

template <auto kGroup, auto kMember>
auto& in(Settings& settings) {
  return settings.*kGroup.*kMember;
}

DevMode& mode(Settings& settings) {
  return settings.dev;
}

// One setting, two lines: a table is read by its columns.
// clang-format off
constexpr Row kRows[] = {
    {"dev", &mode, "off", "", {},
     "off, loopback (plain HTTP on this machine only) or lan (self-made certificate).", {}},

    {"server.listen", &in<&Settings::server, &Server::listen>, "0.0.0.0:8443", "127.0.0.1:8080", {},
     "Address and port; port 0 lets the system choose.", {"PORT"}},
    {"server.workers", &in<&Settings::server, &Server::workers>, "0", "", {0, 64},
     "Worker threads; 0 is one for each core.", {}},
    {"server.data", &in<&Settings::server, &Server::data>, "./data", "", {1, 4096},
     "Folder of the database, the control socket and keys made by the server.", {}},
    {"server.public_origin", &in<&Settings::server, &Server::public_origin>, "", "", {},
     "The origin under which browsers reach this server, such as https://call.example.", {}},
    {"server.trusted_proxies", &in<&Settings::server, &Server::trusted_proxies>, "", "", kListMax,
     "Addresses or ranges of proxies that are believed whom they speak for.", {}},
    {"server.forwarded", &in<&Settings::server, &Server::forwarded>, "x-forwarded", "", {},
     "How they say it: x-forwarded, forwarded (RFC 7239) or proxy-protocol (v2).", {}},
    {"server.shutdown_grace", &in<&Settings::server, &Server::shutdown_grace>,
     "10s", "", {0, 5 * kMinuteMs},
     "How long a stopping server waits for its clients to close.", {}},

    {"tls.certificate", &in<&Settings::tls, &Tls::certificate>, "", "", kAnyPath,
     "PEM file of the certificate and its chain.", {}},
    {"tls.key", &in<&Settings::tls, &Tls::key>, "", "", kAnyPath,
     "PEM file of the certificate's private key.", {}},
    {"tls.ocsp", &in<&Settings::tls, &Tls::ocsp>, "", "", kAnyPath,
     "DER file of the authority's OCSP response, stapled while it is there and valid.", {}},

    {"security.environment", &in<&Settings::security, &Security::environment>,
     "unspecified", "", {},
     "production, development or unspecified, which is as strict as production.",
     {"STILLROOM_ENV", "NODE_ENV"}},
    {"security.jwt_secret", &in<&Settings::security, &Security::jwt_secret>, "", "", kAnySecret,
     "Key of HS256 tokens, 32 random bytes at least; while it rotates: new,old.", {"JWT_SECRET"}},
    {"security.jwks_file", &in<&Settings::security, &Security::jwks_file>, "", "", kAnyPath,
     "JSON file with the issuer's public keys (RS256, PS256, ES256, EdDSA).", {}},
    {"security.jwks_url", &in<&Settings::security, &Security::jwks_url>, "", "", {0, 1024},
     "https URL from which the issuer's public keys are read instead.", {}},
    {"security.jwks_ca", &in<&Settings::security, &Security::jwks_ca>, "", "", kAnyPath,
     "PEM file of the authority for jwks_url; without it the system's.", {}},
    {"security.jwks_min_age", &in<&Settings::security, &Security::jwks_min_age>,
     "30s", "", {kSecondMs, kHourMs},
     "Shortest time between two questions to jwks_url.", {}},
    {"security.jwks_max_age", &in<&Settings::security, &Security::jwks_max_age>,
     "1h", "", {kSecondMs, kDayMs},
     "How long its answer is taken for fresh, unless it says less.", {}},
    {"security.jwks_stale_limit", &in<&Settings::security, &Security::jwks_stale_limit>,
     "24h", "", {kSecondMs, 30 * kDayMs},
     "How long keys are used after the last good answer of jwks_url.", {}},
    {"security.jwt_issuer", &in<&Settings::security, &Security::jwt_issuer>, "", "", kAnyWord,
     "When set, a token's iss must be exactly this.", {"JWT_ISSUER"}},
    {"security.jwt_audience", &in<&Settings::security, &Security::jwt_audience>, "", "", kAnyWord,
     "When set, a token's aud must name exactly this.", {"JWT_AUDIENCE"}},
    {"security.claim_user", &in<&Settings::security, &Security::claim_user>, "user", "", {1, 64},
     "Claim that holds an object with id and role.", {}},
    {"security.claim_subject", &in<&Settings::security, &Security::claim_subject>,
     "sub", "", {1, 64},
     "Claim with the user's id, where there is no claim_user.", {}},
    {"security.claim_role", &in<&Settings::security, &Security::claim_role>, "role", "", {1, 64},
     "Claim with the user's role, where there is no claim_user.", {}},
    {"security.token_lifetime", &in<&Settings::security, &Security::token_lifetime>,
     "15m", "", {10'000, kDayMs},
     "Life of the tokens that Stillroom issues.", {}},
    {"security.token_lifetime_max", &in<&Settings::security, &Security::token_lifetime_max>,
     "24h", "", {kMinuteMs, 30 * kDayMs},
     "Longest life of an outside issuer's token.", {}},
    {"security.clock_skew", &in<&Settings::security, &Security::clock_skew>,
     "30s", "", {0, 5 * kMinuteMs},
     "By how much the issuer's clock may differ.", {}},
    {"security.token_in_url", &in<&Settings::security, &Security::token_in_url>, "true", "", {},
     "Whether a token in the query string is accepted.", {}},
    {"security.allowed_origins", &in<&Settings::security, &Security::allowed_origins>,
     "", "", kListMax,
     "Origins whose pages may connect, besides the server's own.",
     {"ALLOWED_ORIGINS", "CLIENT_URL"}},
    {"security.allow_non_browser", &in<&Settings::security, &Security::allow_non_browser>,
     "false", "true", {},
     "Whether clients that send neither Origin nor Sec-Fetch-Site are served.", {}},
    {"security.encryption_key", &in<&Settings::security, &Security::encryption_key>,
     "", "", kAnySecret,
     "Key for sealed columns, 32 bytes at least; this version seals none.", {"ENCRYPTION_KEY"}},

    {"limits.connect_attempts", &in<&Settings::limits, &Limits::connect_attempts>,
     "10", "600", {1, 1'000'000},
     "Connection attempts of one source in one window.", {}},
    {"limits.connect_window", &in<&Settings::limits, &Limits::connect_window>,
     "1m", "", {kSecondMs, kHourMs},
     "The window of connect_attempts.", {}},
    {"limits.proof_attempts", &in<&Settings::limits, &Limits::proof_attempts>,
     "120", "", {0, 1'000'000},
     "Tokens of a limited source that are still looked at in a window.", {}},

    {"limits.log_in_attempts", &in<&Settings::limits, &Limits::log_in_attempts>,
     "30", "600", {1, 1'000'000},
     "Passwords, invitations and link codes of one source in one window.", {}},

    {"accounts.idle_limit", &in<&Settings::accounts, &Accounts::idle_limit>,
     "15m", "", {kMinuteMs, kDayMs},
     "After so long without a request a log-in ends.", {}},
    {"accounts.absolute_limit", &in<&Settings::accounts, &Accounts::absolute_limit>,
     "12h", "", {kMinuteMs, 7 * kDayMs},
     "After so long a log-in ends in any case.", {}},

    {"engineio.ping_interval", &in<&Settings::engineio, &EngineIo::ping_interval>,
     "25s", "", {kSecondMs, 5 * kMinuteMs},
     "Time between two pings.", {}},
    {"engineio.ping_timeout", &in<&Settings::engineio, &EngineIo::ping_timeout>,
     "20s", "", {kSecondMs, 5 * kMinuteMs},
     "How long a pong may take.", {}},
    {"engineio.upgrade_timeout", &in<&Settings::engineio, &EngineIo::upgrade_timeout>,
     "10s", "", {kSecondMs, kMinuteMs},
     "How long an upgrade to WebSocket may take.", {}},
    {"engineio.connect_timeout", &in<&Settings::engineio, &EngineIo::connect_timeout>,
     "10s", "", {kSecondMs, kMinuteMs},
     "How long the first CONNECT may take.", {}},
    {"engineio.max_payload", &in<&Settings::engineio, &EngineIo::max_payload>,
     "131072", "", {16'384, 1'048'576},
     "Bytes of one message or polling body.", {}},

    {"http.header_timeout", &in<&Settings::http, &Http::header_timeout>, "5s", "", {100, kMinuteMs},
     "How long the TLS handshake and the request may take.", {}},

    {"rooms.join_before", &in<&Settings::rooms, &Rooms::join_before>, "15m", "", {0, kDayMs},
     "How long before its start a session can be joined.", {}},
    {"rooms.join_after", &in<&Settings::rooms, &Rooms::join_after>, "120m", "", {0, kDayMs},
     "How long after its start a session can be joined.", {}},
    {"rooms.grace_seat", &in<&Settings::rooms, &Rooms::grace_seat>, "10s", "", {0, 5 * kMinuteMs},
     "How long a seat is kept when its transport is lost.", {}},
    {"rooms.grace_room", &in<&Settings::rooms, &Rooms::grace_room>, "2m", "", {0, kHourMs},
     "How long a call outlives its last seat.", {}},
    {"rooms.capacity_individual", &in<&Settings::rooms, &Rooms::capacity_individual>,
     "2", "", kPeople,
     "People in an individual session, therapist included.", {}},
    {"rooms.capacity_couples", &in<&Settings::rooms, &Rooms::capacity_couples>, "3", "", kPeople,
     "People in a couples session, therapist included.", {}},
    {"rooms.capacity_family", &in<&Settings::rooms, &Rooms::capacity_family>, "6", "", kPeople,
     "People in a family session, therapist included.", {}},
    {"rooms.capacity_group", &in<&Settings::rooms, &Rooms::capacity_group>, "12", "", kPeople,
     "People in a group session, therapist included.", {}},

    {"turn.urls", &in<&Settings::turn, &Turn::urls>, "", "", kListMax,
     "stun:, turn: and turns: URLs that clients are told.", {"TURN_URLS", "TURN_URL"}},
    {"turn.secret", &in<&Settings::turn, &Turn::secret>, "", "", kAnySecret,
     "Secret shared with the TURN server; each seat gets credentials of its own.", {"TURN_SECRET"}},
    {"turn.username", &in<&Settings::turn, &Turn::username>, "", "", kAnyWord,
     "One user name for everybody, where the TURN server knows no shared secret.",
     {"TURN_USERNAME"}},
    {"turn.password", &in<&Settings::turn, &Turn::password>, "", "", kAnySecret,
     "The password of turn.username.", {"TURN_PASSWORD", "TURN_CREDENTIAL"}},
    {"turn.ttl", &in<&Settings::turn, &Turn::ttl>, "5m", "", {kMinuteMs, kDayMs},
     "Life of a seat's TURN credentials.", {}},
    {"turn.policy", &in<&Settings::turn, &Turn::policy>, "all", "", {},
     "all, or relay: media goes through the TURN server only.", {}},

    {"log.level", &in<&Settings::log, &Log::level>, "info", "", {},
     "debug, info, warning or error.", {}},
};
// clang-format on

constexpr std::string_view kFileSuffix = "_file";

}  // namespace

std::string Row::variable() const {
  std::string name = "STILLROOM_";
  for (const char c : key) {
    const bool letter = c >= 'a' && c <= 'z';
    name += letter ? static_cast<char>(c & ~0x20) : (c == '.' ? '_' : c);
  }
  return name;
}

std::span<const Row> table() {
  return kRows;
}

const Row* find_row(std::string_view key) {
  const auto* const found = std::find_if(std::begin(kRows), std::end(kRows),
                                         [key](const Row& row) { return row.key == key; });
  return found == std::end(kRows) ? nullptr : found;
}

const Row* find_row_of_file(std::string_view key) {
  if (!key.ends_with(kFileSuffix)) return nullptr;
  const Row* const row = find_row(key.substr(0, key.size() - kFileSuffix.size()));
  return row != nullptr && row->secret() ? row : nullptr;
}

}  // namespace stillroom::config
