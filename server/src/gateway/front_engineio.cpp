// SPDX-License-Identifier: Apache-2.0
// The path /socket.io/: from an HTTP request to the link that it opens or belongs to.
#include <array>
#include <tuple>
#include <utility>

#include "base/encoding.hpp"
#include "engineio/request.hpp"
#include "gateway/client.hpp"
#include "gateway/front.hpp"
#include "gateway/link_host.hpp"
#include "gateway/reasons.hpp"
#include "gateway/switchboard.hpp"
#include "websocket/upgrade.hpp"

namespace stillroom::gateway {
namespace {

std::string_view method_name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::other:
      break;
  }
  return "OTHER";
}

std::string_view field_or_empty(const HttpRequest& request, std::string_view name) {
  return request.field(name).value_or(std::string_view());
}

}  // namespace

void Front::handle_engineio(Client& client, HttpRequest& request) {
  if (request.method == Method::options) return preflight(client, request);
  const auto eio = request.parameter("EIO");
  const auto transport = request.parameter("transport");
  const auto sid = request.parameter("sid");
  // A link is known to its own worker only: the whole connection goes there.
  const auto parsed = sid ? engineio::Sid::parse(*sid) : std::nullopt;
  if (parsed && shared_.switchboard.owner(*parsed) != worker_.index()) {
    return move(client, std::move(request), shared_.switchboard.owner(*parsed));
  }
  LinkHost* host = sid ? find_link(*sid) : nullptr;

  engineio::Request question;
  question.method = method_name(request.method);
  question.eio = eio;
  question.transport = transport;
  question.sid = sid;
  if (websocket::asks_for_websocket(field_or_empty(request, "connection"),
                                    field_or_empty(request, "upgrade"))) {
    question.carrier = engineio::Carrier::websocket_upgrade;
  }
  const auto verdict = origins().judge(request, OriginPolicy::Asked::service);
  question.origin = verdict == OriginPolicy::Verdict::allowed ? engineio::Verdict::passes
                                                              : engineio::Verdict::fails;
  if (host != nullptr) {
    question.link = host->transport();
    question.binding = host->binding(request);
  }
  const auto route = engineio::check_request(question);
  if (!route) return refuse_engineio(client, route.error());
  answer_engineio(client, request, *route, host);
}

void Front::answer_engineio(Client& client, HttpRequest& request, engineio::Route route,
                            LinkHost* host) {
  ShownPass pass;
  if (route == engineio::Route::open_polling || route == engineio::Route::open_websocket) {
    if (const auto text = request.parameter("returnPass")) {
      pass.holder = passes().open(*text, clock().wall_now());
    }
    const auto allowed = limiter().handshake(client.from().address, pass.holder, now());
    if (!allowed) {
      return refuse_engineio(client, engineio::RequestError::rate_limited, allowed.error().wait);
    }
    pass.has_paid = *allowed == Limiter::Look::returning;
  }
  switch (route) {
    case engineio::Route::open_polling:
      return open_link(client, request, pass).open_polling(client);
    case engineio::Route::poll_get:
      return host->poll_get(client);
    case engineio::Route::poll_post:
      return host->poll_post(client, request);
    case engineio::Route::open_websocket:
    case engineio::Route::attach_websocket:
      return upgrade(client, request, host, pass);
  }
}

void Front::upgrade(Client& client, const HttpRequest& request, LinkHost* host,
                    const ShownPass& pass) {
  websocket::UpgradeRequest asked;
  asked.method = method_name(request.method);
  asked.connection = field_or_empty(request, "connection");
  asked.upgrade = field_or_empty(request, "upgrade");
  asked.version = field_or_empty(request, "sec-websocket-version");
  asked.key = field_or_empty(request, "sec-websocket-key");
  const auto accept = websocket::check_upgrade(asked);
  if (!accept) {
    tell(signalling::SecurityKind::request_refused, "upgrade_refused", client.from().address);
    HttpResponse response = plain_answer(static_cast<std::uint16_t>(status_of(accept.error())));
    response.body = std::string(sentence(accept.error())) + "\n";
    if (accept.error() == websocket::UpgradeError::wrong_version) {
      response.fields.emplace_back("Sec-WebSocket-Version", "13");
    }
    return client.respond_last(std::move(response));
  }
  client.become_websocket(*accept);
  if (host != nullptr) return host->attach_websocket(client);
  open_link(client, request, pass).open_websocket(client);
}

LinkHost& Front::open_link(const Client& client, const HttpRequest& request,
                           const ShownPass& pass) {
  Handshake handshake;
  auto query_token = request.parameter("token").value_or(std::string());
  const std::string_view authorization = field_or_empty(request, "authorization");
  if (!query_token.empty() || !authorization.empty()) {
    handshake.tokens = std::make_unique<Handshake::Tokens>(SecretText(std::move(query_token)),
                                                           SecretText(std::string(authorization)));
  }
  handshake.origin = field_or_empty(request, "origin");
  handshake.own_page = origins().party(request) == identity::kOwnPage;
  handshake.peer = client.from().address;
  handshake.pass = pass;
  handshake.transport =
      client.from().wire == Wire::tls ? room::Transport::encrypted : room::Transport::plain;

  // The sid says whose worker the link is: drawn again until it is ours.
  engineio::Sid sid;
  do {
    std::array<std::uint8_t, engineio::Sid::kBytes> random{};
    rng().fill(random);
    sid = engineio::Sid(random);
  } while (shared_.switchboard.owner(sid) != worker_.index());

  using telemetry::Counter;
  metrics_.add(request.parameter("transport") == "websocket" ? Counter::links_opened_websocket
                                                             : Counter::links_opened_polling);
  metrics_.change(telemetry::Gauge::links, 1);
  const SlotId id = links_.reserve();
  links_.fill(id, std::make_shared<LinkHost>(*this, id, sid, std::move(handshake)));
  sids_.emplace(sid, id);
  return *links_.find(id);
}

LinkHost* Front::find_link(std::string_view sid) const {
  const auto parsed = engineio::Sid::parse(sid);
  if (!parsed) return nullptr;
  const auto found = sids_.find(*parsed);
  return found == sids_.end() ? nullptr : links_.find(found->second);
}

void Front::refuse_engineio(Client& client, engineio::RequestError error,
                            std::optional<MonoTime::duration> retry_after) {
  using signalling::SecurityKind;
  if (error == engineio::RequestError::rate_limited) {
    tell_limited(SecurityKind::request_refused, client.from().address,
                 audit::Kind::connect_refused);
  } else {
    tell(SecurityKind::request_refused, reason_of(error), client.from().address);
  }
  const engineio::ErrorAnswer& answer = engineio::answer_of(error);
  HttpResponse response;
  response.status = static_cast<std::uint16_t>(answer.status);
  response.content_type = "application/json";
  if (answer.status == 426) response.fields.emplace_back("Upgrade", kUpgradeToTls);
  std::string wait;  // outlives the field that shows it
  if (retry_after) {
    wait = std::to_string(std::chrono::ceil<seconds>(*retry_after).count());
    response.fields.emplace_back("Retry-After", wait);
  }
  response.body = answer.body;
  // Every refusal closes: nobody keeps a connection by asking wrongly.
  client.respond_last(std::move(response));
}

void Front::preflight(Client& client, const HttpRequest& request) {
  if (origins().cors_origin(request).empty()) {
    return turn_away(client, request, engineio::RequestError::origin_refused);
  }
  HttpResponse response;
  response.status = 204;
  response.fields.emplace_back("Access-Control-Allow-Methods",
                               "GET, POST, PUT, PATCH, DELETE, OPTIONS");
  response.fields.emplace_back("Access-Control-Allow-Headers",
                               "Authorization, Content-Type, Idempotency-Key, X-Auth-Token");
  response.fields.emplace_back("Access-Control-Max-Age", "600");
  client.respond(std::move(response));
}

}  // namespace stillroom::gateway
