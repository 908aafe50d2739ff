// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/bounded_table.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/strong_id.hpp"
#include "base/token_bucket.hpp"
#include "gateway/return_pass.hpp"
#include "net/peer_address.hpp"

namespace stillroom::gateway {

struct LimiterSettings {
  std::uint32_t attempts = 10;  ///< of one source in a window, of one user, of one return pass
  std::uint32_t proofs = 120;   ///< tokens of a source over its limit that are still looked at
  std::uint32_t log_ins = 30;   ///< of a source: passwords, invitations and link codes
  std::uint32_t reports = 60;   ///< of a source's browsers about our pages
  milliseconds window{60'000};
  /// Remembered at a time; users and holders of passes apart, as many again of each.
  std::size_t sources_max = 65'536;
  /// An IPv6 source is its /64; a /56 and a /48 have so many times its budgets.
  std::uint32_t per_56 = 4;
  std::uint32_t per_48 = 16;
};

/// A source with ten times as many handshakes hears it by HTTP, one with a hundred times is closed
/// at accept.
inline constexpr std::uint32_t kHttpFactor = 10;
inline constexpr std::uint32_t kAcceptFactor = 100;
/// Of all that are so far over, so many times one's attempts are let in all the same, 300 sockets a
/// second: among them may be people with a return pass, which is seen only behind TLS.
inline constexpr std::uint32_t kEntryFactor = 1'800;
/// A source that offers bad tokens has an empty bucket for so long; doubled each time.
inline constexpr milliseconds kPauseMin{1'000};
inline constexpr milliseconds kPauseMax{300'000};
/// After so long without a bad token the next pause is the shortest again.
inline constexpr milliseconds kPauseForgotten{600'000};

/// Who may try to connect, and how often (contract §4). A connection attempt takes a unit of its
/// source before its token is looked at, and gets it back when the token proves good; a source
/// without units has its tokens looked at only so often, and those of people with a return pass so
/// often for each of them, so that people behind one address with a flood still get in. One for all
/// workers; every function is for any thread and costs one lock that hardly anybody shares, at
/// times two.
class Limiter {
 public:
  /// How an attempt came to have its token looked at.
  enum class Look : std::uint8_t { paid, on_proof, returning };
  using Holder = std::optional<PassHolder>;
  using Wait = MonoTime::duration;
  struct Refused {
    Wait wait;  ///< until it makes sense to try again
  };

  /// `seed` keeps strangers from choosing which sources share a lock.
  Limiter(const LimiterSettings& settings, std::uint64_t seed);
  ~Limiter();
  Limiter(const Limiter&) = delete;
  Limiter& operator=(const Limiter&) = delete;

  /// A new socket: `closed` when this source is so far over its limit that even TLS is too much.
  [[nodiscard]] bool may_enter(const net::PeerAddress& source, MonoTime now);
  /// A new Engine.IO handshake. Counted at once for how far the source is over its limit: a flood
  /// would else open links for nothing until their timeout. `holder`: of the return pass that it
  /// shows; one unit of theirs where the source has nothing left.
  [[nodiscard]] Result<Look, Refused> handshake(const net::PeerAddress& source,
                                                const Holder& holder, MonoTime now);
  /// A Socket.IO CONNECT, or a link that ends without one. `returning` is for a token of `holder`
  /// only, which is the caller's to see to.
  [[nodiscard]] Result<Look, Refused> attempt(const net::PeerAddress& source, const Holder& holder,
                                              MonoTime now);
  /// Its token proved good: the source has its unit back, the user pays.
  [[nodiscard]] Result<void, Refused> proved(const net::PeerAddress& source, Look look,
                                             const UserId& user, MonoTime now);
  /// A password, an invitation or a link code: apart from connections, so that who floods those
  /// keeps nobody from logging in, and dearer than a signature, so never looked at on proof.
  [[nodiscard]] Result<void, Refused> log_in(const net::PeerAddress& source, MonoTime now);
  /// It was right: the source has its unit back.
  void logged_in(const net::PeerAddress& source, MonoTime now);
  /// A body of reports from a browser.
  [[nodiscard]] Result<void, Refused> report(const net::PeerAddress& source, MonoTime now);
  /// Its token proved bad.
  void failed(const net::PeerAddress& source, MonoTime now);

 private:
  static constexpr std::size_t kShards = 64;
  static constexpr std::size_t kLevels = 3;  ///< the source itself; for IPv6 its /56, its /48

  struct Prefix {
    std::array<std::uint8_t, 16> bytes{};
    std::uint8_t level = 0;
    friend bool operator==(const Prefix&, const Prefix&) = default;
  };
  struct Counted {
    TokenBucket attempts;
    TokenBucket proofs;
    TokenBucket tenfold;
    TokenBucket hundredfold;
    TokenBucket log_ins;
    TokenBucket reports;
    MonoTime paused_until{};
    MonoTime last_bad{};
    milliseconds pause{};
  };
  struct Hash {
    std::uint64_t seed;
    std::size_t operator()(const Prefix& prefix) const;
    std::size_t operator()(const UserId& user) const;
    std::size_t operator()(const PassHolder& holder) const;
  };
  struct Shard;
  /// One source under its shard's lock.
  class Held;

  template <class Key>
  [[nodiscard]] Shard& shard_of(const Key& key);
  [[nodiscard]] bool returns(const Holder& holder, MonoTime now);
  [[nodiscard]] Wait next(Held& held, Wait proofs) const;
  [[nodiscard]] BucketSize size(std::uint32_t units, std::size_t level) const;

  LimiterSettings settings_;
  std::mutex entries_mutex_;
  TokenBucket entries_;  ///< sockets of all that are far over
  Hash hash_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace stillroom::gateway
