// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "config/settings.hpp"

namespace stillroom::config {

/// All settings as a TOML file with their meanings; secrets are masked as `"(set)"`. Where no
/// secret is set, load() reads the text back to the same settings.
[[nodiscard]] std::string print(const Settings& settings);

/// The same by their keys, as one JSON object: `{"server.listen":"…",…}`.
[[nodiscard]] std::string print_json(const Settings& settings);

}  // namespace stillroom::config
