// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "app/order.hpp"

/// argv -> what is asked for (contract §10).
namespace stillroom::app {

/// Options that every command takes.
struct Common {
  std::optional<std::string> config;             ///< path of a TOML file
  std::map<std::string, std::string> overrides;  ///< settings by key, from flags
};

struct Serve {};
struct Order {
  std::string json;
};  ///< an administrative command, see order.hpp
struct DatabaseTask {
  enum class Kind : std::uint8_t { migrate, status } kind;
};
struct ConfigTask {
  enum class Kind : std::uint8_t { check, print } kind;
};
/// What a running server counted.
struct ShowMetrics {};
struct ShowVersion {};
/// Nothing to do but to print this and exit (`--help`, or wrong usage).
struct Say {
  std::string text;
  Exit exit = Exit::done;
};

using Task = std::variant<Serve, Order, DatabaseTask, ConfigTask, ShowMetrics, ShowVersion, Say>;

enum class Output : std::uint8_t { people, json };

struct CommandLine {
  Common common;
  Output output = Output::people;
  Task task;
};

[[nodiscard]] CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace stillroom::app
