// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

#include "schedule.hpp"

namespace stillroom::sim {

/// A promise that was broken; ends the run of a seed.
struct Violation : std::runtime_error {
  Violation(const Schedule& schedule, const std::string& promise)
      : std::runtime_error("at " + std::to_string(schedule.age().count()) + " ms: " + promise) {}
};

}  // namespace stillroom::sim
