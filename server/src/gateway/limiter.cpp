// SPDX-License-Identifier: Apache-2.0
#include "gateway/limiter.hpp"

#include <algorithm>
#include <cstring>

namespace stillroom::gateway {
namespace {

using Wait = Limiter::Wait;
constexpr Wait kNone = Wait::zero();

/// Bytes of the address that a level looks at: a /64, a /56, a /48.
constexpr std::array<std::size_t, 3> kPrefixBytes{8, 7, 6};

bool is_ipv4(const net::PeerAddress& source) {
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(kMapped.begin(), kMapped.end(), source.ip.begin());
}

/// Steele, Lea and Flood's SplitMix64 finisher: every input bit reaches every output bit.
std::uint64_t mix(std::uint64_t word) {
  word = (word ^ (word >> 30U)) * 0xbf58476d1ce4e5b9U;
  word = (word ^ (word >> 27U)) * 0x94d049bb133111ebU;
  return word ^ (word >> 31U);
}

}  // namespace

std::size_t Limiter::Hash::operator()(const Prefix& prefix) const {
  std::array<std::uint64_t, 2> words{};
  std::memcpy(words.data(), prefix.bytes.data(), prefix.bytes.size());
  return mix(mix(mix(words[0] ^ seed) ^ words[1]) ^ prefix.level);
}

std::size_t Limiter::Hash::operator()(const UserId& user) const {
  return mix(std::hash<UserId>()(user) ^ seed);
}

std::size_t Limiter::Hash::operator()(const PassHolder& holder) const {
  std::uint64_t word = 0;
  std::memcpy(&word, holder.digest.data(), sizeof word);
  return mix(word ^ seed);
}

struct Limiter::Shard {
  Shard(std::size_t capacity, Hash hash)
      : sources(capacity, hash), users(capacity, hash), holders(capacity, hash) {}

  std::mutex mutex;
  BoundedTable<Prefix, Counted, Hash> sources;
  BoundedTable<UserId, TokenBucket, Hash> users;
  BoundedTable<PassHolder, TokenBucket, Hash> holders;
  Counted crowd;  ///< all for whom there is no room
};

class Limiter::Held {
 public:
  Held(Limiter& limiter, const net::PeerAddress& source, MonoTime now)
      : limiter_(limiter), now_(now), levels_(is_ipv4(source) ? 1 : kLevels) {
    for (std::size_t level = 0; level < levels_; ++level) {
      const std::size_t bytes = is_ipv4(source) ? source.ip.size() : kPrefixBytes[level];
      std::copy_n(source.ip.begin(), bytes, prefixes_[level].bytes.begin());
      prefixes_[level].level = static_cast<std::uint8_t>(level);
    }
    shard_ = &limiter.shard_of(prefixes_[levels_ - 1]);
    lock_ = std::unique_lock(shard_->mutex);
  }

  /// One unit at every level, or none at all. The widest first: where it has none, its many narrow
  /// ones are not even remembered.
  Wait take(TokenBucket Counted::* bucket, std::uint32_t units) {
    for (std::size_t level = levels_; level-- > 0;) {
      const BucketSize size = limiter_.size(units, level);
      TokenBucket& taken = counted(level).*bucket;
      if (taken.take(now_, size)) continue;
      const Wait wait = taken.wait(now_, size);
      for (std::size_t wider = level + 1; wider < levels_; ++wider) {
        (counted(wider).*bucket).give_back(limiter_.size(units, wider));
      }
      return wait;
    }
    return kNone;
  }
  void give_back(TokenBucket Counted::* bucket, std::uint32_t units) {
    for (std::size_t level = 0; level < levels_; ++level) {
      if (Counted* known = find(level)) (known->*bucket).give_back(limiter_.size(units, level));
    }
  }
  /// Until every level has a unit.
  Wait wait(TokenBucket Counted::* bucket, std::uint32_t units) {
    Wait longest = kNone;
    for (std::size_t level = 0; level < levels_; ++level) {
      Counted* known = find(level);
      if (known == nullptr) continue;
      longest = std::max(longest, (known->*bucket).wait(now_, limiter_.size(units, level)));
    }
    return longest;
  }
  Counted& source() { return counted(0); }
  Wait pause() {
    const Counted* known = find(0);
    return known == nullptr ? kNone : std::max(known->paused_until - now_, kNone);
  }

 private:
  Counted* find(std::size_t level) { return shard_->sources.find(prefixes_[level]); }
  /// Whoever is under a penalty stays, so that nobody gets rid of one by coming from elsewhere.
  Counted& counted(std::size_t level) {
    const auto may_go = [this](const Counted& old) {
      return old.paused_until <= now_ && old.attempts.full(now_);
    };
    Counted* place = shard_->sources.touch(prefixes_[level], may_go);
    return place == nullptr ? shard_->crowd : *place;
  }

  Limiter& limiter_;
  MonoTime now_;
  std::size_t levels_;
  std::array<Prefix, kLevels> prefixes_;
  Shard* shard_;
  std::unique_lock<std::mutex> lock_;
};

Limiter::Limiter(const LimiterSettings& settings, std::uint64_t seed)
    : settings_(settings), hash_{seed} {
  const std::size_t capacity = std::max<std::size_t>(settings.sources_max / kShards, kLevels);
  for (std::size_t shard = 0; shard < kShards; ++shard) {
    shards_.push_back(std::make_unique<Shard>(capacity, hash_));
  }
}
Limiter::~Limiter() = default;

template <class Key>
Limiter::Shard& Limiter::shard_of(const Key& key) {
  return *shards_[hash_(key) % kShards];
}

BucketSize Limiter::size(std::uint32_t units, std::size_t level) const {
  const std::uint32_t factor = level == 0 ? 1 : level == 1 ? settings_.per_56 : settings_.per_48;
  return BucketSize::of(units * factor, settings_.window);
}

bool Limiter::may_enter(const net::PeerAddress& source, MonoTime now) {
  {
    Held held(*this, source, now);
    if (held.wait(&Counted::hundredfold, settings_.attempts * kAcceptFactor) == kNone) return true;
  }
  const std::lock_guard guard(entries_mutex_);
  return entries_.take(now, size(settings_.attempts * kEntryFactor, 0));
}

Result<Limiter::Look, Limiter::Refused> Limiter::handshake(const net::PeerAddress& source,
                                                           const Holder& holder, MonoTime now) {
  Wait wait = kNone;
  {
    Held held(*this, source, now);
    static_cast<void>(held.take(&Counted::hundredfold, settings_.attempts * kAcceptFactor));
    if (held.take(&Counted::tenfold, settings_.attempts * kHttpFactor) == kNone) return Look::paid;
    const Wait proofs = held.wait(&Counted::proofs, settings_.proofs);
    if (proofs == kNone) return Look::on_proof;
    wait = next(held, proofs);
  }
  if (returns(holder, now)) return Look::returning;
  return fail(Refused{wait});
}

Result<Limiter::Look, Limiter::Refused> Limiter::attempt(const net::PeerAddress& source,
                                                         const Holder& holder, MonoTime now) {
  Wait wait = kNone;
  {
    Held held(*this, source, now);
    if (held.pause() == kNone && held.take(&Counted::attempts, settings_.attempts) == kNone) {
      return Look::paid;
    }
    const Wait proofs = held.take(&Counted::proofs, settings_.proofs);
    if (proofs == kNone) return Look::on_proof;
    wait = next(held, proofs);
  }
  if (returns(holder, now)) return Look::returning;
  return fail(Refused{wait});
}

/// The next attempt is paid for, or looked at on proof, whichever comes first.
Limiter::Wait Limiter::next(Held& held, Wait proofs) const {
  const Wait paid = std::max(held.pause(), held.wait(&Counted::attempts, settings_.attempts));
  return std::min(proofs, paid);
}

/// One unit of whoever holds a pass. There is no crowd of them: who finds no room is as without.
bool Limiter::returns(const Holder& holder, MonoTime now) {
  if (!holder) return false;
  Shard& shard = shard_of(*holder);
  const std::lock_guard guard(shard.mutex);
  TokenBucket* bucket =
      shard.holders.touch(*holder, [now](const TokenBucket& old) { return old.full(now); });
  return bucket != nullptr && bucket->take(now, size(settings_.attempts, 0));
}

Result<void, Limiter::Refused> Limiter::proved(const net::PeerAddress& source, Look look,
                                               const UserId& user, MonoTime now) {
  {
    Held held(*this, source, now);
    held.give_back(&Counted::tenfold, settings_.attempts * kHttpFactor);
    held.give_back(&Counted::hundredfold, settings_.attempts * kAcceptFactor);
    if (look == Look::paid) held.give_back(&Counted::attempts, settings_.attempts);
  }
  Shard& shard = shard_of(user);
  const std::lock_guard guard(shard.mutex);
  const BucketSize own = size(settings_.attempts, 0);
  TokenBucket* bucket =
      shard.users.touch(user, [now](const TokenBucket& old) { return old.full(now); });
  if (bucket == nullptr) bucket = &shard.crowd.attempts;
  if (bucket->take(now, own)) return {};
  return fail(Refused{bucket->wait(now, own)});
}

Result<void, Limiter::Refused> Limiter::log_in(const net::PeerAddress& source, MonoTime now) {
  Held held(*this, source, now);
  const Wait wait = held.take(&Counted::log_ins, settings_.log_ins);
  if (wait == kNone) return {};
  return fail(Refused{wait});
}

void Limiter::logged_in(const net::PeerAddress& source, MonoTime now) {
  Held(*this, source, now).give_back(&Counted::log_ins, settings_.log_ins);
}

Result<void, Limiter::Refused> Limiter::report(const net::PeerAddress& source, MonoTime now) {
  Held held(*this, source, now);
  const Wait wait = held.take(&Counted::reports, settings_.reports);
  if (wait == kNone) return {};
  return fail(Refused{wait});
}

void Limiter::failed(const net::PeerAddress& source, MonoTime now) {
  Held held(*this, source, now);
  Counted& bad = held.source();
  if (now - bad.last_bad > kPauseForgotten) bad.pause = {};
  bad.pause = std::clamp(bad.pause * 2, kPauseMin, kPauseMax);
  bad.last_bad = now;
  bad.paused_until = now + bad.pause;
}

}  // namespace stillroom::gateway
