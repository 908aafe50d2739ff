// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/command_line.hpp"

namespace stillroom::app {

/// Does what the command line asks for.
[[nodiscard]] Exit run(CommandLine line);

}  // namespace stillroom::app
