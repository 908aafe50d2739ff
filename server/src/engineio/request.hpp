// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "engineio/packet.hpp"

namespace stillroom::engineio {

/// Every HTTP refusal of the transport. Codes 0-5 are the protocol's, 6 and 7 ours.
enum class RequestError : std::uint8_t {
  transport_unknown,
  sid_unknown,
  bad_handshake_method,
  bad_request,
  origin_refused,
  forbidden,
  unsupported_version,
  insecure,
  rate_limited,
  payload_too_large,
};

struct ErrorAnswer {
  unsigned status = 400;
  int code = 3;
  std::string_view message;
  std::string_view body;  ///< `{"code":…,"message":…}`, application/json
};
[[nodiscard]] const ErrorAnswer& answer_of(RequestError error);

/// How the request reached us.
enum class Carrier : std::uint8_t { plain_http, websocket_upgrade };
enum class Verdict : std::uint8_t { passes, fails };

/// All that decides where a request to the transport's path goes.
struct Request {
  std::string_view method;
  std::optional<std::string_view> eio;        ///< query `EIO`
  std::optional<std::string_view> transport;  ///< query `transport`
  std::optional<std::string_view> sid;        ///< query `sid`
  Carrier carrier = Carrier::plain_http;
  Verdict origin = Verdict::passes;
  /// Transport of the link that `sid` names; nothing when there is no such link.
  std::optional<Transport> link;
  /// Origin, cookie principal and Authorization, where sent, are those of the handshake.
  Verdict binding = Verdict::passes;
};

enum class Route : std::uint8_t {
  open_polling,
  open_websocket,
  poll_get,
  poll_post,
  attach_websocket,  ///< a websocket for a known sid: `Link::ws_attached` decides
};

/// Order of checks: transport, origin, sid, method, and for a handshake the version last.
[[nodiscard]] Result<Route, RequestError> check_request(const Request& request);

}  // namespace stillroom::engineio
