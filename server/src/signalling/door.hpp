// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/clock.hpp"
#include "identity/token.hpp"
#include "identity/token_verifier.hpp"
#include "signalling/caller.hpp"
#include "signalling/ports.hpp"
#include "signalling/problems.hpp"

namespace stillroom::signalling {

/// Socket.IO CONNECT and the Bearer of REST: from offered tokens to somebody.
/// One for each worker; outlives every reply of its store.
class Door {
 public:
  Door(Store& store, const Clock& clock, const identity::TokenVerifier& verifier,
       identity::QueryTokens query_tokens)
      : store_(store), clock_(clock), verifier_(verifier), query_tokens_(query_tokens) {}

  /// First half: signature and claims only, no store, so that a rate limit can stand between.
  /// A refusal is noted.
  [[nodiscard]] Result<identity::VerifiedToken, Problem> prove(
      const identity::OfferedTokens& offered, const Trace& trace);

  /// Somebody was refused for coming too often, before anything was looked at. Noted; for the
  /// caller to bound.
  void limited(const Trace& trace);

  /// Second half for a socket: user lookup, durable `connected` record, then the Caller.
  void admit(const identity::VerifiedToken& token, Arrival arrival, Answer<CallerRef> answer);

  /// Second half for REST: user lookup; the request's own use case records what it does.
  void authenticate(const identity::VerifiedToken& token, Trace trace,
                    Answer<identity::Principal> answer);

  /// A socket that `admit` let in is gone. `reason` is a code of ours.
  void departed(const Caller& caller, std::string_view reason);

 private:
  void record_arrival(const identity::VerifiedToken& token, const Arrival& arrival,
                      const identity::Principal& who, const Answer<CallerRef>& answer);
  void look_again(const identity::VerifiedToken& token, const Arrival& arrival,
                  const Answer<CallerRef>& answer);
  void refuse(const Problem& problem, const Trace& trace, const UserId* user);

  Store& store_;
  const Clock& clock_;
  const identity::TokenVerifier& verifier_;
  identity::QueryTokens query_tokens_;
};

}  // namespace stillroom::signalling
