// SPDX-License-Identifier: Apache-2.0
#include "gateway/front.hpp"

#include <unistd.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/encoding.hpp"
#include "gateway/client.hpp"
#include "gateway/link_host.hpp"
#include "gateway/reasons.hpp"
#include "gateway/rest.hpp"
#include "gateway/switchboard.hpp"
#include "signalling/events.hpp"

namespace stillroom::gateway {
namespace {
using telemetry::Counter;
using telemetry::Gauge;

using signalling::SecurityKind;

signalling::DeskPorts desk_ports(const Shared& shared, signalling::Store& store,
                                 signalling::Outbox& outbox, telemetry::WorkerMetrics& metrics,
                                 signalling::SecurityEvents& events) {
  return {store, outbox, shared.ice, shared.clock, shared.rng, metrics, events};
}

std::string_view bytes_of(const net::PeerAddress& peer) {
  return as_text({peer.ip.data(), peer.ip.size()});
}
}  // namespace

Front::Front(net::Worker& worker, const Shared& shared, std::unique_ptr<signalling::Store> store)
    : worker_(worker),
      shared_(shared),
      store_(std::move(store)),
      tls_(shared.tls),
      metrics_(shared.metrics.worker(worker.index())),
      events_(*store_, shared.clock, metrics_, shared.log, shared.source_key),
      door_(*store_, events_, shared.clock, shared.verifier, shared.settings.query_tokens),
      desk_(desk_ports(shared, *store_, *this, metrics_, events_), shared.settings.rooms),
      rest_(std::make_unique<Rest>(*this, shared)),
      wheel_(shared.clock.mono_now()) {
  worker_.on_tick([this](MonoTime now) { return tick(now); });
  shared_.switchboard.add(*this);
  arm(Woken::events, 0, now() + signalling::kTallyWindow);
}

Front::~Front() = default;

// ---- sockets
// ---------------------------------------------------------------------------------------

void Front::accepted(int fd, const net::PeerAddress& peer) {
  using Entry = TrustedProxies::Entry;
  const Entry entry = proxies().entry(peer);
  // Through a proxy come all kinds of people: they are told apart once it says who they are.
  const std::string_view refused = stopping_                                   ? "stopping"
                                   : clients_.size() >= settings().clients_max ? "full"
                                   : entry == Entry::refused                   ? "no_proxy"
                                   : entry == Entry::direct && !limiter().may_enter(peer, now())
                                       ? "rate_limited"
                                       : "";
  if (!refused.empty()) {
    tell(SecurityKind::connection_refused, refused, peer);
    ::close(fd);
    return;
  }
  const auto preface = entry == Entry::announced ? net::Preface::proxy_header : net::Preface::none;
  metrics_.add(Counter::connections_accepted);
  metrics_.change(Gauge::connections, 1);
  const SlotId id = clients_.reserve();
  clients_.fill(id, std::make_shared<Client>(*this, id, fd, peer, tls_.get(), preface));
  clients_.find(id)->start();
}

void Front::announced(Client& client) {
  const net::PeerAddress& peer = client.connection().peer();
  if (proxies().trusts(peer) || limiter().may_enter(peer, now())) return;
  tell(SecurityKind::connection_refused, "rate_limited", peer);
  client.connection().abort();
}

void Front::forget(Client& client) {
  worker_.bury(clients_.remove(client.id()));
  metrics_.change(Gauge::connections, -1);
  check_quiet();
}

void Front::forget(LinkHost& host) {
  sids_.erase(host.sid());
  worker_.bury(links_.remove(host.id()));
  metrics_.change(Gauge::links, -1);
}

void Front::handle(Client& client, HttpRequest request) {
  metrics_.add(Counter::http_requests);
  if (request.path == "/livez" || request.path == "/readyz") {
    return rest_->answer_health(client, request.path == "/readyz" ? Health::ready : Health::live);
  }
  if (settings().transport == TransportRule::secure_only && client.from().wire == Wire::plain) {
    return turn_away(client, request, engineio::RequestError::insecure);
  }
  if (request.path == "/socket.io/") return handle_engineio(client, request);
  if (request.method == Method::options) return preflight(client, request);
  const bool rest = request.path.starts_with("/api/");
  const auto asked = rest ? OriginPolicy::Asked::service : OriginPolicy::Asked::page;
  const OriginPolicy::Verdict verdict = origins().judge(request, asked);
  const bool by_key = verdict == OriginPolicy::Verdict::key_only && Rest::takes_key(request);
  if (verdict != OriginPolicy::Verdict::allowed && !by_key) {
    return turn_away(client, request, engineio::RequestError::origin_refused);
  }
  if (rest) return rest_->handle(client, std::move(request));
  client.respond(shared_.files.serve(request));
}

/// A request that nobody looked at, in the words of whom it asked: a problem for REST (RFC 9457),
/// Engine.IO's error for all else.
void Front::turn_away(Client& client, const HttpRequest& request, engineio::RequestError error) {
  if (!request.path.starts_with("/api/")) return refuse_engineio(client, error);
  tell(SecurityKind::request_refused, reason_of(error), client.from().address);
  const bool insecure = error == engineio::RequestError::insecure;
  HttpResponse response = problem_response(insecure ? signalling::problems::kInsecure
                                                    : signalling::problems::kOriginRefused);
  if (insecure) response.fields.emplace_back("Upgrade", kUpgradeToTls);
  client.respond_last(std::move(response));
}

void Front::refuse(Client& client, HttpError error) {
  tell(SecurityKind::request_refused, reason_of(error), client.from().address);
  client.respond_last(plain_answer(status(error)));
}

HttpResponse Front::plain_answer(std::uint16_t status) const {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body.append(reason_phrase(status)).append("\n");
  return response;
}

void Front::append(std::string& out, HttpResponse response, std::string_view cors_origin, Wire wire,
                   KeepAlive keep_alive, BodyOf body) const {
  if (!cors_origin.empty()) {
    response.fields.emplace_back("Access-Control-Allow-Origin", cors_origin);
    response.fields.emplace_back("Access-Control-Allow-Credentials", "true");
  }
  shared_.security.append(response, wire);
  append_response(out, response, keep_alive, body);
}

// ---- moving to another worker
// ------------------------------------------------------------------------

// The client's callbacks are still on the stack here: it leaves when they are not.
void Front::move(Client& client, HttpRequest request, std::uint32_t worker) {
  metrics_.add(Counter::connections_moved);
  worker_.after_event(
      net::Task([this, id = client.id(), request = std::move(request), worker]() mutable {
        std::shared_ptr<Client> moving = clients_.remove(id);
        if (!moving) return;  // closed meanwhile
        moving->leave();
        metrics_.change(Gauge::connections, -1);
        Front& there = shared_.switchboard.front(worker);
        auto arrive = [&there, moving = std::move(moving), request = std::move(request)]() mutable {
          there.arrived(std::move(moving), std::move(request));
        };
        // Full: the connection is closed, as its last owner lets go of it here.
        std::ignore = there.worker_.post(net::Task(std::move(arrive)));
      }));
}

void Front::arrived(std::shared_ptr<Client> client, HttpRequest request) {
  if (stopping_ || !client->connection().is_open()) return;
  const SlotId id = clients_.reserve();
  Client& here = *client;
  clients_.fill(id, std::move(client));
  here.arrive(*this, id);
  metrics_.change(Gauge::connections, 1);
  handle(here, std::move(request));
}

// ---- deadlines
// -------------------------------------------------------------------------------------

void Front::arm(Woken who, std::uint32_t slot, MonoTime deadline) {
  const MonoTime::duration grid = settings().tick;
  const auto past = deadline.time_since_epoch() % grid;
  const MonoTime on_grid = past == past.zero() ? deadline : deadline + (grid - past);
  wheel_.arm((static_cast<TimingWheel::Key>(who) << 32U) | slot, on_grid);
  worker_.wake_at(on_grid);
}

void Front::arm_client(Client& client) {
  if (client.deadline() >= client.armed()) return;  // will be looked at earlier anyway
  client.set_armed(client.deadline());
  arm(Woken::client, client.id().slot, client.deadline());
}

void Front::arm_link(LinkHost& host) {
  const MonoTime deadline = host.next_deadline();
  if (deadline >= host.armed()) return;
  host.set_armed(deadline);
  arm(Woken::link, host.id().slot, deadline);
}

void Front::arm_desk() {
  const auto deadline = desk_.next_deadline();
  if (!deadline || *deadline >= desk_armed_) return;
  desk_armed_ = *deadline;
  arm(Woken::desk, 0, *deadline);
}

std::optional<MonoTime> Front::tick(MonoTime now) {
  due_.clear();
  wheel_.advance(now, due_);
  for (const TimingWheel::Key key : due_) wake(key, now);
  return wheel_.next();
}

void Front::wake(TimingWheel::Key key, MonoTime now) {
  const auto slot = static_cast<std::uint32_t>(key);
  switch (static_cast<Woken>(key >> 32U)) {
    case Woken::client:
      if (Client* client = clients_.at(slot)) {
        client->set_armed(MonoTime::max());
        if (client->deadline() <= now) {
          client->on_deadline(now);
        } else {
          arm_client(*client);
        }
      }
      break;
    case Woken::link:
      if (LinkHost* host = links_.at(slot)) {
        host->set_armed(MonoTime::max());
        host->tick(now);
      }
      break;
    case Woken::desk:
      desk_armed_ = MonoTime::max();
      desk_.tick(now);
      arm_desk();
      break;
    case Woken::events:
      events_.end_window();
      arm(Woken::events, 0, now + signalling::kTallyWindow);
      break;
  }
}

// ---- the rest
// --------------------------------------------------------------------------------------

void Front::emit(const room::Address& to, std::string_view event_json) {
  shared_.switchboard.emit(*this, to, event_json);
}

void Front::ack(const room::Address& to, std::uint64_t ack_id, std::string_view args_json) {
  shared_.switchboard.ack(*this, to, ack_id, args_json);
}

void Front::right_lost(const room::Address& to, const RoomId& room, std::string_view reason) {
  shared_.switchboard.right_lost(*this, to, room, reason);
}

void Front::review(const signalling::Concerned& concerned) {
  for (const SlotId id : links_.ids()) {
    if (LinkHost* host = links_.find(id)) host->review(concerned);
  }
}

void Front::stop(std::function<void()> quiet) {
  stopping_ = true;
  quiet_ = std::move(quiet);
  for (const SlotId id : links_.ids()) {
    if (LinkHost* host = links_.find(id)) host->stop();
  }
  for (const SlotId id : clients_.ids()) {
    if (Client* client = clients_.find(id)) client->wind_down();
  }
  check_quiet();
}

void Front::check_quiet() {
  if (!stopping_ || clients_.size() > 0 || !quiet_) return;
  events_.end_window();
  std::exchange(quiet_, nullptr)();
}

std::string Front::source_of(const net::PeerAddress& peer) {
  return events_.source_digest(bytes_of(peer));
}

void Front::tell(SecurityKind kind, std::string_view reason, const net::PeerAddress& source,
                 const UserId* principal) {
  signalling::SecurityEvent event;
  event.kind = kind;
  event.reason = reason;
  event.address = bytes_of(source);
  event.principal = principal;
  events_.tell(event);
}

void Front::tell_violated(std::string_view directive, std::uint64_t times,
                          const net::PeerAddress& source) {
  signalling::SecurityEvent event;
  event.kind = SecurityKind::page_violated;
  event.reason = directive;
  event.address = bytes_of(source);
  event.times = times;
  events_.tell(event);
}

void Front::tell_limited(SecurityKind kind, const net::PeerAddress& source, audit::Kind recorded) {
  signalling::SecurityEvent event;
  event.kind = kind;
  event.reason = signalling::problems::kRateLimited.code;
  event.address = bytes_of(source);
  event.recorded = recorded;
  events_.tell(event);
}

std::string Front::hello(const UserId& user) const {
  const WallTime now = clock().wall_now();
  return signalling::events::hello(now, settings().version,
                                   shared_.ice.relay_only() ? signalling::events::IcePolicy::relay
                                                            : signalling::events::IcePolicy::all,
                                   passes().issue(user, now));
}

}  // namespace stillroom::gateway
