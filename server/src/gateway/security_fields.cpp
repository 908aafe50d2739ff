// SPDX-License-Identifier: Apache-2.0
#include "gateway/security_fields.hpp"

#include <array>

namespace stillroom::gateway {

void append_security_fields(std::vector<std::pair<std::string_view, std::string>>& fields,
                            Wire wire) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kFields{{
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Frame-Options", "DENY"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Embedder-Policy", "require-corp"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
       "media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
       "form-action 'none'; frame-ancestors 'none'"},
      {"Permissions-Policy",
       "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), "
       "geolocation=(), payment=(), usb=()"},
  }};
  for (const auto& [name, value] : kFields) fields.emplace_back(name, value);
  if (wire == Wire::tls) {
    fields.emplace_back("Strict-Transport-Security",
                        "max-age=63072000; includeSubDomains; preload");
  }
}

}  // namespace stillroom::gateway
