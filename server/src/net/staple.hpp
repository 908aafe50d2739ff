// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/certificate.hpp"
#include "telemetry/field.hpp"

namespace stillroom::net {

/// Why an OCSP response is not stapled.
enum class StapleTrouble : std::uint8_t {
  unreadable,
  malformed,
  not_good,    ///< the responder failed, or says that the certificate is revoked or unknown
  of_another,  ///< tells nothing about this certificate
  not_signed,  ///< neither by the certificate's signer nor by somebody whom that one appointed
  not_yet_valid,
  expired,
  without_an_end,  ///< no nextUpdate: it could be shown for ever
};

[[nodiscard]] telemetry::Literal log_word(StapleTrouble trouble);

/// What the authority says of a certificate, for the handshake (RFC 6066 §8): good, about this
/// certificate, and signed wherever the chain tells by whom it has to be.
class Staple {
 public:
  /// By how much the responder's clock may be ahead of ours.
  static constexpr minutes kAhead{5};

  /// `der`: an OCSPResponse (RFC 6960 §4.2.1).
  [[nodiscard]] static Result<Staple, StapleTrouble> from_der(std::string_view der,
                                                              const Certificate& certificate,
                                                              WallTime now);
  [[nodiscard]] std::string_view der() const { return der_; }
  /// nextUpdate: from then on nobody may be shown it.
  [[nodiscard]] WallTime valid_until() const { return until_; }

 private:
  Staple(std::string_view der, WallTime until) : der_(der), until_(until) {}
  std::string der_;
  WallTime until_;
};

}  // namespace stillroom::net
