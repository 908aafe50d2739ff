// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/bounded_table.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/token_bucket.hpp"
#include "net/peer_address.hpp"
#include "signalling/accounts.hpp"

namespace stillroom::gateway {

/// Wrong passwords that cost nothing but themselves; then a pause, doubled each time.
inline constexpr std::uint32_t kLogInsFree = 5;
inline constexpr milliseconds kLogInPauseMin{1'000};
inline constexpr milliseconds kLogInPauseMax{300'000};
/// After so long without a wrong one everything is as at first.
inline constexpr milliseconds kLogInPauseForgotten{600'000};
inline constexpr std::size_t kLogInsWatchedMax = 65'536;
/// Log-ins a minute that a person's known browsers have together before they are as strangers'.
inline constexpr std::uint32_t kKeptLogInsMax = 10;

/// Slows guessing without locking anybody out: what is counted is a person from one source, so that
/// nobody's pause is another's; and a browser that they once logged in with counts for itself, so
/// that not even their neighbours behind one address can keep them out. One for all workers, for
/// any thread.
class LogInGuard final : public signalling::FactorGuard {
 public:
  /// `key` signs what browsers remember.
  explicit LogInGuard(SecretText key);

  /// How long this attempt has to wait; zero when it may be looked at, and then it counts as a
  /// wrong one until it proves to be something else: many at once are not one. `device` as
  /// `remember` wrote it, or empty.
  [[nodiscard]] MonoTime::duration wait(const net::PeerAddress& source, std::string_view user,
                                        std::string_view device, MonoTime now);
  /// It could not be looked at: as if it had not been.
  void undecided(const net::PeerAddress& source, std::string_view user, std::string_view device);
  void succeeded(const net::PeerAddress& source, std::string_view user, std::string_view device);

  /// For the cookie of a browser that `user` has logged in with; says nothing about them.
  [[nodiscard]] std::string remember(std::string_view user, std::string_view random) const;
  [[nodiscard]] bool is_known(std::string_view user, std::string_view device) const;

  /// Whether this log-in goes before strangers': a known browser's, and not the eleventh in a
  /// minute. Takes one of them.
  [[nodiscard]] bool has_kept_place(std::string_view user, std::string_view device, MonoTime now);

  // signalling::FactorGuard: wrong codes behind the right password, from anywhere.
  [[nodiscard]] bool paused(const UserId& user, MonoTime now) override;
  void failed(const UserId& user, MonoTime now) override;
  void passed(const UserId& user) override;

 private:
  struct Counted {
    std::uint32_t failures = 0;
    MonoTime last{};
    MonoTime paused_until{};
  };
  [[nodiscard]] std::string key_of(const net::PeerAddress& source, std::string_view user,
                                   std::string_view device) const;
  [[nodiscard]] static std::string key_of_person(const UserId& user);
  static void count(Counted& place, MonoTime now);
  using Table = BoundedTable<std::string, Counted>;
  /// Null when there is room for nobody more: then everybody waits like one who failed.
  static Counted* counted(Table& table, const std::string& key, MonoTime now);

  SecretText key_;
  std::mutex mutex_;
  Table table_{kLogInsWatchedMax};
  /// Those whose password was right: no stranger's names are among them, and push nobody out.
  Table people_{kLogInsWatchedMax};
  BoundedTable<std::string, TokenBucket> kept_{kLogInsWatchedMax};
};

}  // namespace stillroom::gateway
