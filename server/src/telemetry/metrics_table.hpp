// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "telemetry/metrics.hpp"

namespace stillroom::telemetry {

/// How a counter or gauge is told: rows of one family stand together and share its help.
struct MetricRow {
  std::string_view family;  ///< behind `stillroom_`, counters before `_total`
  std::string_view label;   ///< `name="value"` or nothing
  std::string_view help;
};

[[nodiscard]] const MetricRow& row_of(Counter counter);
[[nodiscard]] const MetricRow& row_of(Gauge gauge);

}  // namespace stillroom::telemetry
