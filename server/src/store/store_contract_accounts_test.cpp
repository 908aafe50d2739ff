// SPDX-License-Identifier: Apache-2.0
// The contract of every store, as far as rights need it: links, accounts, log-ins, revocations.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "store/store_contract.hpp"

namespace stillroom::store {
namespace {

using identity::Role;
using identity::UserStatus;
using samples::at;
using samples::record;
using signalling::StoreError;
using ::testing::ElementsAre;

TEST_P(StoreContract, link_code_works_once) {
  add_people_and_session("s1");
  ASSERT_TRUE(store.commit(
      {signalling::AddLinkCode{"digest", UserId("client"), SessionId("s1"), at(100)}}));
  const auto found = store.link_code("digest");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user.text(), "client");
  EXPECT_EQ(found->session.text(), "s1");
  EXPECT_EQ(found->expires, at(100));
  EXPECT_FALSE(found->used);
  expect_conflict(signalling::AddLinkCode{"digest", UserId("therapist"), SessionId("s1"), at(100)});
  ASSERT_TRUE(store.commit({signalling::UseLinkCode{"digest", at(99)}}));
  EXPECT_TRUE(store.link_code("digest")->used);
  expect_conflict(signalling::UseLinkCode{"digest", at(99)});
}

TEST_P(StoreContract, link_code_ends_at_its_expiry) {
  add_people_and_session("s1");
  ASSERT_TRUE(store.commit(
      {signalling::AddLinkCode{"digest", UserId("client"), SessionId("s1"), at(100)}}));
  expect_conflict(signalling::UseLinkCode{"digest", at(100)});
  expect_conflict(signalling::UseLinkCode{"other", at(1)});
  EXPECT_FALSE(store.link_code("digest")->used);
}

TEST_P(StoreContract, one_time_codes_remember_where_they_come_from) {
  add_people_and_session("s1");
  const signalling::CodeOrigin origin{identity::Role::observer, UserId("therapist"), at(7)};
  const signalling::CodeOrigin stranger{identity::Role::client, UserId("stranger"), at(7)};
  ASSERT_TRUE(store.commit(
      {signalling::AddLinkCode{"l", UserId("client"), SessionId("s1"), at(100), origin},
       signalling::AddInvite{"i", UserId("client"), "totp", at(100), origin},
       signalling::AddInvite{"console", UserId("client"), "totp", at(100)}}));
  for (const auto& kept : {store.link_code("l")->origin, store.invite("i")->origin}) {
    EXPECT_EQ(kept.role, identity::Role::observer);
    EXPECT_EQ(kept.maker, UserId("therapist"));
    EXPECT_EQ(kept.made, at(7));
  }
  EXPECT_FALSE(store.invite("console")->origin.maker);
  expect_conflict(
      signalling::AddLinkCode{"s", UserId("client"), SessionId("s1"), at(100), stranger});
  expect_conflict(signalling::AddInvite{"s", UserId("client"), "totp", at(100), stranger});
}

TEST_P(StoreContract, link_code_is_for_somebody_and_something) {
  add_people_and_session("s1");
  expect_conflict(signalling::AddLinkCode{"d", UserId("stranger"), SessionId("s1"), at(100)});
  expect_conflict(signalling::AddLinkCode{"d", UserId("client"), SessionId("none"), at(100)});
}

TEST_P(StoreContract, invite_makes_an_account_once_and_in_time) {
  ASSERT_TRUE(add_user("tea", Role::psychologist));
  expect_conflict(signalling::AddInvite{"d", UserId("nobody"), "totp", at(100)});
  ASSERT_TRUE(store.commit({signalling::AddInvite{"d", UserId("tea"), "totp", at(100)}}));
  expect_conflict(signalling::AddInvite{"d", UserId("tea"), "other", at(100)});
  const auto invite = store.invite("d");
  ASSERT_TRUE(invite);
  EXPECT_EQ(invite->user.text(), "tea");
  EXPECT_EQ(invite->totp_secret, "totp");
  EXPECT_EQ(invite->expires, at(100));
  EXPECT_FALSE(invite->used);
  EXPECT_FALSE(store.account("tea"));

  const auto set_up = [](const std::string& digest, std::vector<std::string> recovery,
                         WallTime now) {
    return signalling::SetUpAccount{digest, "hash", true, 7, std::move(recovery), now};
  };
  expect_conflict(set_up("d", {}, at(100)));
  expect_conflict(set_up("none", {}, at(1)));
  expect_conflict(set_up("d", {"r1", "r1"}, at(1)));
  EXPECT_FALSE(store.invite("d")->used) << "the whole commit is undone";
  ASSERT_TRUE(store.commit({set_up("d", {"r1", "r2"}, at(1))}));
  expect_conflict(set_up("d", {}, at(2)));
  EXPECT_TRUE(store.invite("d")->used);
  const auto account = store.account("tea");
  ASSERT_TRUE(account);
  EXPECT_EQ(account->user.role, Role::psychologist);
  EXPECT_EQ(account->password_hash, "hash");
  EXPECT_EQ(account->totp_secret, "totp");
  EXPECT_EQ(account->totp_step, 7);
}

TEST_P(StoreContract, second_factors_are_used_up) {
  ASSERT_TRUE(add_user("tea"));
  ASSERT_TRUE(add_user("ann"));
  for (const char* user : {"tea", "ann"}) {
    ASSERT_TRUE(store.commit(
        {signalling::AddInvite{user, UserId(user), "totp", at(100)},
         signalling::SetUpAccount{user, "hash", true, 7, {std::string(user) + "-r"}, at(1)}}));
  }
  expect_conflict(signalling::UseTotpStep{UserId("tea"), 7});
  ASSERT_TRUE(store.commit({signalling::UseTotpStep{UserId("tea"), 9}}));
  expect_conflict(signalling::UseTotpStep{UserId("tea"), 8});
  EXPECT_EQ(store.account("ann")->totp_step, 7);
  expect_conflict(signalling::UseRecoveryCode{UserId("tea"), "ann-r", at(2)});
  ASSERT_TRUE(store.commit({signalling::UseRecoveryCode{UserId("tea"), "tea-r", at(2)}}));
  expect_conflict(signalling::UseRecoveryCode{UserId("tea"), "tea-r", at(3)});
  // A new invite replaces everything.
  ASSERT_TRUE(store.commit({signalling::AddInvite{"again", UserId("ann"), "new", at(100)},
                            signalling::SetUpAccount{"again", "new hash", false, 0, {}, at(2)}}));
  EXPECT_EQ(store.account("ann")->password_hash, "new hash");
  EXPECT_EQ(store.account("ann")->totp_secret, std::nullopt);
  expect_conflict(signalling::UseRecoveryCode{UserId("ann"), "ann-r", at(3)});
}

TEST_P(StoreContract, log_in_comes_back_and_is_seen) {
  ASSERT_TRUE(add_user("tea", Role::psychologist));
  const identity::LogIn begun{UserId("tea"), Role::psychologist, "digest", at(1), at(1)};
  expect_conflict(signalling::AddLogIn{"l", begun, "hash"});
  ASSERT_TRUE(store.commit({signalling::AddInvite{"d", UserId("tea"), "totp", at(100)},
                            signalling::SetUpAccount{"d", "hash", false, 0, {}, at(1)}}));
  expect_conflict(signalling::AddLogIn{"l", begun, "the hash of another password"});
  ASSERT_TRUE(store.commit({signalling::AddLogIn{"l", begun, "hash"}}));
  expect_conflict(signalling::AddLogIn{"l", begun, "hash"});
  ASSERT_TRUE(store.commit({signalling::SeeLogIn{"l", at(5)}}));
  ASSERT_TRUE(store.commit({signalling::SeeLogIn{"l", at(3)}}));
  const auto found = store.log_in("l");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user.text(), "tea");
  EXPECT_EQ(found->role, Role::psychologist);
  EXPECT_EQ(found->secret_digest, "digest");
  EXPECT_EQ(found->began, at(1));
  EXPECT_EQ(found->seen, at(5));
  expect_conflict(signalling::SeeLogIn{"none", at(6)});
  EXPECT_FALSE(store.log_in("none"));
}

TEST_P(StoreContract, ticket_works_once_and_is_forgotten_when_nobody_would_take_it) {
  const auto use = [](const std::string& jti, WallTime until, WallTime now) {
    return signalling::UseTicket{identity::token_id_of(jti), until, now};
  };
  ASSERT_TRUE(store.commit({use("one", at(30), at(1))}));
  expect_conflict(use("one", at(30), at(2)));
  ASSERT_TRUE(store.commit({use("two", at(30), at(2))}));
  expect_conflict(use("one", at(30), at(29)));
  expect_conflict(use("one", at(30), at(30)));
  EXPECT_TRUE(store.commit({use("one", at(200'000), at(60'031))})) << "long past: another one";
}

TEST_P(StoreContract, standing_is_the_user_and_what_was_revoked) {
  ASSERT_TRUE(add_user("one"));
  ASSERT_TRUE(add_user("two"));
  EXPECT_FALSE(store.standing("nobody", "jti").user);
  EXPECT_EQ(store.standing("one", "jti").user->id.text(), "one");
  EXPECT_FALSE(store.standing("one", "jti").token_revoked);
  ASSERT_TRUE(store.commit({signalling::RevokeToken{identity::token_id_of("jti"), at(1)}}));
  ASSERT_TRUE(store.commit({signalling::RevokeToken{identity::token_id_of("jti"), at(2)}}))
      << "twice is once";
  EXPECT_TRUE(store.standing("one", "jti").token_revoked);
  EXPECT_TRUE(store.standing("two", "jti").token_revoked);
  EXPECT_FALSE(store.standing("one", "jt").token_revoked);
  EXPECT_EQ(store.standing("one", "jti").tokens_void_until, std::nullopt);
  harness->restart();
  EXPECT_TRUE(Asker(*harness).standing("one", "jti").token_revoked);
}

TEST_P(StoreContract, revoking_all_of_a_person_concerns_nobody_else_and_never_goes_back) {
  add_people_and_session("s1");
  ASSERT_TRUE(
      store.commit({signalling::AddLinkCode{"hers", UserId("client"), SessionId("s1"), at(100)},
                    signalling::AddLinkCode{"his", UserId("therapist"), SessionId("s1"), at(100)},
                    signalling::AddInvite{"hers", UserId("client"), "totp", at(100)},
                    signalling::AddInvite{"his", UserId("therapist"), "totp", at(100)}}));
  ASSERT_TRUE(store.commit({signalling::RevokeTokensOf{UserId("client"), at(50)}}));
  ASSERT_TRUE(store.commit({signalling::RevokeTokensOf{UserId("client"), at(40)}}));
  EXPECT_EQ(store.standing("client", "jti").tokens_void_until, at(50));
  EXPECT_FALSE(store.standing("client", "jti").token_revoked);
  EXPECT_EQ(store.standing("therapist", "jti").tokens_void_until, std::nullopt);
  EXPECT_TRUE(store.link_code("hers")->used) << "it would turn into a new token";
  EXPECT_FALSE(store.link_code("his")->used);
  EXPECT_TRUE(store.invite("hers")->used) << "and so would this";
  EXPECT_FALSE(store.invite("his")->used);
  expect_conflict(signalling::RevokeTokensOf{UserId("nobody"), at(50)});
  expect_conflict(signalling::UseLinkCode{"hers", at(51)});
  // An id that is also a token's digest is still a person's.
  const std::string digest = identity::to_text(identity::token_id_of("jti"));
  ASSERT_TRUE(add_user(digest));
  ASSERT_TRUE(store.commit({signalling::RevokeTokensOf{UserId(digest), at(60)}}));
  EXPECT_FALSE(store.standing("client", "jti").token_revoked);
}

/// A renewal beside a revocation: whichever comes second sees the other, though both wait for the
/// same group.
TEST_P(StoreContract, a_renewal_that_comes_behind_a_revocation_loses) {
  ASSERT_TRUE(add_user("ann"));
  ASSERT_TRUE(add_user("bob"));
  const auto renewal = [](const char* user) {
    return signalling::StillStands{UserId(user), identity::token_id_of(user), at(10)};
  };
  const auto outcomes = [this, &renewal](const signalling::Change& end) {
    std::vector<std::optional<StoreError>> out;
    harness->hold();
    const auto ask = [this, &out](signalling::Change change, const std::string& reason) {
      store.port().commit({{std::move(change)}, {record(reason)}},
                          [&out](const auto& done) { out.push_back(error_of(done)); });
    };
    ask(renewal("ann"), "before");
    ask(end, "end");
    ask(renewal("ann"), "behind");
    ask(renewal("bob"), "of another");
    harness->release();
    while (out.size() < 4) harness->loop.run_one();
    return out;
  };
  const auto none = std::nullopt;
  const auto loses = ElementsAre(none, none, StoreError::conflict, none);
  const auto stays = ElementsAre(none, none, none, none);
  EXPECT_THAT(outcomes(signalling::RevokeTokensOf{UserId("ann"), at(9)}), stays)
      << "what was issued after it";
  EXPECT_THAT(outcomes(signalling::RevokeTokensOf{UserId("ann"), at(10)}), loses);
  EXPECT_EQ(std::ranges::count(harness->reasons(), "behind"), 1) << "nothing of it is recorded";
}

TEST_P(StoreContract, nor_does_one_stand_whose_token_was_revoked_or_who_is_inactive) {
  for (const char* user : {"ann", "bob", "cat"}) ASSERT_TRUE(add_user(user));
  const auto of = [](const char* user) {
    return signalling::StillStands{UserId(user), identity::token_id_of(user), at(10)};
  };
  ASSERT_TRUE(store.commit({of("ann"), of("bob")}));
  expect_conflict(of("nobody"));
  ASSERT_TRUE(store.commit({signalling::RevokeToken{identity::token_id_of("ann"), at(1)}}));
  expect_conflict(of("ann"));
  ASSERT_TRUE(store.commit({signalling::SetUserStatus{UserId("bob"), UserStatus::inactive}}));
  expect_conflict(of("bob"));
  EXPECT_TRUE(store.commit({of("cat")})) << "and nobody else is concerned";
}

}  // namespace
}  // namespace stillroom::store
