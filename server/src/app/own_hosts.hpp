// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace stillroom::app {

/// The addresses that this machine's interfaces have now, except those that need a zone to be
/// reached (fe80::…). IPv4 first.
[[nodiscard]] std::vector<std::string> machine_addresses();

/// Under what names and addresses a development server is reached: the self-made certificate names
/// them, and the origins of its own pages are made of them. `machine` counts with `--lan` only, and
/// only when it listens everywhere.
[[nodiscard]] std::vector<std::string> own_hosts(const config::Settings& settings,
                                                 const std::vector<std::string>& machine);

/// As it stands in a URL: IPv6 in brackets.
[[nodiscard]] std::string host_in_url(const std::string& host);

}  // namespace stillroom::app
