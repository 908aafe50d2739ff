// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "telemetry/field.hpp"

struct evp_pkey_st;  // NOLINT(readability-identifier-naming): OpenSSL's name
struct x509_st;      // NOLINT(readability-identifier-naming): OpenSSL's name

namespace stillroom::net {

/// Why a certificate and its key are not used.
enum class CertificateTrouble : std::uint8_t {
  certificate_unreadable,
  certificate_malformed,
  key_unreadable,
  key_malformed,   ///< or it asks for a passphrase: nobody is there to give it
  key_of_another,  ///< certificate and key do not belong together
  not_yet_valid,
  expired,
  too_weak,  ///< the TLS policy refuses the key or a signature
};

[[nodiscard]] telemetry::Literal log_word(CertificateTrouble trouble);
/// For the operator.
[[nodiscard]] std::string sentence(CertificateTrouble trouble);

/// A certificate with its chain and its private key, which belong together. Does not change.
class Certificate {
 public:
  static constexpr std::size_t kChainCertificatesMax = 10;

  /// PEM: the server's own certificate first, then those that lead to the authority.
  [[nodiscard]] static Result<Certificate, CertificateTrouble> from_pem(std::string_view chain,
                                                                        std::string_view key);
  /// ECDSA P-256, for one year, naming these hosts and addresses. For `--dev --lan`.
  [[nodiscard]] static Result<Certificate, std::string> self_made(
      const std::vector<std::string>& hosts, WallTime now);

  [[nodiscard]] WallTime valid_from() const { return from_; }
  [[nodiscard]] WallTime valid_until() const { return until_; }
  [[nodiscard]] Result<void, CertificateTrouble> check_time(WallTime now) const;

  // What OpenSSL gets. It counts references to these and never changes them.
  [[nodiscard]] x509_st* leaf() const { return chain_.front().get(); }
  [[nodiscard]] evp_pkey_st* key() const { return key_.get(); }
  /// The signer of the server's own certificate; null when the chain does not have it.
  [[nodiscard]] x509_st* signer() const { return chain_.size() > 1 ? chain_[1].get() : nullptr; }
  [[nodiscard]] std::vector<x509_st*> rest_of_chain() const;

 private:
  struct Free {
    void operator()(x509_st* certificate) const;
    void operator()(evp_pkey_st* key) const;
  };
  using Key = std::unique_ptr<evp_pkey_st, Free>;
  using Chain = std::vector<std::unique_ptr<x509_st, Free>>;
  Certificate(Chain chain, Key key);
  [[nodiscard]] static Chain read_chain(std::string_view pem);
  [[nodiscard]] static Key read_key(std::string_view pem);
  [[nodiscard]] static Chain make_self_signed(evp_pkey_st* key,
                                              const std::vector<std::string>& hosts, WallTime now);

  Chain chain_;  ///< never empty
  Key key_;
  WallTime from_;
  WallTime until_;
};

}  // namespace stillroom::net
