// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "identity/service_key.hpp"
#include "signalling/author.hpp"
#include "signalling/ports.hpp"
#include "signalling/problems.hpp"
#include "signalling/security_events.hpp"

namespace stillroom::signalling {

/// The door for applications, and the trace of orders that are nobody's to give. One for each
/// worker.
class ServiceKeys {
 public:
  ServiceKeys(Store& store, SecurityEvents& events, const Clock& clock)
      : store_(store), events_(events), clock_(clock) {}

  /// Looked up for each request, so that a revoked key is worth nothing at once. Malformed,
  /// unknown, wrong, revoked: one and the same `key_invalid`.
  void authenticate(std::string_view text, const Trace& trace, Answer<identity::Service> answer);
  /// Somebody ordered what is not theirs to order. `code` of the problem that they hear; `session`
  /// where the order was about one.
  void refused(const Author& by, std::string_view code, const std::optional<SessionId>& session);

 private:
  void refuse(std::string_view why, const Trace& trace, std::string_view key = {});

  Store& store_;
  SecurityEvents& events_;
  const Clock& clock_;
};

}  // namespace stillroom::signalling
