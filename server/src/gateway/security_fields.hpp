// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "gateway/http.hpp"
#include "gateway/provenance.hpp"

namespace stillroom::gateway {

/// The header fields that every answer carries, errors included; made once, from what the server
/// knows of itself: nothing of a request goes into them.
class SecurityFields {
 public:
  /// `own_origins`: of our own pages.
  explicit SecurityFields(std::span<const std::string> own_origins);

  /// A page gets the policy that it needs to run; all else is no document, and may do nothing where
  /// somebody makes it one. HSTS (RFC 6797) belongs to TLS only.
  void append(HttpResponse& response, Wire wire) const;

 private:
  std::string page_policy_;
};

}  // namespace stillroom::gateway
