// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "base/clock.hpp"
#include "identity/token.hpp"
#include "identity/token_verifier.hpp"
#include "signalling/caller.hpp"
#include "signalling/ports.hpp"
#include "signalling/problems.hpp"
#include "signalling/security_events.hpp"

namespace stillroom::signalling {

/// Whether the keys of an issuer that is asked over the network are there. Where none is configured
/// nothing is missing.
enum class IssuerKeys : std::uint8_t { present, missing };

/// Whose access something may have ended: each connection of a person, or each that rests on one
/// token.
using Concerned = std::variant<UserId, identity::TokenId>;
[[nodiscard]] bool concerns(const Concerned& concerned, const Caller& caller);

/// Socket.IO CONNECT, `auth:refresh` and the Bearer of REST: from offered tokens to somebody, and
/// whether they still are. One for each worker; outlives every reply of its store.
class Door {
 public:
  Door(Store& store, SecurityEvents& events, const Clock& clock,
       const identity::TokenVerifier& verifier, identity::QueryTokens query_tokens)
      : store_(store),
        events_(events),
        clock_(clock),
        verifier_(&verifier),
        query_tokens_(query_tokens) {}

  /// Tokens are proved with these keys from now on.
  void use(std::shared_ptr<const identity::TokenVerifier> verifier, IssuerKeys keys);
  [[nodiscard]] IssuerKeys issuer_keys() const { return issuer_keys_; }
  /// Told of each refused token that names a key we do not have; cheap, for it may come often.
  void on_unknown_key(std::function<void()> told) { unknown_key_ = std::move(told); }

  /// First half: signature and claims only, no store, so that a rate limit can stand between.
  [[nodiscard]] Result<identity::VerifiedToken, Problem> prove(
      const identity::OfferedTokens& offered, const Trace& trace);

  /// The same for REST.
  [[nodiscard]] Result<identity::VerifiedToken, Problem> prove_bearer(
      const identity::OfferedTokens& offered, const Trace& trace);
  /// A log-in in place of a Bearer was refused.
  void refused(const Problem& problem, const Trace& trace);

  /// Second half for a socket: user lookup, durable `connected` record, then the Caller. A ticket
  /// is used up with that record.
  void admit(const identity::VerifiedToken& token, Arrival arrival, Answer<CallerRef> answer);

  /// Second half for REST: user lookup; the request's own use case records what it does. A ticket
  /// opens no request.
  void authenticate(const identity::VerifiedToken& token, Trace trace,
                    Answer<identity::Principal> answer);

  /// A fresh token for a connection that lives: of the same person in the same role, else
  /// `token_invalid`. Proved and recorded as a CONNECT's; a refusal changes nothing.
  void refresh(const CallerRef& caller, const std::optional<identity::TokenText>& token,
               std::string_view party, Answer<CallerRef> answer);

  /// Something changed that may concern this connection: nothing when it may stay, else the reason
  /// that it is told (an identity::Refusal's, or `unavailable`: who cannot be looked up has no
  /// right that we know of).
  using Verdict = std::function<void(std::optional<std::string_view> ended)>;
  void review(const Caller& caller, Verdict verdict);

  /// A socket that `admit` let in is gone. `reason` is a code of ours.
  void departed(const Caller& caller, std::string_view reason);

 private:
  struct Turned;  ///< what they hear, and what the record says
  struct Entry;   ///< somebody on the way in
  using Recognised = std::function<void(Result<identity::Principal, Turned>)>;

  [[nodiscard]] Result<identity::VerifiedToken, Problem> verify(
      const std::optional<identity::TokenText>& token, std::string_view party);
  void recognise(const identity::VerifiedToken& token, Recognised answer);
  void enter(const std::shared_ptr<const Entry>& entry);
  void look_again(const std::shared_ptr<const Entry>& entry);
  void refuse(SecurityKind kind, std::string_view reason, const Trace& trace,
              const UserId* user = nullptr);

  Store& store_;
  SecurityEvents& events_;
  const Clock& clock_;
  /// The first one is borrowed; those that follow belong to all workers together, and the last of
  /// them to have changed over lets the old one go.
  const identity::TokenVerifier* verifier_;
  std::shared_ptr<const identity::TokenVerifier> kept_;
  IssuerKeys issuer_keys_ = IssuerKeys::present;
  std::function<void()> unknown_key_;
  identity::QueryTokens query_tokens_;
};

}  // namespace stillroom::signalling
