// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "config/values.hpp"

/// What a running server was told. Made by load() only, which has checked every type, range and
/// combination; what each setting means stands in settings_table.cpp.
namespace stillroom::config {

enum class Environment : std::uint8_t { unspecified, production, development };
enum class DevMode : std::uint8_t {
  off,
  loopback,  ///< `--dev`: plain HTTP on this machine only
  lan,       ///< `--dev --lan`: all addresses, a self-made certificate
};
/// In which words trusted proxies say for whom they speak.
enum class Forwarded : std::uint8_t { x_forwarded, forwarded, proxy_protocol };
enum class IcePolicy : std::uint8_t { all, relay };
enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct Server {
  Listen listen;
  std::uint32_t workers = 0;  ///< 0: one for each core
  std::filesystem::path data;
  std::optional<WebOrigin> public_origin;
  std::vector<Network> trusted_proxies;
  Forwarded forwarded = Forwarded::x_forwarded;
  milliseconds shutdown_grace{};
};

struct Tls {
  std::filesystem::path certificate;  ///< empty: none; certificate and key come together
  std::filesystem::path key;
  std::filesystem::path ocsp;  ///< empty: none
};

struct Security {
  Environment environment = Environment::unspecified;
  /// One secret, or several with commas between them, the newest first: tokens of each are taken,
  /// new ones are signed with the first. Each has 32 bytes at least. Empty under `--dev` only.
  SecretText jwt_secret;
  std::filesystem::path jwks_file;  ///< empty: none
  std::string jwks_url;             ///< `https:`; empty: none. Excludes jwks_file
  std::filesystem::path jwks_ca;    ///< empty: the system's authorities
  milliseconds jwks_min_age{};
  milliseconds jwks_max_age{};
  milliseconds jwks_stale_limit{};
  std::string jwt_issuer;
  std::string jwt_audience;
  std::string claim_user;
  std::string claim_subject;
  std::string claim_role;
  milliseconds token_lifetime{};
  milliseconds token_lifetime_max{};
  milliseconds clock_skew{};
  bool token_in_url = true;
  std::vector<WebOrigin> allowed_origins;
  bool allow_non_browser = false;
  SecretText encryption_key;
};

/// The secrets of Security::jwt_secret, the newest first.
[[nodiscard]] std::vector<SecretText> jwt_secrets(const Security& security);

struct Limits {
  std::uint32_t connect_attempts = 0;  ///< for each source in each window
  milliseconds connect_window{};
  std::uint32_t proof_attempts = 0;
  std::uint32_t log_in_attempts = 0;
};

struct Accounts {
  milliseconds idle_limit{};
  milliseconds absolute_limit{};
};

struct EngineIo {
  milliseconds ping_interval{};
  milliseconds ping_timeout{};
  milliseconds upgrade_timeout{};
  milliseconds connect_timeout{};
  std::uint32_t max_payload = 0;  ///< bytes
};

struct Http {
  milliseconds header_timeout{};
};

struct Rooms {
  milliseconds join_before{};
  milliseconds join_after{};
  milliseconds grace_seat{};
  milliseconds grace_room{};
  std::uint32_t capacity_individual = 0;
  std::uint32_t capacity_couples = 0;
  std::uint32_t capacity_family = 0;
  std::uint32_t capacity_group = 0;
};

struct Turn {
  std::vector<IceUrl> urls;
  SecretText secret;  ///< shared with the TURN server; excludes username and password
  std::string username;
  SecretText password;
  milliseconds ttl{};
  IcePolicy policy = IcePolicy::all;
};

struct Log {
  LogLevel level = LogLevel::info;
};

struct Settings {
  DevMode dev = DevMode::off;
  Server server;
  Tls tls;
  Security security;
  Limits limits;
  Accounts accounts;
  EngineIo engineio;
  Http http;
  Rooms rooms;
  Turn turn;
  Log log;

  /// Everything but development: rules of production hold even when nobody said `production`.
  [[nodiscard]] bool strict() const { return dev == DevMode::off; }
};

}  // namespace stillroom::config
