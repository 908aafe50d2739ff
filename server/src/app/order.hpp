// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "signalling/administration.hpp"
#include "signalling/door.hpp"

/// One administrative command on its way from the command line to the use case. The same text goes
/// through the server's control socket or, without a server, straight to the opened database: both
/// ways take the same rules and write the same record.
namespace stillroom::app {

/// Exit codes of contract §10.
enum class Exit : std::uint8_t { done = 0, refused = 1, wrong_usage = 2 };

struct Reply {
  Exit exit = Exit::done;
  std::string json;      ///< one document, when done
  std::string sentence;  ///< for standard error, when not
};

/// What a running server adds to a command; empty where none runs.
struct RunningServer {
  /// The store has changed: a room has to be told.
  std::function<void(const signalling::CancelledSession&)> session_cancelled;
  /// Likewise, and connections have to be looked at again.
  std::function<void(const signalling::Concerned&)> access_changed;
  /// Its counters, as text for Prometheus.
  std::function<std::string()> metrics;
};

/// `order`: `{"command":"user add","id":…}`; the members are those of the command line's options.
/// Answers exactly once, maybe from within.
void carry_out(signalling::Administration& administration, std::string_view order,
               const RunningServer& server, std::function<void(Reply)> reply);

/// The reply as one line, and back.
[[nodiscard]] std::string encode_reply(const Reply& reply);
[[nodiscard]] Reply decode_reply(std::string_view line);

}  // namespace stillroom::app
