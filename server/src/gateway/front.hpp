// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/json.hpp"
#include "base/rng.hpp"
#include "base/timing_wheel.hpp"
#include "engineio/link.hpp"
#include "engineio/request.hpp"
#include "gateway/http.hpp"
#include "gateway/limiter.hpp"
#include "gateway/log_in_guard.hpp"
#include "gateway/proxies.hpp"
#include "gateway/return_pass.hpp"
#include "gateway/security_fields.hpp"
#include "gateway/settings.hpp"
#include "gateway/slots.hpp"
#include "gateway/static_files.hpp"
#include "identity/token_minter.hpp"
#include "identity/token_verifier.hpp"
#include "net/acceptor.hpp"
#include "net/tls.hpp"
#include "net/worker.hpp"
#include "signalling/desk.hpp"
#include "signalling/door.hpp"
#include "signalling/ports.hpp"
#include "signalling/security_events.hpp"
#include "telemetry/logger.hpp"
#include "telemetry/metrics.hpp"

namespace stillroom::gateway {

/// RFC 9110 §15.5.22: what a 426 asks for.
inline constexpr std::string_view kUpgradeToTls = "TLS/1.3, HTTP/1.1";

class Client;
class LinkHost;
class Rest;
class Switchboard;

/// What all fronts share; lives longer than they do.
struct Shared {
  const Settings& settings;
  const Clock& clock;
  Rng& rng;
  const identity::TokenVerifier& verifier;
  const identity::TokenMinter& minter;
  const identity::TicketMinter& ticket_minter;
  /// A face of the password hasher for one worker.
  std::function<std::unique_ptr<signalling::Passwords>(net::Worker&)> passwords_for;
  signalling::IceServers& ice;
  const StaticFiles& files;
  const OriginPolicy& origins;
  const SecurityFields& security;
  const TrustedProxies& proxies;
  Limiter& limiter;
  LogInGuard& log_in_guard;
  const ReturnPasses& passes;
  /// What each front begins with, and shares until it changes over by itself; null: plain HTTP.
  std::shared_ptr<const net::TlsContext> tls;
  SecretText source_key;  ///< for the digests of peer addresses in records
  Switchboard& switchboard;
  telemetry::Metrics& metrics;
  telemetry::Logger& log;
};

/// One worker's gateway: its client sockets, its links, the desk with its rooms, and the way of a
/// request to whoever answers it. All on the worker's thread, except where said.
class Front final : public signalling::Outbox {
 public:
  Front(net::Worker& worker, const Shared& shared, std::unique_ptr<signalling::Store> store);
  ~Front() override;

  /// The certificate of new connections; those that are there keep theirs.
  void use_tls(std::shared_ptr<const net::TlsContext> tls) { tls_ = std::move(tls); }
  /// A new client socket.
  void accepted(int fd, const net::PeerAddress& peer);
  /// A trusted proxy has said whom a new socket is for: what accepted() could not ask yet.
  void announced(Client& client);
  /// A whole request; it is answered through the client, now or later.
  void handle(Client& client, HttpRequest request);
  /// A request that could not be read.
  void refuse(Client& client, HttpError error);

  [[nodiscard]] Client* client(SlotId id) const { return clients_.find(id); }
  [[nodiscard]] LinkHost* link(SlotId id) const { return links_.find(id); }
  void forget(Client& client);
  void forget(LinkHost& host);

  void emit(const room::Address& to, std::string_view event_json) override;
  void ack(const room::Address& to, std::uint64_t ack_id, std::string_view args_json) override;
  void right_lost(const room::Address& to, const RoomId& room, std::string_view reason) override;
  /// This worker's connections that `concerned` names are held against the database again.
  void review(const signalling::Concerned& concerned);

  /// Commands are refused from now on; `idle` is called once those in flight are answered. Links
  /// stay: whoever asked is there to hear the answer.
  void drain(std::function<void()> idle) { desk_.drain(std::move(idle)); }
  /// Every link is told and closed, every client after its answer; `quiet` is called once nothing
  /// is left.
  void stop(std::function<void()> quiet);

  // Deadlines: each of these remembers only that somebody has to be looked at.
  void arm_client(Client& client);
  void arm_link(LinkHost& host);
  void arm_desk();

  [[nodiscard]] net::Worker& worker() const { return worker_; }
  [[nodiscard]] MonoTime now() const { return shared_.clock.mono_now(); }
  [[nodiscard]] const Clock& clock() const { return shared_.clock; }
  [[nodiscard]] const Settings& settings() const { return shared_.settings; }
  [[nodiscard]] Limiter& limiter() const { return shared_.limiter; }
  [[nodiscard]] LogInGuard& log_in_guard() const { return shared_.log_in_guard; }
  [[nodiscard]] const ReturnPasses& passes() const { return shared_.passes; }
  [[nodiscard]] const OriginPolicy& origins() const { return shared_.origins; }
  [[nodiscard]] const TrustedProxies& proxies() const { return shared_.proxies; }
  [[nodiscard]] Rng& rng() const { return shared_.rng; }
  [[nodiscard]] Switchboard& switchboard() const { return shared_.switchboard; }
  [[nodiscard]] signalling::Door& door() { return door_; }
  [[nodiscard]] signalling::Desk& desk() { return desk_; }
  [[nodiscard]] signalling::Store& store() { return *store_; }
  [[nodiscard]] telemetry::WorkerMetrics& metrics() { return metrics_; }
  [[nodiscard]] telemetry::Logger& log() const { return shared_.log; }
  [[nodiscard]] signalling::SecurityEvents& events() { return events_; }
  /// An event without a record, of whoever is there.
  void tell(signalling::SecurityKind kind, std::string_view reason, const net::PeerAddress& source,
            const UserId* principal = nullptr);
  /// Browsers told that our pages did what their policy forbids, so many times.
  void tell_violated(std::string_view directive, std::uint64_t times,
                     const net::PeerAddress& source);
  /// Too often: before anything was looked at.
  void tell_limited(signalling::SecurityKind kind, const net::PeerAddress& source,
                    audit::Kind recorded);
  [[nodiscard]] std::string source_of(const net::PeerAddress& peer);
  /// The first event of a connection of `user`.
  [[nodiscard]] std::string hello(const UserId& user) const;

  // Scratch of the thread. The event's document is busy while an event is being handled.
  [[nodiscard]] json::Document& event_document() { return event_document_; }
  [[nodiscard]] json::Document& auth_document() { return auth_document_; }
  [[nodiscard]] std::string& packet_buffer() { return packet_buffer_; }

  /// Writes a response with the headers that every answer has.
  void append(std::string& out, HttpResponse response, std::string_view cors_origin, Wire wire,
              KeepAlive keep_alive, BodyOf body) const;
  [[nodiscard]] HttpResponse plain_answer(std::uint16_t status) const;

 private:
  enum class Woken : std::uint8_t { client, link, desk, events };

  [[nodiscard]] std::optional<MonoTime> tick(MonoTime now);
  void wake(TimingWheel::Key key, MonoTime now);
  void arm(Woken who, std::uint32_t slot, MonoTime deadline);

  void handle_engineio(Client& client, HttpRequest& request);
  void answer_engineio(Client& client, HttpRequest& request, engineio::Route route, LinkHost* host);
  void upgrade(Client& client, const HttpRequest& request, LinkHost* host, const ShownPass& pass);
  /// `retry_after`: with `rate_limited`.
  void refuse_engineio(Client& client, engineio::RequestError error,
                       std::optional<MonoTime::duration> retry_after = {});
  void turn_away(Client& client, const HttpRequest& request, engineio::RequestError error);
  void preflight(Client& client, const HttpRequest& request);
  [[nodiscard]] LinkHost& open_link(const Client& client, const HttpRequest& request,
                                    const ShownPass& pass);
  [[nodiscard]] LinkHost* find_link(std::string_view sid) const;
  void move(Client& client, HttpRequest request, std::uint32_t worker);
  void arrived(std::shared_ptr<Client> client, HttpRequest request);
  void check_quiet();

  net::Worker& worker_;
  const Shared& shared_;
  std::unique_ptr<signalling::Store> store_;
  std::shared_ptr<const net::TlsContext> tls_;
  telemetry::WorkerMetrics& metrics_;
  signalling::SecurityEvents events_;
  signalling::Door door_;
  signalling::Desk desk_;
  std::unique_ptr<Rest> rest_;
  Slots<Client> clients_;
  Slots<LinkHost> links_;
  std::unordered_map<engineio::Sid, SlotId> sids_;
  TimingWheel wheel_;
  std::vector<TimingWheel::Key> due_;
  MonoTime desk_armed_ = MonoTime::max();
  json::Document event_document_;
  json::Document auth_document_;
  std::string packet_buffer_;
  std::function<void()> quiet_;
  bool stopping_ = false;
};

}  // namespace stillroom::gateway
