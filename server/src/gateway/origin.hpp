// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/http.hpp"

namespace stillroom::gateway {

/// Which pages may talk to us (contract §5; RFC 6454). Exact comparison of scheme, host and port.
class OriginPolicy {
 public:
  enum class NonBrowser : std::uint8_t { refuse, allow };

  OriginPolicy(std::vector<std::string> allowed, NonBrowser non_browser);
  /// One more, of pages that we serve, before the first request.
  void allow_own(std::string origin) { own_.push_back(std::move(origin)); }

  enum class Verdict : std::uint8_t {
    allowed,
    refused,
    key_only,  ///< no browser's, and it carries what looks like a service key: to be proved there
  };
  enum class Asked : std::uint8_t {
    page,     ///< a page or a file of it: the same for everybody
    service,  ///< what answers by who asks
  };
  /// `Origin` must match where it is sent, and must be sent with upgrades and everything that
  /// changes something. A GET without it passes when `Sec-Fetch-Site` is `same-origin`: browsers
  /// send no Origin on same-origin GETs. A page may also be typed in, or be where a link leads,
  /// from anywhere; never into a frame. Neither field: not a browser.
  [[nodiscard]] Verdict judge(const HttpRequest& request, Asked asked) const;
  /// The origin to name in CORS answers: the request's own, when it is allowed; else empty.
  [[nodiscard]] std::string_view cors_origin(const HttpRequest& request) const;
  /// Of a request that was let pass: whose it is, in the words of `identity::OfferedTokens`. Points
  /// into the request.
  [[nodiscard]] std::string_view party(const HttpRequest& request) const;

 private:
  [[nodiscard]] bool listed(std::string_view origin) const;
  [[nodiscard]] bool own(std::string_view origin) const;
  std::vector<std::string> allowed_;  ///< foreign ones
  std::vector<std::string> own_;
  NonBrowser non_browser_;
};

}  // namespace stillroom::gateway
