// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stillroom::gateway {

/// The header fields that every answer carries, errors included.
void append_security_fields(std::vector<std::pair<std::string_view, std::string>>& fields);

}  // namespace stillroom::gateway
