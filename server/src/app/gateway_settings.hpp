// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "gateway/settings.hpp"
#include "net/acceptor.hpp"

namespace stillroom::app {

/// The configuration in the gateway's own terms. `port` is known only after listening, so the
/// server's own origins are those of `own_origins`.
[[nodiscard]] gateway::Settings gateway_settings(const config::Settings& settings);
/// Origins under which pages of this server itself are seen.
[[nodiscard]] std::vector<std::string> own_origins(const config::Settings& settings,
                                                   std::uint16_t port);

}  // namespace stillroom::app
