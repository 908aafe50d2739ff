// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/settings.hpp"

namespace stillroom::config {

/// Where a setting's value lives; its type decides how it is read, checked and written.
template <class T>
using Place = T& (*)(Settings&);
using Slot =
    std::variant<Place<bool>, Place<std::uint32_t>, Place<milliseconds>, Place<std::string>,
                 Place<SecretText>, Place<std::filesystem::path>, Place<Listen>,
                 Place<std::optional<WebOrigin>>, Place<std::vector<WebOrigin>>,
                 Place<std::vector<Network>>, Place<std::vector<IceUrl>>, Place<Environment>,
                 Place<DevMode>, Place<Forwarded>, Place<IcePolicy>, Place<LogLevel>>;

/// From `min` to `max`: integers as they are, durations in milliseconds, texts in bytes.
struct Range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

struct Row {
  std::string_view key;
  Slot slot;
  std::string_view fallback;      ///< the default, as an environment variable would say it
  std::string_view dev_fallback;  ///< the default under `--dev` on loopback; empty: the same
  Range range;
  std::string_view meaning;
  std::array<std::string_view, 3> aliases;  ///< environment variables besides `STILLROOM_*`

  [[nodiscard]] bool secret() const { return std::holds_alternative<Place<SecretText>>(slot); }
  /// `server.listen` is `STILLROOM_SERVER_LISTEN`.
  [[nodiscard]] std::string variable() const;
};

/// All settings, grouped as they are printed.
[[nodiscard]] std::span<const Row> table();
/// The row of a key; null when there is none.
[[nodiscard]] const Row* find_row(std::string_view key);
/// The row whose secret this key's file holds (`security.jwt_secret_file`); null when there is
/// none.
[[nodiscard]] const Row* find_row_of_file(std::string_view key);

}  // namespace stillroom::config
