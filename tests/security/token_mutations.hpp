// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "identity/token_verifier.hpp"
#include "testing/seeded_rng.hpp"

/// Good tokens, changed by chance: none of what comes out may be taken, but the token itself.
namespace stillroom::security {

/// `good` with one to three changes: a bit flipped, a byte put in, taken out or replaced, two
/// segments swapped, a segment of another good token put in its place, cut short, a piece repeated.
[[nodiscard]] std::string mutated(std::string_view good, const std::vector<std::string>& all,
                                  testing::SeededRng& rng);

struct MutationCount {
  std::uint64_t tried = 0;      ///< different from every good token
  std::uint64_t identical = 0;  ///< came out as a good token; not tried
  std::uint64_t accepted = 0;
  std::string first_accepted;
};

/// Tries `count` mutations of `good`, one of `all`.
[[nodiscard]] MutationCount try_mutations(const identity::TokenVerifier& verifier,
                                          std::string_view good,
                                          const std::vector<std::string>& all, std::uint64_t count,
                                          testing::SeededRng& rng, WallTime now);

}  // namespace stillroom::security
