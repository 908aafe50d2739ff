// SPDX-License-Identifier: Apache-2.0
#include "signalling/tickets.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "testing/people_stage.hpp"

namespace stillroom::signalling {
namespace {

using audit::Kind;
using identity::Role;
using stillroom::testing::HeardAnswer;
using stillroom::testing::PeopleStage;

constexpr std::string_view kForeign = "https://app.example";

class TicketsTest : public ::testing::Test {
 protected:
  /// A ticket of ann's, whose token lasts ten minutes.
  std::string issue(std::string_view party = identity::kOwnPage) {
    HeardAnswer<IssuedTicket> heard;
    stage_.tickets.issue(stage_.principal("ann"), party, stage_.trace, heard.listener());
    stage_.settle();
    return heard.ok() ? std::string(heard.value().ticket.reveal()) : std::string();
  }
  /// What comes of a CONNECT: the user, or the code.
  std::string connect(const std::string& ticket, std::string_view party = identity::kOwnPage) {
    identity::OfferedTokens offered;
    offered.auth = ticket;
    offered.party = party;
    const auto proven = stage_.door.prove(offered, stage_.trace);
    if (!proven) return std::string(proven.error().code);
    HeardAnswer<CallerRef> heard;
    stage_.door.admit(*proven, {{}, SocketId("s"), {}, stage_.trace}, heard.listener());
    stage_.settle();
    if (!heard.ok()) return std::string(heard.error().code);
    caller_ = heard.value();
    return caller_->principal.user().text();
  }
  PeopleStage stage_;
  CallerRef caller_;
};

TEST_F(TicketsTest, a_ticket_opens_one_connection_with_the_right_it_was_given_for) {
  const std::string ticket = issue();
  EXPECT_EQ(connect(ticket), "ann");
  const identity::VerifiedToken right = stage_.verified("ann", Role::client);
  EXPECT_EQ(caller_->principal.token().expires(), right.expires());
  EXPECT_EQ(caller_->principal.token().issued(), right.issued());
  EXPECT_EQ(caller_->principal.token().id(), right.id());
  EXPECT_EQ(connect(ticket), "token_invalid");
  EXPECT_TRUE(stage_.audit_mentions("ticket_used"));
  EXPECT_EQ(stage_.recorded(Kind::ticket_issued), 1U);
  EXPECT_EQ(stage_.recorded(Kind::connected), 1U);
  EXPECT_FALSE(stage_.audit_mentions(ticket.substr(0, 20)));
}

TEST_F(TicketsTest, a_ticket_of_a_links_token_is_for_the_links_session) {
  HeardAnswer<IssuedTicket> heard;
  stage_.tickets.issue(stage_.principal("ann", SessionId("s1")), identity::kOwnPage, stage_.trace,
                       heard.listener());
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  EXPECT_EQ(connect(std::string(heard.value().ticket.reveal())), "ann");
  EXPECT_EQ(caller_->principal.session(), SessionId("s1"));
  EXPECT_EQ(connect(issue()), "ann");
  EXPECT_FALSE(caller_->principal.session());
}

TEST_F(TicketsTest, two_that_show_one_ticket_at_once_are_one) {
  const std::string ticket = issue();
  identity::OfferedTokens offered;
  offered.auth = ticket;
  offered.party = identity::kOwnPage;
  const auto proven = stage_.door.prove(offered, stage_.trace);
  HeardAnswer<CallerRef> first;
  HeardAnswer<CallerRef> second;
  stage_.door.admit(*proven, {{}, SocketId("a"), {}, stage_.trace}, first.listener());
  stage_.door.admit(*proven, {{}, SocketId("b"), {}, stage_.trace}, second.listener());
  stage_.settle();
  EXPECT_NE(first.ok(), second.ok());
}

TEST_F(TicketsTest, a_ticket_lasts_thirty_seconds) {
  const std::string ticket = issue();
  stage_.clock.advance(identity::kTicketLife - milliseconds(1));
  EXPECT_EQ(connect(ticket), "ann");
  const std::string late = issue();
  stage_.clock.advance(identity::kTicketLife);
  EXPECT_EQ(connect(late), "token_expired");
}

TEST_F(TicketsTest, a_ticket_that_ends_on_its_way_in_opens_nothing) {
  const std::string ticket = issue();
  stage_.clock.advance(identity::kTicketLife - milliseconds(1));
  identity::OfferedTokens offered;
  offered.auth = ticket;
  offered.party = identity::kOwnPage;
  const auto proven = stage_.door.prove(offered, stage_.trace);
  ASSERT_TRUE(proven);
  stage_.clock.advance(milliseconds(1));
  HeardAnswer<CallerRef> heard;
  stage_.door.admit(*proven, {{}, SocketId("s"), {}, stage_.trace}, heard.listener());
  stage_.settle();
  ASSERT_FALSE(heard.ok());
  EXPECT_EQ(heard.error(), problems::kTokenExpired);
}

TEST_F(TicketsTest, a_ticket_is_shown_by_whom_it_was_given_to) {
  EXPECT_EQ(connect(issue(kForeign), kForeign), "ann");
  EXPECT_EQ(connect(issue(identity::kNoPage), identity::kNoPage), "ann");
  for (const auto& [to, by] :
       {std::pair{kForeign, identity::kOwnPage}, std::pair{identity::kOwnPage, kForeign},
        std::pair{identity::kOwnPage, identity::kNoPage},
        std::pair{kForeign, std::string_view("https://app.example.evil")},
        std::pair{identity::kNoPage, identity::kOwnPage}}) {
    EXPECT_EQ(connect(issue(to), by), "token_invalid") << to << " by " << by;
  }
}

TEST_F(TicketsTest, what_has_ended_for_the_token_has_ended_for_its_tickets) {
  const std::string ticket = issue();
  stage_.store.commit({{RevokeToken{identity::token_id_of("id"), stage_.clock.wall_now()}}, {}},
                      [](const auto&) {});
  EXPECT_EQ(connect(ticket), "token_invalid");
  EXPECT_TRUE(stage_.audit_mentions("token_revoked"));
}

TEST_F(TicketsTest, a_ticket_does_not_outlive_the_token_it_was_given_for) {
  HeardAnswer<IssuedTicket> heard;
  const identity::VerifiedToken ending =
      stage_.verifier
          .verify(identity::TokenText(stage_.token("ann", Role::client, seconds(590))),
                  stage_.clock.wall_now())
          .value();
  const auto who =
      identity::establish(ending, {stage_.store.user(UserId("ann"))}, stage_.clock.wall_now());
  stage_.tickets.issue(*who, identity::kOwnPage, stage_.trace, heard.listener());
  stage_.settle();
  stage_.clock.advance(seconds(11));
  EXPECT_EQ(connect(std::string(heard.value().ticket.reveal())), "token_expired");
}

TEST_F(TicketsTest, a_ticket_opens_no_request_and_makes_no_further_ticket) {
  identity::OfferedTokens offered;
  const std::string ticket = issue();
  offered.auth = ticket;
  offered.party = identity::kOwnPage;
  const auto proven = stage_.door.prove(offered, stage_.trace);
  HeardAnswer<identity::Principal> heard;
  stage_.door.authenticate(*proven, stage_.trace, heard.listener());
  stage_.settle();
  ASSERT_FALSE(heard.ok());
  EXPECT_EQ(heard.error(), problems::kTokenInvalid);
}

TEST_F(TicketsTest, a_ticket_refreshes_a_connection_once) {
  EXPECT_EQ(connect(issue()), "ann");
  const std::string ticket = issue();
  const auto refresh = [&](std::string_view party) {
    HeardAnswer<CallerRef> heard;
    stage_.door.refresh(caller_, identity::TokenText(ticket), party, heard.listener());
    stage_.settle();
    return heard.ok();
  };
  EXPECT_FALSE(refresh(identity::kNoPage));
  EXPECT_TRUE(refresh(identity::kOwnPage));
  EXPECT_FALSE(refresh(identity::kOwnPage));
}

TEST_F(TicketsTest, neither_tokens_nor_tickets_are_taken_for_the_other) {
  const std::string ticket = issue();
  std::vector<identity::TokenKey> keys;
  keys.push_back(
      identity::own_token_key(SecretText(std::string(stillroom::testing::PeopleStage::kSecret))));
  const identity::TokenVerifier tokens_only(std::move(keys));
  EXPECT_FALSE(tokens_only.verify(identity::TokenText(ticket), stage_.clock.wall_now()));
}

TEST_F(TicketsTest, what_cannot_be_recorded_is_not_given) {
  stage_.store.fail_next_commit();
  EXPECT_EQ(issue(), "");
}

}  // namespace
}  // namespace stillroom::signalling
