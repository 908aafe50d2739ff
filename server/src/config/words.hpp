// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "config/settings.hpp"

/// How values are spelled: enumerations and durations.
namespace stillroom::config {

template <class E>
struct Words;
template <>
struct Words<Environment> {
  static constexpr std::array<std::pair<std::string_view, Environment>, 3> kAll{{
      {"production", Environment::production},
      {"development", Environment::development},
      {"unspecified", Environment::unspecified},
  }};
};
template <>
struct Words<DevMode> {
  static constexpr std::array<std::pair<std::string_view, DevMode>, 3> kAll{
      {{"off", DevMode::off}, {"loopback", DevMode::loopback}, {"lan", DevMode::lan}}};
};
template <>
struct Words<Forwarded> {
  static constexpr std::array<std::pair<std::string_view, Forwarded>, 3> kAll{
      {{"x-forwarded", Forwarded::x_forwarded},
       {"forwarded", Forwarded::forwarded},
       {"proxy-protocol", Forwarded::proxy_protocol}}};
};
template <>
struct Words<IcePolicy> {
  static constexpr std::array<std::pair<std::string_view, IcePolicy>, 2> kAll{
      {{"all", IcePolicy::all}, {"relay", IcePolicy::relay}}};
};
template <>
struct Words<LogLevel> {
  static constexpr std::array<std::pair<std::string_view, LogLevel>, 4> kAll{
      {{"debug", LogLevel::debug},
       {"info", LogLevel::info},
       {"warning", LogLevel::warning},
       {"error", LogLevel::error}}};
};

template <class E>
[[nodiscard]] constexpr std::optional<E> from_word(std::string_view text) {
  for (const auto& [word, value] : Words<E>::kAll) {
    if (word == text) return value;
  }
  return std::nullopt;
}
template <class E>
[[nodiscard]] constexpr std::string_view to_word(E value) {
  for (const auto& [word, candidate] : Words<E>::kAll) {
    if (candidate == value) return word;
  }
  return "";
}

/// A whole number and its unit: `500ms`, `25s`, `2m`, `24h`; nothing longer than ten digits.
[[nodiscard]] std::optional<milliseconds> parse_duration(std::string_view text);
/// In the largest unit that fits without a rest.
[[nodiscard]] std::string duration_text(milliseconds span);

}  // namespace stillroom::config
