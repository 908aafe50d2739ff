// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/strong_id.hpp"

namespace stillroom::gateway {

/// The day of the last connection is day 0; after this many more a pass is like none.
inline constexpr std::int64_t kReturnPassDaysMax = 30;

/// Who holds a return pass, as the limiter knows them: a keyed digest of their id.
struct PassHolder {
  std::array<std::uint8_t, 14> digest{};
  friend bool operator==(const PassHolder&, const PassHolder&) = default;
};

/// What a handshake showed.
struct ShownPass {
  std::optional<PassHolder> holder;
  bool has_paid = false;  ///< for the handshake, and so for its first CONNECT
};

/// What a client keeps of its last good connection and shows at its next handshake: a mark that a
/// flood from the same address cannot have. It opens nothing and says nothing to anybody else: it
/// is worth a look at a token of its holder. The same all day, for one person.
class ReturnPasses {
 public:
  /// Passes hold as long as the key is the same, so also over a restart.
  explicit ReturnPasses(SecretText key);

  [[nodiscard]] std::string issue(const UserId& user, WallTime now) const;
  /// Nothing when it is not ours, or over: then it is as if it were not there.
  [[nodiscard]] std::optional<PassHolder> open(std::string_view text, WallTime now) const;
  [[nodiscard]] PassHolder holder(const UserId& user) const;

 private:
  SecretText key_;
};

}  // namespace stillroom::gateway
