// SPDX-License-Identifier: Apache-2.0
#include "gateway/log_in_guard.hpp"

#include <algorithm>
#include <utility>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::gateway {
namespace {

/// A /64 is one source, as for connections.
constexpr std::size_t kPrefixBytes = 8;
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

}  // namespace

namespace {

/// However long what a stranger writes is, what is remembered of it is not.
std::string key_of_text(std::string_view kind, std::string_view text) {
  const auto digest = crypto::sha256(std::string(kind) + ' ' + std::string(text));
  return std::string(as_text(digest));
}

}  // namespace

LogInGuard::LogInGuard(SecretText key) : key_(std::move(key)) {}

std::string LogInGuard::remember(std::string_view user, std::string_view random) const {
  const std::string text = std::string(random) + ' ' + std::string(user);
  const auto tag = crypto::hmac_sha256(key_.reveal(), text);
  return std::string(random) + '.' + to_base64url(tag);
}

bool LogInGuard::is_known(std::string_view user, std::string_view device) const {
  const std::size_t dot = device.find('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  return crypto::equal_constant_time(as_bytes(remember(user, device.substr(0, dot))),
                                     as_bytes(device));
}

bool LogInGuard::has_kept_place(std::string_view user, std::string_view device, MonoTime now) {
  if (!is_known(user, device)) return false;
  constexpr auto kSize = BucketSize::of(kKeptLogInsMax, minutes(1));
  const std::lock_guard guard(mutex_);
  TokenBucket* bucket = kept_.touch(key_of_text("kept", user),
                                    [now](const TokenBucket& old) { return old.full(now); });
  return bucket != nullptr && bucket->take(now, kSize);
}

std::string LogInGuard::key_of(const net::PeerAddress& source, std::string_view user,
                               std::string_view device) const {
  if (is_known(user, device)) return key_of_text("device", device);
  const bool v4 = std::equal(kMapped.begin(), kMapped.end(), source.ip.begin());
  const std::size_t bytes = v4 ? source.ip.size() : kPrefixBytes;
  return key_of_text(to_hex({source.ip.data(), bytes}), user);
}

std::string LogInGuard::key_of_person(const UserId& user) {
  return key_of_text("person", user.text());
}

LogInGuard::Counted* LogInGuard::counted(Table& table, const std::string& key, MonoTime now) {
  Counted* place = table.touch(key, [now](const Counted& old) { return old.paused_until <= now; });
  if (place != nullptr && now - place->last > kLogInPauseForgotten) *place = {};
  return place;
}

MonoTime::duration LogInGuard::wait(const net::PeerAddress& source, std::string_view user,
                                    std::string_view device, MonoTime now) {
  const std::string key = key_of(source, user, device);
  const std::lock_guard guard(mutex_);
  Counted* place = counted(table_, key, now);
  if (place == nullptr) return kLogInPauseMin;
  const auto pause = std::max(place->paused_until - now, MonoTime::duration::zero());
  if (pause == MonoTime::duration::zero()) count(*place, now);
  return pause;
}

/// One more wrong one, until it proves to be right.
void LogInGuard::count(Counted& place, MonoTime now) {
  place.last = now;
  place.failures += 1;
  if (place.failures < kLogInsFree) return;
  const std::uint32_t doublings = std::min(place.failures - kLogInsFree, std::uint32_t{20});
  place.paused_until = now + std::min(kLogInPauseMin * (1U << doublings), kLogInPauseMax);
}

void LogInGuard::undecided(const net::PeerAddress& source, std::string_view user,
                           std::string_view device) {
  const std::string key = key_of(source, user, device);
  const std::lock_guard guard(mutex_);
  Counted* place = table_.find(key);
  if (place == nullptr || place->failures == 0) return;
  place->failures -= 1;
  place->paused_until = {};
}

bool LogInGuard::paused(const UserId& user, MonoTime now) {
  const std::lock_guard guard(mutex_);
  const Counted* place = people_.find(key_of_person(user));
  return place != nullptr && place->paused_until > now;
}

void LogInGuard::failed(const UserId& user, MonoTime now) {
  const std::lock_guard guard(mutex_);
  if (Counted* place = counted(people_, key_of_person(user), now)) count(*place, now);
}

void LogInGuard::passed(const UserId& user) {
  const std::lock_guard guard(mutex_);
  if (Counted* place = people_.find(key_of_person(user))) *place = {};
}

void LogInGuard::succeeded(const net::PeerAddress& source, std::string_view user,
                           std::string_view device) {
  const std::string key = key_of(source, user, device);
  const std::lock_guard guard(mutex_);
  if (Counted* place = table_.find(key)) *place = {};
}

}  // namespace stillroom::gateway
