// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stillroom::websocket {

/// The fields of a request that decide on an upgrade (RFC 6455 §4.2.1). Absent = empty; a field
/// that came more than once is given joined by commas, as HTTP allows for lists.
struct UpgradeRequest {
  std::string_view method;
  unsigned http_version = 11;  ///< 10 × major + minor
  std::string_view connection;
  std::string_view upgrade;
  std::string_view version;  ///< Sec-WebSocket-Version
  std::string_view key;      ///< Sec-WebSocket-Key
};

enum class UpgradeError : std::uint8_t {
  wrong_method,
  wrong_http_version,
  not_an_upgrade,
  bad_key,
  wrong_version,  ///< answer with `Sec-WebSocket-Version: 13` (§4.4)
};

[[nodiscard]] unsigned status_of(UpgradeError error);
[[nodiscard]] std::string_view sentence(UpgradeError error);

/// True when the request asks for the websocket protocol at all, well or badly.
[[nodiscard]] bool asks_for_websocket(std::string_view connection, std::string_view upgrade);

/// The value for Sec-WebSocket-Accept.
[[nodiscard]] Result<std::string, UpgradeError> check_upgrade(const UpgradeRequest& request);

/// The whole 101 response. `extra_fields` is empty or lines that each end with CRLF.
void append_switching_protocols(std::string& out, std::string_view accept,
                                std::string_view extra_fields = {});

}  // namespace stillroom::websocket
