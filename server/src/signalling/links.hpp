// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/rng.hpp"
#include "identity/principal.hpp"
#include "identity/token_minter.hpp"
#include "signalling/caller.hpp"
#include "signalling/ports.hpp"
#include "signalling/problems.hpp"
#include "signalling/security_events.hpp"

namespace stillroom::signalling {

inline constexpr std::size_t kLinkCodeBytes = 32;       ///< random bytes
inline constexpr std::size_t kLinkCodeCharacters = 43;  ///< the same as base64url

/// What is stored and looked up instead of the code: its SHA-256, in hex.
[[nodiscard]] std::string link_code_digest(std::string_view code);

struct FreshToken {
  identity::TokenText token;
  WallTime expires;
};

struct ExchangedLink {
  FreshToken token;
  identity::User user;
  session::Session session;
};

struct LinkSettings {
  seconds token_life = identity::kOwnTokenLife;
  seconds renewable_for{12 * 60 * 60};  ///< from the exchange; then a new link is needed
};

/// One-time link codes and the short tokens they turn into. One for each worker.
class Links {
 public:
  Links(Store& store, SecurityEvents& events, const Clock& clock, Rng& rng,
        const identity::TokenMinter& minter, LinkSettings settings)
      : store_(store),
        events_(events),
        clock_(clock),
        rng_(rng),
        minter_(minter),
        settings_(settings) {}

  /// `POST /api/links/exchange`. Unknown, used, expired, a user or session that is no more, a
  /// maker who might not make it now, a user with another role: one and the same `link_invalid`.
  /// The code is used up in the commit that records it.
  void exchange(std::string_view code, Trace trace, Answer<ExchangedLink> answer);

  /// `POST /api/links/renew`: for tokens of ours only, within `renewable_for`; for the same
  /// session.
  void renew(const identity::Principal& who, const Trace& trace, Answer<FreshToken> answer);

 private:
  struct Exchange;
  void found_code(const std::shared_ptr<Exchange>& exchange, std::optional<LinkCode> code);
  void found_user(const std::shared_ptr<Exchange>& exchange, std::optional<identity::User> user);
  void found_session(const std::shared_ptr<Exchange>& exchange,
                     std::optional<session::Session> session);
  void check_maker(const std::shared_ptr<Exchange>& exchange);
  void redeem(const std::shared_ptr<Exchange>& exchange);
  /// `why` is for the audit only: everybody outside hears the same.
  void refuse(const Exchange& exchange, std::string_view why);
  void refuse_renewal(const Problem& problem, const audit::Record& record,
                      const Answer<FreshToken>& answer);
  [[nodiscard]] FreshToken mint(const UserId& user, identity::Role role,
                                const std::optional<SessionId>& session, WallTime began,
                                WallTime at);

  Store& store_;
  SecurityEvents& events_;
  const Clock& clock_;
  Rng& rng_;
  const identity::TokenMinter& minter_;
  LinkSettings settings_;
};

/// Members `id`, `name`, `role` of an object that is already open.
void append_user(json::Writer& out, const identity::User& user);
/// Bodies of the two answers.
[[nodiscard]] std::string encode_exchanged(const ExchangedLink& link);
[[nodiscard]] std::string encode_fresh_token(const FreshToken& token);

}  // namespace stillroom::signalling
