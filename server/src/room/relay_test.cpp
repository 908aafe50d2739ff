// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "room/example_stage.hpp"

namespace stillroom::room {
namespace {

using audit::Kind;
using example::answer_to;
using example::candidate_to;
using example::kinds_of;
using example::Lines;
using example::offer_to;
using example::refusal_of;
using example::Stage;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Call : Stage {
  Call() {
    join(tea);
    join(ann);
  }
};

TEST(Relay, the_first_offer_between_two_seats_is_recorded_and_later_ones_are_not) {
  Call stage;
  const Decision first = stage.act(stage.ann, offer_to(stage.tea));
  EXPECT_THAT(kinds_of(first.records), ElementsAre(Kind::signalling_opened));
  EXPECT_EQ(first.records.at(0).actor, UserId("ann"));
  EXPECT_EQ(first.records.at(0).subject, UserId("tea"));
  EXPECT_EQ(stage.lines(first), Lines{"tea-1 <- relay ann-2"});
  EXPECT_FALSE(stage.act(stage.ann, offer_to(stage.tea)).gated());
  EXPECT_FALSE(stage.act(stage.tea, offer_to(stage.ann)).gated()) << "a pair has no direction";
  stage.join(stage.bob);
  EXPECT_TRUE(stage.act(stage.bob, offer_to(stage.ann)).gated()) << "another pair";
}

TEST(Relay, an_offer_its_answer_and_candidates_both_ways_reach_the_one_they_are_for) {
  Call stage;
  stage.join(stage.bob);
  EXPECT_EQ(stage.lines(stage.act(stage.ann, offer_to(stage.tea))), Lines{"tea-1 <- relay ann-2"});
  EXPECT_EQ(stage.lines(stage.act(stage.ann, candidate_to(stage.tea))),
            Lines{"tea-1 <- relay ann-2"});
  EXPECT_EQ(stage.lines(stage.act(stage.tea, answer_to(stage.ann))), Lines{"ann-2 <- relay tea-1"});
  const Decision last = stage.act(stage.tea, candidate_to(stage.ann, ""));
  EXPECT_EQ(stage.lines(last), Lines{"ann-2 <- relay tea-1"});
  EXPECT_FALSE(last.gated());
}

TEST(Relay, candidates_that_come_first_open_the_pair_with_a_record) {
  Call stage;
  const Decision decision = stage.act(stage.ann, candidate_to(stage.tea));
  EXPECT_THAT(kinds_of(decision.records), ElementsAre(Kind::signalling_opened));
  EXPECT_FALSE(stage.act(stage.ann, candidate_to(stage.tea)).gated());
}

TEST(Relay, an_answer_out_of_turn_reaches_nobody) {
  Call stage;
  const auto answer = [&](const CallerRef& from, const CallerRef& to) {
    const Decision decision = stage.act(from, answer_to(to));
    EXPECT_EQ(decision.emissions.empty(), refusal_of(decision).has_value());
    return refusal_of(decision);
  };
  EXPECT_EQ(answer(stage.tea, stage.ann), Refusal::invalid_attempt) << "before any offer";
  stage.act(stage.ann, offer_to(stage.tea));
  EXPECT_EQ(answer(stage.ann, stage.tea), Refusal::invalid_attempt) << "to one's own offer";
  EXPECT_EQ(answer(stage.tea, stage.ann), std::nullopt);
  EXPECT_EQ(answer(stage.tea, stage.ann), Refusal::invalid_attempt) << "twice";
}

TEST(Relay, in_glare_each_offer_has_its_own_answer) {
  Call stage;
  stage.act(stage.ann, offer_to(stage.tea));
  stage.act(stage.tea, offer_to(stage.ann));
  EXPECT_FALSE(refusal_of(stage.act(stage.ann, answer_to(stage.tea))));
  EXPECT_FALSE(refusal_of(stage.act(stage.tea, answer_to(stage.ann))));
}

TEST(Relay, an_answer_that_does_not_fit_its_offer_is_refused) {
  Call stage;
  stage.act(stage.ann, offer_to(stage.tea));
  auto text = sdp::example::replaced(sdp::example::answer(), "a=recvonly", "a=sendrecv");
  const Answer wrong{stage.ann->socket, sdp::parse_answer(text).value()};
  const Decision decision = stage.act(stage.tea, wrong);
  EXPECT_EQ(refusal_of(decision), Refusal::invalid_answer);
  EXPECT_THAT(decision.emissions, IsEmpty());
  EXPECT_FALSE(refusal_of(stage.act(stage.tea, answer_to(stage.ann)))) << "the offer still stands";
}

TEST(Relay, only_between_two_who_are_seated_here) {
  struct Row {
    const char* what;
    CallerRef from;
    CallerRef to;
  };
  Call stage;
  const Row table[] = {
      {"a stranger speaks", stage.eve, stage.ann},
      {"a participant who has not joined", stage.bob, stage.ann},
      {"to a stranger", stage.ann, stage.eve},
      {"to a participant who has not joined", stage.ann, stage.bob},
      {"to oneself", stage.ann, stage.ann},
  };
  for (const Row& row : table) {
    for (const Command& command :
         std::vector<Command>{offer_to(row.to), answer_to(row.to), candidate_to(row.to)}) {
      const Decision decision = stage.act(row.from, command);
      EXPECT_EQ(refusal_of(decision), Refusal::invalid_attempt) << row.what;
      EXPECT_THAT(decision.emissions, IsEmpty()) << row.what;
      EXPECT_THAT(decision.changes, IsEmpty()) << row.what;
    }
  }
}

TEST(Relay, a_connection_that_is_lost_speaks_no_more_but_can_be_spoken_to) {
  Call stage;
  stage.act(nullptr, Lost{stage.ann->address, Loss::transport});
  EXPECT_EQ(refusal_of(stage.act(stage.ann, offer_to(stage.tea))), Refusal::invalid_attempt);
  EXPECT_FALSE(refusal_of(stage.act(stage.tea, offer_to(stage.ann))));
}

TEST(Relay, stops_for_both_when_one_may_no_longer_stay) {
  Call stage;
  stage.act(stage.ann, offer_to(stage.tea));
  std::erase_if(stage.room.session->participants,
                [](const session::Participant& one) { return one.user == UserId("ann"); });
  EXPECT_EQ(refusal_of(stage.act(stage.ann, candidate_to(stage.tea))), Refusal::invalid_attempt);
  EXPECT_EQ(refusal_of(stage.act(stage.tea, candidate_to(stage.ann))), Refusal::invalid_attempt);
}

TEST(Relay, a_candidate_that_policy_drops_is_no_error_and_reaches_nobody) {
  Call stage;
  const Decision decision =
      stage.act(stage.ann, candidate_to(stage.tea, "candidate:1 1 udp 1 127.0.0.1 5000 typ host"));
  EXPECT_TRUE(std::holds_alternative<NotRelayed>(decision.outcome));
  EXPECT_THAT(decision.emissions, IsEmpty());
  EXPECT_FALSE(decision.gated());
}

TEST(Relay, a_pair_outlives_a_reconnect_and_not_a_leave) {
  Call stage;
  stage.act(stage.ann, offer_to(stage.tea));
  const auto again = example::caller(stage.ann->principal, 22);
  stage.join(again);
  EXPECT_FALSE(stage.act(stage.tea, answer_to(again)).gated());
  stage.act(again, Leave{});
  EXPECT_THAT(stage.room.pairs, IsEmpty());
  stage.join(again);
  EXPECT_TRUE(stage.act(again, offer_to(stage.tea)).gated());
}

TEST(IceServers, are_for_who_is_seated_and_recorded_first) {
  Call stage;
  const Decision granted = stage.act(stage.ann, AskIceServers{});
  EXPECT_THAT(kinds_of(granted.records), ElementsAre(Kind::ice_credentials_issued));
  ASSERT_TRUE(std::holds_alternative<IceServersGranted>(granted.outcome));
  EXPECT_EQ(std::get<IceServersGranted>(granted.outcome).user, UserId("ann"));
  EXPECT_EQ(refusal_of(stage.act(stage.bob, AskIceServers{})), Refusal::invalid_attempt);
  stage.act(stage.tea, EndCall{});
  EXPECT_EQ(refusal_of(stage.act(stage.ann, AskIceServers{})), Refusal::invalid_attempt);
}

}  // namespace
}  // namespace stillroom::room
