// SPDX-License-Identifier: Apache-2.0
#include "signalling/links.hpp"

#include <gtest/gtest.h>

#include <string>

#include "testing/people_stage.hpp"

namespace stillroom::signalling {
namespace {

using audit::Kind;
using audit::Outcome;
using identity::Role;
using stillroom::testing::HeardAdmin;
using stillroom::testing::HeardAnswer;
using stillroom::testing::PeopleStage;

class LinksTest : public ::testing::Test {
 protected:
  std::string minted(const std::string& user = "ann", seconds life = seconds(3600)) {
    HeardAdmin<MintedLink> heard;
    stage_.administration.mint_link({user, "s1", life}, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.ok());
    return heard.ok() ? std::string(heard.value().code.reveal()) : std::string();
  }
  std::string minted_by(const std::string& maker) {
    HeardAdmin<MintedLink> heard;
    stage_.administration.mint_link({"ann", "s1", seconds(3600)}, heard.listener(),
                                    {stage_.principal(maker), stage_.trace, {}});
    stage_.settle();
    EXPECT_TRUE(heard.ok());
    return heard.ok() ? std::string(heard.value().code.reveal()) : std::string();
  }
  bool works(const std::string& code) {
    auto heard = exchange(code);
    stage_.settle();
    return heard.ok();
  }
  HeardAnswer<ExchangedLink> exchange(const std::string& code) {
    HeardAnswer<ExchangedLink> heard;
    stage_.links.exchange(code, stage_.trace, heard.listener());
    return heard;
  }
  void expect_invalid(const std::string& code, std::string_view why) {
    auto heard = exchange(code);
    stage_.settle();
    ASSERT_TRUE(heard.came()) << why;
    ASSERT_FALSE(heard.ok()) << why;
    EXPECT_EQ(heard.error(), problems::kLinkInvalid) << why;
    EXPECT_EQ(stage_.store.records().back().reason, why);
  }
  PeopleStage stage_;
};

TEST_F(LinksTest, a_code_turns_into_a_token_that_opens_the_door) {
  auto heard = exchange(minted());
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  ExchangedLink& link = heard.value();
  EXPECT_EQ(link.user.id, UserId("ann"));
  EXPECT_EQ(link.session.id, SessionId("s1"));
  EXPECT_EQ(link.token.expires, stage_.clock.wall_now() + seconds(900));
  const auto proven =
      stage_.door.prove({link.token.token.reveal(), std::nullopt, std::nullopt}, stage_.trace);
  ASSERT_TRUE(proven);
  EXPECT_EQ(proven->user(), UserId("ann"));
  EXPECT_EQ(proven->role(), Role::client);
  EXPECT_EQ(proven->began(), stage_.clock.wall_now());
  EXPECT_EQ(proven->session(), SessionId("s1"));
}

TEST_F(LinksTest, a_code_works_once) {
  const std::string code = minted();
  auto first = exchange(code);
  stage_.settle();
  EXPECT_TRUE(first.ok());
  expect_invalid(code, "used");
  EXPECT_EQ(stage_.recorded(Kind::link_exchanged), 1U);
}

TEST_F(LinksTest, of_two_that_come_together_one_wins) {
  const std::string code = minted();
  auto first = exchange(code);
  auto second = exchange(code);
  stage_.settle();
  ASSERT_TRUE(first.came() && second.came());
  EXPECT_NE(first.ok(), second.ok());
  EXPECT_EQ((first.ok() ? second : first).error(), problems::kLinkInvalid);
  EXPECT_EQ(stage_.recorded(Kind::link_exchanged), 1U);
}

TEST_F(LinksTest, no_token_is_seen_before_the_exchange_is_recorded) {
  auto heard = exchange(minted());
  while (stage_.step()) {
    if (heard.came()) {
      EXPECT_EQ(stage_.recorded(Kind::link_exchanged), 1U);
    }
  }
  EXPECT_TRUE(heard.ok());
}

TEST_F(LinksTest, every_reason_looks_the_same_from_outside) {
  expect_invalid("", "malformed");
  expect_invalid("short", "malformed");
  expect_invalid(std::string(43, '!'), "malformed");
  expect_invalid(std::string(44, 'A'), "malformed");
  expect_invalid(std::string(100'000, 'A'), "malformed");
  expect_invalid(std::string(43, 'A'), "unknown");

  const std::string late = minted("ann", seconds(60));
  stage_.clock.advance(seconds(60));
  expect_invalid(late, "expired");

  const std::string of_disabled = minted("ann");
  stage_.put_user("ann", Role::client, identity::UserStatus::inactive);
  expect_invalid(of_disabled, "user_inactive");
  stage_.put_user("ann", Role::client);

  const std::string of_removed = minted("ann");
  session::Session without = stage_.due("s1");
  without.participants.pop_back();
  stage_.store.put(without);
  expect_invalid(of_removed, "not_participant");
  stage_.store.put(stage_.due("s1"));

  const std::string of_over = minted("ann");
  session::Session over = stage_.due("s1");
  over.status = session::Status::completed;
  stage_.store.put(over);
  expect_invalid(of_over, "session_over");
  EXPECT_EQ(stage_.recorded(Kind::link_exchanged), 0U);
  stage_.events.end_window();
  stage_.settle();
  EXPECT_EQ(stage_.recorded(Kind::link_refused, Outcome::refused), 10U);
}

TEST_F(LinksTest, a_code_survives_an_exchange_that_could_not_be_recorded) {
  const std::string code = minted();
  stage_.store.fail_next_commit();
  auto failed = exchange(code);
  stage_.settle();
  ASSERT_TRUE(failed.came());
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error(), problems::kUnavailable);
  auto again = exchange(code);
  stage_.settle();
  EXPECT_TRUE(again.ok());
}

TEST_F(LinksTest, neither_code_nor_token_is_ever_recorded) {
  const std::string code = minted();
  auto heard = exchange(code);
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  EXPECT_FALSE(stage_.audit_mentions(code));
  EXPECT_FALSE(stage_.audit_mentions(heard.value().token.token.reveal().substr(0, 20)));
  EXPECT_EQ(link_code_digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
      << "FIPS 180-2 appendix B.1";
}

TEST_F(LinksTest, a_code_is_as_good_as_who_made_it) {
  const std::string by_admin = minted_by("adm");
  const std::string by_therapist = minted_by("tea");
  stage_.put_user("adm", Role::admin, identity::UserStatus::inactive);
  expect_invalid(by_admin, "maker_inactive");
  stage_.put_user("adm", Role::client);
  expect_invalid(by_admin, "maker_inactive");
  stage_.put_user("tea", Role::client);
  expect_invalid(by_therapist, "maker_inactive");
  stage_.put_user("tea", Role::psychologist);
  session::Session elsewhere = stage_.due("s1");
  elsewhere.participants.erase(elsewhere.participants.begin());
  stage_.store.put(elsewhere);
  expect_invalid(by_therapist, "maker_inactive");
  stage_.store.put(stage_.due("s1"));
  EXPECT_TRUE(works(by_therapist)) << "nothing used it up meanwhile";
  stage_.put_user("adm", Role::admin);
  EXPECT_TRUE(works(by_admin));
}

TEST_F(LinksTest, a_code_ends_when_all_of_its_makers_tokens_are_revoked) {
  const std::string before = minted_by("adm");
  HeardAdmin<RevokedAt> revoked;
  stage_.administration.revoke_tokens_of("adm", revoked.listener());
  stage_.settle();
  ASSERT_TRUE(revoked.ok());
  expect_invalid(before, "maker_inactive");
  stage_.clock.advance(seconds(1));
  EXPECT_TRUE(works(minted_by("adm"))) << "made after it";
}

TEST_F(LinksTest, a_maker_who_goes_while_the_code_is_exchanged_takes_it_along) {
  for (std::size_t moment = 0;; ++moment) {
    auto heard = exchange(minted_by("adm"));
    for (std::size_t steps = 0; steps < moment; ++steps) stage_.step();
    if (stage_.recorded(Kind::link_exchanged) != 0) break;
    stage_.put_user("adm", Role::admin, identity::UserStatus::inactive);
    stage_.settle();
    ASSERT_TRUE(heard.came());
    ASSERT_FALSE(heard.ok()) << moment;
    stage_.put_user("adm", Role::admin);
  }
}

TEST_F(LinksTest, a_code_made_for_a_client_opens_nothing_for_a_therapist) {
  const std::string code = minted();
  stage_.put_user("ann", Role::psychologist);
  session::Session promoted = stage_.due("s1");
  promoted.participants.back().role = Role::psychologist;
  stage_.store.put(promoted);
  expect_invalid(code, "role_changed");
}

class Renewal : public LinksTest {
 protected:
  HeardAnswer<FreshToken> renew(const identity::Principal& who) {
    HeardAnswer<FreshToken> heard;
    stage_.links.renew(who, stage_.trace, heard.listener());
    stage_.settle();
    return heard;
  }
  identity::Principal proven(std::string_view token) {
    const auto verified =
        stage_.door.prove({token, std::nullopt, std::nullopt}, stage_.trace).value();
    return identity::establish(verified, {stage_.store.user(UserId("ann"))},
                               stage_.clock.wall_now())
        .value();
  }
};

TEST_F(Renewal, keeps_the_beginning_and_ends_twelve_hours_after_it) {
  auto exchanged = exchange(minted());
  stage_.settle();
  std::string token(exchanged.value().token.token.reveal());
  const WallTime began = stage_.clock.wall_now();
  int renewals = 0;
  while (stage_.clock.wall_now() < began + std::chrono::hours(12)) {
    auto heard = renew(proven(token));
    ASSERT_TRUE(heard.ok()) << renewals;
    token = heard.value().token.reveal();
    EXPECT_EQ(proven(token).token().began(), began);
    EXPECT_EQ(proven(token).session(), SessionId("s1"));
    EXPECT_EQ(heard.value().expires, stage_.clock.wall_now() + seconds(900));
    ++renewals;
    stage_.clock.advance(minutes(10));
  }
  EXPECT_EQ(renewals, 72);
  auto heard = renew(proven(token));
  ASSERT_TRUE(heard.came());
  ASSERT_FALSE(heard.ok());
  EXPECT_EQ(heard.error(), problems::kNotRenewable);
  EXPECT_EQ(stage_.recorded(Kind::token_renewed), 72U);
}

TEST_F(Renewal, is_recorded_first_or_does_not_happen) {
  const identity::Principal who = proven(stage_.token("ann", Role::client));
  stage_.store.fail_next_commit();
  auto failed = renew(who);
  ASSERT_TRUE(failed.came());
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(failed.error(), problems::kUnavailable);
  EXPECT_TRUE(renew(who).ok());
}

TEST_F(LinksTest, bodies_are_what_the_page_reads) {
  auto heard = exchange(minted());
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  const std::string token(heard.value().token.token.reveal());
  EXPECT_EQ(encode_exchanged(heard.value()),
            R"({"token":")" + token + R"(","expiresAt":"2026-11-24T10:15:00.000Z",)" +
                R"("user":{"id":"ann","name":"Name of ann","role":"client"},)" +
                R"("session":{"sessionId":"s1","roomId":"room-s1",)" +
                R"("start":"2026-11-24T10:00:00.000Z","minutes":50,"type":"individual"}})");
  EXPECT_EQ(encode_fresh_token(heard.value().token),
            R"({"token":")" + token + R"(","expiresAt":"2026-11-24T10:15:00.000Z"})");
}

}  // namespace
}  // namespace stillroom::signalling
