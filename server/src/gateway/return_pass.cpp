// SPDX-License-Identifier: Apache-2.0
#include "gateway/return_pass.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::gateway {
namespace {

// holder ‖ last day since 1970 ‖ tag, 43 characters of base64url
constexpr std::size_t kHolderBytes = std::tuple_size_v<decltype(PassHolder::digest)>;
constexpr std::size_t kClaimBytes = kHolderBytes + 2;
constexpr std::size_t kTagBytes = 16;  // RFC 2104 §5: half of the hash at least
constexpr std::size_t kPassCharacters = 43;

std::int64_t day_of(WallTime now) {
  return std::chrono::floor<std::chrono::days>(now.time_since_epoch()).count();
}

std::string tag_of(const SecretText& key, std::string_view claim) {
  const auto tag = crypto::hmac_sha256(key.reveal(), "pass " + std::string(claim));
  return std::string(as_text(tag).substr(0, kTagBytes));
}

}  // namespace

ReturnPasses::ReturnPasses(SecretText key) : key_(std::move(key)) {}

PassHolder ReturnPasses::holder(const UserId& user) const {
  const auto digest = crypto::hmac_sha256(key_.reveal(), "holder " + std::string(user.text()));
  PassHolder out;
  std::copy_n(digest.begin(), kHolderBytes, out.digest.begin());
  return out;
}

std::string ReturnPasses::issue(const UserId& user, WallTime now) const {
  std::string text(as_text(holder(user).digest));
  const std::int64_t last = day_of(now) + kReturnPassDaysMax;
  text += static_cast<char>(last >> 8);
  text += static_cast<char>(last);
  text += tag_of(key_, text);
  return to_base64url(as_bytes(text));
}

std::optional<PassHolder> ReturnPasses::open(std::string_view text, WallTime now) const {
  if (text.size() != kPassCharacters) return std::nullopt;
  const auto bytes = from_base64url(text);
  if (!bytes) return std::nullopt;
  const std::string_view claim = std::string_view(*bytes).substr(0, kClaimBytes);
  const std::string_view tag = std::string_view(*bytes).substr(kClaimBytes);
  if (!crypto::equal_constant_time(as_bytes(tag_of(key_, claim)), as_bytes(tag))) {
    return std::nullopt;
  }
  const auto last = static_cast<std::uint8_t>(claim[kHolderBytes]) * 256 +
                    static_cast<std::uint8_t>(claim[kHolderBytes + 1]);
  if (day_of(now) > last) return std::nullopt;
  PassHolder out;
  std::ranges::copy(as_bytes(claim.substr(0, kHolderBytes)), out.digest.begin());
  return out;
}

}  // namespace stillroom::gateway
