// SPDX-License-Identifier: Apache-2.0
#include "engineio/request.hpp"

#include <array>

namespace stillroom::engineio {
namespace {

struct Row {
  RequestError error;
  ErrorAnswer answer;
};

// The sentences of codes 0-5 are the protocol's own; clients show them.
constexpr Row kAnswers[] = {
    {RequestError::transport_unknown,
     {400, 0, "Transport unknown", R"({"code":0,"message":"Transport unknown"})"}},
    {RequestError::sid_unknown,
     {400, 1, "Session ID unknown", R"({"code":1,"message":"Session ID unknown"})"}},
    {RequestError::bad_handshake_method,
     {400, 2, "Bad handshake method", R"({"code":2,"message":"Bad handshake method"})"}},
    {RequestError::bad_request, {400, 3, "Bad request", R"({"code":3,"message":"Bad request"})"}},
    {RequestError::origin_refused,
     {403, 4, "Unauthorized origin", R"({"code":4,"message":"Unauthorized origin"})"}},
    {RequestError::forbidden, {403, 4, "Forbidden", R"({"code":4,"message":"Forbidden"})"}},
    {RequestError::unsupported_version,
     {400, 5, "Unsupported protocol version",
      R"({"code":5,"message":"Unsupported protocol version"})"}},
    {RequestError::insecure,
     {426, 6, "Secure connection required",
      R"({"code":6,"message":"Secure connection required"})"}},
    {RequestError::rate_limited,
     {429, 7, "Rate limit exceeded", R"({"code":7,"message":"Rate limit exceeded"})"}},
    {RequestError::payload_too_large,
     {413, 3, "Payload too large", R"({"code":3,"message":"Payload too large"})"}},
};

constexpr bool rows_stand_in_order() {
  std::size_t index = 0;
  for (const Row& row : kAnswers) {
    if (static_cast<std::size_t>(row.error) != index++) return false;
  }
  return index == static_cast<std::size_t>(RequestError::payload_too_large) + 1;
}
static_assert(rows_stand_in_order());

Result<Route, RequestError> check_handshake(const Request& request, Transport transport) {
  if (request.method != "GET") return fail(RequestError::bad_handshake_method);
  const bool websocket = transport == Transport::websocket;
  if (websocket != (request.carrier == Carrier::websocket_upgrade)) {
    return fail(RequestError::bad_request);
  }
  if (request.eio != "4") return fail(RequestError::unsupported_version);
  return websocket ? Route::open_websocket : Route::open_polling;
}

/// A link that became a websocket takes no polling request any more; the other way is an upgrade.
Result<Route, RequestError> check_known(const Request& request, Transport transport) {
  if (transport == Transport::websocket) {
    const bool upgrade = request.carrier == Carrier::websocket_upgrade && request.method == "GET";
    if (!upgrade) return fail(RequestError::bad_request);
    return Route::attach_websocket;
  }
  if (request.carrier == Carrier::websocket_upgrade) return fail(RequestError::bad_request);
  if (request.link != Transport::polling) return fail(RequestError::bad_request);
  if (request.method == "GET") return Route::poll_get;
  if (request.method == "POST") return Route::poll_post;
  return fail(RequestError::bad_request);
}

}  // namespace

const ErrorAnswer& answer_of(RequestError error) {
  return kAnswers[static_cast<std::size_t>(error)].answer;
}

Result<Route, RequestError> check_request(const Request& request) {
  const bool websocket = request.transport == "websocket";
  if (!websocket && request.transport != "polling") return fail(RequestError::transport_unknown);
  const Transport transport = websocket ? Transport::websocket : Transport::polling;

  if (request.origin == Verdict::fails) return fail(RequestError::origin_refused);
  if (!request.sid) return check_handshake(request, transport);
  if (!request.link) return fail(RequestError::sid_unknown);
  if (request.binding == Verdict::fails) return fail(RequestError::bad_request);
  return check_known(request, transport);
}

}  // namespace stillroom::engineio
