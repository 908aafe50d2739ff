// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/rng.hpp"

namespace stillroom::testing {

/// SplitMix64: the same seed gives the same world on every machine. Not for secrets.
class SeededRng final : public Rng {
 public:
  explicit SeededRng(std::uint64_t seed) : state_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    std::uint64_t word = 0;
    for (std::size_t at = 0; at < out.size(); ++at) {
      if (at % 8 == 0) word = next();
      out[at] = static_cast<std::uint8_t>(word >> (at % 8 * 8));
    }
  }

  [[nodiscard]] std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
    return mixed ^ mixed >> 31;
  }
  /// From 0 up to and without `bound`, which is above 0. The bias is below 2^-32 for small bounds.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  /// Both ends included.
  [[nodiscard]] std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }
  /// True about `times` out of `of`.
  [[nodiscard]] bool chance(std::uint64_t times, std::uint64_t of) { return below(of) < times; }
  [[nodiscard]] std::string bytes(std::size_t count) {
    std::string out(count, '\0');
    fill({reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
    return out;
  }

 private:
  std::uint64_t state_;
};

}  // namespace stillroom::testing
