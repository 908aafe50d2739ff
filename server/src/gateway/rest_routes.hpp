// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/answered.hpp"
#include "gateway/front.hpp"
#include "gateway/http.hpp"
#include "gateway/rest.hpp"
#include "identity/principal.hpp"
#include "net/peer_address.hpp"
#include "room/command.hpp"
#include "signalling/administration.hpp"
#include "signalling/author.hpp"
#include "signalling/caller.hpp"
#include "signalling/problems.hpp"
#include "signalling/staff.hpp"

/// The table of REST and what its handlers share; each group of them is a file of its own,
/// `rest_<group>.cpp`. Nothing outside of `Rest` needs this.
namespace stillroom::gateway {

template <class T>
using Task = boost::asio::awaitable<T>;
template <class T>
using Problematic = Result<T, signalling::Problem>;
/// A use case that waits for its callback.
template <class T>
using Asking = std::function<void(std::function<void(Problematic<T>)>)>;

/// A request, and who makes it, on its way through one coroutine.
struct Ask {
  HttpRequest request;
  std::string argument;  ///< what stands behind the route's path
  signalling::Trace trace;
  net::PeerAddress peer;
};

/// The same for whoever the request came from.
template <class T>
using AskingFor =
    std::function<void(const identity::Principal&, std::function<void(Problematic<T>)>)>;
/// The same of `Administration`'s.
template <class T>
using Ordering = std::function<void(signalling::AdminAnswer<T>)>;

/// A request of staff or of an application: who it is has been proved, and that they may order such
/// a thing at all.
struct StaffAsk {
  HttpRequest request;
  std::string argument;
  signalling::Author by;
};

/// The routes, one function each. Pointers, as a coroutine keeps only what it is given: `Rest`
/// lives as long as the loop that runs them, an `Ask` as long as the coroutine that waits.
struct Rest::Routes {
  using Handler = Task<HttpResponse> (*)(Rest*, Ask);
  struct Route {
    Method method;
    std::string_view path;  ///< ending in '/': an id has to follow
    Handler handler;
  };

  using Scope = identity::Scope;
  using StaffHandler = Task<HttpResponse> (*)(Rest*, StaffAsk);
  /// What a request with an `Idempotency-Key` is when it comes again.
  enum class Again : std::uint8_t { answered, harmless, refused };
  struct StaffRoute {
    Method method;
    std::string_view path;
    StaffHandler handler;
    std::optional<Scope> scope;  ///< none: administrators only
    Again again;
  };

  /// By the token that the request brings; without one by the log-in that `X-Log-In` names and
  /// whose cookie is there. A cookie alone says nothing: two tabs may be two people.
  static Task<Problematic<identity::Principal>> who(Rest* rest, const Ask* ask);
  static Task<Problematic<identity::Principal>> authenticated(Rest* rest, const Ask* ask,
                                                              const identity::VerifiedToken* right);
  struct Shown {
    std::string id;
    SecretText secret;
  };
  static std::optional<Shown> shown_log_in(const HttpRequest& request);
  static Task<Problematic<identity::VerifiedToken>> log_in_of(Rest* rest, const Shown* shown);
  static Task<HttpResponse> exchange(Rest* rest, Ask ask);
  static Task<HttpResponse> renew(Rest* rest, Ask ask);
  static Task<HttpResponse> ticket(Rest* rest, Ask ask);
  static Task<HttpResponse> invite(Rest* rest, Ask ask);
  static Task<HttpResponse> set_up(Rest* rest, Ask ask);
  static Task<HttpResponse> log_in(Rest* rest, Ask ask);
  static Task<HttpResponse> log_out(Rest* rest, Ask ask);
  static Task<HttpResponse> me(Rest* rest, Ask ask);
  static Task<HttpResponse> config(Rest* rest, Ask ask);
  static Task<HttpResponse> can_join(Rest* rest, Ask ask);
  static Task<HttpResponse> session(Rest* rest, Ask ask);
  static Task<HttpResponse> history(Rest* rest, Ask ask);
  static Task<HttpResponse> start(Rest* rest, Ask ask);
  static Task<HttpResponse> end(Rest* rest, Ask ask);
  static Task<HttpResponse> act(Rest* rest, Ask ask, room::Command command);
  static Task<HttpResponse> reports(Rest* rest, Ask ask);

  static constexpr std::array<Route, 15> kAll{{
      {Method::post, "/api/links/exchange", &Routes::exchange},
      {Method::post, "/api/links/renew", &Routes::renew},
      {Method::post, "/api/tickets", &Routes::ticket},
      {Method::post, "/api/auth/invite", &Routes::invite},
      {Method::post, "/api/auth/setup", &Routes::set_up},
      {Method::post, "/api/auth/login", &Routes::log_in},
      {Method::post, "/api/auth/logout", &Routes::log_out},
      {Method::get, "/api/auth/me", &Routes::me},
      {Method::get, "/api/video-calls/config", &Routes::config},
      {Method::get, "/api/video-calls/can-join/", &Routes::can_join},
      {Method::get, "/api/video-calls/session/", &Routes::session},
      {Method::get, "/api/video-calls/history", &Routes::history},
      {Method::post, "/api/video-calls/start/", &Routes::start},
      {Method::post, "/api/video-calls/end/", &Routes::end},
      {Method::post, "/api/reports", &Routes::reports},
  }};

  // rest_users.cpp
  static Task<HttpResponse> list_users(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> find_user(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> add_user(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> change_user(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> upsert_users(Rest* rest, StaffAsk ask);
  // rest_sessions.cpp
  static Task<HttpResponse> list_sessions(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> find_session(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> add_session(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> change_session(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> cancel_session(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> upsert_sessions(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> generate_room(Rest* rest, StaffAsk ask);
  // rest_keys.cpp
  static Task<HttpResponse> list_keys(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> add_key(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> revoke_key(Rest* rest, StaffAsk ask);

  // rest_links.cpp
  static Task<HttpResponse> add_link(Rest* rest, StaffAsk ask);
  static Task<HttpResponse> add_invite(Rest* rest, StaffAsk ask);

  static constexpr Again kHarmless = Again::harmless;
  static constexpr std::array<StaffRoute, 17> kStaff{{
      {Method::get, "/api/users", &Routes::list_users, Scope::users_read, kHarmless},
      {Method::get, "/api/users/", &Routes::find_user, Scope::users_read, kHarmless},
      {Method::post, "/api/users", &Routes::add_user, Scope::users_write, Again::answered},
      {Method::patch, "/api/users/", &Routes::change_user, Scope::users_write, kHarmless},
      {Method::put, "/api/users", &Routes::upsert_users, Scope::users_write, kHarmless},
      {Method::get, "/api/sessions", &Routes::list_sessions, Scope::sessions_read, kHarmless},
      {Method::get, "/api/sessions/", &Routes::find_session, Scope::sessions_read, kHarmless},
      {Method::post, "/api/sessions", &Routes::add_session, Scope::sessions_write, Again::answered},
      {Method::patch, "/api/sessions/", &Routes::change_session, Scope::sessions_write, kHarmless},
      {Method::del, "/api/sessions/", &Routes::cancel_session, Scope::sessions_write, kHarmless},
      {Method::put, "/api/sessions", &Routes::upsert_sessions, Scope::sessions_write, kHarmless},
      {Method::post, "/api/video-calls/generate-room/", &Routes::generate_room,
       Scope::sessions_read, kHarmless},
      {Method::get, "/api/keys", &Routes::list_keys, std::nullopt, kHarmless},
      // Its answer has a secret, which is not kept.
      {Method::post, "/api/keys", &Routes::add_key, std::nullopt, Again::refused},
      {Method::del, "/api/keys/", &Routes::revoke_key, std::nullopt, kHarmless},
      // Likewise.
      {Method::post, "/api/links", &Routes::add_link, Scope::sessions_write, Again::refused},
      {Method::post, "/api/invites", &Routes::add_invite, std::nullopt, Again::refused},
  }};

  static bool matches(std::string_view pattern, std::string_view path);
  /// A room refused what was asked over REST.
  static void tell_refused(Rest* rest, const signalling::Author& by,
                           const session::Session& session, room::Refusal refusal);
  static Task<Problematic<signalling::Author>> author(Rest* rest, const Ask* ask);
  static Task<HttpResponse> staff(Rest* rest, const StaffRoute* route, Ask ask);
  static Task<HttpResponse> ordered_by(Rest* rest, const StaffRoute* route, Ask ask,
                                       const signalling::Author* by);
  static Task<HttpResponse> once(Rest* rest, const StaffRoute* route, StaffAsk ask);
  static Task<HttpResponse> dispatch(Rest* rest, Ask ask);

  /// Waits for the use case's answer. Name `asking` before the co_await, as `answered` says.
  template <class T>
  static Task<Problematic<T>> heard(Rest* rest, Asking<T> asking) {
    return answered<Problematic<T>>(&rest->front_.worker().context(), std::move(asking));
  }
  /// Asks for the person that the request comes from, and answers with what they may see.
  template <class T>
  static Task<HttpResponse> answer_person(Rest* rest, const Ask* ask, AskingFor<T> asking,
                                          std::string (*encode)(const T&)) {
    const auto principal = co_await who(rest, ask);
    if (!principal) co_return problem_response(principal.error());
    Asking<T> start = [who = *principal, asking = std::move(asking)](auto answer) {
      asking(who, std::move(answer));
    };
    const auto answer = co_await heard<T>(rest, std::move(start));
    co_return answer ? json_response(encode(*answer)) : problem_response(answer.error());
  }
  template <class T>
  static Task<Result<T, signalling::AdminError>> ordered(Rest* rest, Ordering<T> ordering) {
    return answered<Result<T, signalling::AdminError>>(&rest->front_.worker().context(),
                                                       std::move(ordering));
  }
};

/// `?limit&offset`; what is no number counts as absent.
[[nodiscard]] signalling::Page page_of(const HttpRequest& request);
/// `rows_refused`, with what is wrong with which row.
[[nodiscard]] HttpResponse rows_response(const std::vector<signalling::RefusedRow>& rows,
                                         signalling::About about);
[[nodiscard]] HttpResponse json_response(std::uint16_t status, std::string body);

}  // namespace stillroom::gateway
