// SPDX-License-Identifier: Apache-2.0
// How somebody comes in: tickets, invitations, log-in and log-out.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.hpp"
#include "base/rng.hpp"
#include "gateway/client.hpp"
#include "gateway/log_in_guard.hpp"
#include "gateway/rest_body.hpp"
#include "gateway/rest_routes.hpp"
#include "gateway/switchboard.hpp"

namespace stillroom::gateway {
namespace {

namespace problems = signalling::problems;
using signalling::SecurityKind;

constexpr std::string_view kLogInCookie = "__Host-log-in-";
constexpr std::string_view kDeviceCookie = "__Host-device";
constexpr std::size_t kDeviceBytes = 16;
constexpr seconds kDeviceLife{180 * 24 * 60 * 60};
constexpr std::size_t kLogInIdCharacters = 12;

/// The value of a cookie (RFC 6265 §4.2.1), the first of equals.
std::string_view cookie(const HttpRequest& request, std::string_view name) {
  std::string_view rest = request.field("cookie").value_or("");
  while (!rest.empty()) {
    const std::size_t end = rest.find(';');
    std::string_view pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

/// `__Host-`: of this host alone, over TLS alone (RFC 6265bis §4.1.3.2).
std::string set_cookie(std::string_view name, std::string_view value, seconds life) {
  return std::string(name) + '=' + std::string(value) +
         "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(life.count());
}

}  // namespace

std::optional<Rest::Routes::Shown> Rest::Routes::shown_log_in(const HttpRequest& request) {
  const auto id = request.field("x-log-in");
  if (!id || id->size() != kLogInIdCharacters || !from_base64url(*id)) return std::nullopt;
  const std::string name = std::string(kLogInCookie) + std::string(*id);
  return Shown{std::string(*id), SecretText(std::string(cookie(request, name)))};
}

Task<Problematic<identity::VerifiedToken>> Rest::Routes::log_in_of(Rest* rest, const Shown* shown) {
  Asking<identity::VerifiedToken> start = [rest, shown](auto answer) {
    rest->accounts_.open(shown->id, shown->secret, std::move(answer));
  };
  co_return co_await heard<identity::VerifiedToken>(rest, std::move(start));
}

Task<HttpResponse> Rest::Routes::ticket(Rest* rest, Ask ask) {
  AskingFor<signalling::IssuedTicket> asking =
      [rest, party = std::string(rest->front_.origins().party(ask.request)), trace = ask.trace](
          const auto& who, auto answer) {
        rest->tickets_.issue(who, party, trace, std::move(answer));
      };
  co_return co_await answer_person(rest, &ask, std::move(asking), signalling::encode_ticket);
}

Task<HttpResponse> Rest::Routes::invite(Rest* rest, Ask ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  const std::string code = members.must(members.text("invite"));
  if (members.problem()) co_return problem_response(*members.problem());
  if (const auto paid = rest->front_.limiter().log_in(ask.peer, rest->front_.now()); !paid) {
    rest->front_.tell_limited(SecurityKind::invite_refused, ask.peer, audit::Kind::account_set_up);
    co_return limited_response(paid.error().wait);
  }
  Asking<signalling::InviteView> start = [rest, code, trace = ask.trace](auto answer) {
    rest->accounts_.look_at_invite(code, trace, std::move(answer));
  };
  const auto view = co_await heard<signalling::InviteView>(rest, std::move(start));
  co_return view ? json_response(signalling::encode_invite(*view)) : problem_response(view.error());
}

Task<HttpResponse> Rest::Routes::set_up(Rest* rest, Ask ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  const std::string invite = members.must(members.text("invite"));
  const std::string password = members.must(members.text("password"));
  const std::string code = members.text("code").value_or("");
  if (members.problem()) co_return problem_response(*members.problem());
  if (const auto paid = rest->front_.limiter().log_in(ask.peer, rest->front_.now()); !paid) {
    rest->front_.tell_limited(SecurityKind::invite_refused, ask.peer, audit::Kind::account_set_up);
    co_return limited_response(paid.error().wait);
  }
  // Shared because a function is copyable and a secret is not.
  const auto order = std::make_shared<signalling::SetUpOrder>(
      signalling::SetUpOrder{invite, SecretText(password), code});
  Asking<signalling::SetUpDone> start = [rest, order, trace = ask.trace](auto answer) {
    rest->accounts_.set_up(std::move(*order), trace, std::move(answer));
  };
  const auto done = co_await heard<signalling::SetUpDone>(rest, std::move(start));
  if (!done) co_return problem_response(done.error());
  rest->front_.switchboard().access_changed(rest->front_, done->user.id);
  co_return json_response(signalling::encode_set_up(*done));
}

Task<HttpResponse> Rest::Routes::log_in(Rest* rest, Ask ask) {
  Front& front = rest->front_;
  const Body body(ask.request.body);
  Members members = body.members();
  const std::string user = members.must(members.text("user"));
  const std::string password = members.must(members.text("password"));
  const std::string code = members.text("code").value_or("");
  if (members.problem()) co_return problem_response(*members.problem());
  const std::string device(cookie(ask.request, kDeviceCookie));
  // A browser that the person has logged in with counts for itself: what strangers do behind the
  // same address costs it nothing.
  const bool known = front.log_in_guard().has_kept_place(user, device, front.now());
  // Before the guard, which remembers the name: nobody fills its table with names for nothing.
  if (!known) {
    if (const auto paid = front.limiter().log_in(ask.peer, front.now()); !paid) {
      front.tell_limited(SecurityKind::log_in_refused, ask.peer, audit::Kind::log_in_refused);
      co_return limited_response(paid.error().wait);
    }
  }
  const auto wait = front.log_in_guard().wait(ask.peer, user, device, front.now());
  if (wait > MonoTime::duration::zero()) {
    front.tell(SecurityKind::log_in_refused, "paused", ask.peer);
    co_return limited_response(wait);
  }
  const auto browser = known ? signalling::Browser::known : signalling::Browser::unknown;
  const auto credentials = std::make_shared<signalling::Credentials>(
      signalling::Credentials{user, SecretText(password), code, browser});
  Asking<signalling::LoggedIn> start = [rest, credentials, trace = ask.trace](auto answer) {
    rest->accounts_.log_in(std::move(*credentials), trace, std::move(answer));
  };
  const auto made = co_await heard<signalling::LoggedIn>(rest, std::move(start));
  if (!made) {
    if (made.error() != problems::kLogInFailed) {
      front.tell(SecurityKind::log_in_refused, made.error().code, ask.peer);
      front.log_in_guard().undecided(ask.peer, user, device);
    }
    co_return problem_response(made.error());
  }
  front.metrics().add(telemetry::Counter::log_ins_accepted);
  front.log_in_guard().succeeded(ask.peer, user, device);
  if (!known) front.limiter().logged_in(ask.peer, front.now());
  HttpResponse response = json_response(signalling::encode_logged_in(*made));
  const auto life = std::chrono::duration_cast<seconds>(rest->accounts_.limits().absolute);
  response.fields.emplace_back(
      "Set-Cookie", set_cookie(std::string(kLogInCookie) + made->id, made->secret.reveal(), life));
  response.fields.emplace_back(
      "Set-Cookie",
      set_cookie(kDeviceCookie,
                 front.log_in_guard().remember(user, random_token(front.rng(), kDeviceBytes)),
                 kDeviceLife));
  co_return response;
}

Task<HttpResponse> Rest::Routes::log_out(Rest* rest, Ask ask) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  const auto shown = shown_log_in(ask.request);
  Asking<void> start = [rest, who = *principal, trace = ask.trace](auto answer) {
    rest->accounts_.log_out(who, trace, std::move(answer));
  };
  const auto done = co_await heard<void>(rest, std::move(start));
  if (!done) co_return problem_response(done.error());
  if (const auto& id = principal->token().id()) {
    rest->front_.switchboard().access_changed(rest->front_, *id);
  }
  HttpResponse response;
  response.status = 204;
  if (shown && principal->token().id() == identity::token_id_of_log_in(shown->id)) {
    response.fields.emplace_back("Set-Cookie",
                                 set_cookie(std::string(kLogInCookie) + shown->id, "", seconds(0)));
  }
  co_return response;
}

Task<HttpResponse> Rest::Routes::me(Rest* rest, Ask ask) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  std::string body;
  json::Writer out(body);
  out.begin_object().key("user").begin_object();
  out.key("id").string(principal->user().text()).key("name").string(principal->name().text());
  out.key("role").string(identity::to_text(principal->role())).end_object();
  out.key("until").string(to_rfc3339(principal->token().expires())).end_object();
  co_return json_response(std::move(body));
}

}  // namespace stillroom::gateway
