// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stillroom::gateway {

enum class Wire : std::uint8_t { plain, tls };

/// The header fields that every answer carries, errors included. HSTS (RFC 6797) belongs to TLS
/// only.
void append_security_fields(std::vector<std::pair<std::string_view, std::string>>& fields,
                            Wire wire);

}  // namespace stillroom::gateway
