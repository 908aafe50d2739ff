// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

struct evp_pkey_st;

namespace stillroom::crypto {

/// RFC 7518 §3.3 asks for 2048 bits; beyond 8192 a check costs too much for whoever may ask for it.
inline constexpr std::size_t kRsaBitsMin = 2048;
inline constexpr std::size_t kRsaBitsMax = 8192;

/// The public half of somebody's signing key. Immutable: any thread may verify with it. A function
/// that makes one answers nothing when the numbers are no key (wrong length, off the curve, an even
/// exponent). All numbers are big-endian, as JWK members decode (RFC 7518 §6, RFC 8037).
class PublicKey {
 public:
  [[nodiscard]] static std::optional<PublicKey> rsa(std::string_view modulus,
                                                    std::string_view exponent);
  /// NIST P-256; 32 bytes each.
  [[nodiscard]] static std::optional<PublicKey> p256(std::string_view x, std::string_view y);
  /// 32 bytes.
  [[nodiscard]] static std::optional<PublicKey> ed25519(std::string_view x);

  // Each is false for a key of another kind. Signatures as JWS carries them (RFC 7518 §3, RFC
  // 8037).
  [[nodiscard]] bool verifies_rs256(std::string_view message, std::string_view signature) const;
  /// MGF1 with SHA-256 and a salt of 32 bytes.
  [[nodiscard]] bool verifies_ps256(std::string_view message, std::string_view signature) const;
  /// R and S, 32 bytes each.
  [[nodiscard]] bool verifies_es256(std::string_view message, std::string_view signature) const;
  [[nodiscard]] bool verifies_ed25519(std::string_view message, std::string_view signature) const;

 private:
  using Pkey = std::shared_ptr<evp_pkey_st>;
  explicit PublicKey(Pkey key) : key_(std::move(key)) {}
  [[nodiscard]] static std::optional<PublicKey> checked(evp_pkey_st* key);
  [[nodiscard]] bool is(const char* type) const;

  Pkey key_;
};

}  // namespace stillroom::crypto
