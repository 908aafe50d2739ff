// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/secret.hpp"
#include "base/strong_id.hpp"
#include "crypto/digest.hpp"

namespace stillroom::telemetry {

/// Text that stands in our source code: no peer can choose it.
class Literal {
 public:
  template <std::size_t kSize>
  consteval Literal(const char (&text)[kSize]) : text_(text, kSize - 1) {}
  [[nodiscard]] constexpr std::string_view text() const { return text_; }
  friend constexpr bool operator==(Literal, Literal) = default;

 private:
  std::string_view text_;
};

/// What a log may say of an id: eight hex digits that mean nothing outside this process's life.
class Loggable {
 public:
  [[nodiscard]] std::string_view text() const { return {digits_.data(), digits_.size()}; }

 private:
  friend Loggable keyed_hash(std::string_view text);
  explicit Loggable(std::array<char, 8> digits) : digits_(digits) {}
  std::array<char, 8> digits_;
};

/// HMAC-SHA-256 under a random key of this process, cut to 32 bits. Use the two below.
[[nodiscard]] Loggable keyed_hash(std::string_view text);

template <class Tag>
[[nodiscard]] Loggable loggable(const StrongText<Tag>& id) {
  return keyed_hash(id.text());
}
/// What audit records say of a peer's network address: 16 hex digits, keyed. Of one thread.
class SourceDigest {
 public:
  explicit SourceDigest(std::string_view key) : keyed_(key) {}
  [[nodiscard]] std::string of(std::string_view address);

 private:
  crypto::HmacSha256 keyed_;
};

/// Hashed when its line is written: most lines of a flood never are. What it was made of has to
/// live as long as the call that logs it.
class LoggableLater {
 public:
  [[nodiscard]] Loggable hashed() const {
    return digest_ == nullptr ? keyed_hash(text_) : keyed_hash(digest_->of(text_));
  }

 private:
  friend LoggableLater loggable_source(std::string_view digest);
  friend LoggableLater loggable_source(SourceDigest& digest, std::string_view address);
  template <class Tag>
  friend LoggableLater loggable_later(const StrongText<Tag>& id);
  LoggableLater(SourceDigest* digest, std::string_view text) : digest_(digest), text_(text) {}
  SourceDigest* digest_;  ///< that `text_` still has to go through; null: it is one, or an id
  std::string_view text_;
};
/// A peer's network address, which is a person's as well: one and the same from its digest and from
/// the address.
[[nodiscard]] inline LoggableLater loggable_source(std::string_view digest) {
  return {nullptr, digest};
}
[[nodiscard]] inline LoggableLater loggable_source(SourceDigest& digest, std::string_view address) {
  return {&digest, address};
}
template <class Tag>
[[nodiscard]] LoggableLater loggable_later(const StrongText<Tag>& id) {
  return {nullptr, id.text()};
}
/// A secret has no print form at all, and other text no tag that says whose it is.
template <class T>
Loggable loggable(const Secret<T>&) = delete;
Loggable loggable(const std::string&) = delete;
Loggable loggable(std::string_view) = delete;
Loggable loggable(const char*) = delete;

/// An enumeration that can be logged: `constexpr Literal log_word(Refusal)` beside it.
template <class E>
concept HasLogWord = std::is_enum_v<E> && requires(E value) {
  { log_word(value) } -> std::same_as<Literal>;
};

/// One member of a log line. The constructors are the whole list of what may be logged.
class Field {
 public:
  using Value = std::variant<std::int64_t, bool, Literal, Loggable, LoggableLater>;

  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, char8_t>)
  Field(Literal key, T number) : key_(key), value_(saturate(number)) {}
  template <std::same_as<bool> T>
  Field(Literal key, T value) : key_(key), value_(static_cast<bool>(value)) {}
  Field(Literal key, Literal word) : key_(key), value_(word) {}
  Field(Literal key, Loggable id) : key_(key), value_(id) {}
  Field(Literal key, LoggableLater later) : key_(key), value_(later) {}
  template <HasLogWord E>
  Field(Literal key, E value) : key_(key), value_(log_word(value)) {}
  /// Written as `<key>_ms`, or, when finer than that, as `<key>_us`.
  template <std::integral Rep, class Period>
    requires std::convertible_to<std::chrono::duration<Rep, Period>, std::chrono::microseconds>
  Field(Literal key, std::chrono::duration<Rep, Period> span)
      : key_(key),
        value_(std::int64_t{std::chrono::duration_cast<Unit<Rep, Period>>(span).count()}),
        unit_(std::same_as<Unit<Rep, Period>, std::chrono::milliseconds> ? "_ms" : "_us") {}

  template <class Tag>
  Field(Literal key, const StrongText<Tag>& id) = delete;  ///< loggable(id)
  template <class T>
  Field(Literal key, const Secret<T>& secret) = delete;
  template <class T>
    requires(std::same_as<T, std::string> || std::same_as<T, std::string_view>)
  Field(Literal key, const T& text) = delete;

  [[nodiscard]] std::string_view key() const { return key_.text(); }
  [[nodiscard]] std::string_view unit() const { return unit_; }
  [[nodiscard]] const Value& value() const { return value_; }

 private:
  template <class Rep, class Period>
  using Unit = std::conditional_t<
      std::convertible_to<std::chrono::duration<Rep, Period>, std::chrono::milliseconds>,
      std::chrono::milliseconds, std::chrono::microseconds>;
  template <class T>
  static std::int64_t saturate(T number) {
    if (std::cmp_greater(number, std::numeric_limits<std::int64_t>::max())) {
      return std::numeric_limits<std::int64_t>::max();
    }
    return static_cast<std::int64_t>(number);
  }
  Literal key_;
  Value value_;
  std::string_view unit_;
};

}  // namespace stillroom::telemetry
