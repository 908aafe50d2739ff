// SPDX-License-Identifier: Apache-2.0
#include "signalling/enquiries.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "testing/people_stage.hpp"

namespace stillroom::signalling {
namespace {

using audit::Kind;
using audit::Outcome;
using identity::Role;
using stillroom::testing::HeardAnswer;
using stillroom::testing::PeopleStage;

class EnquiriesTest : public ::testing::Test {
 protected:
  HeardAnswer<CanJoin> can_join(const std::string& user, const std::string& session = "s1") {
    HeardAnswer<CanJoin> heard;
    stage_.enquiries.can_join(stage_.principal(user), SessionId(session), stage_.trace,
                              heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  }
  HeardAnswer<SessionView> view(const std::string& user, const std::string& session = "s1") {
    HeardAnswer<SessionView> heard;
    stage_.enquiries.session(stage_.principal(user), SessionId(session), stage_.trace,
                             heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  }
  HeardAnswer<HistoryPage> history(const std::string& user, Page page) {
    HeardAnswer<HistoryPage> heard;
    stage_.enquiries.history(stage_.principal(user), page, stage_.trace, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  }
  std::string obstacle(const std::string& user) {
    auto heard = can_join(user);
    if (!heard.ok()) return std::string(heard.error().text);
    return heard.value().obstacle ? std::string(heard.value().obstacle->text) : "may";
  }
  PeopleStage stage_;
};

TEST_F(EnquiriesTest, can_join_says_what_stands_in_the_way) {
  using session::Payment;
  using session::Status;
  const auto told = [&](Status status, Payment payment, minutes start) {
    session::Session session = stage_.due("s1");
    session.status = status;
    session.payment = payment;
    session.start += start;
    stage_.store.put(session);
    const std::string client = obstacle("ann");
    EXPECT_EQ(obstacle("tea"), client);
    EXPECT_EQ(obstacle("bob"), "Unauthorized access to this session");
    EXPECT_EQ(obstacle("adm"), "Unauthorized access to this session");
    return client;
  };
  EXPECT_EQ(told(Status::confirmed, Payment::confirmed, minutes(0)), "may");
  EXPECT_EQ(told(Status::in_progress, Payment::waived, minutes(0)), "may");
  EXPECT_EQ(told(Status::confirmed, Payment::confirmed, minutes(15)), "may");
  EXPECT_EQ(told(Status::confirmed, Payment::confirmed, minutes(16)), "Too early to join");
  EXPECT_EQ(told(Status::confirmed, Payment::confirmed, minutes(-120)), "may");
  EXPECT_EQ(told(Status::confirmed, Payment::confirmed, minutes(-121)), "Session has ended");
  EXPECT_EQ(told(Status::completed, Payment::confirmed, minutes(0)), "Session has ended");
  EXPECT_EQ(told(Status::no_show, Payment::confirmed, minutes(0)), "Session has ended");
  EXPECT_EQ(told(Status::cancelled, Payment::pending, minutes(0)),
            "Cannot join cancelled or declined session");
  EXPECT_EQ(told(Status::declined, Payment::confirmed, minutes(0)),
            "Cannot join cancelled or declined session");
  EXPECT_EQ(told(Status::confirmed, Payment::pending, minutes(0)),
            "Payment must be confirmed before joining");
}

TEST_F(EnquiriesTest, a_session_that_is_not_yours_looks_like_one_that_is_not) {
  for (const std::string& id : {std::string("s1"), std::string("unknown"), std::string("../s1"),
                                std::string(), std::string(500, 'x')}) {
    auto asked = can_join("bob", id);
    auto seen = view("bob", id);
    ASSERT_FALSE(asked.ok()) << id;
    ASSERT_FALSE(seen.ok()) << id;
    EXPECT_EQ(asked.error().status, 403);
    EXPECT_EQ(encode_problem(asked.error()), encode_problem(seen.error()));
    EXPECT_EQ(asked.error().text, "Unauthorized access to this session");
  }
  EXPECT_EQ(stage_.recorded(Kind::session_read), 0U);
  stage_.events.end_window();
  stage_.settle();
  EXPECT_EQ(stage_.recorded(Kind::session_read, Outcome::refused), 10U);
  EXPECT_FALSE(stage_.audit_mentions("xxxx")) << "what is no id is not written down";
  EXPECT_FALSE(stage_.audit_mentions("../"));
}

TEST_F(EnquiriesTest, a_session_names_its_people) {
  auto heard = view("ann");
  ASSERT_TRUE(heard.ok());
  EXPECT_EQ(encode_session(heard.value()),
            R"({"session":{"id":"s1","roomId":"room-s1","type":"individual",)"
            R"("status":"confirmed","start":"2026-11-24T10:00:00.000Z","minutes":50,)"
            R"("payment":"confirmed","participants":[)"
            R"({"id":"tea","role":"psychologist","name":"Name of tea"},)"
            R"({"id":"ann","role":"client","name":"Name of ann"}]}})");
  stage_.put_user("tea", Role::psychologist, identity::UserStatus::deleted);
  auto later = view("ann");
  ASSERT_TRUE(later.ok());
  EXPECT_TRUE(later.value().participants.at(0).name.empty());
}

TEST_F(EnquiriesTest, who_came_by_a_link_sees_its_session_alone) {
  stage_.store.put(stage_.due("s2"));
  const identity::Principal ann = stage_.principal("ann", SessionId("s1"));
  const auto history = [&](const identity::Principal& who, Page page) {
    HeardAnswer<HistoryPage> heard;
    stage_.enquiries.history(who, page, stage_.trace, heard.listener());
    stage_.settle();
    std::string ids;
    for (const session::Session& each : heard.value().sessions) ids += each.id.text() + ' ';
    return ids;
  };
  EXPECT_EQ(history(ann, {20, 0}), "s1 ");
  EXPECT_EQ(history(ann, {20, 1}), "");
  EXPECT_EQ(history(stage_.principal("ann", SessionId("s9")), {20, 0}), "");
  EXPECT_EQ(history(stage_.principal("bob", SessionId("s1")), {20, 0}), "");
  for (const auto& [id, good] : {std::pair{"s1", true}, std::pair{"s2", false}}) {
    HeardAnswer<SessionView> seen;
    stage_.enquiries.session(ann, SessionId(id), stage_.trace, seen.listener());
    HeardAnswer<CanJoin> joining;
    stage_.enquiries.can_join(ann, SessionId(id), stage_.trace, joining.listener());
    stage_.settle();
    EXPECT_EQ(seen.ok(), good) << id;
    EXPECT_EQ(joining.ok(), good) << id;
  }
}

TEST_F(EnquiriesTest, a_call_that_is_over_has_its_length_in_whole_minutes) {
  session::Session session = stage_.due("s1");
  session.status = session::Status::completed;
  session.call_started = session.start;
  session.call_ended = session.start + minutes(49) + seconds(59);
  stage_.store.put(session);
  auto heard = view("tea");
  ASSERT_TRUE(heard.ok());
  const std::string body = encode_session(heard.value());
  EXPECT_NE(body.find(R"("callStarted":"2026-11-24T10:00:00.000Z")"), std::string::npos);
  EXPECT_NE(body.find(R"("callEnded":"2026-11-24T10:49:59.000Z","duration":49)"),
            std::string::npos);
}

TEST_F(EnquiriesTest, can_join_bodies_give_the_room_only_to_who_may_enter) {
  auto open = can_join("ann");
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(encode_can_join(open.value()),
            R"({"canJoin":true,"sessionId":"s1","roomId":"room-s1","status":"confirmed",)"
            R"("startsAt":"2026-11-24T10:00:00.000Z","opensAt":"2026-11-24T09:45:00.000Z",)"
            R"("closesAt":"2026-11-24T12:00:00.000Z"})");
  session::Session later = stage_.due("s1");
  later.start += minutes(30);
  stage_.store.put(later);
  auto early = can_join("ann");
  ASSERT_TRUE(early.ok());
  const std::string body = encode_can_join(early.value());
  EXPECT_EQ(body.find(R"({"canJoin":false,"reason":"Too early to join","code":"too_early")"), 0U);
  EXPECT_EQ(body.find("roomId"), std::string::npos);
}

TEST_F(EnquiriesTest, history_is_newest_first_and_in_pages) {
  for (int index = 2; index <= 5; ++index) {
    session::Session session = stage_.due("s" + std::to_string(index));
    session.start += std::chrono::hours(index);
    stage_.store.put(session);
  }
  auto all = history("ann", {20, 0});
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all.value().sessions.size(), 5U);
  EXPECT_EQ(all.value().sessions.front().id, SessionId("s5"));
  auto page = history("ann", {2, 1});
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page.value().sessions.size(), 2U);
  EXPECT_EQ(page.value().sessions.front().id, SessionId("s4"));
  auto none = history("bob", {20, 0});
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(encode_history(none.value()), R"({"sessions":[],"limit":20,"offset":0})");
  auto clamped = history("ann", {100'000, 0});
  EXPECT_EQ(clamped.value().page.limit, kPageLimitMax);
  EXPECT_EQ(history("ann", {0, 0}).value().page.limit, 1U);
  EXPECT_EQ(stage_.recorded(Kind::history_read), 5U);
}

TEST_F(EnquiriesTest, config_gives_each_person_credentials_of_their_own) {
  stage_.ice.relay = true;
  HeardAnswer<events::Ice> heard;
  stage_.enquiries.config(stage_.principal("ann"), stage_.trace, heard.listener());
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  EXPECT_EQ(encode_config(heard.value()),
            R"({"iceServers":[{"urls":["turn:turn.example:3478"],"username":"1:ann",)"
            R"("credential":"pass"}],"policy":{"iceTransportPolicy":"relay"}})");
  EXPECT_EQ(stage_.recorded(Kind::ice_credentials_issued), 1U);
  EXPECT_FALSE(stage_.audit_mentions("pass"));
}

/// One enquiry of each kind, told only whether it was answered and how.
struct Enquiry {
  std::string name;
  Kind record;
  std::function<std::function<std::string()>(PeopleStage&)> ask;
};

template <class T, class Ask>
Enquiry enquiry(std::string name, Kind record, Ask ask) {
  return {std::move(name), record, [ask](PeopleStage& stage) {
            auto heard = std::make_shared<HeardAnswer<T>>();
            ask(stage, heard->listener());
            return std::function<std::string()>([heard]() -> std::string {
              if (!heard->came()) return "waiting";
              return heard->ok() ? "shown" : std::string(heard->error().code);
            });
          }};
}

std::vector<Enquiry> enquiries() {
  return {
      enquiry<CanJoin>("can-join", Kind::session_read,
                       [](PeopleStage& stage, Answer<CanJoin> answer) {
                         stage.enquiries.can_join(stage.principal("ann"), SessionId("s1"),
                                                  stage.trace, std::move(answer));
                       }),
      enquiry<SessionView>("session", Kind::session_read,
                           [](PeopleStage& stage, Answer<SessionView> answer) {
                             stage.enquiries.session(stage.principal("ann"), SessionId("s1"),
                                                     stage.trace, std::move(answer));
                           }),
      enquiry<HistoryPage>("history", Kind::history_read,
                           [](PeopleStage& stage, Answer<HistoryPage> answer) {
                             stage.enquiries.history(stage.principal("ann"), {}, stage.trace,
                                                     std::move(answer));
                           }),
      enquiry<events::Ice>("config", Kind::ice_credentials_issued,
                           [](PeopleStage& stage, Answer<events::Ice> answer) {
                             stage.enquiries.config(stage.principal("ann"), stage.trace,
                                                    std::move(answer));
                           }),
  };
}

TEST(Reads, are_recorded_before_they_are_seen) {
  for (const Enquiry& enquiry : enquiries()) {
    PeopleStage stage;
    const auto outcome = enquiry.ask(stage);
    EXPECT_EQ(outcome(), "waiting") << enquiry.name;
    while (stage.step()) {
      if (outcome() == "shown") {
        EXPECT_EQ(stage.recorded(enquiry.record), 1U) << enquiry.name;
      }
    }
    EXPECT_EQ(outcome(), "shown") << enquiry.name;
  }
}

TEST(Reads, that_cannot_be_recorded_show_nothing) {
  for (const Enquiry& enquiry : enquiries()) {
    PeopleStage stage;
    stage.store.fail_next_commit();
    const auto outcome = enquiry.ask(stage);
    stage.settle();
    EXPECT_EQ(outcome(), "unavailable") << enquiry.name;
    EXPECT_EQ(stage.recorded(enquiry.record), 0U) << enquiry.name;
    EXPECT_EQ(stage.ice.issued, 0) << enquiry.name;
  }
}

TEST(Reads, answer_once_wherever_the_store_goes_away) {
  int failed = 0;
  for (const Enquiry& enquiry : enquiries()) {
    for (int steps = 0; steps < 12; ++steps) {
      PeopleStage stage;
      const auto outcome = enquiry.ask(stage);
      for (int step = 0; step < steps; ++step) stage.step();
      if (outcome() != "waiting") break;
      stage.store.go_away();
      stage.settle();
      ASSERT_NE(outcome(), "waiting") << enquiry.name << ' ' << steps;
      if (outcome() == "shown") {
        EXPECT_EQ(stage.recorded(enquiry.record), 1U) << enquiry.name;
      }
      if (outcome() == "unavailable") ++failed;
    }
  }
  EXPECT_GE(failed, 8);
}

}  // namespace
}  // namespace stillroom::signalling
