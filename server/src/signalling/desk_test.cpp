// SPDX-License-Identifier: Apache-2.0
#include "signalling/desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signalling/desk_stage.hpp"

namespace stillroom::signalling {
namespace {

using audit::Kind;
using example::DeskStage;
using room::example::answer_to;
using room::example::candidate_to;
using room::example::offer_to;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Desk, a_join_is_heard_only_after_it_is_durable) {
  DeskStage stage;
  stage.join(stage.ann, 5);
  while (!stage.tasks.empty()) {
    if (stage.records(Kind::joined) == 0) {
      EXPECT_THAT(stage.heard.lines, IsEmpty());
    }
    stage.step();
  }
  EXPECT_THAT(stage.heard.take(),
              ElementsAre("2:existing-participants", "2:join-success", "2#5:[{\"ok\":true,"));
  EXPECT_THAT(stage.ice.issued, ElementsAre(UserId("ann")));
}

TEST(Desk, the_second_person_starts_the_call_in_the_database_too) {
  DeskStage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  stage.settle();
  EXPECT_THAT(
      stage.heard.take(),
      ElementsAre("2:existing-participants", "2:join-success", "2:call-started", "1:call-started",
                  "2:user-joined", "1:existing-participants", "1:call-status", "1:join-success"));
  EXPECT_EQ(stage.status(), session::Status::in_progress);
  EXPECT_EQ(stage.records(Kind::call_started), 1U);
}

TEST(Desk, a_join_that_cannot_be_recorded_fails_and_seats_nobody) {
  DeskStage stage;
  stage.store.fail_next_commit();
  stage.join(stage.ann, 1);
  stage.settle();
  EXPECT_THAT(stage.heard.take(), ElementsAre("2:join-error", "2#1:[{\"ok\":false"));
  EXPECT_THAT(stage.heard.texts.at(0), ::testing::HasSubstr("Failed to join room"));
  EXPECT_EQ(stage.desk->find(stage.room), nullptr);
  stage.join(stage.ann);
  stage.settle();
  EXPECT_THAT(stage.heard.take(), ElementsAre("2:existing-participants", "2:join-success"));
}

TEST(Desk, a_store_that_is_away_gives_each_event_its_own_failure_text) {
  const std::pair<room::Command, const char*> table[] = {
      {room::Join{SessionId("s1"), {}}, "Failed to join room"},
      {room::StartCall{}, "Failed to start call"},
      {room::EndCall{}, "Failed to end call"},
      {offer_to(DeskStage().tea), "Failed to relay offer"},
      {candidate_to(DeskStage().tea), "Failed to relay ICE candidate"},
  };
  for (const auto& [command, text] : table) {
    DeskStage stage;
    stage.both_join();
    stage.heard.texts.clear();
    stage.store.go_away();
    stage.submit(stage.ann, command);
    stage.settle();
    ASSERT_EQ(stage.heard.texts.size(), 1U) << text;
    EXPECT_THAT(stage.heard.texts.at(0), ::testing::HasSubstr(text));
  }
}

TEST(Desk, what_is_relayed_after_the_first_offer_waits_for_nothing) {
  DeskStage stage;
  stage.both_join();
  stage.submit(stage.ann, offer_to(stage.tea));
  EXPECT_THAT(stage.heard.take(), IsEmpty()) << "the record comes first";
  stage.submit(stage.ann, candidate_to(stage.tea));
  EXPECT_THAT(stage.heard.take(), IsEmpty()) << "and order is kept behind it";
  stage.settle();
  EXPECT_THAT(stage.heard.take(), ElementsAre("1:offer", "1:ice-candidate"));
  stage.submit(stage.tea, answer_to(stage.ann), 9);
  EXPECT_THAT(stage.heard.take(), ElementsAre("2:answer", "1#9:[{\"ok\":true}"));
  using telemetry::Counter;
  EXPECT_EQ(stage.metrics.get(Counter::offers_relayed), 1U);
  EXPECT_EQ(stage.metrics.get(Counter::candidates_relayed), 1U);
  EXPECT_EQ(stage.metrics.get(Counter::answers_relayed), 1U);
}

TEST(Desk, a_call_started_elsewhere_meanwhile_is_no_failure) {
  DeskStage stage;
  stage.join(stage.ann);
  stage.settle();
  stage.heard.take();
  stage.join(stage.tea);
  stage.step();
  stage.step();  // read; its commit waits
  auto session = *stage.store.session(SessionId("s1"));
  session.status = session::Status::in_progress;
  session.call_started = stage.clock.wall_now();
  stage.store.put(session);
  stage.settle();
  EXPECT_THAT(stage.heard.take(),
              ElementsAre("2:call-started", "2:user-joined", "1:existing-participants",
                          "1:call-status", "1:join-success"));
  EXPECT_EQ(stage.records(Kind::call_started), 0U) << "the one who started it has recorded it";
}

TEST(Desk, conflicts_without_end_become_a_failure) {
  DeskStage stage;
  stage.join(stage.ann);
  stage.settle();
  stage.heard.take();
  stage.join(stage.tea);
  for (int at = 0; at < 100 && !stage.tasks.empty(); ++at) {
    stage.store.fail_next_commit(StoreError::conflict);
    stage.step();
  }
  EXPECT_THAT(stage.heard.take(), ElementsAre("1:join-error"));
  EXPECT_THAT(stage.tasks, IsEmpty());
}

TEST(Desk, a_room_has_a_bounded_queue_and_says_so) {
  DeskStage stage;
  stage.both_join();
  stage.store.hold();
  stage.submit(stage.ann, offer_to(stage.tea));
  for (std::size_t at = 0; at < kWaitingPerRoomMax; ++at) {
    stage.submit(stage.ann, candidate_to(stage.tea));
  }
  EXPECT_THAT(stage.heard.take(), IsEmpty());
  EXPECT_EQ(stage.desk->figures().waiting, kWaitingPerRoomMax);
  stage.submit(stage.ann, candidate_to(stage.tea));
  EXPECT_THAT(stage.heard.take(), ElementsAre("2:signaling-error"));
  stage.lose(stage.ann, room::Loss::goodbye);
  stage.store.release();
  stage.settle();
  const auto heard = stage.heard.take();
  EXPECT_EQ(heard.size(), 1 + kWaitingPerRoomMax + 1);
  EXPECT_EQ(heard.back(), "1:user-left") << "the end of a connection always finds a place";
}

TEST(Desk, one_room_that_waits_does_not_hold_up_another) {
  DeskStage stage;
  stage.both_join();
  auto second = room::example::session();
  second.id = SessionId("s2");
  second.room = RoomId("room-2");
  stage.store.put(second);
  for (const CallerRef& who : {stage.tea, stage.ann}) {
    stage.desk->submit(who, RoomId("room-2"), room::Join{SessionId("s2"), {}}, std::nullopt);
  }
  stage.settle();
  stage.desk->submit(stage.ann, RoomId("room-2"), offer_to(stage.tea), std::nullopt);
  stage.settle();
  stage.heard.take();
  stage.store.hold();
  stage.submit(stage.ann, offer_to(stage.tea));
  stage.desk->submit(stage.ann, RoomId("room-2"), candidate_to(stage.tea), std::nullopt);
  EXPECT_THAT(stage.heard.take(), ElementsAre("1:ice-candidate"));
}

TEST(Desk, joins_of_sessions_that_do_not_exist_leave_nothing_behind) {
  DeskStage stage;
  for (int at = 0; at < 50; ++at) {
    stage.desk->submit(stage.eve, RoomId("room-" + std::to_string(at)),
                       room::Join{SessionId("none"), {}}, std::nullopt);
  }
  stage.settle();
  EXPECT_EQ(stage.desk->figures().rooms, 0U);
  EXPECT_EQ(stage.heard.take(), std::vector<std::string>(50, "9:join-error"));
}

TEST(Desk, rooms_nobody_sits_in_are_bounded) {
  DeskStage stage;
  stage.store.hold();
  for (std::size_t at = 0; at <= kUnseatedRoomsMax; ++at) {
    stage.desk->submit(stage.eve, RoomId("r" + std::to_string(at)),
                       room::Join{SessionId("none"), {}}, std::nullopt);
  }
  EXPECT_EQ(stage.desk->figures().rooms, kUnseatedRoomsMax);
  EXPECT_THAT(stage.heard.take(), ElementsAre("9:join-error"));
  stage.store.release();
  stage.settle();
  EXPECT_EQ(stage.desk->figures().rooms, 0U);
  stage.join(stage.ann);
  stage.settle();
  EXPECT_EQ(stage.desk->figures().rooms, 1U);
}

TEST(Desk, an_unknown_room_answers_like_one_the_caller_is_not_in) {
  DeskStage stage;
  for (const room::Command& command :
       std::vector<room::Command>{offer_to(stage.tea), answer_to(stage.tea),
                                  candidate_to(stage.tea), room::AskIceServers{}}) {
    stage.submit(stage.eve, command);
    EXPECT_THAT(stage.heard.take(), ElementsAre("9:signaling-error"));
  }
  for (const room::Command& command :
       std::vector<room::Command>{room::StartCall{}, room::EndCall{}, room::Leave{}}) {
    stage.submit(stage.eve, command, 3);
    EXPECT_THAT(stage.heard.take(), ElementsAre("9:call-error", "9#3:[{\"ok\":false"));
  }
  EXPECT_EQ(stage.desk->figures().rooms, 0U);
}

TEST(Desk, a_connection_that_goes_while_its_join_is_read_gets_no_seat) {
  DeskStage stage;
  stage.join(stage.ann);
  stage.lose(stage.ann);
  stage.settle();
  EXPECT_EQ(stage.desk->find(stage.room), nullptr);
  EXPECT_THAT(stage.heard.take(), IsEmpty());
  EXPECT_EQ(stage.records(Kind::joined), 0U);
}

TEST(Desk, a_connection_that_goes_while_its_join_waits_gets_no_seat) {
  DeskStage stage;
  stage.join(stage.tea);
  stage.join(stage.ann);
  stage.lose(stage.ann);
  stage.settle();
  EXPECT_EQ(stage.desk->find(stage.room)->people(), 1U);
  EXPECT_EQ(stage.desk->find(stage.room)->seat_at(stage.ann->address), nullptr);
}

TEST(Desk, a_connection_that_goes_while_its_join_is_recorded_leaves_a_seat_that_ends) {
  for (const room::Loss loss : {room::Loss::transport, room::Loss::goodbye}) {
    DeskStage stage;
    stage.join(stage.tea);
    stage.settle();
    stage.join(stage.ann);
    stage.step();
    stage.step();
    stage.lose(stage.ann, loss);
    stage.settle();
    const auto* seat = stage.desk->find(stage.room)->seat_at(stage.ann->address);
    if (loss == room::Loss::goodbye) {
      EXPECT_EQ(seat, nullptr);
    } else {
      ASSERT_NE(seat, nullptr);
      EXPECT_TRUE(seat->lost);
    }
    stage.pass(seconds(10));
    EXPECT_EQ(stage.desk->find(stage.room)->people(), 1U);
    EXPECT_EQ(stage.heard.take().back(), "1:user-left");
  }
}

TEST(Desk, a_doubled_join_gets_two_answers_and_one_seat) {
  DeskStage stage;
  stage.join(stage.ann, 1);
  stage.join(stage.ann, 2);
  stage.settle();
  EXPECT_EQ(stage.desk->find(stage.room)->seats.size(), 1U);
  EXPECT_THAT(stage.heard.take(),
              ElementsAre("2:existing-participants", "2:join-success", "2#1:[{\"ok\":true,",
                          "2:existing-participants", "2:join-success", "2#2:[{\"ok\":true,"));
}

TEST(Desk, a_lost_seat_is_told_after_its_grace_and_the_empty_call_ends_after_its_own) {
  DeskStage stage;
  stage.both_join();
  stage.lose(stage.ann);
  stage.pass(milliseconds(9999));
  EXPECT_THAT(stage.heard.take(), IsEmpty());
  EXPECT_EQ(stage.desk->next_deadline(), stage.clock.mono_now() + milliseconds(1));
  stage.pass(milliseconds(1));
  EXPECT_THAT(stage.heard.take(), ElementsAre("1:user-left"));
  stage.lose(stage.tea, room::Loss::goodbye);
  stage.pass(milliseconds(119'999));
  EXPECT_EQ(stage.status(), session::Status::in_progress);
  stage.pass(milliseconds(1));
  EXPECT_EQ(stage.status(), session::Status::completed);
  EXPECT_EQ(stage.records(Kind::call_ended), 1U);
  EXPECT_EQ(stage.desk->figures().rooms, 0U);
}

TEST(Desk, the_end_of_an_empty_call_is_asked_for_again_when_the_store_was_away) {
  DeskStage stage;
  stage.both_join();
  stage.lose(stage.ann, room::Loss::goodbye);
  stage.lose(stage.tea, room::Loss::goodbye);
  stage.store.go_away();
  stage.pass(seconds(120));
  EXPECT_EQ(stage.desk->figures().rooms, 1U);
  stage.store.come_back();
  stage.pass(milliseconds(4999));
  EXPECT_EQ(stage.status(), session::Status::in_progress);
  stage.pass(milliseconds(1));
  EXPECT_EQ(stage.status(), session::Status::completed);
  EXPECT_EQ(stage.desk->figures().rooms, 0U);
}

TEST(Desk, an_empty_call_that_ended_elsewhere_is_forgotten) {
  DeskStage stage;
  stage.both_join();
  stage.lose(stage.ann, room::Loss::goodbye);
  stage.lose(stage.tea, room::Loss::goodbye);
  auto session = *stage.store.session(SessionId("s1"));
  session.status = session::Status::completed;
  stage.store.put(session);
  stage.pass(seconds(120));
  stage.pass(seconds(1));
  EXPECT_EQ(stage.desk->figures().rooms, 0U);
  EXPECT_EQ(stage.records(Kind::call_ended), 0U);
}

TEST(Desk, a_call_from_before_the_restart_ends_unless_somebody_returns) {
  DeskStage stage;
  stage.both_join();
  stage.open();
  stage.desk->adopt(*stage.store.session(SessionId("s1")));
  EXPECT_EQ(stage.desk->figures().calls, 1U);
  stage.pass(seconds(119));
  stage.join(stage.ann);
  stage.settle();
  EXPECT_THAT(stage.heard.take(),
              ElementsAre("2:existing-participants", "2:call-status", "2:join-success"));
  stage.pass(seconds(10));
  EXPECT_EQ(stage.status(), session::Status::in_progress);
  stage.lose(stage.ann, room::Loss::goodbye);
  stage.pass(seconds(120));
  EXPECT_EQ(stage.status(), session::Status::completed);
}

TEST(Desk, a_session_cancelled_while_somebody_sits_there_puts_them_out) {
  DeskStage stage;
  stage.both_join();
  auto session = *stage.store.session(SessionId("s1"));
  session.status = session::Status::cancelled;
  stage.store.put(session);
  stage.desk->session_changed(SessionId("s1"));
  stage.settle();
  EXPECT_THAT(stage.heard.take(),
              ElementsAre("1:access:revoked", "1 may not be in room-1: cancelled",
                          "2:access:revoked", "2 may not be in room-1: cancelled"));
  EXPECT_EQ(stage.desk->figures().rooms, 0U);
}

TEST(Desk, a_session_cancelled_while_a_join_is_recorded_still_puts_them_out) {
  DeskStage stage;
  stage.join(stage.ann);
  stage.step();
  stage.step();  // read as confirmed; the commit is in flight
  auto session = *stage.store.session(SessionId("s1"));
  session.status = session::Status::cancelled;
  stage.store.put(session);
  stage.desk->session_changed(SessionId("s1"));
  stage.settle();
  EXPECT_EQ(stage.heard.take().back(), "2 may not be in room-1: cancelled");
  EXPECT_EQ(stage.desk->figures().rooms, 0U);
}

TEST(Desk, a_change_that_could_not_be_read_is_read_again) {
  DeskStage stage;
  stage.both_join();
  auto session = *stage.store.session(SessionId("s1"));
  session.status = session::Status::cancelled;
  stage.store.put(session);
  stage.store.go_away();
  stage.desk->session_changed(SessionId("s1"));
  stage.settle();
  EXPECT_THAT(stage.heard.take(), IsEmpty());
  stage.store.come_back();
  stage.pass(seconds(5));
  EXPECT_EQ(stage.desk->figures().rooms, 0U);
}

TEST(Desk, draining_finishes_what_is_in_flight_and_takes_nothing_new) {
  DeskStage stage;
  stage.join(stage.ann);
  int idle = 0;
  stage.desk->drain([&] { idle += 1; });
  EXPECT_EQ(idle, 0);
  stage.join(stage.tea);
  EXPECT_THAT(stage.heard.take(), ElementsAre("1:join-error"));
  stage.settle();
  EXPECT_EQ(idle, 1);
  EXPECT_THAT(stage.heard.take(), ElementsAre("2:existing-participants", "2:join-success"));
  DeskStage quiet;
  quiet.desk->drain([&] { idle += 1; });
  EXPECT_EQ(idle, 2);
}

TEST(Desk, replies_that_come_after_it_is_gone_do_nothing) {
  DeskStage stage;
  stage.join(stage.ann);
  stage.step();
  stage.desk.reset();
  stage.settle();
  EXPECT_THAT(stage.heard.take(), IsEmpty());
}

TEST(Desk, ice_servers_are_fresh_for_the_one_who_asks) {
  DeskStage stage;
  stage.both_join();
  stage.ice.issued.clear();
  stage.submit(stage.ann, room::AskIceServers{}, 4);
  EXPECT_THAT(stage.ice.issued, IsEmpty()) << "recorded first";
  stage.settle();
  EXPECT_THAT(stage.ice.issued, ElementsAre(UserId("ann")));
  EXPECT_THAT(stage.heard.take(), ElementsAre("2#4:[{\"ok\":true,"));
}

}  // namespace
}  // namespace stillroom::signalling
