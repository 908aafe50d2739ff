// SPDX-License-Identifier: Apache-2.0
#include "gateway/rest.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <charconv>
#include <exception>
#include <utility>

#include "base/json.hpp"
#include "gateway/answered.hpp"
#include "gateway/client.hpp"
#include "gateway/front.hpp"
#include "gateway/switchboard.hpp"

namespace stillroom::gateway {
namespace {

using signalling::Problem;
using signalling::Trace;
namespace problems = signalling::problems;
template <class T>
using Task = boost::asio::awaitable<T>;

/// A request, and who makes it, on its way through one coroutine.
struct Ask {
  HttpRequest request;
  std::string argument;  ///< what stands behind the route's path
  Trace trace;
};

signalling::Page page_of(const HttpRequest& request) {
  const auto number = [&request](std::string_view name, std::uint32_t otherwise) {
    const auto text = request.parameter(name);
    std::uint32_t value = otherwise;
    if (!text) return otherwise;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    return error == std::errc() && end == text->data() + text->size() ? value : otherwise;
  };
  return {number("limit", 20), number("offset", 0)};
}

}  // namespace

HttpResponse json_response(std::string body) {
  HttpResponse response;
  response.content_type = "application/json";
  response.fields.emplace_back("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

HttpResponse problem_response(const Problem& problem) {
  HttpResponse response = json_response(signalling::encode_problem(problem));
  response.status = static_cast<std::uint16_t>(problem.status);
  response.content_type = "application/problem+json";
  if (problem.status == 401) response.fields.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

/// The routes, one function each. Pointers, as a coroutine keeps only what it is given: `Rest`
/// lives as long as the loop that runs them, an `Ask` as long as the coroutine that waits.
struct Rest::Routes {
  using Handler = Task<HttpResponse> (*)(Rest*, Ask);
  struct Route {
    Method method;
    std::string_view path;  ///< ending in '/': an id has to follow
    Handler handler;
  };

  static Task<Result<identity::Principal, Problem>> who(Rest* rest, const Ask* ask);
  static Task<HttpResponse> exchange(Rest* rest, Ask ask);
  static Task<HttpResponse> renew(Rest* rest, Ask ask);
  static Task<HttpResponse> config(Rest* rest, Ask ask);
  static Task<HttpResponse> can_join(Rest* rest, Ask ask);
  static Task<HttpResponse> session(Rest* rest, Ask ask);
  static Task<HttpResponse> history(Rest* rest, Ask ask);
  static Task<HttpResponse> start(Rest* rest, Ask ask);
  static Task<HttpResponse> end(Rest* rest, Ask ask);
  static Task<HttpResponse> act(Rest* rest, Ask ask, room::Command command);

  static constexpr std::array<Route, 8> kAll{{
      {Method::post, "/api/links/exchange", &Routes::exchange},
      {Method::post, "/api/links/renew", &Routes::renew},
      {Method::get, "/api/video-calls/config", &Routes::config},
      {Method::get, "/api/video-calls/can-join/", &Routes::can_join},
      {Method::get, "/api/video-calls/session/", &Routes::session},
      {Method::get, "/api/video-calls/history", &Routes::history},
      {Method::post, "/api/video-calls/start/", &Routes::start},
      {Method::post, "/api/video-calls/end/", &Routes::end},
  }};

  static bool matches(const Route& route, std::string_view path);
  static Task<HttpResponse> dispatch(Rest* rest, HttpRequest request, Trace trace);
};

bool Rest::Routes::matches(const Route& route, std::string_view path) {
  if (!route.path.ends_with('/')) return path == route.path;
  if (!path.starts_with(route.path)) return false;
  const std::string_view id = path.substr(route.path.size());
  return !id.empty() && id.find('/') == std::string_view::npos;
}

Task<HttpResponse> Rest::Routes::dispatch(Rest* rest, HttpRequest request, Trace trace) {
  bool path_known = false;
  for (const Route& route : kAll) {
    if (!matches(route, request.path)) continue;
    path_known = true;
    if (route.method != request.method) continue;
    Ask ask{std::move(request), {}, std::move(trace)};
    ask.argument = ask.request.path.substr(route.path.size());
    co_return co_await route.handler(rest, std::move(ask));
  }
  co_return problem_response(path_known ? problems::kMethodNotAllowed : problems::kNotFound);
}

Task<Result<identity::Principal, Problem>> Rest::Routes::who(Rest* rest, const Ask* ask) {
  identity::OfferedTokens offered;
  offered.auth = ask->request.field("x-auth-token");
  offered.authorization = ask->request.field("authorization");
  const auto proven = rest->front_.door().prove(offered, ask->trace);
  if (!proven) co_return fail(proven.error());
  using R = Result<identity::Principal, Problem>;
  std::function<void(std::function<void(R)>)> start = [rest, token = *proven,
                                                       trace = ask->trace](auto answer) {
    rest->front_.door().authenticate(token, trace, std::move(answer));
  };
  co_return co_await answered<R>(&rest->front_.worker().context(), std::move(start));
}

Task<HttpResponse> Rest::Routes::exchange(Rest* rest, Ask ask) {
  json::Document document;
  const auto body = document.parse(ask.request.body);
  const auto code = body ? body->find("code") : std::nullopt;
  const auto text = code ? code->as_string() : std::nullopt;
  if (!text) co_return problem_response(problems::kMalformed);
  using R = Result<signalling::ExchangedLink, Problem>;
  std::function<void(std::function<void(R)>)> start = [rest, text = *text,
                                                       trace = ask.trace](auto answer) {
    rest->links_.exchange(text, trace, std::move(answer));
  };
  const auto answer = co_await answered<R>(&rest->front_.worker().context(), std::move(start));
  co_return answer ? json_response(signalling::encode_exchanged(*answer))
                   : problem_response(answer.error());
}

Task<HttpResponse> Rest::Routes::renew(Rest* rest, Ask ask) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  using R = Result<signalling::FreshToken, Problem>;
  std::function<void(std::function<void(R)>)> start = [rest, who = *principal,
                                                       trace = ask.trace](auto answer) {
    rest->links_.renew(who, trace, std::move(answer));
  };
  const auto answer = co_await answered<R>(&rest->front_.worker().context(), std::move(start));
  co_return answer ? json_response(signalling::encode_fresh_token(*answer))
                   : problem_response(answer.error());
}

Task<HttpResponse> Rest::Routes::config(Rest* rest, Ask ask) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  using R = Result<signalling::events::Ice, Problem>;
  std::function<void(std::function<void(R)>)> start = [rest, who = *principal,
                                                       trace = ask.trace](auto answer) {
    rest->enquiries_.config(who, trace, std::move(answer));
  };
  const auto answer = co_await answered<R>(&rest->front_.worker().context(), std::move(start));
  co_return answer ? json_response(signalling::encode_config(*answer))
                   : problem_response(answer.error());
}

Task<HttpResponse> Rest::Routes::can_join(Rest* rest, Ask ask) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  using R = Result<signalling::CanJoin, Problem>;
  std::function<void(std::function<void(R)>)> start =
      [rest, who = *principal, id = SessionId(ask.argument), trace = ask.trace](auto answer) {
        rest->enquiries_.can_join(who, id, trace, std::move(answer));
      };
  const auto answer = co_await answered<R>(&rest->front_.worker().context(), std::move(start));
  co_return answer ? json_response(signalling::encode_can_join(*answer))
                   : problem_response(answer.error());
}

Task<HttpResponse> Rest::Routes::session(Rest* rest, Ask ask) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  using R = Result<signalling::SessionView, Problem>;
  std::function<void(std::function<void(R)>)> start =
      [rest, who = *principal, id = SessionId(ask.argument), trace = ask.trace](auto answer) {
        rest->enquiries_.session(who, id, trace, std::move(answer));
      };
  const auto answer = co_await answered<R>(&rest->front_.worker().context(), std::move(start));
  co_return answer ? json_response(signalling::encode_session(*answer))
                   : problem_response(answer.error());
}

Task<HttpResponse> Rest::Routes::history(Rest* rest, Ask ask) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  using R = Result<signalling::HistoryPage, Problem>;
  std::function<void(std::function<void(R)>)> start =
      [rest, who = *principal, page = page_of(ask.request), trace = ask.trace](auto answer) {
        rest->enquiries_.history(who, page, trace, std::move(answer));
      };
  const auto answer = co_await answered<R>(&rest->front_.worker().context(), std::move(start));
  co_return answer ? json_response(signalling::encode_history(*answer))
                   : problem_response(answer.error());
}

// Start and end go the way of the socket's events: the desk that owns the room decides.
Task<HttpResponse> Rest::Routes::act(Rest* rest, Ask ask, room::Command command) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  const SessionId id(ask.argument);
  using View = Result<signalling::SessionView, Problem>;
  std::function<void(std::function<void(View)>)> look = [rest, who = *principal, id,
                                                         trace = ask.trace](auto answer) {
    rest->enquiries_.session(who, id, trace, std::move(answer));
  };
  const auto view = co_await answered<View>(&rest->front_.worker().context(), std::move(look));
  if (!view) co_return problem_response(view.error());
  std::function<void(std::function<void(room::Outcome)>)> go =
      [rest, user = principal->user(), room = view->session.room, command](auto answer) {
        rest->front_.switchboard().submit_for(rest->front_, user, room, command, std::move(answer));
      };
  const auto outcome =
      co_await answered<room::Outcome>(&rest->front_.worker().context(), std::move(go));
  if (const auto* refusal = std::get_if<room::Refusal>(&outcome)) {
    co_return problem_response(signalling::problem_of(*refusal));
  }
  std::string body;
  json::Writer out(body);
  out.begin_object().key("ok").boolean(true).key("sessionId").string(id.text());
  const auto* running = std::get_if<room::TellCallStatus>(&outcome);
  out.key("status").string(running != nullptr ? "in-progress" : "completed");
  if (running != nullptr) out.key("startTime").string(to_rfc3339(running->started));
  out.end_object();
  co_return json_response(std::move(body));
}

Task<HttpResponse> Rest::Routes::start(Rest* rest, Ask ask) {
  room::Command command = room::StartCall{SessionId(ask.argument)};
  co_return co_await act(rest, std::move(ask), std::move(command));
}

Task<HttpResponse> Rest::Routes::end(Rest* rest, Ask ask) {
  room::Command command = room::EndCall{SessionId(ask.argument)};
  co_return co_await act(rest, std::move(ask), std::move(command));
}

Rest::Rest(Front& front, const Shared& shared)
    : front_(front),
      enquiries_(front.store(), shared.clock, shared.ice, shared.settings.sessions),
      links_(front.store(), shared.clock, shared.rng, shared.minter, shared.settings.links) {}

Rest::~Rest() = default;

void Rest::handle(Client& client, HttpRequest request) {
  Trace trace{{}, front_.source_of(client.connection().peer())};
  boost::asio::co_spawn(
      front_.worker().context(), Routes::dispatch(this, std::move(request), std::move(trace)),
      [this, id = client.id()](const std::exception_ptr& failure, const HttpResponse& response) {
        respond(id, failure ? problem_response(problems::kUnavailable) : response);
      });
}

void Rest::respond(SlotId client, const HttpResponse& response) {
  if (Client* waiting = front_.client(client)) waiting->respond(response);
}

void Rest::answer_health(Client& client, Health health) {
  if (health == Health::live) return client.respond(json_response(R"({"status":"live"})"));
  front_.store().find_user(UserId("-"), [this, id = client.id()](const auto& found) {
    const bool ready = found && front_.door().issuer_keys() == signalling::IssuerKeys::present;
    HttpResponse response =
        json_response(ready ? R"({"status":"ready"})" : R"({"status":"not ready"})");
    if (!ready) response.status = 503;
    respond(id, response);
  });
}

}  // namespace stillroom::gateway
