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

#include "gateway/answered.hpp"
#include "gateway/front.hpp"
#include "gateway/http.hpp"
#include "gateway/rest.hpp"
#include "identity/principal.hpp"
#include "net/peer_address.hpp"
#include "room/command.hpp"
#include "signalling/caller.hpp"
#include "signalling/problems.hpp"

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

/// The routes, one function each. Pointers, as a coroutine keeps only what it is given: `Rest`
/// lives as long as the loop that runs them, an `Ask` as long as the coroutine that waits.
struct Rest::Routes {
  using Handler = Task<HttpResponse> (*)(Rest*, Ask);
  struct Route {
    Method method;
    std::string_view path;  ///< ending in '/': an id has to follow
    Handler handler;
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

  static bool matches(const Route& route, std::string_view path);
  static Task<HttpResponse> dispatch(Rest* rest, Ask ask);

  /// Waits for the use case's answer. Name `asking` before the co_await, as `answered` says.
  template <class T>
  static Task<Problematic<T>> heard(Rest* rest, Asking<T> asking) {
    return answered<Problematic<T>>(&rest->front_.worker().context(), std::move(asking));
  }
};

}  // namespace stillroom::gateway
