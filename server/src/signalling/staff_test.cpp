// SPDX-License-Identifier: Apache-2.0
// Orders of administrators, therapists and applications.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "signalling/administration.hpp"
#include "signalling/service_keys.hpp"
#include "signalling/staff.hpp"
#include "testing/people_stage.hpp"

namespace stillroom::signalling {
namespace {

using audit::Kind;
using audit::Outcome;
using identity::Role;
using identity::Scope;
using identity::UserStatus;
using session::Status;
using stillroom::testing::HeardAdmin;
using stillroom::testing::HeardAnswer;
using stillroom::testing::PeopleStage;

class StaffTest : public ::testing::Test {
 protected:
  Author person(const std::string& id) { return {stage_.principal(id), stage_.trace, {}}; }
  identity::NewServiceKey make_key(std::vector<std::string> scopes) {
    HeardAdmin<identity::NewServiceKey> heard;
    stage_.administration.add_key({"an application", std::move(scopes)}, heard.listener());
    stage_.settle();
    return std::move(heard.value());
  }
  HeardAnswer<identity::Service> authenticate(std::string_view text) {
    HeardAnswer<identity::Service> heard;
    keys_.authenticate(text, stage_.trace, heard.listener());
    stage_.settle();
    return heard;
  }
  Author application(std::vector<std::string> scopes) {
    const auto made = make_key(std::move(scopes));
    return {authenticate(made.text.reveal()).value(), stage_.trace, {}};
  }
  HeardAdmin<ChangedUser> change_user(const std::string& id, const UserChange& change,
                                      const Author& by) {
    HeardAdmin<ChangedUser> heard;
    stage_.administration.change_user(id, change, by, heard.listener());
    stage_.settle();
    return heard;
  }
  HeardAdmin<ChangedSession> change_session(const std::string& id, const SessionChange& change,
                                            const Author& by) {
    HeardAdmin<ChangedSession> heard;
    stage_.administration.change_session(id, change, by, heard.listener());
    stage_.settle();
    return heard;
  }
  HeardAdmin<session::Session> add_session(const Author& by, const std::string& therapist = "tea") {
    NewSession order;
    order.clients = {"ann"};
    order.therapist = therapist;
    order.start = stage_.clock.wall_now();
    HeardAdmin<session::Session> heard;
    stage_.administration.add_session(order, heard.listener(), by);
    stage_.settle();
    return heard;
  }
  template <class Rows, class Done>
  HeardAdmin<Done> upsert(void (Administration::*order)(Rows, const Author&, AdminAnswer<Done>),
                          Rows rows, const Author& by) {
    HeardAdmin<Done> heard;
    (stage_.administration.*order)(std::move(rows), by, heard.listener());
    stage_.settle();
    return heard;
  }
  [[nodiscard]] const audit::Record& last() const { return stage_.store.records().back(); }

  PeopleStage stage_;
  ServiceKeys keys_{stage_.store, stage_.events, stage_.clock};
};

TEST_F(StaffTest, who_may_what_at_all) {
  const Author app = application({"users:read", "sessions:write"});
  for (const Scope scope : identity::kScopes) {
    const bool sessions = scope == Scope::sessions_read || scope == Scope::sessions_write;
    EXPECT_TRUE(may({}, scope));
    EXPECT_TRUE(may(person("adm"), scope));
    EXPECT_EQ(may(person("tea"), scope), sessions);
    EXPECT_FALSE(may(person("ann"), scope));
    EXPECT_EQ(may(app, scope), scope == Scope::users_read || scope == Scope::sessions_write);
  }
  EXPECT_TRUE(is_administrator(person("adm")));
  EXPECT_TRUE(is_administrator({}));
  EXPECT_FALSE(is_administrator(person("tea")));
  EXPECT_FALSE(is_administrator(app));
}

TEST_F(StaffTest, who_came_by_a_link_orders_nothing) {
  for (const std::string id : {"tea", "adm"}) {
    const Author by{stage_.principal(id, SessionId("s1")), stage_.trace, {}};
    for (const Scope scope : identity::kScopes) EXPECT_FALSE(may(by, scope)) << id;
  }
}

TEST_F(StaffTest, a_record_names_its_author) {
  const Author app = application({"users:write"});
  const std::string key = std::get<identity::Service>(app.who).key().text();
  HeardAdmin<identity::User> heard;
  stage_.administration.add_user({"new", "New", Role::client}, heard.listener(), app);
  stage_.settle();
  EXPECT_EQ(last().reason, "key:" + key);
  EXPECT_FALSE(last().actor);
  EXPECT_EQ(last().source, stage_.trace.source);
  ASSERT_TRUE(add_session(person("tea")).ok());
  EXPECT_EQ(last().actor, UserId("tea"));
  EXPECT_EQ(last().role, Role::psychologist);
  EXPECT_EQ(last().reason, "");
  ASSERT_TRUE(add_session({}).ok());
  EXPECT_EQ(last().reason, "operator");
}

TEST_F(StaffTest, a_refused_order_names_its_author_and_its_session) {
  keys_.refused(person("tea"), "not_yours", SessionId("s1"));
  stage_.settle();
  EXPECT_EQ(last().kind, Kind::staff_refused);
  EXPECT_EQ(last().outcome, Outcome::refused);
  EXPECT_EQ(last().actor, UserId("tea"));
  EXPECT_EQ(last().session, SessionId("s1"));
  EXPECT_EQ(last().reason, "not_yours");
  const Author app = application({"users:write"});
  keys_.refused(app, "forbidden", std::nullopt);
  stage_.settle();
  EXPECT_EQ(last().reason, "key:" + std::get<identity::Service>(app.who).key().text());
  using telemetry::SecurityKind;
  const auto counted = [this](std::string_view reason) {
    return stage_.metrics.get_security(
        telemetry::find_security_row(SecurityKind::staff_refused, reason));
  };
  EXPECT_EQ(counted("not_yours"), 1U);
  EXPECT_EQ(counted("forbidden"), 1U);
}

TEST_F(StaffTest, a_key_is_proved_anew_each_time) {
  const auto made = make_key({"users:read"});
  EXPECT_EQ(stage_.recorded(Kind::key_added), 1U);
  EXPECT_FALSE(stage_.audit_mentions(made.text.reveal().substr(20)));
  ASSERT_TRUE(authenticate(made.text.reveal()).ok());
  HeardAdmin<RevokedAt> revoked;
  stage_.administration.revoke_key(made.key.id.text(), revoked.listener());
  stage_.settle();
  ASSERT_TRUE(revoked.ok());
  EXPECT_EQ(authenticate(made.text.reveal()).error(), problems::kKeyInvalid);
  EXPECT_EQ(last().kind, Kind::key_refused);
  EXPECT_EQ(last().reason, "revoked:" + made.key.id.text());
  EXPECT_EQ(stage_.recorded(Kind::key_revoked), 1U);
}

TEST_F(StaffTest, what_is_no_key_of_ours_is_refused_and_not_kept) {
  const auto made = make_key({"users:read"});
  const std::string text(made.text.reveal());
  const std::string unknown = "sk_0123456789abcdef" + text.substr(19);
  const std::string wrong = text.substr(0, 20) + std::string(43, 'A');
  EXPECT_EQ(authenticate("sk_").error(), problems::kKeyInvalid);
  EXPECT_EQ(last().reason, "malformed");
  EXPECT_EQ(authenticate(unknown).error(), problems::kKeyInvalid);
  EXPECT_EQ(last().reason, "unknown");
  EXPECT_EQ(authenticate(wrong).error(), problems::kKeyInvalid);
  EXPECT_EQ(last().reason, "wrong_secret:" + made.key.id.text());
  stage_.store.go_away();
  EXPECT_EQ(authenticate(text).error(), problems::kAuthUnavailable);
}

TEST_F(StaffTest, nothing_is_shown_that_could_not_be_recorded) {
  const Author adm = person("adm");
  stage_.store.fail_next_commit();
  HeardAdmin<identity::User> user;
  stage_.administration.find_user("ann", adm, user.listener());
  stage_.settle();
  EXPECT_EQ(user.error().refusal, AdminRefusal::unavailable);
  stage_.store.fail_next_commit();
  HeardAdmin<session::Session> session;
  stage_.administration.find_session("s1", adm, session.listener());
  stage_.settle();
  EXPECT_EQ(session.error().refusal, AdminRefusal::unavailable);
  stage_.store.fail_next_commit();
  HeardAdmin<std::vector<identity::ServiceKey>> keys;
  stage_.administration.list_keys({}, keys.listener(), adm);
  stage_.settle();
  EXPECT_EQ(keys.error().refusal, AdminRefusal::unavailable);
  EXPECT_TRUE(stage_.store.records().empty());
}

TEST_F(StaffTest, a_change_that_cannot_be_recorded_is_none) {
  stage_.store.fail_next_commit();
  UserChange change;
  change.status = UserStatus::inactive;
  EXPECT_EQ(change_user("ann", change, person("adm")).error().refusal, AdminRefusal::unavailable);
  EXPECT_EQ(stage_.store.user(UserId("ann"))->status, UserStatus::active);
  stage_.store.fail_next_commit();
  SessionChange moved;
  moved.length = minutes(20);
  EXPECT_EQ(change_session("s1", moved, person("adm")).error().refusal, AdminRefusal::unavailable);
  EXPECT_EQ(stage_.store.session(SessionId("s1"))->length, minutes(50));
}

TEST_F(StaffTest, a_user_who_changes_meanwhile_is_a_conflict) {
  HeardAdmin<ChangedUser> heard;
  UserChange change;
  change.name = "Another";
  stage_.administration.change_user("ann", change, person("adm"), heard.listener());
  stage_.step();
  stage_.step();  // read; the commit waits
  stage_.put_user("ann", Role::client, UserStatus::inactive);
  stage_.settle();
  EXPECT_EQ(heard.error().refusal, AdminRefusal::conflict);
  EXPECT_EQ(stage_.store.user(UserId("ann"))->status, UserStatus::inactive);
}

TEST_F(StaffTest, what_touches_a_right_is_told_from_what_does_not) {
  UserChange name;
  name.name = "Another";
  EXPECT_FALSE(change_user("ann", name, {}).value().access_changed());
  EXPECT_EQ(last().kind, Kind::user_changed);
  UserChange role;
  role.role = Role::observer;
  EXPECT_TRUE(change_user("ann", role, {}).value().access_changed());
  UserChange status;
  status.status = UserStatus::inactive;
  EXPECT_TRUE(change_user("ann", status, {}).value().access_changed());
  EXPECT_EQ(last().kind, Kind::user_disabled);
  EXPECT_EQ(last().subject, UserId("ann"));
}

TEST_F(StaffTest, deleted_is_for_good) {
  UserChange gone;
  gone.status = UserStatus::deleted;
  ASSERT_TRUE(change_user("ann", gone, {}).ok());
  UserChange back;
  back.status = UserStatus::active;
  EXPECT_EQ(change_user("ann", back, {}).error().refusal, AdminRefusal::user_unknown);
  HeardAdmin<identity::User> found;
  stage_.administration.find_user("ann", {}, found.listener());
  stage_.settle();
  EXPECT_EQ(found.error().refusal, AdminRefusal::user_unknown);
}

TEST_F(StaffTest, a_therapist_has_their_own_sessions) {
  stage_.put_user("tom", Role::psychologist);
  const Author tom = person("tom");
  EXPECT_EQ(change_session("s1", {}, tom).error().refusal, AdminRefusal::not_yours);
  EXPECT_EQ(change_session("none", {}, tom).error().refusal, AdminRefusal::not_yours);
  EXPECT_EQ(change_session("a b", {}, tom).error().refusal, AdminRefusal::not_yours);
  EXPECT_EQ(add_session(tom).error().refusal, AdminRefusal::forbidden);
  SessionChange away;
  away.therapist = "tom";
  EXPECT_EQ(change_session("s1", away, person("tea")).error().refusal, AdminRefusal::forbidden);
  EXPECT_TRUE(change_session("s1", away, person("adm")).ok());
  EXPECT_TRUE(change_session("s1", {}, tom).ok());
  EXPECT_EQ(change_session("none", {}, person("adm")).error().refusal,
            AdminRefusal::session_unknown);
}

TEST_F(StaffTest, whoever_is_there_already_need_not_be_active) {
  stage_.put_user("ann", Role::client, UserStatus::inactive);
  SessionChange longer;
  longer.length = minutes(90);
  EXPECT_TRUE(change_session("s1", longer, {}).ok());
  longer.clients = std::vector<std::string>{"ann", "bob"};
  longer.type = session::Type::couples;
  EXPECT_TRUE(change_session("s1", longer, {}).ok());
  stage_.put_user("cat", Role::client, UserStatus::inactive);
  longer.clients = std::vector<std::string>{"ann", "cat"};
  EXPECT_EQ(change_session("s1", longer, {}).error().refusal, AdminRefusal::user_inactive);
}

TEST_F(StaffTest, people_who_no_longer_fit_their_type_are_refused) {
  SessionChange more;
  more.clients = std::vector<std::string>{"ann", "bob"};
  EXPECT_EQ(change_session("s1", more, {}).error().refusal, AdminRefusal::invalid);
  more.type = session::Type::family;
  EXPECT_EQ(change_session("s1", more, {}).value().now.type, session::Type::family);
}

TEST_F(StaffTest, what_is_over_stays_but_for_the_payment) {
  session::Session over = stage_.due("s1");
  over.status = Status::completed;
  over.payment = session::Payment::pending;
  stage_.store.put(over);
  SessionChange paid;
  paid.payment = session::Payment::confirmed;
  EXPECT_TRUE(change_session("s1", paid, {}).ok());
  paid.length = minutes(20);
  EXPECT_EQ(change_session("s1", paid, {}).error().refusal, AdminRefusal::session_over);
}

TEST_F(StaffTest, an_upsert_is_one_commit) {
  UserRow fine{"new", {"New", Role::client, std::nullopt}};
  UserRow known{"ann", {"Renamed", std::nullopt, std::nullopt}};
  UserRow lacking{"other", {}};
  auto refused = upsert<std::vector<UserRow>, UpsertedUsers>(&Administration::upsert_users,
                                                             {fine, known, lacking}, {});
  ASSERT_TRUE(refused.ok());
  ASSERT_EQ(refused.value().refused.size(), 1U);
  EXPECT_EQ(refused.value().refused[0].row, 2U);
  EXPECT_FALSE(stage_.store.user(UserId("new")));
  EXPECT_TRUE(stage_.store.records().empty());
  auto done =
      upsert<std::vector<UserRow>, UpsertedUsers>(&Administration::upsert_users, {fine, known}, {});
  EXPECT_EQ(done.value().added.size(), 1U);
  EXPECT_EQ(done.value().changed.size(), 1U);
  EXPECT_EQ(stage_.recorded(Kind::user_added), 1U);
  EXPECT_EQ(stage_.recorded(Kind::user_changed), 1U);
  stage_.store.fail_next_commit();
  fine.change.name = "Newer";
  auto failed =
      upsert<std::vector<UserRow>, UpsertedUsers>(&Administration::upsert_users, {fine}, {});
  EXPECT_EQ(failed.error().refusal, AdminRefusal::unavailable);
}

TEST_F(StaffTest, sessions_are_upserted_by_outside_id_and_keep_their_room) {
  SessionRow row{"app:1", {}};
  row.change.clients = std::vector<std::string>{"ann"};
  row.change.therapist = "tea";
  row.change.start = stage_.clock.wall_now();
  const auto put = [this](const SessionRow& one, const Author& by) {
    return upsert<std::vector<SessionRow>, UpsertedSessions>(&Administration::upsert_sessions,
                                                             {one}, by);
  };
  auto first = put(row, {});
  ASSERT_EQ(first.value().added.size(), 1U);
  row.change.length = minutes(20);
  auto second = put(row, {});
  ASSERT_EQ(second.value().changed.size(), 1U);
  EXPECT_EQ(second.value().changed[0].now.room, first.value().added[0].room);
  EXPECT_EQ(put(row, {}).value().unchanged.size(), 1U);
  EXPECT_EQ(put(row, person("tea")).error().refusal, AdminRefusal::forbidden);
}

TEST_F(StaffTest, staff_make_links_for_clients_of_the_sessions_they_lead) {
  const auto mint = [this](const std::string& user, const Author& by,
                           const std::string& session = "s1") {
    HeardAdmin<MintedLink> heard;
    stage_.administration.mint_link({user, session}, heard.listener(), by);
    stage_.settle();
    return heard;
  };
  const Author app = application({"sessions:write"});
  ASSERT_TRUE(mint("ann", person("tea")).ok());
  EXPECT_EQ(last().kind, Kind::link_minted);
  EXPECT_EQ(last().actor, UserId("tea"));
  EXPECT_TRUE(mint("ann", person("adm")).ok());
  EXPECT_TRUE(mint("tea", {}).ok()) << "the operator's are for everybody";
  EXPECT_EQ(mint("tea", person("tea")).error().refusal, AdminRefusal::not_participant);
  EXPECT_EQ(mint("tea", person("adm")).error().refusal, AdminRefusal::not_participant);
  EXPECT_EQ(mint("bob", person("tea")).error().refusal, AdminRefusal::not_participant);
  EXPECT_EQ(mint("ann", person("ann")).error().refusal, AdminRefusal::session_unknown);
  EXPECT_EQ(mint("ann", person("tea"), "none").error().refusal, AdminRefusal::not_yours);
  EXPECT_EQ(mint("ann", app).error().refusal, AdminRefusal::forbidden);
  for (const Status over :
       {Status::cancelled, Status::declined, Status::completed, Status::no_show}) {
    session::Session session = stage_.due("s1");
    session.status = over;
    stage_.store.put(session);
    EXPECT_EQ(mint("ann", person("tea")).error().refusal, AdminRefusal::session_over);
    EXPECT_EQ(mint("ann", {}).error().refusal, AdminRefusal::session_over);
  }
}

TEST_F(StaffTest, an_invitation_names_who_made_it) {
  HeardAdmin<MintedInvite> heard;
  stage_.administration.invite({"ann"}, heard.listener(), person("adm"));
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  EXPECT_EQ(last().kind, Kind::invite_minted);
  EXPECT_EQ(last().actor, UserId("adm"));
  EXPECT_EQ(last().subject, UserId("ann"));
}

TEST_F(StaffTest, an_idempotency_key_has_a_place_of_its_own) {
  const Author adm = person("adm");
  const auto once = once_of(adm, "k", "POST /api/users", "{}");
  ASSERT_TRUE(once);
  EXPECT_EQ(once_of(adm, "k", "POST /api/users", "{}")->place, once->place);
  EXPECT_EQ(once_of(adm, "k", "POST /api/users", "{}")->request, once->request);
  EXPECT_NE(once_of(adm, "l", "POST /api/users", "{}")->place, once->place);
  EXPECT_NE(once_of(person("tea"), "k", "POST /api/users", "{}")->place, once->place);
  EXPECT_NE(once_of(adm, "k", "POST /api/users", "{ }")->request, once->request);
  EXPECT_NE(once_of(adm, "k", "POST /api/sessions", "{}")->request, once->request);
  EXPECT_EQ(once->place.find("adm"), std::string::npos);
  for (const std::string& bad : {std::string(), std::string("a b"), std::string("a\tb"),
                                 std::string("\x7F"), std::string(129, 'a')}) {
    EXPECT_FALSE(once_of(adm, bad, "", "")) << bad;
  }
  EXPECT_TRUE(once_of(adm, std::string(128, '~'), "", ""));
}

TEST_F(StaffTest, an_answer_is_kept_with_its_commit_for_a_day) {
  Author adm = person("adm");
  adm.once = once_of(adm, "k", "POST /api/sessions", "{}");
  const auto look = [this, &adm] {
    HeardAdmin<std::optional<KeptAnswer>> heard;
    stage_.administration.find_answer(*adm.once, heard.listener());
    stage_.settle();
    return heard;
  };
  EXPECT_FALSE(look().value());
  stage_.store.fail_next_commit();
  EXPECT_FALSE(add_session(adm).ok());
  EXPECT_FALSE(look().value());
  const auto added = add_session(adm);
  ASSERT_TRUE(added.ok());
  ASSERT_TRUE(look().value());
  EXPECT_EQ(
      look().value()->body,
      encode_session_view(*stage_.store.session(HeardAdmin<session::Session>(added).value().id)));
  EXPECT_EQ(add_session(adm).error().refusal, AdminRefusal::conflict) << "done once";
  adm.once->request = "another";
  EXPECT_EQ(look().error().refusal, AdminRefusal::key_reused);
  stage_.clock.advance(kAnswerKeptFor);
  EXPECT_FALSE(look().value());
  EXPECT_TRUE(add_session(adm).ok());
}

}  // namespace
}  // namespace stillroom::signalling
