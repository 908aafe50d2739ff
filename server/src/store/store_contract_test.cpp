// SPDX-License-Identifier: Apache-2.0
// What every `signalling::Store` keeps to; the port's comments in signalling/ports.hpp, as facts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "store/missed_notes.hpp"
#include "store/store_contract.hpp"

namespace stillroom::store {
namespace {

using identity::Role;
using identity::UserStatus;
using samples::at;
using samples::record;
using session::Status;
using signalling::StoreError;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

INSTANTIATE_TEST_SUITE_P(Every, StoreContract,
                         ::testing::Values(Implementation{"memory", &make_memory_harness},
                                           Implementation{"sqlite", &make_sqlite_harness}),
                         [](const auto& run) { return std::string(run.param.name); });

TEST_P(StoreContract, user_comes_back_as_added) {
  for (const Role role :
       {Role::client, Role::psychologist, Role::admin, Role::interpreter, Role::observer}) {
    for (const UserStatus status :
         {UserStatus::active, UserStatus::inactive, UserStatus::deleted}) {
      const std::string id =
          std::string(identity::to_text(role)) + "-" + std::to_string(static_cast<int>(status));
      identity::User user = samples::user(id, role);
      user.status = status;
      ASSERT_TRUE(store.commit({signalling::AddUser{user}}));
      const auto found = store.user(id);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->id.text(), id);
      EXPECT_EQ(found->role, role);
      EXPECT_EQ(found->name, user.name);
      EXPECT_EQ(found->status, status);
    }
  }
}

TEST_P(StoreContract, unknown_ids_are_empty_answers) {
  EXPECT_FALSE(store.user("nobody"));
  EXPECT_FALSE(store.session("none"));
  EXPECT_FALSE(store.link_code("none"));
  EXPECT_FALSE(store.service_key("none"));
  EXPECT_THAT(store.sessions_of("nobody", {}), IsEmpty());
  EXPECT_THAT(store.all_users({}), IsEmpty());
  EXPECT_THAT(store.all_sessions({}), IsEmpty());
}

TEST_P(StoreContract, strange_text_comes_back_byte_for_byte) {
  const std::string id("a'b\"c;--\0d\xF0\x9F\x92\xAC", 14);
  identity::User user = samples::user(id);
  user.name = PersonName("");
  ASSERT_TRUE(store.commit({signalling::AddUser{user}}));
  const auto found = store.user(id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id.text(), id);
  EXPECT_EQ(found->name.text(), "");
  EXPECT_FALSE(store.user("a'b\"c;--"));
}

TEST_P(StoreContract, user_id_is_taken_once) {
  ASSERT_TRUE(add_user("one", Role::admin));
  expect_conflict(signalling::AddUser{samples::user("one", Role::client)});
  EXPECT_EQ(store.user("one")->role, Role::admin);
}

TEST_P(StoreContract, empty_ids_are_nobody) {
  expect_conflict(signalling::AddUser{samples::user("")});
  expect_conflict(signalling::AddSession{samples::session("", {})});
}

TEST_P(StoreContract, status_is_set_of_known_users_only) {
  ASSERT_TRUE(add_user("one"));
  ASSERT_TRUE(store.commit({signalling::SetUserStatus{UserId("one"), UserStatus::inactive}}));
  EXPECT_EQ(store.user("one")->status, UserStatus::inactive);
  expect_conflict(signalling::SetUserStatus{UserId("other"), UserStatus::inactive});
}

TEST_P(StoreContract, session_comes_back_as_added) {
  ASSERT_TRUE(add_user("zoe"));
  ASSERT_TRUE(add_user("adam", Role::psychologist));
  session::Session added = samples::session("s1", {"zoe"});
  added.type = session::Type::couples;
  added.status = Status::no_show;
  added.payment = session::Payment::waived;
  added.start = at(-5);
  added.length = minutes(95);
  added.participants.push_back({UserId("adam"), Role::psychologist});
  added.call_started = at(7);
  ASSERT_TRUE(add_session(added));

  const auto found = store.session("s1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, added.id);
  EXPECT_EQ(found->room, added.room);
  EXPECT_EQ(found->type, session::Type::couples);
  EXPECT_EQ(found->status, Status::no_show);
  EXPECT_EQ(found->payment, session::Payment::waived);
  EXPECT_EQ(found->start, at(-5));
  EXPECT_EQ(found->length, minutes(95));
  EXPECT_EQ(found->call_started, at(7));
  EXPECT_EQ(found->call_ended, std::nullopt);
  ASSERT_EQ(found->participants.size(), 2U);  // in the order given, not of their ids
  EXPECT_EQ(found->participants[0].user.text(), "zoe");
  EXPECT_EQ(found->participants[1].user.text(), "adam");
  EXPECT_EQ(found->participants[1].role, Role::psychologist);
}

TEST_P(StoreContract, session_and_room_ids_are_taken_once) {
  add_people_and_session("s1");
  expect_conflict(signalling::AddSession{samples::session("s1", {"client"})});
  session::Session same_room = samples::session("s2", {"client"});
  same_room.room = RoomId("room-of-s1");
  expect_conflict(signalling::AddSession{same_room});
  EXPECT_FALSE(store.session("s2"));
  EXPECT_EQ(store.session("s1")->participants.size(), 2U);
}

TEST_P(StoreContract, participants_exist_and_take_part_once) {
  ASSERT_TRUE(add_user("client"));
  expect_conflict(signalling::AddSession{samples::session("s1", {"client", "stranger"})});
  expect_conflict(signalling::AddSession{samples::session("s1", {"client", "client"})});
  EXPECT_FALSE(store.session("s1"));
  EXPECT_THAT(store.sessions_of("client", {}), IsEmpty());
}

TEST_P(StoreContract, session_status_changes_from_what_was_seen) {
  add_people_and_session("s1");
  expect_conflict(
      signalling::SetSessionStatus{SessionId("s1"), Status::pending, Status::cancelled});
  EXPECT_EQ(store.session("s1")->status, Status::confirmed);
  ASSERT_TRUE(store.commit(
      {signalling::SetSessionStatus{SessionId("s1"), Status::confirmed, Status::cancelled}}));
  EXPECT_EQ(store.session("s1")->status, Status::cancelled);
  expect_conflict(
      signalling::SetSessionStatus{SessionId("none"), Status::confirmed, Status::cancelled});
}

TEST_P(StoreContract, call_starts_once_and_ends_once) {
  add_people_and_session("s1");
  expect_conflict(signalling::EndCall{SessionId("s1"), at(1)});
  ASSERT_TRUE(store.commit({signalling::StartCall{SessionId("s1"), at(10)}}));
  EXPECT_EQ(store.session("s1")->status, Status::in_progress);
  EXPECT_EQ(store.session("s1")->call_started, at(10));
  expect_conflict(signalling::StartCall{SessionId("s1"), at(11)});
  EXPECT_EQ(store.session("s1")->call_started, at(10));
  ASSERT_TRUE(store.commit({signalling::EndCall{SessionId("s1"), at(20)}}));
  EXPECT_EQ(store.session("s1")->status, Status::completed);
  EXPECT_EQ(store.session("s1")->call_ended, at(20));
  expect_conflict(signalling::EndCall{SessionId("s1"), at(21)});
  expect_conflict(signalling::StartCall{SessionId("s1"), at(22)});
}

TEST_P(StoreContract, replies_keep_their_order_over_all_workers) {
  std::vector<std::string> order;
  const auto other = harness->port(harness->loop.poster());
  harness->hold();
  const auto ask = [&order](signalling::Store& port, const std::string& name) {
    port.find_user(UserId("nobody"), [&order, name](const auto&) { order.push_back(name); });
  };
  ask(store.port(), "one 1");
  ask(*other, "two 1");
  ask(store.port(), "one 2");
  ask(*other, "two 2");
  harness->release();
  while (order.size() < 4) harness->loop.run_one();
  EXPECT_THAT(order, ElementsAre("one 1", "two 1", "one 2", "two 2"))
      << "who acts on a reply is not overtaken by what was done before it";
}

TEST_P(StoreContract, conflict_undoes_the_whole_commit) {
  ASSERT_TRUE(add_user("taken"));
  const auto done = store.commit({signalling::AddUser{samples::user("fresh")},
                                  signalling::SetUserStatus{UserId("taken"), UserStatus::deleted},
                                  signalling::AddUser{samples::user("taken")}},
                                 {record("never")});
  EXPECT_EQ(error_of(done), StoreError::conflict);
  EXPECT_FALSE(store.user("fresh"));
  EXPECT_EQ(store.user("taken")->status, UserStatus::active);
  EXPECT_THAT(harness->reasons(), IsEmpty());
}

TEST_P(StoreContract, changes_of_one_commit_see_each_other) {
  EXPECT_TRUE(store.commit({signalling::AddUser{samples::user("one")},
                            signalling::AddSession{samples::session("s1", {"one"})},
                            signalling::StartCall{SessionId("s1"), at(1)}}));
  EXPECT_EQ(store.session("s1")->status, Status::in_progress);
}

TEST_P(StoreContract, conflict_takes_no_other_commit_with_it) {
  std::vector<std::optional<StoreError>> outcomes;
  harness->hold();
  for (const char* id : {"a", "b", "a", "c"}) {
    store.port().commit({{signalling::AddUser{samples::user(id)}}, {record(id)}},
                        [&outcomes](auto done) { outcomes.push_back(error_of(done)); });
  }
  harness->release();
  while (outcomes.size() < 4) harness->loop.run_one();
  EXPECT_THAT(outcomes,
              ElementsAre(std::nullopt, std::nullopt, StoreError::conflict, std::nullopt));
  EXPECT_TRUE(store.user("a") && store.user("b") && store.user("c"));
  EXPECT_THAT(harness->reasons(), ElementsAre("a", "b", "c"));
}

TEST_P(StoreContract, empty_commit_is_done) {
  EXPECT_TRUE(store.commit({}, {}));
}

TEST_P(StoreContract, records_and_notes_keep_their_order) {
  ASSERT_TRUE(store.commit({}, {record("1"), record("2")}));
  store.port().note(record("3"));
  ASSERT_TRUE(store.commit({}, {record("4")}));
  store.port().note(record("5"));
  ASSERT_TRUE(store.commit({}, {record("6")}));
  EXPECT_THAT(harness->reasons(), ElementsAre("1", "2", "3", "4", "5", "6"));
}

TEST_P(StoreContract, no_reply_comes_from_within_the_call) {
  bool inside = true;
  bool replied = false;
  store.port().find_user(UserId("nobody"), [&inside, &replied](const auto&) {
    EXPECT_FALSE(inside);
    replied = true;
  });
  EXPECT_FALSE(replied);
  inside = false;
  while (!replied) harness->loop.run_one();
}

TEST_P(StoreContract, replies_come_in_the_order_of_the_questions) {
  std::vector<int> order;
  for (int question = 0; question < 50; ++question) {
    if (question % 3 == 0) {
      store.port().commit({{}, {record("r")}},
                          [&order, question](const auto&) { order.push_back(question); });
    } else {
      store.port().find_user(UserId("nobody"),
                             [&order, question](const auto&) { order.push_back(question); });
    }
  }
  while (order.size() < 50) harness->loop.run_one();
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST_P(StoreContract, reads_see_the_commits_asked_before_them) {
  std::optional<identity::User> found;
  bool replied = false;
  harness->hold();
  store.port().commit({{signalling::AddUser{samples::user("one")}}, {}}, [](const auto&) {});
  store.port().find_user(UserId("one"), [&found, &replied](const auto& answer) {
    found = answer.value();
    replied = true;
  });
  harness->release();
  while (!replied) harness->loop.run_one();
  EXPECT_TRUE(found);
}

TEST_P(StoreContract, each_worker_gets_its_own_replies) {
  ReplyLoop other_loop;
  const auto other = harness->port(other_loop.poster());
  const auto answer = other_loop.wait<std::optional<identity::User>>(
      [&other](auto reply) { other->find_user(UserId("nobody"), std::move(reply)); });
  EXPECT_TRUE(answer.ok());
}

TEST_P(StoreContract, sessions_come_newest_first_and_in_pages) {
  ASSERT_TRUE(add_user("client"));
  ASSERT_TRUE(add_user("other"));
  for (const auto& [id, start] : {std::pair{"b", 200}, {"a", 200}, {"old", 100}, {"new", 300}}) {
    ASSERT_TRUE(add_session(samples::session(id, {"client"}, start)));
  }
  ASSERT_TRUE(add_session(samples::session("not-mine", {"other"}, 250)));
  const auto ids = [](const std::vector<session::Session>& sessions) {
    std::vector<std::string> texts;
    for (const session::Session& one : sessions) texts.push_back(one.id.text());
    return texts;
  };
  EXPECT_THAT(ids(store.sessions_of("client", {})), ElementsAre("new", "a", "b", "old"));
  EXPECT_THAT(ids(store.sessions_of("client", {2, 1})), ElementsAre("a", "b"));
  EXPECT_THAT(ids(store.sessions_of("client", {2, 4})), IsEmpty());
  EXPECT_THAT(ids(store.all_sessions({3, 0})), ElementsAre("new", "not-mine", "a"));
}

TEST_P(StoreContract, page_holds_a_hundred_at_most) {
  std::vector<signalling::Change> users;
  for (int number = 0; number < 130; ++number) {
    users.emplace_back(signalling::AddUser{samples::user("user-" + std::to_string(1000 + number))});
  }
  ASSERT_TRUE(store.commit(std::move(users)));
  const auto first = store.all_users({4000, 0});
  ASSERT_EQ(first.size(), 100U);
  EXPECT_EQ(first.front().id.text(), "user-1000");
  EXPECT_EQ(store.all_users({4000, 100}).size(), 30U);
  EXPECT_THAT(store.all_users({0, 0}), IsEmpty());
}

TEST_P(StoreContract, what_was_acknowledged_survives_a_restart) {
  add_people_and_session("s1");
  ASSERT_TRUE(store.commit({signalling::StartCall{SessionId("s1"), at(5)}}, {record("started")}));
  harness->restart();
  Asker again(*harness);
  EXPECT_EQ(again.session("s1")->call_started, at(5));
  EXPECT_EQ(again.user("client")->name.text(), "Name of client");
  EXPECT_THAT(harness->reasons(), ElementsAre("started"));
}

TEST_P(StoreContract, queue_that_is_full_answers_unavailable) {
  harness->hold();
  int unavailable = 0;
  int answered = 0;
  constexpr int kAsked = 4096 + 10;
  for (int number = 0; number < kAsked; ++number) {
    store.port().find_user(UserId("nobody"), [&unavailable, &answered](const auto& answer) {
      answered += 1;
      if (!answer && answer.error() == StoreError::unavailable) unavailable += 1;
    });
  }
  harness->release();
  while (answered < kAsked) harness->loop.run_one();
  EXPECT_EQ(unavailable, 10);
}

TEST_P(StoreContract, notes_beyond_the_bound_are_counted_by_kind) {
  harness->hold();
  for (std::size_t number = 0; number < kNotesWaitingMax; ++number) {
    store.port().note(record("told"));
  }
  for (int number = 0; number < 7; ++number) {
    store.port().note(record("lost", audit::Kind::join_refused));
  }
  for (int number = 0; number < 3; ++number) {
    store.port().note(record("lost", audit::Kind::connect_refused));
  }
  harness->release();
  ASSERT_TRUE(store.commit({}, {record("end")}));
  const std::vector<std::string> reasons = harness->reasons();
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "told"), 4096);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "count:7"), 1);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "count:3"), 1);
  EXPECT_EQ(std::count(reasons.begin(), reasons.end(), "lost"), 0);
  EXPECT_EQ(reasons.back(), "end");
}

TEST_P(StoreContract, ten_thousand_records_lie_in_order) {
  constexpr int kRecords = 10'000;
  int done = 0;
  for (int number = 0; number < kRecords; ++number) {
    store.port().commit({{}, {record(std::to_string(number))}}, [&done](const auto& result) {
      EXPECT_TRUE(result.ok());
      done += 1;
    });
    // A client that keeps to the bound: at most 1,000 at once.
    while (number - done >= 1000) harness->loop.run_one();
  }
  while (done < kRecords) harness->loop.run_one();
  const std::vector<std::string> reasons = harness->reasons();
  ASSERT_EQ(reasons.size(), static_cast<std::size_t>(kRecords));
  for (int number = 0; number < kRecords; ++number) {
    ASSERT_EQ(reasons[static_cast<std::size_t>(number)], std::to_string(number));
  }
}

}  // namespace
}  // namespace stillroom::store
