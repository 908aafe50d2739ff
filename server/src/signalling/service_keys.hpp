// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/clock.hpp"
#include "identity/service_key.hpp"
#include "signalling/author.hpp"
#include "signalling/ports.hpp"
#include "signalling/problems.hpp"

namespace stillroom::signalling {

/// The door for applications, and the trace of orders that are nobody's to give. One for each
/// worker.
class ServiceKeys {
 public:
  ServiceKeys(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// Looked up for each request, so that a revoked key is worth nothing at once. Malformed,
  /// unknown, wrong, revoked: one and the same `key_invalid`.
  void authenticate(std::string_view text, const Trace& trace, Answer<identity::Service> answer);
  /// Somebody ordered what they may not order at all. Noted.
  void refused(const Author& by);

 private:
  void refuse(std::string_view why, const Trace& trace);

  Store& store_;
  const Clock& clock_;
};

}  // namespace stillroom::signalling
