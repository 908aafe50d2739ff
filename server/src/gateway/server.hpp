// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "gateway/front.hpp"
#include "gateway/settings.hpp"
#include "gateway/static_files.hpp"
#include "gateway/switchboard.hpp"
#include "net/acceptor.hpp"
#include "net/tls.hpp"
#include "net/worker.hpp"

namespace stillroom::gateway {

struct ServerParts {
  Settings settings;
  net::Endpoint listen;
  std::uint32_t workers = 1;
  std::shared_ptr<const net::TlsContext> tls;  ///< null: plain HTTP
  const Clock& clock;
  Rng& rng;
  const identity::TokenVerifier& verifier;
  const identity::TokenMinter& minter;
  const identity::TicketMinter& ticket_minter;
  /// A face of the password hasher for one worker.
  std::function<std::unique_ptr<signalling::Passwords>(net::Worker&)> passwords_for;
  signalling::IceServers& ice;
  SecretText source_key;
  SecretText device_key;  ///< of LogInGuard
  SecretText pass_key;    ///< of ReturnPasses; outlives a restart
  /// The store's face towards one worker; its replies are posted there.
  std::function<std::unique_ptr<signalling::Store>(net::Worker&)> store_for;
  /// The origins of our own pages, once the port is known.
  std::function<std::vector<std::string>(std::uint16_t port)> own_origins;
  telemetry::Metrics& metrics;  ///< of as many workers
  telemetry::Logger& log;
};

/// All workers, each with its thread, acceptor and front.
/// Closing order: acceptors, commands in flight (answered), links (told), clients (after their
/// answers), threads, fronts, workers.
class Server {
 public:
  explicit Server(ServerParts parts);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and makes the workers. The error is a sentence for the operator.
  [[nodiscard]] Result<void, std::string> listen();
  /// Between listen() and start(): a session whose call was running when the server went down.
  void adopt(session::Session session);
  /// The loop of the first worker, for whatever else has to be served there.
  [[nodiscard]] boost::asio::io_context& first_loop() { return workers_.front()->context(); }
  [[nodiscard]] Front& first_front() { return *fronts_.front(); }
  /// Every worker proves tokens with these keys from now on. Before start(), or from any thread.
  void use_keys(const std::shared_ptr<const identity::TokenVerifier>& verifier,
                signalling::IssuerKeys keys);
  /// New connections get this certificate from now on; those that are there keep theirs. For a
  /// server that has TLS. Before start(), or from any thread.
  void use_tls(const std::shared_ptr<const net::TlsContext>& tls);
  /// Between listen() and start(): what to call, on a worker's thread, when a token names a key
  /// that nobody has.
  void on_unknown_key(const std::function<void()>& told);
  /// Starts the threads.
  void start();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Returns when everything has come to rest, or after the grace period.
  void stop();

 private:
  /// Does it for each front: at once before start(), else on its worker's thread.
  void on_each_front(const std::function<void(Front& front)>& what);
  /// Begins something on each worker's thread, and returns when all have called `done` or `longest`
  /// is over.
  void on_each_worker(
      milliseconds longest,
      const std::function<void(std::size_t index, std::function<void()> done)>& begin);

  ServerParts parts_;
  StaticFiles files_;
  OriginPolicy origins_;
  SecurityFields security_;  ///< whole once our own origins are known
  TrustedProxies proxies_;
  Limiter limiter_;
  LogInGuard log_in_guard_;
  ReturnPasses passes_;
  Switchboard switchboard_;
  Shared shared_;
  std::vector<std::unique_ptr<net::Worker>> workers_;
  std::vector<std::unique_ptr<Front>> fronts_;
  std::vector<std::unique_ptr<net::Acceptor>> acceptors_;
  std::vector<std::thread> threads_;
  std::uint16_t port_ = 0;
};

}  // namespace stillroom::gateway
