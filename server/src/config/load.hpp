// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "config/settings.hpp"

namespace stillroom::config {

enum class Purpose : std::uint8_t {
  serve,    ///< the server: combinations and secrets must hold
  command,  ///< a short command beside it, which may run without the server's secrets
};

/// Where settings come from, weakest first; below them the table's defaults.
struct Sources {
  std::optional<std::filesystem::path> file;
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> overrides;  ///< key → value, from the command line
  Purpose purpose = Purpose::serve;
};

struct Loaded {
  Settings settings;
  std::vector<std::string> warnings;  ///< one sentence each; the start goes on
};

/// All problems at once, one sentence each with its place; none of them repeats a secret.
using Problems = std::vector<std::string>;

[[nodiscard]] Result<Loaded, Problems> load(const Sources& sources);

}  // namespace stillroom::config
