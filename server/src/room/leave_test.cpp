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

struct Call : Stage {
  Call() {
    join(tea);
    join(ann);
  }
};

TEST(Leave, the_others_hear_at_once_and_the_seat_is_free) {
  Call stage;
  const Decision decision = stage.act(stage.ann, Leave{});
  EXPECT_EQ(stage.lines(decision), Lines{"tea-1 <- user-left ann-2 left"});
  EXPECT_FALSE(decision.gated()) << "an end is told, never waited for";
  EXPECT_THAT(kinds_of(decision.notes), ElementsAre(Kind::left));
  EXPECT_EQ(stage.room.people(), 1U);
  EXPECT_EQ(refusal_of(stage.act(stage.ann, Leave{})), Refusal::not_in_room);
  EXPECT_EQ(refusal_of(stage.act(stage.eve, Leave{})), Refusal::not_in_room);
}

TEST(Lost, a_goodbye_frees_the_seat_at_once) {
  Call stage;
  const Decision decision = stage.act(nullptr, Lost{stage.ann->address, Loss::goodbye});
  EXPECT_EQ(stage.lines(decision), Lines{"tea-1 <- user-left ann-2 disconnected"});
  EXPECT_EQ(stage.room.people(), 1U);
}

TEST(Lost, a_lost_transport_is_told_after_ten_seconds_and_not_before) {
  Call stage;
  EXPECT_THAT(stage.act(nullptr, Lost{stage.ann->address, Loss::transport}).emissions, IsEmpty());
  EXPECT_EQ(stage.room.deadline(stage.settings), stage.mono + seconds(10));
  stage.pass(milliseconds(9999));
  EXPECT_THAT(stage.act(nullptr, Deadline{}).emissions, IsEmpty());
  EXPECT_EQ(stage.room.people(), 2U);
  stage.pass(milliseconds(1));
  const Decision decision = stage.act(nullptr, Deadline{});
  EXPECT_EQ(stage.lines(decision), Lines{"tea-1 <- user-left ann-2 connection_lost"});
  EXPECT_THAT(kinds_of(decision.notes), ElementsAre(Kind::seat_lost));
  EXPECT_EQ(stage.room.people(), 1U);
}

TEST(Lost, told_twice_the_first_loss_counts) {
  Call stage;
  stage.act(nullptr, Lost{stage.ann->address, Loss::transport});
  stage.pass(seconds(5));
  stage.act(nullptr, Lost{stage.ann->address, Loss::transport});
  EXPECT_EQ(stage.room.deadline(stage.settings), stage.mono + seconds(5));
}

TEST(Lost, of_a_connection_that_was_replaced_changes_nothing) {
  Call stage;
  stage.join(example::caller(stage.ann->principal, 22));
  const Decision decision = stage.act(nullptr, Lost{stage.ann->address, Loss::goodbye});
  EXPECT_THAT(decision.emissions, IsEmpty());
  EXPECT_THAT(decision.changes, IsEmpty());
  EXPECT_EQ(stage.room.people(), 2U);
}

TEST(EmptyRoom, both_may_drop_and_return_while_the_call_goes_on) {
  Call stage;
  stage.act(nullptr, Lost{stage.ann->address, Loss::transport});
  stage.act(nullptr, Lost{stage.tea->address, Loss::transport});
  stage.pass(seconds(10));
  EXPECT_THAT(stage.act(nullptr, Deadline{}).emissions, IsEmpty()) << "nobody is there to hear";
  EXPECT_TRUE(stage.room.seats.empty());
  EXPECT_FALSE(stage.room.idle()) << "the call runs";
  stage.pass(seconds(119));
  EXPECT_FALSE(stage.act(nullptr, Deadline{}).gated());
  const auto back = example::caller(stage.ann->principal, 22);
  const Lines lines = stage.lines(stage.join(back));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "ann-22 <- existing");
  EXPECT_EQ(lines[1], "ann-22 <- call-status");
  EXPECT_FALSE(stage.room.deadline(stage.settings));
}

TEST(EmptyRoom, the_call_ends_two_minutes_after_the_last_seat) {
  Call stage;
  stage.act(stage.ann, Leave{});
  stage.act(stage.tea, Leave{});
  EXPECT_EQ(stage.room.deadline(stage.settings), stage.mono + seconds(120));
  stage.pass(seconds(120));
  const Decision decision = stage.act(nullptr, Deadline{});
  EXPECT_THAT(kinds_of(decision.records), ElementsAre(Kind::call_ended));
  EXPECT_EQ(decision.records.at(0).reason, "room_empty");
  EXPECT_FALSE(decision.records.at(0).actor);
  ASSERT_TRUE(decision.call);
  EXPECT_EQ(decision.call->kind, CallChange::Kind::end);
  EXPECT_TRUE(stage.room.idle());
}

TEST(EmptyRoom, without_a_call_is_forgotten_at_once) {
  Stage stage;
  stage.join(stage.ann);
  stage.act(stage.ann, Leave{});
  EXPECT_TRUE(stage.room.idle());
  EXPECT_FALSE(stage.room.deadline(stage.settings));
}

TEST(EmptyRoom, a_call_read_from_the_database_waits_for_people_too) {
  Stage stage;
  stage.stored->status = session::Status::in_progress;
  apply(stage.room, SessionRead{*stage.stored, stage.mono});
  EXPECT_EQ(stage.room.deadline(stage.settings), stage.mono + seconds(120));
  stage.join(stage.ann);
  EXPECT_FALSE(stage.room.deadline(stage.settings));
}

}  // namespace
}  // namespace stillroom::room
