// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <optional>

#include "base/clock.hpp"

namespace stillroom {
namespace {

constexpr int kYearMax = 9999;

/// Reads the fixed-width parts of a date-time from left to right.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char digit : rest_.substr(0, count)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      value = value * 10 + (digit - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  [[nodiscard]] bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool take_either(char one, char other) { return take(one) || take(other); }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

/// `time-secfrac`: at least one digit; what is finer than a millisecond is cut, not rounded.
std::optional<milliseconds> read_fraction(Cursor& cursor) {
  if (!cursor.take('.')) return milliseconds(0);
  std::optional<int> digit = cursor.digits(1);
  if (!digit) return std::nullopt;
  int value = 0;
  int scale = 100;
  while (digit) {
    value += *digit * scale;
    scale /= 10;
    digit = cursor.digits(1);
  }
  return milliseconds(value);
}

/// `time-offset`: how far local time is ahead of UTC.
std::optional<minutes> read_offset(Cursor& cursor) {
  if (cursor.take_either('Z', 'z')) return minutes(0);
  const bool behind = cursor.take('-');
  if (!behind && !cursor.take('+')) return std::nullopt;
  const auto hour = cursor.digits(2);
  if (!hour || *hour > 23 || !cursor.take(':')) return std::nullopt;
  const auto minute = cursor.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  const minutes offset(*hour * 60 + *minute);
  return behind ? -offset : offset;
}

std::optional<std::chrono::sys_days> read_date(Cursor& cursor) {
  const auto year = cursor.digits(4);
  if (!year || !cursor.take('-')) return std::nullopt;
  const auto month = cursor.digits(2);
  if (!month || !cursor.take('-')) return std::nullopt;
  const auto day = cursor.digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<seconds> read_time_of_day(Cursor& cursor) {
  const auto hour = cursor.digits(2);
  if (!hour || *hour > 23 || !cursor.take(':')) return std::nullopt;
  const auto minute = cursor.digits(2);
  if (!minute || *minute > 59 || !cursor.take(':')) return std::nullopt;
  const auto second = cursor.digits(2);
  if (!second || *second > 60) return std::nullopt;
  return seconds((*hour * 60 + *minute) * 60 + *second);
}

/// RFC 3339 §5.6 `date-time`.
std::optional<WallTime> read_date_time(std::string_view text) {
  Cursor cursor(text);
  const auto date = read_date(cursor);
  if (!date || !cursor.take_either('T', 't')) return std::nullopt;
  const bool leap = text.size() > 18 && text[17] == '6';
  const auto time = read_time_of_day(cursor);
  if (!time) return std::nullopt;
  const auto fraction = read_fraction(cursor);
  if (!fraction) return std::nullopt;
  const auto offset = read_offset(cursor);
  if (!offset || !cursor.at_end()) return std::nullopt;
  const auto utc = std::chrono::sys_seconds(*date) + *time - *offset;
  // A leap second is the last one of a UTC day; our time has no name for it but the next second's.
  if (leap && std::chrono::floor<std::chrono::days>(utc) != utc) return std::nullopt;
  return utc + *fraction;
}

int year_of(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return static_cast<int>(std::chrono::year_month_day(day).year());
}

}  // namespace

std::string to_rfc3339(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> out{};
  const int written = std::snprintf(
      out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {out.data(), static_cast<std::size_t>(written)};
}

Result<WallTime, TimeTextError> parse_rfc3339(std::string_view text) {
  const auto time = read_date_time(text);
  if (!time) return fail(TimeTextError::malformed);
  // An offset may carry the instant out of the four-digit years that we can write again.
  const int year = year_of(*time);
  if (year < 0 || year > kYearMax) return fail(TimeTextError::malformed);
  return *time;
}

}  // namespace stillroom
