// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/rng.hpp"
#include "base/secret.hpp"
#include "identity/log_in.hpp"
#include "signalling/caller.hpp"
#include "signalling/ports.hpp"
#include "signalling/problems.hpp"
#include "signalling/security_events.hpp"

namespace stillroom::signalling {

inline constexpr std::size_t kPasswordCharactersMin = 12;
inline constexpr std::size_t kPasswordBytesMax = 512;
inline constexpr std::size_t kRecoveryCodes = 10;

enum class SecondFactor : std::uint8_t {
  staff,     ///< everybody but clients needs one
  optional,  ///< with `--dev`
};

struct AccountSettings {
  identity::LogInLimits limits;
  SecondFactor second_factor = SecondFactor::staff;
};

/// What the holder of an invite is shown.
struct InviteView {
  identity::User user;
  std::string totp_secret;  ///< as apps take it
  std::string totp_uri;
  bool second_factor_needed = false;
};

struct SetUpOrder {
  std::string invite;
  SecretText password;
  std::string code;  ///< of the authenticator that took the secret; empty: no second factor
};

struct SetUpDone {
  identity::User user;
  std::vector<std::string> recovery_codes;  ///< shown this once
};

/// Whether the person has logged in with this browser before, as its cookie proves.
enum class Browser : std::uint8_t { unknown, known };

struct Credentials {
  std::string user;
  SecretText password;
  std::string code;  ///< of the authenticator, or a recovery code; may be empty
  Browser browser = Browser::unknown;
};

struct LoggedIn {
  identity::User user;
  std::string id;     ///< public: names the cookie
  SecretText secret;  ///< the cookie
  WallTime idle_until;
  WallTime until;
};

/// Slows guessing at a second factor by who knows the password; one for all workers. Nobody else
/// can raise it, so it locks nobody out but an intruder and, for as long, whom he robbed.
class FactorGuard {
 public:
  virtual ~FactorGuard() = default;
  [[nodiscard]] virtual bool paused(const UserId& user, MonoTime now) = 0;
  virtual void failed(const UserId& user, MonoTime now) = 0;
  virtual void passed(const UserId& user) = 0;
};

/// Accounts of people who have no application of their own: an invite sets the password, a log-in
/// is a right like a token's. One for each worker.
class Accounts {
 public:
  Accounts(Store& store, SecurityEvents& events, Passwords& passwords, FactorGuard& factors,
           const Clock& clock, Rng& rng, AccountSettings settings)
      : store_(store),
        events_(events),
        passwords_(passwords),
        factors_(factors),
        clock_(clock),
        rng_(rng),
        settings_(settings) {}

  /// Unknown, used, expired, of a user who may not: one and the same `invite_invalid`.
  void look_at_invite(const std::string& code, const Trace& trace,
                      const Answer<InviteView>& answer);
  /// Everything that the person held before ends with it.
  void set_up(SetUpOrder order, const Trace& trace, Answer<SetUpDone> answer);

  /// One answer, after the same work, for every reason why not: `log_in_failed`.
  void log_in(Credentials credentials, const Trace& trace, Answer<LoggedIn> answer);
  /// The right behind a cookie, for the door to hold against the database; marks it as seen.
  void open(const std::string& id, const SecretText& secret,
            Answer<identity::VerifiedToken> answer);
  /// The log-in is revoked as a token is. Afterwards its connections have to be told.
  void log_out(const identity::Principal& who, const Trace& trace, Answer<void> answer);

  [[nodiscard]] const identity::LogInLimits& limits() const { return settings_.limits; }

 private:
  struct Attempt;
  struct SettingUp;
  void found_invite(const std::shared_ptr<SettingUp>& job, const Invite& invite);
  void hashed(const std::shared_ptr<SettingUp>& job, const std::string& hash);
  void found_account(const std::shared_ptr<Attempt>& attempt, std::optional<Account> account);
  void checked(const std::shared_ptr<Attempt>& attempt, bool fits);
  void begin(const std::shared_ptr<Attempt>& attempt, std::optional<Change> factor);
  void refuse(const Attempt& attempt, std::string_view why);
  template <class T>
  void refuse_invite(const Problem& problem, const Trace& trace, const Answer<T>& answer,
                     std::string_view why = {});
  /// The person an invitation is for, where it still holds; refuses it where not.
  template <class T>
  void invited(const Invite& invite, const Trace& trace, const Answer<T>& answer,
               std::function<void(const identity::User&)> then);
  [[nodiscard]] bool needs_second_factor(identity::Role role) const;

  Store& store_;
  SecurityEvents& events_;
  Passwords& passwords_;
  FactorGuard& factors_;
  const Clock& clock_;
  Rng& rng_;
  AccountSettings settings_;
};

[[nodiscard]] std::string invite_digest(std::string_view code);
/// `{user, secondFactor: {secret, uri, needed}}`
[[nodiscard]] std::string encode_invite(const InviteView& view);
/// `{user, recoveryCodes}`
[[nodiscard]] std::string encode_set_up(const SetUpDone& done);
/// `{user, logIn, idleUntil, until}`
[[nodiscard]] std::string encode_logged_in(const LoggedIn& done);

}  // namespace stillroom::signalling
