// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"

namespace stillroom {

/// What may be done at once, and how soon one unit comes back.
struct BucketSize {
  std::uint32_t units = 0;
  MonoTime::duration refill{};

  [[nodiscard]] static constexpr BucketSize of(std::uint32_t units, MonoTime::duration window) {
    return {units, units == 0 ? window : window / units};
  }
};

/// A bucket of units that refills evenly: one instant, so that millions cost nothing between uses.
/// The size is an argument: it belongs to the kind of thing counted, not to each one.
class TokenBucket {
 public:
  /// False, and nothing is taken, when it is empty.
  [[nodiscard]] bool take(MonoTime now, BucketSize size) {
    if (wait(now, size) > MonoTime::duration::zero()) return false;
    full_at_ = std::max(full_at_, now) + size.refill;
    return true;
  }
  void give_back(BucketSize size) { full_at_ -= size.refill; }
  /// Until there is a unit; zero: now.
  [[nodiscard]] MonoTime::duration wait(MonoTime now, BucketSize size) const {
    const auto missing = std::max(full_at_, now) - now;
    if (size.units == 0) return MonoTime::duration::max();
    return std::max(missing + size.refill - size.refill * size.units, MonoTime::duration::zero());
  }
  [[nodiscard]] bool full(MonoTime now) const { return full_at_ <= now; }

 private:
  MonoTime full_at_{};  ///< when everything that was taken has come back
};

}  // namespace stillroom
