// SPDX-License-Identifier: Apache-2.0
#include "signalling/administration.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "testing/people_stage.hpp"

namespace stillroom::signalling {
namespace {

using audit::Kind;
using identity::Role;
using session::Status;
using session::Type;
using stillroom::testing::HeardAdmin;
using stillroom::testing::PeopleStage;

class AdministrationTest : public ::testing::Test {
 protected:
  HeardAdmin<identity::User> add_user(const NewUser& order) {
    HeardAdmin<identity::User> heard;
    stage_.administration.add_user(order, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  }
  HeardAdmin<session::Session> add_session(const NewSession& order) {
    HeardAdmin<session::Session> heard;
    stage_.administration.add_session(order, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  }
  HeardAdmin<CancelledSession> cancel(const std::string& id) {
    HeardAdmin<CancelledSession> heard;
    stage_.administration.cancel_session(id, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  }
  HeardAdmin<FreshToken> mint_token(const std::string& user, seconds life) {
    HeardAdmin<FreshToken> heard;
    stage_.administration.mint_token({user, life}, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  }
  HeardAdmin<RevokedAt> revoke_token(const std::string& jti) {
    HeardAdmin<RevokedAt> heard;
    stage_.administration.revoke_token(jti, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  }
  HeardAdmin<RevokedAt> revoke_tokens_of(const std::string& user) {
    HeardAdmin<RevokedAt> heard;
    stage_.administration.revoke_tokens_of(user, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  }
  /// Whether somebody with a token of now, or of so long ago, is let through.
  bool opens(const std::string& user, Role role, seconds age = seconds(0)) {
    stillroom::testing::HeardAnswer<identity::Principal> heard;
    const identity::TokenText token(stage_.token(user, role, age));
    const auto verified = stage_.verifier.verify(token, stage_.clock.wall_now());
    stage_.door.authenticate(verified.value(), stage_.trace, heard.listener());
    stage_.settle();
    return heard.ok();
  }
  NewSession order(std::vector<std::string> clients) const {
    NewSession order;
    order.clients = std::move(clients);
    order.therapist = "tea";
    order.start = stage_.clock.wall_now();
    return order;
  }
  /// `client1` … exist afterwards.
  std::vector<std::string> clients(std::size_t count) {
    std::vector<std::string> ids;
    for (std::size_t index = 1; index <= count; ++index) {
      ids.push_back("client" + std::to_string(index));
      stage_.put_user(ids.back(), Role::client);
    }
    return ids;
  }
  PeopleStage stage_;
};

TEST_F(AdministrationTest, a_user_is_added_with_its_record) {
  auto heard = add_user({"new", "Zoë", Role::psychologist});
  ASSERT_TRUE(heard.ok());
  const auto stored = stage_.store.user(UserId("new"));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->name, PersonName("Zoë"));
  EXPECT_EQ(stored->role, Role::psychologist);
  EXPECT_EQ(stage_.recorded(Kind::user_added), 1U);
  EXPECT_EQ(encode_user(heard.value()),
            R"({"id":"new","name":"Zoë","role":"psychologist","status":"active"})");
}

TEST_F(AdministrationTest, a_user_is_not_added_twice) {
  auto heard = add_user({"ann", "Another Ann", Role::admin});
  ASSERT_FALSE(heard.ok());
  EXPECT_EQ(heard.error().refusal, AdminRefusal::user_exists);
  EXPECT_EQ(stage_.store.user(UserId("ann"))->role, Role::client);
  EXPECT_EQ(stage_.recorded(Kind::user_added), 0U);
}

TEST_F(AdministrationTest, ids_and_names_keep_their_rules) {
  for (const std::string& id : {std::string(), std::string("a b"), std::string("a/b"),
                                std::string("a\nb"), std::string("é"), std::string(129, 'a')}) {
    auto heard = add_user({id, "Name", Role::client});
    ASSERT_FALSE(heard.ok()) << id;
    EXPECT_EQ(heard.error().refusal, AdminRefusal::invalid);
  }
  for (const std::string& name : {std::string(), std::string(" x"), std::string("a\tb"),
                                  std::string("\xFF"), std::string(201, 'a')}) {
    auto heard = add_user({"fine", name, Role::client});
    ASSERT_FALSE(heard.ok()) << name;
    EXPECT_EQ(heard.error().refusal, AdminRefusal::invalid);
  }
  EXPECT_TRUE(stage_.store.records().empty());
}

TEST_F(AdministrationTest, a_disabled_user_stays_known_and_gets_no_token) {
  HeardAdmin<identity::User> heard;
  stage_.administration.disable_user("ann", heard.listener());
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  EXPECT_EQ(stage_.store.user(UserId("ann"))->status, identity::UserStatus::inactive);
  EXPECT_EQ(stage_.recorded(Kind::user_disabled), 1U);
  EXPECT_EQ(mint_token("ann", seconds(60)).error().refusal, AdminRefusal::user_inactive);
  HeardAdmin<identity::User> unknown;
  stage_.administration.disable_user("nobody", unknown.listener());
  stage_.settle();
  EXPECT_EQ(unknown.error().refusal, AdminRefusal::user_unknown);
}

TEST_F(AdministrationTest, a_session_gets_ids_nobody_can_guess) {
  std::set<std::string> ids;
  for (int round = 0; round < 20; ++round) {
    auto heard = add_session(order({"ann"}));
    ASSERT_TRUE(heard.ok());
    ids.insert(heard.value().id.text());
    ids.insert(heard.value().room.text());
    EXPECT_EQ(heard.value().room.text().find("room-"), 0U);
    EXPECT_EQ(heard.value().room.text().size(), 41U);
  }
  EXPECT_EQ(ids.size(), 40U);
  EXPECT_EQ(stage_.recorded(Kind::session_added), 20U);
}

TEST_F(AdministrationTest, a_session_is_stored_as_ordered) {
  NewSession wanted = order({"ann", "bob"});
  wanted.start += std::chrono::hours(5);
  wanted.length = minutes(90);
  wanted.status = Status::pending;
  wanted.payment = session::Payment::pending;
  auto heard = add_session(wanted);
  ASSERT_TRUE(heard.ok());
  const auto stored = stage_.store.session(heard.value().id);
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->type, Type::couples) << "the smallest that holds three";
  EXPECT_EQ(stored->status, Status::pending);
  EXPECT_EQ(stored->payment, session::Payment::pending);
  EXPECT_EQ(stored->start, wanted.start);
  EXPECT_EQ(stored->length, minutes(90));
  EXPECT_TRUE(session::takes_part(UserId("tea"), Role::psychologist, *stored));
  EXPECT_TRUE(session::takes_part(UserId("bob"), Role::client, *stored));
  EXPECT_EQ(encode_added(heard.value()), R"({"sessionId":")" + stored->id.text() +
                                             R"(","roomId":")" + stored->room.text() + R"("})");
}

TEST_F(AdministrationTest, each_type_holds_its_number_of_people) {
  const std::vector<std::string> all = clients(12);
  for (const auto& [type, people] : {std::pair{Type::individual, 2U}, std::pair{Type::couples, 3U},
                                     std::pair{Type::family, 6U}, std::pair{Type::group, 12U}}) {
    EXPECT_EQ(capacity(type), people);
    NewSession fits = order({all.begin(), all.begin() + people - 1});
    fits.type = type;
    EXPECT_TRUE(add_session(fits).ok()) << people;
    NewSession over = order({all.begin(), all.begin() + people});
    over.type = type;
    auto refused = add_session(over);
    ASSERT_FALSE(refused.ok()) << people;
    EXPECT_EQ(refused.error().refusal, AdminRefusal::invalid);
  }
  EXPECT_FALSE(add_session(order(all)).ok()) << "thirteen people fit nowhere";
}

TEST_F(AdministrationTest, people_of_a_session_have_the_right_roles_and_come_once) {
  const auto refusal = [&](const NewSession& wanted) {
    auto heard = add_session(wanted);
    EXPECT_FALSE(heard.ok());
    return heard.ok() ? "added" : std::string(code(heard.error().refusal));
  };
  EXPECT_EQ(refusal(order({})), "invalid");
  EXPECT_EQ(refusal(order({"ann", "ann"})), "invalid");
  EXPECT_EQ(refusal(order({"tea"})), "invalid");
  EXPECT_EQ(refusal(order({"a b"})), "invalid");
  EXPECT_EQ(refusal(order({"nobody"})), "user_unknown");
  EXPECT_EQ(refusal(order({"adm"})), "wrong_role");
  NewSession led_by_client = order({"ann"});
  led_by_client.therapist = "bob";
  EXPECT_EQ(refusal(led_by_client), "wrong_role");
  stage_.put_user("bob", Role::client, identity::UserStatus::inactive);
  EXPECT_EQ(refusal(order({"bob"})), "user_inactive");
  stage_.put_user("gone", Role::client, identity::UserStatus::deleted);
  EXPECT_EQ(refusal(order({"gone"})), "user_unknown");
  EXPECT_EQ(stage_.recorded(Kind::session_added), 0U);
}

TEST_F(AdministrationTest, a_session_has_five_to_six_hundred_minutes) {
  for (const auto& [length, good] : {std::pair{4, false}, std::pair{5, true}, std::pair{600, true},
                                     std::pair{601, false}, std::pair{-50, false}}) {
    NewSession wanted = order({"ann"});
    wanted.length = minutes(length);
    EXPECT_EQ(add_session(wanted).ok(), good) << length;
  }
}

TEST_F(AdministrationTest, only_what_is_not_over_can_be_cancelled) {
  for (const auto& [status, good] :
       {std::pair{Status::pending, true}, std::pair{Status::approved, true},
        std::pair{Status::confirmed, true}, std::pair{Status::in_progress, true},
        std::pair{Status::completed, false}, std::pair{Status::cancelled, false},
        std::pair{Status::declined, false}, std::pair{Status::no_show, false}}) {
    session::Session session = stage_.due("s1");
    session.status = status;
    stage_.store.put(session);
    auto heard = cancel("s1");
    ASSERT_EQ(heard.ok(), good) << to_text(status);
    if (good) {
      EXPECT_EQ(heard.value().was, status);
      EXPECT_EQ(heard.value().room, RoomId("room-s1"));
      EXPECT_EQ(stage_.store.session(SessionId("s1"))->status, Status::cancelled);
    } else {
      EXPECT_EQ(heard.error().refusal, AdminRefusal::session_over);
      EXPECT_EQ(stage_.store.session(SessionId("s1"))->status, status);
    }
  }
  EXPECT_EQ(stage_.recorded(Kind::session_cancelled), 4U);
  EXPECT_EQ(cancel("unknown").error().refusal, AdminRefusal::session_unknown);
  EXPECT_EQ(cancel("../s1").error().refusal, AdminRefusal::invalid);
}

TEST_F(AdministrationTest, a_cancel_that_meets_another_change_does_nothing) {
  HeardAdmin<CancelledSession> heard;
  stage_.administration.cancel_session("s1", heard.listener());
  stage_.step();
  stage_.step();
  ASSERT_FALSE(heard.came());
  session::Session session = stage_.due("s1");
  session.status = Status::in_progress;
  stage_.store.put(session);
  stage_.settle();
  ASSERT_TRUE(heard.came());
  ASSERT_FALSE(heard.ok());
  EXPECT_EQ(heard.error().refusal, AdminRefusal::conflict);
  EXPECT_EQ(stage_.store.session(SessionId("s1"))->status, Status::in_progress);
}

TEST_F(AdministrationTest, a_minted_token_opens_the_door_for_its_life) {
  auto heard = mint_token("ann", seconds(900));
  ASSERT_TRUE(heard.ok());
  const std::string token(heard.value().token.reveal());
  EXPECT_TRUE(stage_.door.prove({token, std::nullopt, std::nullopt}, stage_.trace));
  EXPECT_EQ(heard.value().expires, stage_.clock.wall_now() + seconds(900));
  EXPECT_EQ(stage_.recorded(Kind::token_minted), 1U);
  for (const seconds life : {seconds(0), seconds(-1), seconds(901)}) {
    EXPECT_EQ(mint_token("ann", life).error().refusal, AdminRefusal::invalid);
  }
  EXPECT_EQ(mint_token("nobody", seconds(60)).error().refusal, AdminRefusal::user_unknown);
  EXPECT_FALSE(stage_.audit_mentions(token.substr(0, 20)));
}

TEST_F(AdministrationTest, a_revoked_token_opens_nothing_and_is_named_in_no_record) {
  EXPECT_TRUE(opens("ann", Role::client));
  auto heard = revoke_token("id");
  ASSERT_TRUE(heard.ok());
  EXPECT_EQ(heard.value().name, "id");
  EXPECT_FALSE(opens("ann", Role::client));
  EXPECT_EQ(stage_.recorded(Kind::token_revoked), 1U);
  EXPECT_TRUE(revoke_token("nobody has seen it").ok());
  EXPECT_FALSE(stage_.audit_mentions("nobody has seen it"));
  EXPECT_EQ(revoke_token("").error().refusal, AdminRefusal::invalid);
  EXPECT_EQ(revoke_token(std::string(4097, 'x')).error().refusal, AdminRefusal::invalid);
}

TEST_F(AdministrationTest, what_a_person_held_until_now_opens_nothing_and_what_comes_later_does) {
  stage_.clock.advance(seconds(100));
  ASSERT_TRUE(revoke_tokens_of("ann").ok());
  EXPECT_FALSE(opens("ann", Role::client));
  EXPECT_FALSE(opens("ann", Role::client, seconds(90)));
  EXPECT_TRUE(opens("tea", Role::psychologist));
  stage_.clock.advance(seconds(1));
  EXPECT_TRUE(opens("ann", Role::client));
  EXPECT_FALSE(opens("ann", Role::client, seconds(2)));
  EXPECT_EQ(stage_.recorded(Kind::tokens_revoked), 1U);
  EXPECT_EQ(revoke_tokens_of("nobody").error().refusal, AdminRefusal::user_unknown);
  EXPECT_EQ(revoke_tokens_of("no body").error().refusal, AdminRefusal::invalid);
}

TEST_F(AdministrationTest, a_link_is_for_participants_and_a_bounded_time) {
  const auto mint = [&](const std::string& user, const std::string& session, seconds life) {
    HeardAdmin<MintedLink> heard;
    stage_.administration.mint_link({user, session, life}, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    return heard;
  };
  auto good = mint("ann", "s1", kLinkLifeMax);
  ASSERT_TRUE(good.ok());
  const std::string code(good.value().code.reveal());
  EXPECT_EQ(code.size(), kLinkCodeCharacters);
  EXPECT_EQ(encode_minted_link(good.value()), R"({"code":")" + code + R"(","path":"/#code=)" +
                                                  code +
                                                  R"(","expiresAt":"2026-12-24T10:00:00.000Z"})");
  EXPECT_FALSE(stage_.audit_mentions(code));
  EXPECT_EQ(mint("bob", "s1", seconds(60)).error().refusal, AdminRefusal::not_participant);
  EXPECT_EQ(mint("adm", "s1", seconds(60)).error().refusal, AdminRefusal::not_participant);
  EXPECT_EQ(mint("nobody", "s1", seconds(60)).error().refusal, AdminRefusal::user_unknown);
  EXPECT_EQ(mint("ann", "s9", seconds(60)).error().refusal, AdminRefusal::session_unknown);
  EXPECT_EQ(mint("ann", "s1", seconds(0)).error().refusal, AdminRefusal::invalid);
  EXPECT_EQ(mint("ann", "s1", kLinkLifeMax + seconds(1)).error().refusal, AdminRefusal::invalid);
}

TEST_F(AdministrationTest, lists_are_recorded_before_they_are_shown) {
  HeardAdmin<std::vector<identity::User>> users;
  stage_.administration.list_users({}, users.listener());
  HeardAdmin<std::vector<session::Session>> sessions;
  stage_.administration.list_sessions({}, sessions.listener());
  stage_.settle();
  ASSERT_TRUE(users.ok() && sessions.ok());
  EXPECT_EQ(users.value().size(), 4U);
  EXPECT_EQ(stage_.recorded(Kind::users_listed), 1U);
  EXPECT_EQ(stage_.recorded(Kind::sessions_listed), 1U);
  EXPECT_NE(encode_users(users.value()).find(R"({"id":"adm","name":"Name of adm",)"),
            std::string::npos);
  EXPECT_NE(encode_sessions(sessions.value()).find(R"({"sessions":[{"id":"s1")"),
            std::string::npos);
  stage_.store.fail_next_commit();
  HeardAdmin<std::vector<identity::User>> refused;
  stage_.administration.list_users({}, refused.listener());
  stage_.settle();
  EXPECT_EQ(refused.error().refusal, AdminRefusal::unavailable);
}

TEST_F(AdministrationTest, a_change_without_its_record_does_not_happen) {
  stage_.store.fail_next_commit();
  EXPECT_EQ(add_user({"new", "New", Role::client}).error().refusal, AdminRefusal::unavailable);
  EXPECT_FALSE(stage_.store.user(UserId("new")));
  stage_.store.fail_next_commit();
  EXPECT_EQ(cancel("s1").error().refusal, AdminRefusal::unavailable);
  EXPECT_EQ(stage_.store.session(SessionId("s1"))->status, Status::confirmed);
  stage_.store.fail_next_commit();
  EXPECT_EQ(add_session(order({"ann"})).error().refusal, AdminRefusal::unavailable);
  stage_.store.fail_next_commit();
  EXPECT_EQ(mint_token("ann", seconds(60)).error().refusal, AdminRefusal::unavailable);
  stage_.store.fail_next_commit();
  EXPECT_EQ(revoke_token("id").error().refusal, AdminRefusal::unavailable);
  stage_.store.fail_next_commit();
  EXPECT_EQ(revoke_tokens_of("ann").error().refusal, AdminRefusal::unavailable);
  EXPECT_TRUE(opens("ann", Role::client));
  EXPECT_TRUE(stage_.store.records().empty());
}

}  // namespace
}  // namespace stillroom::signalling
