// SPDX-License-Identifier: Apache-2.0
// Who orders, whether they may, and requests that come twice; then the table's handler.
#include <string>
#include <utility>

#include "gateway/rest_routes.hpp"
#include "identity/id_text.hpp"
#include "identity/service_key.hpp"
#include "identity/token.hpp"
#include "signalling/staff.hpp"

namespace stillroom::gateway {

namespace problems = signalling::problems;
using signalling::KeptAnswer;

namespace {

/// A key stands in `Authorization` only, and decides alone: a token beside it is not looked at.
std::optional<std::string> offered_key(const HttpRequest& request) {
  const auto authorization = request.field("authorization");
  const auto bearer = authorization ? identity::bearer_token(*authorization) : std::nullopt;
  if (!bearer || !identity::is_meant_as_key(*bearer)) return std::nullopt;
  return std::string(*bearer);
}

HttpResponse kept_response(const KeptAnswer& kept) {
  return json_response(static_cast<std::uint16_t>(kept.status), kept.body);
}

}  // namespace

HttpResponse rows_response(const std::vector<signalling::RefusedRow>& rows,
                           signalling::About about) {
  HttpResponse response = problem_response(problems::kRowsRefused);
  response.body = signalling::encode_refused(rows, about);
  return response;
}

Task<Problematic<signalling::Author>> Rest::Routes::author(Rest* rest, const Ask* ask) {
  const auto key = offered_key(ask->request);
  if (!key) {
    const auto principal = co_await who(rest, ask);
    if (!principal) co_return fail(principal.error());
    co_return signalling::Author{*principal, ask->trace, std::nullopt};
  }
  Asking<identity::Service> start = [rest, key = *key, trace = ask->trace](auto answer) {
    rest->keys_.authenticate(key, trace, std::move(answer));
  };
  const auto service = co_await heard<identity::Service>(rest, std::move(start));
  if (!service) co_return fail(service.error());
  co_return signalling::Author{*service, ask->trace, std::nullopt};
}

Task<HttpResponse> Rest::Routes::staff(Rest* rest, const StaffRoute* route, Ask ask) {
  const auto by = co_await author(rest, &ask);
  if (!by) co_return problem_response(by.error());
  const bool about_session = route->path == "/api/sessions/" && identity::is_id_text(ask.argument);
  const auto session = about_session ? std::optional(SessionId(ask.argument)) : std::nullopt;
  HttpResponse response = co_await ordered_by(rest, route, std::move(ask), &*by);
  // Whether the route is not theirs or what it is about: whatever an order was refused for.
  if (response.status == problems::kForbidden.status) {
    rest->keys_.refused(*by, response.problem, session);
  }
  co_return response;
}

Task<HttpResponse> Rest::Routes::ordered_by(Rest* rest, const StaffRoute* route, Ask ask,
                                            const signalling::Author* by) {
  const bool allowed =
      route->scope ? signalling::may(*by, *route->scope) : signalling::is_administrator(*by);
  if (!allowed) co_return problem_response(problems::kForbidden);
  const bool keyed = ask.request.field("idempotency-key").has_value();
  StaffAsk order{std::move(ask.request), std::move(ask.argument), *by};
  if (!keyed || route->again == Again::harmless) {
    co_return co_await route->handler(rest, std::move(order));
  }
  if (route->again == Again::refused) co_return problem_response(problems::kInvalid);
  co_return co_await once(rest, route, std::move(order));
}

// Two of them may be under way at a time: the later commit finds the place taken, and is answered
// what the earlier one was.
Task<HttpResponse> Rest::Routes::once(Rest* rest, const StaffRoute* route, StaffAsk ask) {
  const std::string what = "POST " + ask.request.path;
  const auto key = ask.request.field("idempotency-key");
  const auto once = signalling::once_of(ask.by, *key, what, ask.request.body);
  if (!once) co_return problem_response(problems::kInvalid);
  const Ordering<std::optional<KeptAnswer>> look = [rest, once = *once](auto answer) {
    rest->administration_.find_answer(once, std::move(answer));
  };
  const auto before = co_await ordered<std::optional<KeptAnswer>>(rest, look);
  if (!before) {
    co_return problem_response(
        signalling::problem_of(before.error().refusal, signalling::About::key));
  }
  if (*before) co_return kept_response(**before);
  ask.by.once = once;
  HttpResponse response = co_await route->handler(rest, std::move(ask));
  if (response.status != problems::kConflict.status) co_return response;
  const auto meanwhile = co_await ordered<std::optional<KeptAnswer>>(rest, look);
  if (!meanwhile) {
    co_return problem_response(
        signalling::problem_of(meanwhile.error().refusal, signalling::About::key));
  }
  co_return *meanwhile ? kept_response(**meanwhile) : response;
}

}  // namespace stillroom::gateway
