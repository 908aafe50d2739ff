// SPDX-License-Identifier: Apache-2.0
#include "app/serve.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "app/certificates.hpp"
#include "app/control_socket.hpp"
#include "app/gateway_settings.hpp"
#include "app/own_hosts.hpp"
#include "app/version.hpp"
#include "app/workplace.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/rng.hpp"
#include "crypto/digest.hpp"
#include "gateway/server.hpp"
#include "issuer/key_source.hpp"
#include "passwords/hasher.hpp"
#include "store/reply_loop.hpp"
#include "store/sqlite_store.hpp"
#include "telemetry/bounded_logger.hpp"
#include "telemetry/json_lines.hpp"
#include "telemetry/metrics.hpp"
#include "turn/credentials.hpp"

namespace stillroom::app {
namespace {

constexpr seconds kLogPulse{10};
/// Each takes 64 MiB while it works; log-ins are rare, and the workers want the cores.
constexpr std::size_t kHashThreads = 2;

Exit complain(const std::string& sentence) {
  std::fprintf(stderr, "stillroom: %s\n", sentence.c_str());
  return Exit::refused;
}

/// As many descriptors as the system lets us have: each client takes one.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Core files and ptrace would show secrets (threat "secrets": no dumps).
void forbid_core_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

/// libcurl would write the keys of its TLS connections wherever this says. While there is only one
/// thread.
void forget_key_log() {
  ::unsetenv("SSLKEYLOGFILE");
}

std::uint32_t worker_count(const config::Settings& settings) {
  if (settings.server.workers > 0) return settings.server.workers;
  return std::max(1U, std::thread::hardware_concurrency());
}

std::string url_of(const config::Settings& settings, bool secure, std::uint16_t port) {
  if (settings.server.public_origin) return settings.server.public_origin->text();
  const std::string& host = settings.server.listen.host;
  const std::string shown = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host;
  return std::string(secure ? "https://" : "http://") + host_in_url(shown) + ":" +
         std::to_string(port);
}

void print_ready(const std::string& url) {
  std::string line;
  json::Writer(line)
      .begin_object()
      .key("event")
      .string("ready")
      .key("url")
      .string(url)
      .key("version")
      .string(kVersion)
      .end_object();
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

telemetry::JsonLinesOptions log_options(const config::Settings& settings) {
  telemetry::JsonLinesOptions out;
  switch (settings.log.level) {
    case config::LogLevel::debug:
      out.lowest = telemetry::Severity::debug;
      break;
    case config::LogLevel::info:
      out.lowest = telemetry::Severity::info;
      break;
    case config::LogLevel::warning:
      out.lowest = telemetry::Severity::warning;
      break;
    case config::LogLevel::error:
      out.lowest = telemetry::Severity::error;
      break;
  }
  return out;
}

/// A key of its own for each purpose, from the one secret there is (RFC 5869 in spirit: an HMAC
/// under the secret of a name).
SecretText derived(const SecretText& secret, std::string_view purpose) {
  const crypto::Sha256 key = crypto::hmac_sha256(secret.reveal(), purpose);
  return SecretText(std::string(as_text(key)));
}

/// Everything that runs, in the order in which it is made; destroyed in reverse.
class Site {
 public:
  Site(config::Settings settings, std::vector<SecretText> secrets, identity::TokenVerifier verifier)
      : settings_(std::move(settings)),
        secrets_(std::move(secrets)),
        written_(telemetry::make_json_lines_logger(system_clock(), log_options(settings_))),
        log_(std::in_place, *written_, system_clock()),
        metrics_(worker_count(settings_)),
        verifier_(std::move(verifier)),
        minter_(make_minter(settings_, secrets_.front())),
        ticket_minter_(identity::ticket_key(secrets_.front())),
        ice_(std::move(settings_.turn), SecretText(random_token(crypto::system_rng(), 32))) {}

  Result<void, std::string> open() {
    store::SqliteSettings store_settings;
    store_settings.on_fatal = [](std::string_view) {
      telemetry::write_json_line_now(system_clock(), telemetry::Severity::error, "store_failed");
      std::_Exit(3);  // nothing may be granted any more; the next start recovers (fail closed)
    };
    auto opened = store::SqliteStore::open(settings_.server.data, std::move(store_settings));
    if (!opened) return fail(opened.error().sentence);
    store_ = *std::move(opened);
    auto tls = open_tls();
    if (!tls) return fail(tls.error());
    secure_ = *tls != nullptr;
    hasher_.emplace(kHashThreads);
    server_ = std::make_unique<gateway::Server>(parts(*std::move(tls)));
    if (const auto listening = server_->listen(); !listening) return listening;
    ask_issuer();
    if (const auto recorded = record_start(); !recorded) return recorded;
    return control();
  }

  void run() {
    server_->start();
    if (issuer_) issuer_->start();
    boost::asio::io_context main_loop;
    boost::asio::signal_set signals(main_loop, SIGTERM, SIGINT);
    boost::asio::steady_timer pulse(main_loop);
    boost::asio::steady_timer renewal(main_loop);
    boost::asio::signal_set hangups(main_loop);
    keep_flushing(pulse);
    if (certificates_) {
      certificates_->on_change([this](const Tls& tls) { server_->use_tls(tls); });
      hangups.add(SIGHUP);
      keep_renewing(renewal);
      reread_on(hangups);
    }
    signals.async_wait([&](const boost::system::error_code&, int) {
      pulse.cancel();
      renewal.cancel();
      hangups.cancel();
    });
    print_ready(url_of(settings_, secure_, server_->port()));
    log_->info("ready", {{"workers", worker_count(settings_)}});
    main_loop.run();
    log_->info("stopping");
    if (issuer_) issuer_->stop();
    server_->stop();
    control_.reset();
    record(audit::Kind::server_stopped);
    store_->stop();
    log_->flush();
    log_->info("stopped");
  }

 private:
  using Tls = std::shared_ptr<const net::TlsContext>;

  /// None: plain HTTP, which serves nothing outside of `--dev`.
  Result<Tls, std::string> open_tls() {
    if (!settings_.tls.certificate.empty()) {
      const config::Tls& tls = settings_.tls;
      certificates_.emplace(CertificateFiles{tls.certificate, tls.key, tls.ocsp}, system_clock(),
                            *log_, metrics_.worker(0));
      return certificates_->open();
    }
    if (settings_.dev != config::DevMode::lan) return Tls();
    const auto certificate = net::Certificate::self_made(own_hosts(settings_, machine_addresses()),
                                                         system_clock().wall_now());
    if (!certificate) return fail(certificate.error());
    auto made = net::TlsContext::make(*certificate);
    if (!made) return fail(made.error());
    return std::make_shared<const net::TlsContext>(*std::move(made));
  }

  gateway::ServerParts parts(Tls tls) {
    return {gateway_settings(settings_),
            {settings_.server.listen.host, settings_.server.listen.port},
            worker_count(settings_),
            std::move(tls),
            system_clock(),
            crypto::system_rng(),
            verifier_,
            minter_,
            ticket_minter_,
            [this](net::Worker& worker) {
              return hasher_->for_worker([&worker](std::function<void()> answer) {
                worker.post_consequence(net::Task(std::move(answer)));
              });
            },
            ice_,
            derived(secrets_.front(), "stillroom source digest"),
            derived(secrets_.front(), "stillroom known browsers"),
            derived(secrets_.front(), "stillroom return passes"),
            [this](net::Worker& worker) {
              return store_->for_worker([&worker](std::function<void()> reply) {
                worker.post_consequence(net::Task(std::move(reply)));
              });
            },
            [this](std::uint16_t port) { return own_origins(settings_, port); },
            metrics_,
            *log_};
  }

  /// Until its first answer the issuer's tokens open nothing, and /readyz says so.
  void ask_issuer() {
    const config::Security& security = settings_.security;
    if (security.jwks_url.empty()) return;
    const auto reach = settings_.strict() ? issuer::Reach::internet : issuer::Reach::anywhere;
    issuer_ = std::make_unique<issuer::KeySource>(
        issuer::Target{security.jwks_url, security.jwks_ca, reach},
        issuer::Ages{security.jwks_min_age, security.jwks_max_age, security.jwks_stale_limit},
        system_clock(), *log_,
        [this](std::optional<std::string_view> text) { return use_issuer_keys(text); });
    server_->on_unknown_key([source = issuer_.get()] { source->hurry(); });
    static_cast<void>(use_issuer_keys(std::nullopt));
  }

  Result<void, std::string> use_issuer_keys(std::optional<std::string_view> text) {
    auto made = make_verifier(settings_, secrets_, text);
    if (!made) return fail(made.error());
    server_->use_keys(std::make_shared<const identity::TokenVerifier>(*std::move(made)),
                      text ? signalling::IssuerKeys::present : signalling::IssuerKeys::missing);
    return {};
  }

  /// What a flood of one kind of event held back is told even if that kind never comes again.
  void keep_flushing(boost::asio::steady_timer& pulse) {
    pulse.expires_after(kLogPulse);
    pulse.async_wait([this, &pulse](const boost::system::error_code& error) {
      if (error) return;
      log_->flush();
      keep_flushing(pulse);
    });
  }

  void keep_renewing(boost::asio::steady_timer& renewal) {
    renewal.expires_after(Certificates::kPulse);
    renewal.async_wait([this, &renewal](const boost::system::error_code& error) {
      if (error) return;
      certificates_->look();
      keep_renewing(renewal);
    });
  }

  /// Without files nothing takes SIGHUP, and a server goes with its terminal.
  void reread_on(boost::asio::signal_set& hangups) {
    hangups.async_wait([this, &hangups](const boost::system::error_code& error, int) {
      if (error) return;
      certificates_->reread();
      reread_on(hangups);
    });
  }

  /// Sessions whose call was running when the last server ended go on, or end after their grace.
  Result<void, std::string> record_start() {
    if (!record(audit::Kind::server_started)) {
      return fail(std::string("the database takes no records; see the log"));
    }
    store::ReplyLoop loop;
    const auto port = store_->for_worker(loop.poster());
    signalling::Page page{.limit = 100, .offset = 0};
    while (true) {
      using Sessions = std::vector<session::Session>;
      auto found = loop.wait<Sessions>(
          [&](signalling::Reply<Sessions> reply) { port->all_sessions(page, std::move(reply)); });
      if (!found) return fail(std::string("the database cannot be read; see the log"));
      for (session::Session& session : *found) {
        if (session.status == session::Status::in_progress) server_->adopt(std::move(session));
      }
      if (found->size() < page.limit) return {};
      page.offset += page.limit;
    }
  }

  bool record(audit::Kind kind) {
    store::ReplyLoop loop;
    const auto port = store_->for_worker(loop.poster());
    audit::Record entry;
    entry.kind = kind;
    entry.at = system_clock().wall_now();
    return loop
        .wait<void>(
            [&](signalling::Reply<void> reply) { port->commit({{}, {entry}}, std::move(reply)); })
        .ok();
  }

  Result<void, std::string> control() {
    gateway::Front& front = server_->first_front();
    administration_ = std::make_unique<signalling::Administration>(front.store(), system_clock(),
                                                                   crypto::system_rng(), &minter_);
    running_.metrics = [this] { return metrics_.exposition(); };
    running_.session_cancelled = [&front](const signalling::CancelledSession& cancelled) {
      front.switchboard().session_changed(front, cancelled.room, cancelled.session);
    };
    running_.access_changed = [&front](const signalling::Concerned& concerned) {
      front.switchboard().access_changed(front, concerned);
    };
    auto opened =
        ControlSocket::listen(server_->first_loop(), settings_.server.data,
                              [this](const std::string& order, std::function<void(Reply)> reply) {
                                carry_out(*administration_, order, running_, std::move(reply));
                              });
    if (!opened) return fail(opened.error());
    control_ = *std::move(opened);
    return {};
  }

  config::Settings settings_;
  std::vector<SecretText> secrets_;  ///< the newest first
  std::unique_ptr<telemetry::Logger> written_;
  std::optional<telemetry::BoundedLogger> log_;  ///< what everybody writes to
  telemetry::Metrics metrics_;
  identity::TokenVerifier verifier_;
  identity::TokenMinter minter_;
  identity::TicketMinter ticket_minter_;
  turn::Credentials ice_;
  std::unique_ptr<store::SqliteStore> store_;
  bool secure_ = false;
  std::optional<Certificates> certificates_;   ///< when they come from files
  std::unique_ptr<issuer::KeySource> issuer_;  ///< stopped before the server, gone after it
  std::unique_ptr<gateway::Server> server_;
  std::optional<passwords::Hasher> hasher_;  ///< gone before the workers that it answers to
  std::unique_ptr<signalling::Administration> administration_;
  RunningServer running_;
  std::unique_ptr<ControlSocket> control_;
};

}  // namespace

Exit serve(config::Settings settings) {
  raise_descriptor_limit();
  forbid_core_dumps();
  forget_key_log();
  auto secrets = signing_secrets(settings);
  if (!secrets) return complain(secrets.error());
  auto verifier = make_verifier(settings, *secrets);
  if (!verifier) return complain(verifier.error());
  Site site(std::move(settings), *std::move(secrets), *std::move(verifier));
  if (const auto opened = site.open(); !opened) return complain(opened.error());
  site.run();
  return Exit::done;
}

}  // namespace stillroom::app
