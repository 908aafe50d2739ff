// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <memory>

#include "base/clock.hpp"
#include "telemetry/logger.hpp"

namespace stillroom::telemetry {

struct JsonLinesOptions {
  Severity lowest = Severity::info;
  std::FILE* out = stderr;  ///< not owned
};

/// Lines waiting for a slow reader of the log; beyond it the oldest are dropped and counted.
inline constexpr std::size_t kLinesWaitingMax = 8192;

/// One JSON object a line: `time`, `level`, `event`, then the event's fields. Lines are written by
/// a thread of its own; destruction waits until all of them are out. `clock` must outlive it.
[[nodiscard]] std::unique_ptr<Logger> make_json_lines_logger(const Clock& clock,
                                                             JsonLinesOptions options = {});

/// The same line, written by the calling thread before this returns: for a process about to end,
/// whose loggers other threads still use.
void write_json_line_now(const Clock& clock, Severity severity, Literal event,
                         std::FILE* out = stderr);

}  // namespace stillroom::telemetry
