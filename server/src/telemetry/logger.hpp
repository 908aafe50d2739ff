// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

#include "telemetry/field.hpp"

namespace stillroom::telemetry {

enum class Severity : std::uint8_t { debug, info, warning, error };

[[nodiscard]] constexpr Literal log_word(Severity severity) {
  switch (severity) {
    case Severity::debug:
      return "debug";
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

/// Where events go: `logger.warning("link_closed", {{"reason", Literal("lost")}})`.
/// An event has a name from our source and fields that cannot hold a peer's text. Every
/// implementation may be called from any thread and never waits for its reader.
class Logger {
 public:
  virtual ~Logger() = default;

  void log(Severity severity, Literal event, std::initializer_list<Field> fields = {}) {
    write(severity, event, {fields.begin(), fields.size()});
  }
  void debug(Literal event, std::initializer_list<Field> fields = {}) {
    log(Severity::debug, event, fields);
  }
  void info(Literal event, std::initializer_list<Field> fields = {}) {
    log(Severity::info, event, fields);
  }
  void warning(Literal event, std::initializer_list<Field> fields = {}) {
    log(Severity::warning, event, fields);
  }
  void error(Literal event, std::initializer_list<Field> fields = {}) {
    log(Severity::error, event, fields);
  }

  virtual void write(Severity severity, Literal event, std::span<const Field> fields) = 0;
};

/// For tests and for whoever has nothing to say.
class NullLogger final : public Logger {
 public:
  void write(Severity, Literal, std::span<const Field>) override {}
};

}  // namespace stillroom::telemetry
