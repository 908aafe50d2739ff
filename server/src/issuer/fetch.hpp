// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "issuer/trouble.hpp"

namespace stillroom::issuer {

/// As much as `identity::read_jwks` takes.
inline constexpr std::size_t kAnswerBytesMax = 65'536;
inline constexpr seconds kAnswerTimeMax{10};

enum class Reach : std::uint8_t {
  internet,  ///< public addresses only, so that a name cannot lead into the operator's own network
  anywhere,  ///< `--dev`
};

struct Target {
  std::string url;           ///< `https:`; config has checked its shape
  std::filesystem::path ca;  ///< PEM; empty: the system's authorities
  Reach reach = Reach::internet;
};

struct Answer {
  std::string text;
  std::optional<milliseconds> age;  ///< `max-age` of Cache-Control, where it was sent
};

/// One GET. Waits for kAnswerTimeMax at most, and about a second once `stop` is true. The calling
/// thread has SIGPIPE blocked. Makes no process-wide state but libcurl's own, once.
[[nodiscard]] Result<Answer, Trouble> fetch(const Target& target, const std::atomic<bool>& stop);

/// The `max-age` of one `Cache-Control` value (RFC 9111 §5.2.2); `no-store` and `no-cache` are 0.
[[nodiscard]] std::optional<milliseconds> age_of(std::string_view cache_control);

/// Whether an address may be asked under `reach`. `text` is numeric.
[[nodiscard]] bool may_ask(std::string_view text, Reach reach);

}  // namespace stillroom::issuer
