// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace stillroom {

/// Source of random bytes. The real one is `crypto::system_rng()` (a CSPRNG); tests seed their own.
class Rng {
 public:
  virtual ~Rng() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

/// `bytes` random bytes as unpadded base64url.
[[nodiscard]] std::string random_token(Rng& rng, std::size_t bytes);
/// RFC 9562 version 4, lower case, 36 characters.
[[nodiscard]] std::string random_uuid4(Rng& rng);

}  // namespace stillroom
