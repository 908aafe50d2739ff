// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/order.hpp"
#include "config/settings.hpp"

namespace stillroom::app {

/// Runs the server until SIGTERM or SIGINT. Prints one JSON line on standard output when ready.
[[nodiscard]] Exit serve(config::Settings settings);

}  // namespace stillroom::app
