// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engineio/link.hpp"
#include "engineio/request.hpp"
#include "gateway/http.hpp"
#include "socketio/peer.hpp"
#include "telemetry/field.hpp"
#include "telemetry/metrics.hpp"

/// Words of ours for what the codecs refuse, as the catalogue of security events has them.
namespace stillroom::gateway {

[[nodiscard]] std::string_view reason_of(engineio::RequestError error);
[[nodiscard]] std::string_view reason_of(HttpError error);
[[nodiscard]] std::string_view reason_of(socketio::Violation violation);
/// Of a link that a peer's bytes or its slowness closed; empty for all other ends.
[[nodiscard]] std::string_view reason_of(engineio::CloseReason reason);

/// Every end of a link, in words for operators, and its counter.
struct Closed {
  telemetry::Literal word;
  telemetry::Counter counter;
};
[[nodiscard]] Closed closed_of(engineio::CloseReason reason);

}  // namespace stillroom::gateway
