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

TEST(Join, the_first_comer_hears_of_nobody) {
  Stage stage;
  const Decision decision = stage.join(stage.ann);
  EXPECT_EQ(stage.lines(decision), (Lines{"ann-2 <- existing", "ann-2 <- join-success 1 seat1"}));
  EXPECT_THAT(kinds_of(decision.records), ElementsAre(Kind::joined));
  EXPECT_FALSE(decision.call) << "one person is no call";
  EXPECT_TRUE(decision.gated());
}

TEST(Join, the_second_person_starts_the_call_and_all_is_told_in_the_contracts_order) {
  Stage stage;
  stage.join(stage.ann);
  const Decision decision = stage.join(stage.tea);
  EXPECT_EQ(
      stage.lines(decision),
      (Lines{"ann-2,tea-1 <- call-started", "ann-2 <- user-joined tea-1", "tea-1 <- existing ann-2",
             "tea-1 <- call-status", "tea-1 <- join-success 2 seat2"}));
  EXPECT_THAT(kinds_of(decision.records), ElementsAre(Kind::joined, Kind::call_started));
  ASSERT_TRUE(decision.call);
  EXPECT_EQ(decision.call->kind, CallChange::Kind::start);
  EXPECT_EQ(stage.room.call(), stage.wall);
}

TEST(Join, who_comes_into_a_running_call_is_told_so_and_starts_nothing) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  const Decision decision = stage.join(stage.bob);
  EXPECT_EQ(stage.lines(decision),
            (Lines{"ann-2,tea-1 <- user-joined bob-3", "bob-3 <- existing ann-2 tea-1",
                   "bob-3 <- call-status", "bob-3 <- join-success 3 seat3"}));
  EXPECT_FALSE(decision.call);
  EXPECT_THAT(kinds_of(decision.records), ElementsAre(Kind::joined));
}

TEST(Join, a_second_device_of_one_person_is_no_second_person) {
  Stage stage;
  stage.join(stage.ann, "phone");
  const auto tablet = example::caller(stage.ann->principal, 22);
  const Decision decision = stage.join(tablet, "tablet");
  EXPECT_EQ(stage.lines(decision), (Lines{"ann-2 <- user-joined ann-22", "ann-22 <- existing ann-2",
                                          "ann-22 <- join-success 1 seat2"}));
  EXPECT_EQ(stage.room.people(), 1U);
  EXPECT_EQ(stage.room.seats.size(), 2U);
  EXPECT_FALSE(decision.call);
}

TEST(Join, a_second_join_without_device_replaces_the_first) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  const auto again = example::caller(stage.ann->principal, 22);
  const Decision decision = stage.join(again);
  EXPECT_EQ(stage.lines(decision),
            (Lines{"ann-2 <- revoked replaced", "tea-1 <- user-left ann-2 replaced",
                   "tea-1 <- user-joined ann-22", "ann-22 <- existing tea-1",
                   "ann-22 <- call-status", "ann-22 <- join-success 2 seat1"}));
  EXPECT_THAT(kinds_of(decision.records), ElementsAre(Kind::seat_replaced));
  EXPECT_EQ(stage.room.seat_at(stage.ann->address), nullptr);
  EXPECT_EQ(refusal_of(stage.act(stage.ann, example::offer_to(stage.tea))),
            Refusal::invalid_attempt);
}

TEST(Join, a_lost_seat_comes_back_with_its_id_and_nobody_is_revoked) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  stage.act(nullptr, Lost{stage.ann->address, Loss::transport});
  stage.pass(seconds(9));
  const auto again = example::caller(stage.ann->principal, 22);
  const Decision decision = stage.join(again);
  EXPECT_EQ(stage.lines(decision),
            (Lines{"tea-1 <- user-left ann-2 replaced", "tea-1 <- user-joined ann-22",
                   "ann-22 <- existing tea-1", "ann-22 <- call-status",
                   "ann-22 <- join-success 2 seat1"}));
  EXPECT_THAT(kinds_of(decision.records), ElementsAre(Kind::seat_returned));
  EXPECT_FALSE(stage.room.deadline(stage.settings)) << "nothing waits any more";
}

TEST(Join, the_same_connection_may_ask_twice_and_others_notice_nothing) {
  Stage stage;
  stage.join(stage.ann);
  stage.join(stage.tea);
  for (const char* device : {"", "other"}) {
    const Decision decision = stage.join(stage.ann, device);
    EXPECT_EQ(stage.lines(decision), (Lines{"ann-2 <- existing tea-1", "ann-2 <- call-status",
                                            "ann-2 <- join-success 2 seat1"}));
    EXPECT_TRUE(decision.gated()) << "who sees the others again is recorded again";
  }
  EXPECT_EQ(stage.room.seats.size(), 2U) << "one connection, one seat";
}

TEST(Join, a_device_from_connect_counts_when_the_event_names_none) {
  Stage stage;
  const auto phone = example::caller(stage.ann->principal, 22, "phone");
  stage.join(phone);
  stage.join(stage.ann);
  EXPECT_EQ(stage.room.seats.size(), 2U);
  EXPECT_NE(stage.room.seat_of(UserId("ann"), DeviceId("phone")), nullptr);
  EXPECT_NE(stage.room.seat_of(UserId("ann"), DeviceId()), nullptr);
}

struct Refused {
  const char* what;
  void (*arrange)(Stage&);
  Refusal refusal;
};

TEST(Join, is_refused_with_the_contracts_reason) {
  const Refused table[] = {
      {"no such session", [](Stage& s) { s.stored.reset(); }, Refusal::not_yours},
      {"not a participant", [](Stage& s) { s.stored->participants.clear(); }, Refusal::not_yours},
      {"cancelled", [](Stage& s) { s.stored->status = session::Status::cancelled; },
       Refusal::cancelled},
      {"declined", [](Stage& s) { s.stored->status = session::Status::declined; },
       Refusal::cancelled},
      {"unpaid", [](Stage& s) { s.stored->payment = session::Payment::pending; }, Refusal::unpaid},
      {"not confirmed", [](Stage& s) { s.stored->status = session::Status::approved; },
       Refusal::not_confirmed},
      {"too early", [](Stage& s) { s.stored->start = s.wall + seconds(901); }, Refusal::too_early},
      {"window over", [](Stage& s) { s.stored->start = s.wall - seconds(7201); },
       Refusal::session_ended},
      {"completed", [](Stage& s) { s.stored->status = session::Status::completed; },
       Refusal::session_ended},
      {"no show", [](Stage& s) { s.stored->status = session::Status::no_show; },
       Refusal::session_ended},
      {"another room", [](Stage& s) { s.stored->room = RoomId("room-2"); }, Refusal::wrong_room},
  };
  for (const Refused& row : table) {
    Stage stage;
    row.arrange(stage);
    const Decision decision = stage.join(stage.ann);
    EXPECT_EQ(refusal_of(decision), row.refusal) << row.what;
    EXPECT_THAT(decision.emissions, IsEmpty()) << row.what;
    EXPECT_FALSE(decision.gated()) << row.what;
    EXPECT_THAT(kinds_of(decision.notes), ElementsAre(Kind::join_refused)) << row.what;
    EXPECT_EQ(decision.notes.at(0).reason, text_of(row.refusal).code) << row.what;
    EXPECT_TRUE(stage.room.idle()) << row.what;
  }
}

TEST(Join, a_stranger_cannot_tell_a_foreign_session_from_none) {
  Stage foreign;
  Stage absent;
  absent.stored.reset();
  const auto one = foreign.join(foreign.eve);
  const auto other = absent.join(absent.eve);
  EXPECT_EQ(refusal_of(one), refusal_of(other));
  EXPECT_EQ(foreign.lines(one), absent.lines(other));
  Stage wrong_room;
  wrong_room.stored->room = RoomId("room-2");
  EXPECT_EQ(refusal_of(wrong_room.join(wrong_room.eve)), Refusal::not_yours);
}

TEST(Join, an_admin_is_no_participant) {
  Stage stage;
  const auto admin =
      example::caller(example::principal(example::user("ann", identity::Role::admin)), 7);
  EXPECT_EQ(refusal_of(stage.join(admin)), Refusal::not_yours);
}

TEST(Join, capacity_counts_people_of_each_type_and_a_full_room_still_takes_a_second_device) {
  const std::pair<session::Type, std::size_t> table[] = {{session::Type::individual, 2},
                                                         {session::Type::couples, 3},
                                                         {session::Type::family, 6},
                                                         {session::Type::group, 12}};
  for (const auto& [type, capacity] : table) {
    Stage stage;
    std::vector<std::string> clients;
    for (std::size_t at = 0; at <= capacity; ++at) clients.push_back("c" + std::to_string(at));
    stage.stored = example::session(type, clients);
    std::uint32_t number = 10;
    for (std::size_t at = 0; at <= capacity; ++at) {
      const auto who = example::caller(example::principal(example::user(clients[at])), number++);
      EXPECT_EQ(refusal_of(stage.join(who)),
                at < capacity ? std::nullopt : std::optional(Refusal::room_full));
    }
    EXPECT_EQ(stage.room.people(), capacity);
    const auto tablet = example::caller(example::principal(example::user("c0")), number++);
    EXPECT_FALSE(refusal_of(stage.join(tablet, "tablet")));
    EXPECT_EQ(stage.room.people(), capacity);
  }
}

TEST(Join, devices_of_one_person_are_bounded) {
  Stage stage;
  for (std::uint32_t at = 0; at < 5; ++at) {
    const auto who = example::caller(stage.ann->principal, 20 + at);
    EXPECT_EQ(refusal_of(stage.join(who, "device" + std::to_string(at))),
              at < 4 ? std::nullopt : std::optional(Refusal::room_full));
  }
}

TEST(Join, a_call_that_was_started_elsewhere_is_told_to_who_waits) {
  Stage stage;
  stage.join(stage.ann);
  stage.stored->status = session::Status::in_progress;
  stage.stored->call_started = stage.wall;
  const Decision decision = stage.join(stage.tea);
  EXPECT_EQ(stage.lines(decision),
            (Lines{"ann-2 <- call-started", "ann-2 <- user-joined tea-1", "tea-1 <- existing ann-2",
                   "tea-1 <- call-status", "tea-1 <- join-success 2 seat2"}));
  EXPECT_FALSE(decision.call);
}

TEST(Join, records_name_who_where_and_nothing_else) {
  Stage stage;
  const Decision decision = stage.join(stage.ann);
  const audit::Record& record = decision.records.at(0);
  EXPECT_EQ(record.actor, UserId("ann"));
  EXPECT_EQ(record.role, identity::Role::client);
  EXPECT_EQ(record.session, SessionId("s1"));
  EXPECT_EQ(record.room, RoomId("room-1"));
  EXPECT_EQ(record.at, stage.wall);
  EXPECT_EQ(record.connection, "c2");
  EXPECT_EQ(record.source, "s");
  EXPECT_FALSE(record.subject);
}

}  // namespace
}  // namespace stillroom::room
