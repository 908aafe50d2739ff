// SPDX-License-Identifier: Apache-2.0
#include "config/checks.hpp"

#include <algorithm>
#include <set>

namespace stillroom::config {
namespace {

using Sentences = std::vector<std::string>;

/// How to make one that passes.
constexpr std::string_view kSetSecret =
    ": set it to at least 32 random bytes, for example the output of `openssl rand -base64 48`";

void check_secret(std::string_view name, const SecretText& secret, Sentences& out) {
  const std::string_view bytes = secret.reveal();
  if (bytes.size() < kSecretBytesMin) {
    out.push_back(std::string(name) + " has only " + std::to_string(bytes.size()) + " bytes" +
                  std::string(kSetSecret));
    return;
  }
  const std::size_t distinct = std::set<char>(bytes.begin(), bytes.end()).size();
  if (distinct < kSecretDistinctBytesMin) {
    out.push_back(std::string(name) + " has only " + std::to_string(distinct) + " different bytes" +
                  std::string(kSetSecret));
  }
}

void check_secrets(const Settings& settings, Sentences& out) {
  const Security& security = settings.security;
  if (!security.jwt_secret.empty()) {
    const std::vector<SecretText> secrets = jwt_secrets(security);
    if (secrets.size() > kJwtSecretsMax) {
      out.emplace_back(
          "JWT_SECRET (security.jwt_secret) holds more than 4 secrets: drop the oldest");
    }
    for (std::size_t index = 0; index < secrets.size(); ++index) {
      const std::string which =
          secrets.size() == 1 ? "" : ", number " + std::to_string(index + 1) + " of its list,";
      check_secret("JWT_SECRET (security.jwt_secret)" + which, secrets[index], out);
    }
  } else if (settings.strict()) {
    out.push_back("JWT_SECRET (security.jwt_secret) is missing" + std::string(kSetSecret));
  }
  if (!security.encryption_key.empty()) {
    check_secret("ENCRYPTION_KEY (security.encryption_key)", security.encryption_key, out);
  }
}

/// `https://HOST[:PORT][/PATH][?QUERY]`: no user, no fragment, nothing that has to be escaped.
bool is_https_url(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (!url.starts_with(kScheme)) return false;
  const std::size_t end = url.find_first_of("/?", kScheme.size());
  if (!WebOrigin::parse(url.substr(0, end))) return false;
  return std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c < 0x7F &&
           std::string_view("\"#<>\\^`{|}").find(c) == std::string_view::npos;
  });
}

void check_issuer(const Security& security, Sentences& out) {
  if (security.jwks_url.empty()) {
    if (!security.jwks_ca.empty()) {
      out.emplace_back("security.jwks_ca is for security.jwks_url: set that, or drop it");
    }
    return;
  }
  if (!is_https_url(security.jwks_url)) {
    out.emplace_back(
        "security.jwks_url must be an https URL such as \"https://issuer.example/jwks.json\": keys "
        "that come without TLS can be changed on their way");
  }
  if (!security.jwks_file.empty()) {
    out.emplace_back("security.jwks_url and security.jwks_file exclude each other: keep one");
  }
  if (security.jwks_min_age > security.jwks_max_age) {
    out.emplace_back("security.jwks_min_age is longer than security.jwks_max_age");
  }
  if (security.jwks_stale_limit < security.jwks_max_age) {
    out.emplace_back(
        "security.jwks_stale_limit is shorter than security.jwks_max_age: keys would be dropped "
        "before the issuer is asked again");
  }
}

void check_development(const Settings& settings, Sentences& out) {
  if (settings.strict()) return;
  if (settings.security.environment == Environment::production) {
    out.emplace_back(
        "--dev and NODE_ENV=production (security.environment) exclude each other: drop one");
  }
  if (settings.dev == DevMode::loopback && !settings.server.listen.loopback()) {
    out.push_back("--dev listens on this machine only, not on " + settings.server.listen.text() +
                  ": use 127.0.0.1, or --dev --lan");
  }
}

void check_tls(const Settings& settings, Sentences& out) {
  if (settings.tls.certificate.empty() != settings.tls.key.empty()) {
    out.emplace_back("tls.certificate and tls.key come together: set both or neither");
  }
  if (!settings.tls.ocsp.empty() && settings.tls.certificate.empty()) {
    out.emplace_back("tls.ocsp is for tls.certificate: set that, or drop it");
  }
}

void check_proxies(const Server& server, Sentences& out) {
  if (server.forwarded == Forwarded::proxy_protocol && server.trusted_proxies.empty()) {
    out.emplace_back(
        "server.forwarded is \"proxy-protocol\" and server.trusted_proxies is not set: nobody "
        "could "
        "connect");
  }
}

void check_turn(const Turn& turn, Sentences& out) {
  const bool relays = std::any_of(turn.urls.begin(), turn.urls.end(),
                                  [](const IceUrl& url) { return url.relays(); });
  if (turn.username.empty() != turn.password.empty()) {
    out.emplace_back("turn.username and turn.password come together: set both or neither");
  }
  if (!turn.secret.empty() && !turn.username.empty()) {
    out.emplace_back("turn.secret and turn.username exclude each other: keep turn.secret");
  }
  if (relays && turn.secret.empty() && turn.username.empty()) {
    out.emplace_back("turn.urls names a TURN server without credentials: set TURN_SECRET");
  }
  if (turn.policy == IcePolicy::relay && !relays) {
    out.emplace_back(
        "turn.policy is \"relay\" and turn.urls names no TURN server: nobody could "
        "reach anybody");
  }
}

void warn_of_tokens(const Security& security, Sentences& out) {
  if (security.jwt_issuer.empty()) {
    out.emplace_back("security.jwt_issuer is not set: a token of any issuer with this key passes");
  }
  if (security.jwt_audience.empty()) {
    out.emplace_back("security.jwt_audience is not set: a token for any audience passes");
  }
}

void warn_of_proxies(const Server& server, Sentences& out) {
  if (server.trusted_proxies.empty()) return;
  if (!server.public_origin) {
    out.emplace_back(
        "server.trusted_proxies is set and server.public_origin is not: the room page's own "
        "requests will be refused as another site's");
  } else if (!server.public_origin->secure()) {
    out.push_back("server.public_origin is " + server.public_origin->text() +
                  ": what a proxy takes without TLS will be refused as insecure (426)");
  }
  for (const Network& network : server.trusted_proxies) {
    if (network.text().ends_with("/0")) {
      out.push_back("server.trusted_proxies names " + network.text() +
                    ": everybody may say who they are, and that they came by TLS");
    }
  }
}

}  // namespace

std::vector<SecretText> jwt_secrets(const Security& security) {
  std::vector<SecretText> out;
  std::string_view rest = security.jwt_secret.reveal();
  while (true) {
    const std::size_t comma = rest.find(',');
    out.emplace_back(std::string(rest.substr(0, comma)));
    if (comma == std::string_view::npos) return out;
    rest.remove_prefix(comma + 1);
  }
}

Sentences find_problems(const Settings& settings) {
  Sentences out;
  check_development(settings, out);
  check_secrets(settings, out);
  check_tls(settings, out);
  check_proxies(settings.server, out);
  check_issuer(settings.security, out);
  check_turn(settings.turn, out);
  return out;
}

Sentences find_warnings(const Settings& settings) {
  Sentences out;
  if (!settings.strict()) return out;
  warn_of_tokens(settings.security, out);
  if (settings.tls.certificate.empty() && settings.server.trusted_proxies.empty()) {
    out.emplace_back(
        "neither tls.certificate nor server.trusted_proxies is set: every request "
        "will be refused as insecure (426)");
  }
  warn_of_proxies(settings.server, out);
  for (const WebOrigin& origin : settings.security.allowed_origins) {
    if (!origin.secure()) {
      out.push_back("security.allowed_origins names " + origin.text() +
                    ": pages without TLS can be changed on their way");
    }
  }
  if (!settings.turn.username.empty()) {
    out.emplace_back("turn.username is one password for everybody: prefer TURN_SECRET");
  }
  return out;
}

}  // namespace stillroom::config
