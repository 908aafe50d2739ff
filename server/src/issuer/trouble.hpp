// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "telemetry/field.hpp"

namespace stillroom::issuer {

/// Why there are no new keys.
enum class Trouble : std::uint8_t {
  unreachable,      ///< no name, no route, refused, cut
  private_address,  ///< the name leads into a network that only we may reach
  timeout,
  tls,          ///< nobody we trust has signed the certificate, or it is for another name
  redirect,     ///< followed nowhere: the URL is what the operator said
  status,       ///< anything but 200
  oversized,    ///< more than kAnswerBytesMax
  content,      ///< 200, and no key set that we take
  interrupted,  ///< we are stopping
};

[[nodiscard]] constexpr telemetry::Literal log_word(Trouble trouble) {
  switch (trouble) {
    case Trouble::unreachable:
      return "unreachable";
    case Trouble::private_address:
      return "private_address";
    case Trouble::timeout:
      return "timeout";
    case Trouble::tls:
      return "tls";
    case Trouble::redirect:
      return "redirect";
    case Trouble::status:
      return "status";
    case Trouble::oversized:
      return "oversized";
    case Trouble::content:
      return "content";
    case Trouble::interrupted:
      break;
  }
  return "interrupted";
}

}  // namespace stillroom::issuer
