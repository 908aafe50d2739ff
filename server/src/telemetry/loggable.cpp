// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "telemetry/field.hpp"

namespace stillroom::telemetry {
namespace {

/// Made at first use, never stored: what one process logged cannot be joined with another's lines,
/// nor tried against a list of ids by who reads the log.
std::string_view process_key() {
  static const std::string kKey = random_token(crypto::system_rng(), 32);
  return kKey;
}

}  // namespace

Loggable keyed_hash(std::string_view text) {
  thread_local crypto::HmacSha256 keyed(process_key());
  const crypto::Sha256 mac = keyed.of(text);
  const std::string hex = to_hex(std::span(mac).first(4));
  std::array<char, 8> digits{};
  std::copy(hex.begin(), hex.end(), digits.begin());
  return Loggable(digits);
}

std::string SourceDigest::of(std::string_view address) {
  constexpr std::size_t kBytes = 8;
  const crypto::Sha256 mac = keyed_.of(address);
  return to_hex(std::span(mac).first(kBytes));
}

}  // namespace stillroom::telemetry
