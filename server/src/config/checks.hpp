// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace stillroom::config {

inline constexpr std::size_t kSecretBytesMin = 32;  // RFC 7518 §3.2 for HS256
inline constexpr std::size_t kSecretDistinctBytesMin = 10;
/// Each is one more HMAC for every token that names no key.
inline constexpr std::size_t kJwtSecretsMax = 4;

/// What single values cannot tell: combinations that must stop the start.
[[nodiscard]] std::vector<std::string> find_problems(const Settings& settings);
/// What runs but should be known.
[[nodiscard]] std::vector<std::string> find_warnings(const Settings& settings);

}  // namespace stillroom::config
