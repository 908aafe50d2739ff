// SPDX-License-Identifier: Apache-2.0
#include "gateway/rest.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <charconv>
#include <chrono>
#include <exception>
#include <utility>

#include "base/json.hpp"
#include "gateway/client.hpp"
#include "gateway/rest_body.hpp"
#include "gateway/rest_routes.hpp"
#include "gateway/switchboard.hpp"

namespace stillroom::gateway {

using signalling::Problem;
using signalling::Trace;
namespace problems = signalling::problems;

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

HttpResponse json_response(std::string body) {
  HttpResponse response;
  response.content_type = "application/json";
  response.body = std::move(body);
  return response;
}

HttpResponse json_response(std::uint16_t status, std::string body) {
  HttpResponse response = json_response(std::move(body));
  response.status = status;
  return response;
}

HttpResponse problem_response(const Problem& problem) {
  HttpResponse response = json_response(signalling::encode_problem(problem));
  response.status = static_cast<std::uint16_t>(problem.status);
  response.problem = problem.code;
  response.content_type = "application/problem+json";
  if (problem.status == 401) response.fields.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

HttpResponse limited_response(MonoTime::duration wait) {
  HttpResponse response = problem_response(problems::kRateLimited);
  response.fields.emplace_back("Retry-After",
                               std::to_string(std::chrono::ceil<seconds>(wait).count()));
  return response;
}

bool Rest::Routes::matches(std::string_view pattern, std::string_view path) {
  if (!pattern.ends_with('/')) return path == pattern;
  if (!path.starts_with(pattern)) return false;
  const std::string_view id = path.substr(pattern.size());
  return !id.empty() && id.find('/') == std::string_view::npos;
}

Task<HttpResponse> Rest::Routes::dispatch(Rest* rest, Ask ask) {
  bool path_known = false;
  const auto fits = [&request = ask.request, &path_known](const auto& route) {
    if (!matches(route.path, request.path)) return false;
    path_known = true;
    return route.method == request.method;
  };
  const auto* const route = std::ranges::find_if(kAll, fits);
  const auto* const staff_route =
      route == kAll.end() ? std::ranges::find_if(kStaff, fits) : kStaff.end();
  if (route == kAll.end() && staff_route == kStaff.end()) {
    co_return problem_response(path_known ? problems::kMethodNotAllowed : problems::kNotFound);
  }
  const std::size_t behind = (route != kAll.end() ? route->path : staff_route->path).size();
  auto argument = decode_segment(std::string_view(ask.request.path).substr(behind));
  if (!argument) co_return problem_response(problems::kNotFound);
  ask.argument = *std::move(argument);
  if (route != kAll.end()) co_return co_await route->handler(rest, std::move(ask));
  co_return co_await staff(rest, staff_route, std::move(ask));
}

bool Rest::takes_key(const HttpRequest& request) {
  return std::ranges::any_of(Routes::kStaff, [&request](const auto& route) {
    return route.method == request.method && Routes::matches(route.path, request.path);
  });
}

Task<Result<identity::Principal, Problem>> Rest::Routes::who(Rest* rest, const Ask* ask) {
  identity::OfferedTokens offered;
  offered.auth = ask->request.field("x-auth-token");
  offered.authorization = ask->request.field("authorization");
  offered.party = rest->front_.origins().party(ask->request);
  const auto shown = shown_log_in(ask->request);
  if (shown && !identity::choose_token(offered, identity::QueryTokens::ignored)) {
    const auto right = co_await log_in_of(rest, &*shown);
    if (!right) {
      rest->front_.door().refused(right.error(), ask->trace);
      co_return fail(right.error());
    }
    co_return co_await authenticated(rest, ask, &*right);
  }
  const auto proven = rest->front_.door().prove_bearer(offered, ask->trace);
  if (!proven) co_return fail(proven.error());
  co_return co_await authenticated(rest, ask, &*proven);
}

Task<Problematic<identity::Principal>> Rest::Routes::authenticated(
    Rest* rest, const Ask* ask, const identity::VerifiedToken* right) {
  Asking<identity::Principal> start = [rest, token = *right, trace = ask->trace](auto answer) {
    rest->front_.door().authenticate(token, trace, std::move(answer));
  };
  co_return co_await heard<identity::Principal>(rest, std::move(start));
}

Task<HttpResponse> Rest::Routes::exchange(Rest* rest, Ask ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  const std::string code = members.must(members.text("code"));
  if (members.problem()) co_return problem_response(*members.problem());
  const auto paid = rest->front_.limiter().log_in(ask.peer, rest->front_.now());
  if (!paid) {
    rest->front_.tell_limited(signalling::SecurityKind::link_refused, ask.peer,
                              audit::Kind::link_refused);
    co_return limited_response(paid.error().wait);
  }
  Asking<signalling::ExchangedLink> start = [rest, code, trace = ask.trace](auto answer) {
    rest->links_.exchange(code, trace, std::move(answer));
  };
  const auto answer = co_await heard<signalling::ExchangedLink>(rest, std::move(start));
  if (!answer) co_return problem_response(answer.error());
  rest->front_.limiter().logged_in(ask.peer, rest->front_.now());
  co_return json_response(signalling::encode_exchanged(*answer));
}

Task<HttpResponse> Rest::Routes::renew(Rest* rest, Ask ask) {
  AskingFor<signalling::FreshToken> asking = [rest, trace = ask.trace](const auto& who,
                                                                       auto answer) {
    rest->links_.renew(who, trace, std::move(answer));
  };
  co_return co_await answer_person(rest, &ask, std::move(asking), signalling::encode_fresh_token);
}

Task<HttpResponse> Rest::Routes::config(Rest* rest, Ask ask) {
  AskingFor<signalling::events::Ice> asking = [rest, trace = ask.trace](const auto& who,
                                                                        auto answer) {
    rest->enquiries_.config(who, trace, std::move(answer));
  };
  co_return co_await answer_person(rest, &ask, std::move(asking), signalling::encode_config);
}

Task<HttpResponse> Rest::Routes::can_join(Rest* rest, Ask ask) {
  AskingFor<signalling::CanJoin> asking = [rest, id = SessionId(ask.argument), trace = ask.trace](
                                              const auto& who, auto answer) {
    rest->enquiries_.can_join(who, id, trace, std::move(answer));
  };
  co_return co_await answer_person(rest, &ask, std::move(asking), signalling::encode_can_join);
}

Task<HttpResponse> Rest::Routes::session(Rest* rest, Ask ask) {
  AskingFor<signalling::SessionView> asking = [rest, id = SessionId(ask.argument),
                                               trace = ask.trace](const auto& who, auto answer) {
    rest->enquiries_.session(who, id, trace, std::move(answer));
  };
  co_return co_await answer_person(rest, &ask, std::move(asking), signalling::encode_session);
}

Task<HttpResponse> Rest::Routes::history(Rest* rest, Ask ask) {
  AskingFor<signalling::HistoryPage> asking = [rest, page = page_of(ask.request),
                                               trace = ask.trace](const auto& who, auto answer) {
    rest->enquiries_.history(who, page, trace, std::move(answer));
  };
  co_return co_await answer_person(rest, &ask, std::move(asking), signalling::encode_history);
}

void Rest::Routes::tell_refused(Rest* rest, const signalling::Author& by,
                                const session::Session& session, room::Refusal refusal) {
  audit::Record record =
      signalling::record_of(audit::Kind::call_refused, by, rest->front_.clock().wall_now());
  record.session = session.id;
  record.room = session.room;
  record.reason = room::text_of(refusal).code;
  rest->front_.events().tell(signalling::event_of(signalling::SecurityKind::call_refused, record));
}

// Start and end go the way of the socket's events: the desk that owns the room decides.
Task<HttpResponse> Rest::Routes::act(Rest* rest, Ask ask, room::Command command) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  const SessionId id(ask.argument);
  Asking<signalling::SessionView> look = [rest, who = *principal, id,
                                          trace = ask.trace](auto answer) {
    rest->enquiries_.session(who, id, trace, std::move(answer));
  };
  const auto view = co_await heard<signalling::SessionView>(rest, std::move(look));
  if (!view) co_return problem_response(view.error());
  std::function<void(std::function<void(room::Outcome)>)> go =
      [rest, user = principal->user(), room = view->session.room, command](auto answer) {
        rest->front_.switchboard().submit_for(rest->front_, user, room, command, std::move(answer));
      };
  const auto outcome =
      co_await answered<room::Outcome>(&rest->front_.worker().context(), std::move(go));
  if (const auto* refusal = std::get_if<room::Refusal>(&outcome)) {
    tell_refused(rest, {*principal, ask.trace, {}}, view->session, *refusal);
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
      enquiries_(front.store(), front.events(), shared.clock, shared.ice, shared.settings.sessions),
      links_(front.store(), front.events(), shared.clock, shared.rng, shared.minter,
             shared.settings.links),
      tickets_(front.store(), shared.clock, shared.rng, shared.ticket_minter),
      passwords_(shared.passwords_for(front.worker())),
      accounts_(front.store(), front.events(), *passwords_, shared.log_in_guard, shared.clock,
                shared.rng, shared.settings.accounts),
      administration_(front.store(), shared.clock, shared.rng, &shared.minter),
      keys_(front.store(), front.events(), shared.clock) {}

Rest::~Rest() = default;

void Rest::handle(Client& client, HttpRequest request) {
  const net::PeerAddress& source = client.from().address;
  Ask ask{std::move(request), {}, Trace{{}, front_.source_of(source)}, source};
  boost::asio::co_spawn(
      front_.worker().context(), Routes::dispatch(this, std::move(ask)),
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
