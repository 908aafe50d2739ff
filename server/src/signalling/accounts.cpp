// SPDX-License-Identifier: Apache-2.0
#include "signalling/accounts.hpp"

#include <algorithm>
#include <utility>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "identity/id_text.hpp"
#include "identity/totp.hpp"
#include "signalling/author.hpp"
#include "signalling/links.hpp"

namespace stillroom::signalling {
namespace {

constexpr std::size_t kLogInIdBytes = 9;       // 12 characters
constexpr std::size_t kLogInSecretBytes = 32;  // 43 characters
constexpr std::size_t kRecoveryBytes = 10;     // 16 characters of base32
/// A log-in is marked as seen so often, not with every request.
constexpr seconds kSeenEvery{60};

audit::Record record_of(audit::Kind kind, const Trace& trace, WallTime at) {
  audit::Record record;
  record.kind = kind;
  record.at = at;
  record.source = trace.source;
  return record;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

/// NIST SP 800-63B §3.1.1.2: long rather than composed, and not the account's own name.
bool is_password(std::string_view text, const identity::User& user) {
  return is_utf8(text) && text.size() <= kPasswordBytesMax &&
         characters(text) >= kPasswordCharactersMin && text != user.id.text() &&
         text != user.name.text();
}

std::string recovery_digest(std::string_view code) {
  return to_hex(crypto::sha256("recovery " + std::string(code)));
}

/// `abcd-efgh-…` as people write it, in any case.
std::string plain_code(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '-' || c == ' ') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

}  // namespace

struct Accounts::SettingUp {
  SetUpOrder order;
  Trace trace;
  Answer<SetUpDone> answer;
  Invite invite;
  identity::User user;
  std::int64_t totp_step = 0;
};

struct Accounts::Attempt {
  Credentials credentials;
  Trace trace;
  Answer<LoggedIn> answer;
  std::optional<Account> account;
};

std::string invite_digest(std::string_view code) {
  return to_hex(crypto::sha256("invite " + std::string(code)));
}

bool Accounts::needs_second_factor(identity::Role role) const {
  return settings_.second_factor == SecondFactor::staff && role != identity::Role::client;
}

template <class T>
void Accounts::refuse_invite(const Problem& problem, const Trace& trace, const Answer<T>& answer,
                             std::string_view why) {
  audit::Record record = record_of(audit::Kind::account_set_up, trace, clock_.wall_now());
  record.reason = why.empty() ? problem.code : why;
  events_.tell(event_of(SecurityKind::invite_refused, record));
  answer(fail(problem));
}

template <class T>
void Accounts::invited(const Invite& invite, const Trace& trace, const Answer<T>& answer,
                       std::function<void(const identity::User&)> then) {
  const auto invalid = [this, trace, answer](std::string_view why) {
    refuse_invite(problems::kInviteInvalid, trace, answer, why);
  };
  store_.find_user(invite.user, [this, origin = invite.origin, answer, invalid,
                                 then = std::move(then)](const auto& found) {
    if (!found) return answer(fail(problems::kUnavailable));
    const std::optional<identity::User>& user = *found;
    if (!user || user->status != identity::UserStatus::active) return invalid({});
    if (user->role != origin.role) return invalid("role_changed");
    if (!origin.maker) return then(*user);
    store_.find_standing(*origin.maker, std::nullopt,
                         [origin, answer, invalid, then, user = *user](const auto& maker) {
                           if (!maker) return answer(fail(problems::kUnavailable));
                           if (!maker_stands(origin, *maker, nullptr)) {
                             return invalid("maker_inactive");
                           }
                           then(user);
                         });
  });
}

void Accounts::look_at_invite(const std::string& code, const Trace& trace,
                              const Answer<InviteView>& answer) {
  const auto invalid = [this, trace, answer] {
    refuse_invite(problems::kInviteInvalid, trace, answer);
  };
  store_.find_invite(invite_digest(code), [this, trace, answer, invalid](const auto& found) {
    if (!found) return answer(fail(problems::kUnavailable));
    const std::optional<Invite>& invite = *found;
    if (!invite || invite->used || clock_.wall_now() >= invite->expires) return invalid();
    invited(*invite, trace, answer,
            [this, secret = invite->totp_secret, answer](const identity::User& user) {
              answer(InviteView{user, identity::totp_secret_text(secret),
                                identity::totp_uri(secret, user.id.text()),
                                needs_second_factor(user.role)});
            });
  });
}

void Accounts::set_up(SetUpOrder order, const Trace& trace, Answer<SetUpDone> answer) {
  auto job = std::make_shared<SettingUp>();
  job->order = std::move(order);
  job->trace = trace;
  job->answer = std::move(answer);
  store_.find_invite(invite_digest(job->order.invite), [this, job](const auto& found) {
    if (!found) return job->answer(fail(problems::kUnavailable));
    if (!*found || (*found)->used || clock_.wall_now() >= (*found)->expires) {
      return refuse_invite(problems::kInviteInvalid, job->trace, job->answer);
    }
    found_invite(job, **found);
  });
}

void Accounts::found_invite(const std::shared_ptr<SettingUp>& job, const Invite& invite) {
  job->invite = invite;
  invited(invite, job->trace, job->answer, [this, job](const identity::User& user) {
    job->user = user;
    if (!is_password(job->order.password.reveal(), job->user)) {
      return refuse_invite(problems::kPasswordRefused, job->trace, job->answer);
    }
    if (!job->order.code.empty()) {
      const auto step =
          identity::totp_step(job->invite.totp_secret, job->order.code, clock_.wall_now(), 0);
      if (!step) return refuse_invite(problems::kCodeWrong, job->trace, job->answer);
      job->totp_step = *step;
    } else if (needs_second_factor(job->user.role)) {
      return refuse_invite(problems::kSecondFactorNeeded, job->trace, job->answer);
    }
    passwords_.hash(job->order.password, [this, job](const auto& hash) {
      if (!hash) return job->answer(fail(problems::kUnavailable));
      hashed(job, *hash);
    });
  });
}

void Accounts::hashed(const std::shared_ptr<SettingUp>& job, const std::string& hash) {
  const WallTime now = clock_.wall_now();
  const bool second_factor = !job->order.code.empty();
  SetUpAccount change{
      invite_digest(job->order.invite), hash, second_factor, job->totp_step, {}, now};
  std::vector<std::string> codes;
  while (second_factor && codes.size() < kRecoveryCodes) {
    std::string bytes(kRecoveryBytes, '\0');
    rng_.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
    codes.push_back(identity::totp_secret_text(bytes));
    change.recovery_digests.push_back(recovery_digest(codes.back()));
  }
  Commit commit;
  if (const CodeOrigin& origin = job->invite.origin; origin.maker) {
    commit.changes.emplace_back(StillStands{*origin.maker, std::nullopt, origin.made});
  }
  // In this order: it takes all other invites with it. Up to a moment ago, as a log-in to the new
  // account may come at once.
  commit.changes.emplace_back(std::move(change));
  commit.changes.emplace_back(RevokeTokensOf{job->user.id, now - milliseconds(1)});
  commit.records.push_back(record_of(audit::Kind::account_set_up, job->trace, now));
  commit.records.back().actor = job->user.id;
  commit.records.back().role = job->user.role;
  store_.commit(std::move(commit), [this, job, codes = std::move(codes)](const auto& done) {
    if (done) return job->answer(SetUpDone{job->user, codes});
    if (done.error() == StoreError::conflict) {
      return refuse_invite(problems::kInviteInvalid, job->trace, job->answer);
    }
    job->answer(fail(problems::kUnavailable));
  });
}

void Accounts::log_in(Credentials credentials, const Trace& trace, Answer<LoggedIn> answer) {
  auto attempt = std::make_shared<Attempt>();
  attempt->credentials = std::move(credentials);
  attempt->trace = trace;
  attempt->answer = std::move(answer);
  if (!identity::is_id_text(attempt->credentials.user)) return found_account(attempt, std::nullopt);
  store_.find_account(UserId(attempt->credentials.user), [this, attempt](const auto& found) {
    if (!found) return attempt->answer(fail(problems::kUnavailable));
    found_account(attempt, *found);
  });
}

void Accounts::found_account(const std::shared_ptr<Attempt>& attempt,
                             std::optional<Account> account) {
  attempt->account = std::move(account);
  const auto hash =
      attempt->account ? std::optional(attempt->account->password_hash) : std::nullopt;
  const bool known = attempt->credentials.browser == Browser::known;
  const auto place = known ? Passwords::Place::kept : Passwords::Place::open;
  passwords_.verify(attempt->credentials.password, hash, place, [this, attempt](const auto& fits) {
    if (!fits) return attempt->answer(fail(problems::kUnavailable));
    checked(attempt, *fits);
  });
}

void Accounts::checked(const std::shared_ptr<Attempt>& attempt, bool fits) {
  if (!attempt->account) return refuse(*attempt, "user_unknown");
  if (!fits) return refuse(*attempt, "password_wrong");
  const Account& account = *attempt->account;
  if (account.user.status != identity::UserStatus::active) {
    return refuse(*attempt, "user_inactive");
  }
  const std::string& code = attempt->credentials.code;
  if (!account.totp_secret) {
    if (needs_second_factor(account.user.role)) return refuse(*attempt, "second_factor_missing");
    return begin(attempt, std::nullopt);
  }
  if (code.empty()) return refuse(*attempt, "second_factor_missing");
  if (factors_.paused(account.user.id, clock_.mono_now())) {
    return refuse(*attempt, "second_factor_paused");
  }
  // Wrong until the commit says that it was right: many at once are not one.
  factors_.failed(account.user.id, clock_.mono_now());
  const WallTime now = clock_.wall_now();
  if (const auto step = identity::totp_step(*account.totp_secret, code, now, account.totp_step)) {
    return begin(attempt, UseTotpStep{account.user.id, *step});
  }
  // Whether it is one of the codes is the commit's to say.
  begin(attempt, UseRecoveryCode{account.user.id, recovery_digest(plain_code(code)), now});
}

void Accounts::begin(const std::shared_ptr<Attempt>& attempt, std::optional<Change> factor) {
  const WallTime now = clock_.wall_now();
  const identity::User& user = attempt->account->user;
  const auto made = std::make_shared<LoggedIn>(LoggedIn{
      user, random_token(rng_, kLogInIdBytes), SecretText(random_token(rng_, kLogInSecretBytes)),
      now + settings_.limits.idle, now + settings_.limits.absolute});
  Commit commit;
  if (factor) commit.changes.push_back(std::move(*factor));
  commit.changes.emplace_back(
      AddLogIn{made->id,
               {user.id, user.role, identity::log_in_digest(made->secret.reveal()), now, now},
               attempt->account->password_hash});
  commit.records.push_back(record_of(audit::Kind::logged_in, attempt->trace, now));
  commit.records.back().actor = user.id;
  commit.records.back().role = user.role;
  store_.commit(std::move(commit), [this, attempt, made](const auto& done) {
    if (done) {
      factors_.passed(made->user.id);
      return attempt->answer(std::move(*made));
    }
    if (done.error() == StoreError::conflict) return refuse(*attempt, "second_factor_wrong");
    attempt->answer(fail(problems::kUnavailable));
  });
}

void Accounts::refuse(const Attempt& attempt, std::string_view why) {
  audit::Record record = record_of(audit::Kind::log_in_refused, attempt.trace, clock_.wall_now());
  record.reason = why;
  if (attempt.account) record.subject = attempt.account->user.id;
  events_.tell(event_of(SecurityKind::log_in_refused, record));
  attempt.answer(fail(problems::kLogInFailed));
}

void Accounts::open(const std::string& id, const SecretText& secret,
                    Answer<identity::VerifiedToken> answer) {
  // Shared because a reply is copyable and a secret is not.
  const auto shown = std::make_shared<const SecretText>(secret.duplicate());
  store_.find_log_in(id, [this, id, shown, answer = std::move(answer)](const auto& found) {
    if (!found) return answer(fail(problems::kAuthUnavailable));
    const WallTime now = clock_.wall_now();
    auto right = identity::open_log_in(id, *shown, *found, settings_.limits, now);
    if (!right) return answer(fail(problem_of(right.error())));
    if (now >= (*found)->seen + kSeenEvery) {
      store_.commit({{SeeLogIn{id, now}}, {}}, [](const auto&) {});
    }
    answer(std::move(right).value());
  });
}

void Accounts::log_out(const identity::Principal& who, const Trace& trace, Answer<void> answer) {
  if (!who.token().id()) return answer(fail(problems::kNotRevocable));
  const WallTime now = clock_.wall_now();
  Commit commit;
  commit.changes.emplace_back(RevokeToken{*who.token().id(), now});
  commit.records.push_back(record_of(audit::Kind::logged_out, trace, now));
  commit.records.back().actor = who.user();
  commit.records.back().role = who.role();
  store_.commit(std::move(commit), [answer = std::move(answer)](const auto& done) {
    if (!done) return answer(fail(problems::kUnavailable));
    answer({});
  });
}

std::string encode_invite(const InviteView& view) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("user").begin_object();
  append_user(json, view.user);
  json.end_object().key("secondFactor").begin_object();
  json.key("secret").string(view.totp_secret).key("uri").string(view.totp_uri);
  json.key("needed").boolean(view.second_factor_needed);
  json.end_object().end_object();
  return out;
}

std::string encode_set_up(const SetUpDone& done) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("user").begin_object();
  append_user(json, done.user);
  json.end_object().key("recoveryCodes").begin_array();
  for (const std::string& code : done.recovery_codes) json.string(code);
  json.end_array().end_object();
  return out;
}

std::string encode_logged_in(const LoggedIn& done) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("user").begin_object();
  append_user(json, done.user);
  json.end_object().key("logIn").string(done.id);
  json.key("idleUntil").string(to_rfc3339(done.idle_until));
  json.key("until").string(to_rfc3339(done.until)).end_object();
  return out;
}

}  // namespace stillroom::signalling
