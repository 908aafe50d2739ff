// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "room/example_stage.hpp"

namespace stillroom::room {
namespace {

using audit::Kind;
using example::kinds_of;
using example::Lines;
using example::refusal_of;
using example::Stage;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(StartCall, anyone_seated_may_start_and_everybody_hears) {
  Stage stage;
  stage.join(stage.ann);
  const Decision decision = stage.act(stage.ann, StartCall{});
  EXPECT_EQ(stage.lines(decision), Lines{"ann-2 <- call-started"});
  EXPECT_THAT(kinds_of(decision.records), ElementsAre(Kind::call_started));
  ASSERT_TRUE(decision.call);
  EXPECT_EQ(decision.call->kind, CallChange::Kind::start);
  EXPECT_TRUE(stage.room.call());
}

TEST(StartCall, a_second_start_is_answered_with_the_status) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  const Decision decision = stage.act(stage.tea, StartCall{SessionId("s1")});
  EXPECT_EQ(stage.lines(decision), Lines{"tea-1 <- call-status"});
  EXPECT_FALSE(decision.gated());
}

TEST(StartCall, is_refused_to_who_is_not_here) {
  Stage stage;
  EXPECT_EQ(refusal_of(stage.act(stage.ann, StartCall{})), Refusal::not_in_room);
  stage.join(stage.ann);
  EXPECT_EQ(refusal_of(stage.act(stage.bob, StartCall{})), Refusal::not_in_room);
  EXPECT_EQ(refusal_of(stage.act(stage.ann, StartCall{SessionId("s2")})), Refusal::not_in_room);
  stage.act(nullptr, Lost{stage.ann->address, Loss::transport});
  EXPECT_EQ(refusal_of(stage.act(stage.ann, StartCall{})), Refusal::not_in_room);
}

TEST(StartCall, a_call_that_is_over_does_not_start_again) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  stage.act(stage.tea, EndCall{});
  const Decision decision = stage.act(stage.ann, StartCall{});
  EXPECT_EQ(refusal_of(decision), Refusal::start_failed);
  EXPECT_THAT(decision.emissions, IsEmpty());
}

TEST(EndCall, the_therapist_ends_and_everybody_hears_the_whole_minutes) {
  const std::pair<seconds, std::string> table[] = {
      {seconds(0), "0"}, {seconds(59), "0"}, {seconds(60), "1"}, {seconds(2999), "49"}};
  for (const auto& [length, minutes] : table) {
    Stage stage;
    stage.join(stage.ann);
    stage.join(stage.tea);
    stage.pass(length);
    const Decision decision = stage.act(stage.tea, EndCall{});
    EXPECT_EQ(stage.lines(decision), Lines{"ann-2,tea-1 <- call-ended " + minutes});
    EXPECT_THAT(kinds_of(decision.records), ElementsAre(Kind::call_ended));
    ASSERT_TRUE(decision.call);
    EXPECT_EQ(decision.call->kind, CallChange::Kind::end);
    EXPECT_FALSE(stage.room.call());
  }
}

TEST(EndCall, is_refused_with_the_contracts_reason) {
  Stage stage;
  EXPECT_EQ(refusal_of(stage.act(stage.tea, EndCall{})), Refusal::not_in_room);
  stage.join(stage.tea);
  EXPECT_EQ(refusal_of(stage.act(stage.tea, EndCall{})), Refusal::call_not_started);
  stage.join(stage.ann);
  EXPECT_EQ(refusal_of(stage.act(stage.ann, EndCall{})), Refusal::therapist_only);
  EXPECT_EQ(refusal_of(stage.act(stage.tea, EndCall{SessionId("s2")})), Refusal::not_in_room);
  stage.act(stage.tea, EndCall{});
  EXPECT_EQ(refusal_of(stage.act(stage.tea, EndCall{})), Refusal::call_not_started) << "twice";
}

TEST(EndCall, nothing_is_relayed_after_it_and_people_leave_one_by_one) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  stage.act(stage.tea, EndCall{});
  EXPECT_EQ(refusal_of(stage.act(stage.ann, example::offer_to(stage.tea))),
            Refusal::invalid_attempt);
  EXPECT_EQ(stage.lines(stage.act(stage.ann, Leave{})), Lines{"tea-1 <- user-left ann-2 left"});
  stage.act(stage.tea, Leave{});
  EXPECT_TRUE(stage.room.idle());
}

TEST(EndCall, a_call_that_ended_elsewhere_is_told_with_the_refusal) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  stage.pass(seconds(125));
  stage.stored->status = session::Status::completed;
  stage.stored->call_ended = stage.wall;
  const Decision decision = stage.act(stage.tea, EndCall{});
  EXPECT_EQ(refusal_of(decision), Refusal::call_not_started);
  EXPECT_EQ(stage.lines(decision), Lines{"ann-2,tea-1 <- call-ended 2"});
}

TEST(SessionChanged, a_call_that_starts_or_ends_elsewhere_is_told_once) {
  Stage stage;
  stage.join(stage.ann);
  EXPECT_THAT(stage.act(nullptr, SessionChanged{}).emissions, IsEmpty());
  stage.stored->status = session::Status::in_progress;
  stage.stored->call_started = stage.wall;
  EXPECT_EQ(stage.lines(stage.act(nullptr, SessionChanged{})), Lines{"ann-2 <- call-started"});
  EXPECT_THAT(stage.act(nullptr, SessionChanged{}).emissions, IsEmpty());
  stage.pass(seconds(61));
  stage.stored->status = session::Status::completed;
  stage.stored->call_ended = stage.wall;
  EXPECT_EQ(stage.lines(stage.act(nullptr, SessionChanged{})), Lines{"ann-2 <- call-ended 1"});
  EXPECT_NE(stage.room.seat_at(stage.ann->address), nullptr);
}

TEST(SessionChanged, who_may_not_stay_is_told_why_and_gone_and_hears_nothing_more) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  std::erase_if(stage.stored->participants,
                [](const session::Participant& one) { return one.user == UserId("ann"); });
  const Decision decision = stage.act(nullptr, SessionChanged{});
  EXPECT_EQ(stage.lines(decision),
            (Lines{"ann-2 <- revoked not_yours", "tea-1 <- user-left ann-2 removed"}));
  EXPECT_THAT(kinds_of(decision.notes), ElementsAre(Kind::left));
  EXPECT_EQ(refusal_of(stage.join(stage.ann)), Refusal::not_yours) << "removed is removed";
}

TEST(SessionChanged, a_cancelled_session_empties_the_room) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  stage.stored->status = session::Status::cancelled;
  const Lines lines = stage.lines(stage.act(nullptr, SessionChanged{}));
  EXPECT_EQ(lines, (Lines{"ann-2 <- revoked cancelled", "tea-1 <- revoked cancelled"}))
      << "that is all they hear";
  EXPECT_TRUE(stage.room.idle());
}

TEST(SessionChanged, a_session_that_is_no_more_empties_the_room) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  stage.stored.reset();
  EXPECT_EQ(stage.lines(stage.act(nullptr, SessionChanged{})),
            (Lines{"ann-2 <- revoked not_yours", "tea-1 <- revoked not_yours"}));
  EXPECT_TRUE(stage.room.idle());
}

}  // namespace
}  // namespace stillroom::room
