// SPDX-License-Identifier: Apache-2.0
#include "config/words.hpp"

#include <charconv>

namespace stillroom::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t in_ms;
};
/// Largest first.
constexpr Unit kUnits[] = {{"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};
constexpr std::size_t kDigitsMax = 10;

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || digits > kDigitsMax) return std::nullopt;
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + digits, count);
  for (const Unit& unit : kUnits) {
    if (text.substr(digits) == unit.name) return milliseconds(count * unit.in_ms);
  }
  return std::nullopt;
}

std::string duration_text(milliseconds span) {
  if (span == milliseconds(0)) return "0s";
  for (const Unit& unit : kUnits) {
    if (span.count() % unit.in_ms != 0) continue;
    return std::to_string(span.count() / unit.in_ms).append(unit.name);
  }
  return std::to_string(span.count()) + "ms";
}

}  // namespace stillroom::config
