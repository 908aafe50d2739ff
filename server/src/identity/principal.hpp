// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "identity/standing.hpp"
#include "identity/token_id.hpp"
#include "identity/user.hpp"

/// token text -> VerifiedToken -> Principal. Each step is a type of its own; only this module can
/// make the next one, so nothing unverified is ever taken for somebody.
namespace stillroom::identity {

/// Why somebody is nobody here, or no longer somebody.
enum class Refusal : std::uint8_t {
  token_missing,
  token_invalid,
  token_expired,
  token_revoked,
  user_unknown,
  user_inactive,
  role_changed,  ///< the role is another than the token says
};
/// The enumerator's own name: for records, and for those who are told that their access has ended.
[[nodiscard]] std::string_view reason(Refusal refusal);
/// Codes of contract §2, which knows no `token_revoked` (`token_invalid`) and no `role_changed`
/// (`user_inactive`).
[[nodiscard]] std::string_view code(Refusal refusal);
[[nodiscard]] std::string_view message(Refusal refusal);  ///< `Authentication token required`, …

struct LogIn;
struct LogInLimits;
class VerifiedToken;
[[nodiscard]] Result<VerifiedToken, Refusal> open_log_in(std::string_view id,
                                                         const SecretText& secret,
                                                         const std::optional<LogIn>& known,
                                                         const LogInLimits& limits, WallTime now);

/// A ticket's own part: which one it is, when it can be forgotten, and who may show it.
struct Ticket {
  TokenId id;
  WallTime until;
  std::string party;
};

/// What a proven signature said, or a log-in's secret. A ticket says what the right says that it
/// was given for.
class VerifiedToken {
 public:
  [[nodiscard]] const UserId& user() const { return user_; }
  [[nodiscard]] Role role() const { return role_; }
  /// `exp`: what rests on it ends here.
  [[nodiscard]] WallTime expires() const { return expires_; }
  /// `exp` and what is accepted beyond it: from here on it opens nothing.
  [[nodiscard]] WallTime void_from() const { return void_from_; }
  /// When the person proved who they are; only tokens of ours say it, and only those are renewed.
  [[nodiscard]] std::optional<WallTime> began() const { return began_; }
  /// It was issued here or later: `iat`, less the skew of a clock that is not ours; without `iat`
  /// the earliest moment from which we would have taken it.
  [[nodiscard]] WallTime issued() const { return issued_; }
  /// Its `jti`; a token without one is revoked with all others of its person, or not at all.
  [[nodiscard]] const std::optional<TokenId>& id() const { return id_; }
  /// Set where a link gave it: it opens this session and no other. Only tokens of ours say it.
  [[nodiscard]] const std::optional<SessionId>& session() const { return session_; }
  /// Set where a ticket was shown: it has to be used up before it opens anything.
  [[nodiscard]] const std::shared_ptr<const Ticket>& ticket() const { return ticket_; }

 private:
  friend class TokenVerifier;
  friend Result<VerifiedToken, Refusal> open_log_in(std::string_view, const SecretText&,
                                                    const std::optional<LogIn>&, const LogInLimits&,
                                                    WallTime);
  VerifiedToken() = default;
  UserId user_;
  Role role_ = Role::client;
  WallTime issued_;
  WallTime expires_;
  WallTime void_from_;
  std::optional<WallTime> began_;
  std::optional<TokenId> id_;
  std::optional<SessionId> session_;
  std::shared_ptr<const Ticket> ticket_;
};

/// Who somebody is: a proven token and a live user record that agree.
class Principal {
 public:
  [[nodiscard]] const UserId& user() const { return token_.user(); }
  [[nodiscard]] Role role() const { return token_.role(); }
  [[nodiscard]] const PersonName& name() const { return name_; }
  /// The only session they are somebody in; empty: in all of theirs.
  [[nodiscard]] const std::optional<SessionId>& session() const { return token_.session(); }
  /// What it rests on, to be held against the database again.
  [[nodiscard]] const VerifiedToken& token() const { return token_; }

 private:
  friend Result<Principal, Refusal> establish(const VerifiedToken&, const Standing&, WallTime);
  Principal(VerifiedToken token, PersonName name)
      : token_(std::move(token)), name_(std::move(name)) {}
  VerifiedToken token_;
  PersonName name_;
};

/// The one answer to "may this person be here with this token": at CONNECT, for each request, for a
/// fresh token, and again for a connection that lives when something has changed. `now` is the
/// moment of asking, which may be long after the proof.
[[nodiscard]] Result<Principal, Refusal> establish(const VerifiedToken& token,
                                                   const Standing& standing, WallTime now);

}  // namespace stillroom::identity
