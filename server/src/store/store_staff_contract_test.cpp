// SPDX-License-Identifier: Apache-2.0
// The contract of every store, as far as staff and applications need it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/store_contract.hpp"

namespace stillroom::store {
namespace {

using identity::Role;
using identity::UserStatus;
using samples::at;
using session::Status;
using signalling::StoreError;
using ::testing::IsEmpty;

TEST_P(StoreContract, a_user_changes_only_from_what_they_were) {
  ASSERT_TRUE(add_user("one"));
  const identity::User from = samples::user("one");
  identity::User to = samples::user("one", Role::psychologist);
  to.name = PersonName("Another");
  to.status = UserStatus::inactive;
  ASSERT_TRUE(store.commit({signalling::ChangeUser{from, to}}));
  EXPECT_EQ(store.user("one"), to);
  expect_conflict(signalling::ChangeUser{from, samples::user("one", Role::admin)});
  EXPECT_EQ(store.user("one"), to);
  expect_conflict(signalling::ChangeUser{samples::user("two"), samples::user("two")});
}

TEST_P(StoreContract, a_session_changes_only_from_what_it_was) {
  add_people_and_session("s1");
  ASSERT_TRUE(add_user("other"));
  const session::Session from = *store.session("s1");
  session::Session to = from;
  to.type = session::Type::family;
  to.status = Status::pending;
  to.payment = session::Payment::waived;
  to.start = at(77);
  to.length = minutes(33);
  to.participants = {{UserId("therapist"), Role::client}, {UserId("other"), Role::client}};
  ASSERT_TRUE(store.commit({signalling::ChangeSession{from, to}}));
  EXPECT_EQ(store.session("s1"), to);
  EXPECT_THAT(store.sessions_of("client", {}), IsEmpty());
  EXPECT_EQ(store.sessions_of("other", {}).size(), 1U);

  expect_conflict(signalling::ChangeSession{from, from});
  session::Session fewer = to;
  fewer.participants.pop_back();
  expect_conflict(signalling::ChangeSession{fewer, to});
  session::Session strange = to;
  strange.participants.push_back({UserId("nobody"), Role::client});
  expect_conflict(signalling::ChangeSession{to, strange});
  session::Session twice = to;
  twice.participants.push_back({UserId("other"), Role::client});
  expect_conflict(signalling::ChangeSession{to, twice});
  EXPECT_EQ(store.session("s1"), to);
}

TEST_P(StoreContract, an_outside_id_is_taken_once_and_found) {
  ASSERT_TRUE(add_user("client"));
  session::Session one = samples::session("s1", {"client"});
  one.outside_id = OutsideId("app:7");
  ASSERT_TRUE(add_session(one));
  session::Session two = samples::session("s2", {"client"});
  two.outside_id = one.outside_id;
  expect_conflict(signalling::AddSession{two});
  two.outside_id.reset();
  ASSERT_TRUE(add_session(two));
  ASSERT_TRUE(add_session(samples::session("s3", {"client"})));
  EXPECT_EQ(store.outside_session("app:7"), one);
  EXPECT_FALSE(store.outside_session("app:8"));
  EXPECT_FALSE(store.outside_session(""));
}

TEST_P(StoreContract, a_service_key_is_added_once_and_revoked_once) {
  ASSERT_TRUE(store.commit({signalling::AddServiceKey{samples::service_key("k1", 1)}}));
  ASSERT_TRUE(store.commit({signalling::AddServiceKey{samples::service_key("k2", 2)}}));
  expect_conflict(signalling::AddServiceKey{samples::service_key("k1", 3)});
  const auto found = store.service_key("k1");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->digest, "digest of k1");
  EXPECT_EQ(found->name, "name of k1");
  EXPECT_EQ(found->scopes, samples::service_key("k1").scopes);
  EXPECT_EQ(found->added, at(1));
  EXPECT_FALSE(found->revoked);
  EXPECT_FALSE(store.service_key("k3"));

  ASSERT_TRUE(store.commit({signalling::RevokeServiceKey{KeyId("k1"), at(9)}}));
  expect_conflict(signalling::RevokeServiceKey{KeyId("k1"), at(10)});
  expect_conflict(signalling::RevokeServiceKey{KeyId("k3"), at(10)});
  EXPECT_EQ(store.service_key("k1")->revoked, at(9));
  const auto all = store.all_service_keys({});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, KeyId("k2"));
  EXPECT_EQ(store.all_service_keys({.limit = 1, .offset = 1})[0].id, KeyId("k1"));
}

TEST_P(StoreContract, an_answer_is_kept_until_it_expires) {
  ASSERT_TRUE(store.commit({samples::keep("p", 0, 1'000)}));
  const auto kept = store.kept_answer("p");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->request, "request of p");
  EXPECT_EQ(kept->status, 201);
  EXPECT_EQ(kept->body, "body of p");
  EXPECT_EQ(kept->expires, at(1'000));
  EXPECT_FALSE(store.kept_answer("q"));
  expect_conflict(samples::keep("p", 999));
  ASSERT_TRUE(store.commit({samples::keep("q", 999, 5'000)}));
  EXPECT_TRUE(store.kept_answer("p"));
  ASSERT_TRUE(store.commit({samples::keep("p", 1'000)}));
  EXPECT_EQ(store.kept_answer("p")->expires, at(2'000));
  ASSERT_TRUE(store.commit({samples::keep("r", 2'000)}));
  EXPECT_FALSE(store.kept_answer("p")) << "gone with the next one";
  EXPECT_TRUE(store.kept_answer("q"));
}

TEST_P(StoreContract, an_answer_that_is_not_kept_undoes_its_commit) {
  ASSERT_TRUE(store.commit({samples::keep("p")}));
  const auto done =
      store.commit({signalling::AddUser{samples::user("one")}, samples::keep("p", 1)});
  EXPECT_EQ(error_of(done), StoreError::conflict);
  EXPECT_FALSE(store.user("one"));
}

}  // namespace
}  // namespace stillroom::store
