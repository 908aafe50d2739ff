// SPDX-License-Identifier: Apache-2.0
#include "signalling/accounts.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "identity/totp.hpp"
#include "testing/people_stage.hpp"

namespace stillroom::signalling {
namespace {

using audit::Kind;
using audit::Outcome;
using identity::Role;
using stillroom::testing::HeardAdmin;
using stillroom::testing::HeardAnswer;
using stillroom::testing::PeopleStage;

constexpr std::string_view kPassword = "correct horse battery";

class AccountsTest : public ::testing::Test {
 protected:
  std::string invite(const std::string& user, const Author& by = {}) {
    HeardAdmin<MintedInvite> heard;
    stage_.administration.invite({user}, heard.listener(), by);
    stage_.settle();
    return std::string(heard.value().code.reveal());
  }
  std::string invite_by(const std::string& maker, const std::string& user) {
    return invite(user, {stage_.principal(maker), stage_.trace, {}});
  }
  /// Looking at it and setting up with it are refused alike.
  void expect_invalid(const std::string& invite) {
    HeardAnswer<InviteView> heard;
    stage_.accounts.look_at_invite(invite, stage_.trace, heard.listener());
    stage_.settle();
    ASSERT_TRUE(heard.came() && !heard.ok());
    EXPECT_EQ(heard.error(), problems::kInviteInvalid);
    EXPECT_EQ(set_up(invite, ""), "invite_invalid");
  }
  void expect_invalid(const std::string& invite, std::string_view why) {
    expect_invalid(invite);
    EXPECT_EQ(stage_.store.records().back().reason, why);
  }
  std::string code_of(const std::string& invite, std::int64_t later = 0) {
    std::optional<Invite> found;
    stage_.store.find_invite(invite_digest(invite),
                             [&found](const auto& reply) { found = reply.value(); });
    stage_.settle();
    return identity::totp_code(found->totp_secret, step() + later);
  }
  std::int64_t step() const {
    return std::chrono::floor<seconds>(stage_.clock.wall_now()).time_since_epoch().count() / 30;
  }
  /// The code of the refusal, or empty; recovery codes are then in `recovery_`.
  std::string set_up(const std::string& invite, const std::string& code,
                     std::string_view password = kPassword) {
    HeardAnswer<SetUpDone> heard;
    stage_.accounts.set_up({invite, SecretText(std::string(password)), code}, stage_.trace,
                           heard.listener());
    stage_.settle();
    if (!heard.ok()) return std::string(heard.error().code);
    recovery_ = heard.value().recovery_codes;
    return {};
  }
  std::string log_in(const std::string& user, const std::string& code = {},
                     std::string_view password = kPassword, Browser browser = Browser::unknown) {
    HeardAnswer<LoggedIn> heard;
    stage_.accounts.log_in({user, SecretText(std::string(password)), code, browser}, stage_.trace,
                           heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    if (!heard.ok()) return std::string(heard.error().code);
    id_ = heard.value().id;
    secret_ = std::string(heard.value().secret.reveal());
    return {};
  }
  /// Who the last log-in is for the door: the user, or the code.
  std::string opened(const std::string& secret) {
    HeardAnswer<identity::VerifiedToken> right;
    stage_.accounts.open(id_, SecretText(secret), right.listener());
    stage_.settle();
    if (!right.ok()) return std::string(right.error().code);
    HeardAnswer<identity::Principal> who;
    stage_.door.authenticate(right.value(), stage_.trace, who.listener());
    stage_.settle();
    if (!who.ok()) return std::string(who.error().code);
    who_.emplace(who.value());
    return who_->user().text();
  }
  PeopleStage stage_;
  std::vector<std::string> recovery_;
  std::string id_;
  std::string secret_;
  std::optional<identity::Principal> who_;
};

TEST_F(AccountsTest, an_invite_shows_whose_it_is_and_a_secret_for_the_second_factor) {
  const std::string code = invite("tea");
  HeardAnswer<InviteView> heard;
  stage_.accounts.look_at_invite(code, stage_.trace, heard.listener());
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  EXPECT_EQ(heard.value().user.id, UserId("tea"));
  EXPECT_TRUE(heard.value().second_factor_needed);
  EXPECT_EQ(heard.value().totp_secret.size(), 32U);
  EXPECT_EQ(stage_.recorded(Kind::invite_minted), 1U);
  EXPECT_FALSE(stage_.audit_mentions(code));
}

TEST_F(AccountsTest, an_invite_sets_a_password_once_and_in_time) {
  const std::string code = invite("ann");
  EXPECT_EQ(set_up("nonsense", ""), "invite_invalid");
  EXPECT_EQ(set_up(code, "", "short"), "password_refused");
  EXPECT_EQ(set_up(code, "", std::string(513, 'x')), "password_refused");
  EXPECT_EQ(set_up(code, "", "Name of ann"), "password_refused");
  EXPECT_EQ(set_up(code, "", "elevenchars"), "password_refused");
  EXPECT_EQ(set_up(code, ""), "");
  EXPECT_EQ(set_up(code, ""), "invite_invalid");
  const std::string late = invite("ann");
  stage_.clock.advance(seconds(24 * 60 * 60));
  EXPECT_EQ(set_up(late, ""), "invite_invalid");
  const std::string gone = invite("bob");
  stage_.put_user("bob", Role::client, identity::UserStatus::inactive);
  EXPECT_EQ(set_up(gone, ""), "invite_invalid");
  EXPECT_EQ(stage_.recorded(Kind::account_set_up), 1U);
}

TEST_F(AccountsTest, staff_need_a_second_factor_and_clients_may_have_one) {
  const std::string code = invite("tea");
  EXPECT_EQ(set_up(code, ""), "second_factor_needed");
  EXPECT_EQ(set_up(code, "000000"), "code_wrong");
  EXPECT_EQ(set_up(code, code_of(code)), "");
  EXPECT_EQ(std::set<std::string>(recovery_.begin(), recovery_.end()).size(), kRecoveryCodes);
  EXPECT_EQ(set_up(invite("ann"), ""), "");
  EXPECT_TRUE(recovery_.empty());
}

TEST_F(AccountsTest, a_password_and_a_code_begin_a_log_in_that_is_somebody) {
  const std::string code = invite("tea");
  const std::string next = code_of(code, 1);
  ASSERT_EQ(set_up(code, code_of(code)), "");
  ASSERT_EQ(log_in("tea", next), "");
  EXPECT_EQ(opened(secret_), "tea");
  EXPECT_EQ(opened("other"), "token_invalid");
  EXPECT_EQ(stage_.recorded(Kind::logged_in), 1U);
  EXPECT_FALSE(stage_.audit_mentions(secret_));
}

TEST_F(AccountsTest, whatever_is_wrong_sounds_the_same_and_costs_the_same) {
  const std::string code = invite("tea");
  const std::string used = code_of(code);
  const std::string next = code_of(code, 1);
  ASSERT_EQ(set_up(code, used), "");
  const int before = stage_.passwords.verified;
  EXPECT_EQ(log_in("tea", next, "wrong"), "log_in_failed");
  EXPECT_EQ(log_in("tea", ""), "log_in_failed");
  EXPECT_EQ(log_in("tea", "000000"), "log_in_failed");
  EXPECT_EQ(log_in("tea", used), "log_in_failed") << "its step was used to set the account up";
  EXPECT_EQ(log_in("ann"), "log_in_failed") << "known, without an account";
  EXPECT_EQ(log_in("nobody"), "log_in_failed");
  EXPECT_EQ(log_in("no body"), "log_in_failed");
  EXPECT_EQ(log_in(""), "log_in_failed");
  stage_.put_user("tea", Role::psychologist, identity::UserStatus::inactive);
  EXPECT_EQ(log_in("tea", next), "log_in_failed");
  EXPECT_EQ(stage_.passwords.verified, before + 9);
  stage_.events.end_window();
  stage_.settle();
  EXPECT_EQ(stage_.recorded(Kind::log_in_refused, Outcome::refused), 9U);
  for (const char* why : {"password_wrong", "second_factor_missing", "second_factor_wrong",
                          "user_unknown", "user_inactive"}) {
    EXPECT_TRUE(stage_.audit_mentions(why)) << why;
  }
}

TEST_F(AccountsTest,
       who_guesses_codes_behind_the_right_password_has_to_wait_and_hears_nothing_new) {
  const std::string code = invite("tea");
  const std::string next = code_of(code, 1);
  ASSERT_EQ(set_up(code, code_of(code)), "");
  stage_.factors.limit = 3;
  for (int at = 0; at < 3; ++at) EXPECT_EQ(log_in("tea", "000000"), "log_in_failed");
  EXPECT_EQ(log_in("tea", next), "log_in_failed")
      << "paused, so that a right one is no news either";
  EXPECT_TRUE(stage_.audit_mentions("second_factor_paused"));
  stage_.factors.limit = 4;
  EXPECT_EQ(log_in("tea", next), "");
  EXPECT_TRUE(stage_.factors.wrong.empty());
}

TEST_F(AccountsTest, a_log_in_with_the_old_password_does_not_outlive_a_new_one) {
  ASSERT_EQ(set_up(invite("ann"), ""), "");
  const std::string again = invite("ann");
  HeardAnswer<LoggedIn> old;
  stage_.accounts.log_in({"ann", SecretText(std::string(kPassword)), {}}, stage_.trace,
                         old.listener());
  while (stage_.passwords.verified == 0) ASSERT_TRUE(stage_.step());
  HeardAnswer<SetUpDone> done;
  stage_.accounts.set_up({again, SecretText("another long password"), {}}, stage_.trace,
                         done.listener());
  // The new one is at rest before the old one's log-in is.
  auto verified = std::move(stage_.tasks.front());
  stage_.tasks.pop_front();
  stage_.settle();
  ASSERT_TRUE(done.ok());
  verified();
  stage_.settle();
  ASSERT_TRUE(old.came());
  EXPECT_FALSE(old.ok());
}

TEST_F(AccountsTest, a_new_account_and_a_revocation_take_older_invites_with_them) {
  const std::string first = invite("ann");
  const std::string second = invite("ann");
  ASSERT_EQ(set_up(second, ""), "");
  EXPECT_EQ(set_up(first, "", "an intruder's password"), "invite_invalid");
  const std::string third = invite("ann");
  HeardAdmin<RevokedAt> revoked;
  stage_.administration.revoke_tokens_of("ann", revoked.listener());
  stage_.settle();
  EXPECT_EQ(set_up(third, ""), "invite_invalid");
}

TEST_F(AccountsTest, an_invite_is_as_good_as_who_made_it) {
  const std::string code = invite_by("adm", "ann");
  stage_.put_user("adm", Role::admin, identity::UserStatus::inactive);
  expect_invalid(code, "maker_inactive");
  stage_.put_user("adm", Role::psychologist);
  expect_invalid(code, "maker_inactive");
  stage_.put_user("adm", Role::admin);
  HeardAdmin<RevokedAt> revoked;
  stage_.administration.revoke_tokens_of("adm", revoked.listener());
  stage_.settle();
  stage_.clock.advance(seconds(1));
  expect_invalid(code);
  EXPECT_EQ(set_up(invite_by("adm", "ann"), ""), "") << "made after it";
}

TEST_F(AccountsTest, a_maker_who_goes_while_a_password_is_hashed_takes_the_invite_along) {
  for (std::size_t moment = 0;; ++moment) {
    HeardAnswer<SetUpDone> heard;
    stage_.accounts.set_up({invite_by("adm", "ann"), SecretText(std::string(kPassword)), ""},
                           stage_.trace, heard.listener());
    for (std::size_t steps = 0; steps < moment; ++steps) stage_.step();
    if (stage_.recorded(Kind::account_set_up) != 0) break;
    stage_.put_user("adm", Role::admin, identity::UserStatus::inactive);
    stage_.settle();
    ASSERT_TRUE(heard.came());
    ASSERT_FALSE(heard.ok()) << moment;
    stage_.put_user("adm", Role::admin);
  }
}

TEST_F(AccountsTest, an_invite_is_for_the_role_that_its_person_had) {
  const std::string code = invite("ann");
  stage_.put_user("ann", Role::admin);
  expect_invalid(code, "role_changed");
}

TEST_F(AccountsTest, each_code_of_the_second_factor_works_once) {
  const std::string code = invite("tea");
  const std::string next = code_of(code, 1);
  ASSERT_EQ(set_up(code, code_of(code)), "");
  EXPECT_EQ(log_in("tea", next), "");
  EXPECT_EQ(log_in("tea", next), "log_in_failed");
  const std::string recovery = recovery_.front();
  EXPECT_EQ(log_in("tea", recovery.substr(0, 4) + "-" + recovery.substr(4)), "");
  EXPECT_EQ(log_in("tea", recovery), "log_in_failed");
  EXPECT_EQ(log_in("tea", recovery_.back()), "");
}

TEST_F(AccountsTest, an_account_without_a_factor_of_somebody_who_is_staff_now_does_not_open) {
  ASSERT_EQ(set_up(invite("ann"), ""), "");
  EXPECT_EQ(log_in("ann"), "");
  stage_.put_user("ann", Role::psychologist);
  EXPECT_EQ(log_in("ann"), "log_in_failed");
  EXPECT_EQ(opened(secret_), "user_inactive") << "and the log-in of before is in another role";
}

TEST_F(AccountsTest, a_log_in_ends_when_nobody_uses_it_and_after_its_longest) {
  ASSERT_EQ(set_up(invite("ann"), ""), "");
  ASSERT_EQ(log_in("ann"), "");
  stage_.clock.advance(minutes(14));
  EXPECT_EQ(opened(secret_), "ann") << "seen";
  stage_.clock.advance(minutes(14));
  EXPECT_EQ(opened(secret_), "ann");
  stage_.clock.advance(minutes(15));
  EXPECT_EQ(opened(secret_), "token_expired");
  ASSERT_EQ(log_in("ann"), "");
  for (int at = 0; at < 71; ++at) {
    stage_.clock.advance(minutes(10));
    ASSERT_EQ(opened(secret_), "ann") << at;
  }
  stage_.clock.advance(minutes(10));
  EXPECT_EQ(opened(secret_), "token_expired");
}

TEST_F(AccountsTest, logging_out_ends_this_log_in_and_no_other) {
  ASSERT_EQ(set_up(invite("ann"), ""), "");
  ASSERT_EQ(log_in("ann"), "");
  const std::string first_id = id_;
  const std::string first = secret_;
  ASSERT_EQ(log_in("ann"), "");
  ASSERT_EQ(opened(secret_), "ann");
  HeardAnswer<void> out;
  stage_.accounts.log_out(*who_, stage_.trace, out.listener());
  stage_.settle();
  EXPECT_TRUE(out.ok());
  EXPECT_EQ(opened(secret_), "token_invalid");
  id_ = first_id;
  EXPECT_EQ(opened(first), "ann");
}

TEST_F(AccountsTest, a_new_password_ends_what_was_there_before) {
  ASSERT_EQ(set_up(invite("ann"), ""), "");
  ASSERT_EQ(log_in("ann"), "");
  stage_.clock.advance(seconds(1));
  ASSERT_EQ(set_up(invite("ann"), "", "another long password"), "");
  EXPECT_EQ(opened(secret_), "token_invalid");
  EXPECT_EQ(log_in("ann"), "log_in_failed");
  EXPECT_EQ(log_in("ann", "", "another long password"), "");
  EXPECT_EQ(opened(secret_), "ann");
}

TEST_F(AccountsTest, while_strangers_fill_the_queue_known_browsers_and_invitations_have_places) {
  ASSERT_EQ(set_up(invite("ann"), ""), "");
  stage_.passwords.full = true;
  EXPECT_EQ(log_in("ann"), "unavailable");
  EXPECT_EQ(log_in("ann", "", kPassword, Browser::known), "");
  EXPECT_EQ(log_in("ann", "", "wrong", Browser::known), "log_in_failed");
  EXPECT_EQ(set_up(invite("bob"), ""), "");
}

TEST_F(AccountsTest, what_is_down_or_busy_lets_nobody_in) {
  ASSERT_EQ(set_up(invite("ann"), ""), "");
  stage_.passwords.busy = true;
  EXPECT_EQ(log_in("ann"), "unavailable");
  stage_.passwords.busy = false;
  stage_.store.fail_next_commit();
  EXPECT_EQ(log_in("ann"), "unavailable");
  stage_.store.go_away();
  EXPECT_EQ(log_in("ann"), "unavailable");
}

}  // namespace
}  // namespace stillroom::signalling
