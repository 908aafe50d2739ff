// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace stillroom::app {

inline constexpr std::string_view kVersion = STILLROOM_VERSION;

}  // namespace stillroom::app
