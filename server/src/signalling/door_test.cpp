// SPDX-License-Identifier: Apache-2.0
#include "signalling/door.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "testing/people_stage.hpp"

namespace stillroom::signalling {
namespace {

using audit::Kind;
using audit::Outcome;
using identity::Role;
using stillroom::testing::HeardAnswer;
using stillroom::testing::PeopleStage;

class DoorTest : public ::testing::Test {
 protected:
  Arrival arrival() const {
    return {
        {1, 2, 3}, SocketId("sock"), DeviceId("phone"), stage_.trace, room::Transport::encrypted};
  }
  Problem refusal_of(const std::string& token) {
    const auto proven = stage_.door.prove({token, std::nullopt, std::nullopt}, stage_.trace);
    EXPECT_FALSE(proven);
    return proven ? problems::kNotFound : proven.error();
  }
  HeardAnswer<CallerRef> admit(const std::string& user, Role role) {
    HeardAnswer<CallerRef> heard;
    stage_.door.admit(stage_.verified(user, role), arrival(), heard.listener());
    return heard;
  }
  PeopleStage stage_;
};

TEST_F(DoorTest, a_good_token_becomes_a_caller) {
  const auto proven = stage_.door.prove(
      {stage_.token("ann", Role::client), std::nullopt, std::nullopt}, stage_.trace);
  ASSERT_TRUE(proven);
  HeardAnswer<CallerRef> heard;
  stage_.door.admit(*proven, arrival(), heard.listener());
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  const Caller& caller = *heard.value();
  EXPECT_EQ(caller.address, (room::Address{1, 2, 3}));
  EXPECT_EQ(caller.socket, SocketId("sock"));
  EXPECT_EQ(caller.device, DeviceId("phone"));
  EXPECT_EQ(caller.connection, "AbCdEf12");
  EXPECT_EQ(caller.source, "0123456789abcdef");
  EXPECT_EQ(caller.transport, room::Transport::encrypted);
  EXPECT_EQ(caller.principal.user(), UserId("ann"));
  EXPECT_EQ(caller.principal.name(), PersonName("Name of ann"));
}

TEST_F(DoorTest, nobody_is_let_in_before_it_is_recorded) {
  auto heard = admit("ann", Role::client);
  while (stage_.step()) {
    if (heard.came()) {
      EXPECT_EQ(stage_.recorded(Kind::connected), 1U);
    }
  }
  EXPECT_TRUE(heard.ok());
}

TEST_F(DoorTest, what_cannot_be_recorded_does_not_happen) {
  stage_.store.fail_next_commit();
  auto heard = admit("ann", Role::client);
  stage_.settle();
  ASSERT_TRUE(heard.came());
  ASSERT_FALSE(heard.ok());
  EXPECT_EQ(heard.error(), problems::kAuthUnavailable);
  EXPECT_EQ(heard.error().text, "Authentication failed");
  EXPECT_EQ(stage_.recorded(Kind::connected), 0U);
}

TEST_F(DoorTest, a_store_that_goes_away_at_any_step_lets_nobody_in) {
  for (int steps = 0; steps < 6; ++steps) {
    PeopleStage stage;
    HeardAnswer<CallerRef> heard;
    stage.door.admit(stage.verified("ann", Role::client), arrival(), heard.listener());
    for (int step = 0; step < steps; ++step) stage.step();
    if (heard.came()) break;
    stage.store.go_away();
    stage.settle();
    ASSERT_TRUE(heard.came()) << steps;
    if (!heard.ok()) {
      EXPECT_EQ(heard.error(), problems::kAuthUnavailable) << steps;
    }
    if (heard.ok()) {
      EXPECT_EQ(stage.recorded(Kind::connected), 1U) << steps;
    }
  }
}

TEST_F(DoorTest, tokens_that_prove_nothing_are_refused_and_noted) {
  EXPECT_EQ(stage_.door.prove({}, stage_.trace).error(), problems::kTokenMissing);
  EXPECT_EQ(refusal_of("not a token"), problems::kTokenInvalid);
  EXPECT_EQ(refusal_of(stage_.token("ann", Role::client) + "x"), problems::kTokenInvalid);
  EXPECT_EQ(refusal_of(stage_.token("ann", Role::client, seconds(700))), problems::kTokenExpired);
  stage_.settle();
  stage_.events.end_window();
  stage_.settle();
  EXPECT_EQ(stage_.recorded(Kind::connect_refused, Outcome::refused), 4U);
  EXPECT_EQ(stage_.recorded(Kind::connected), 0U);
  EXPECT_TRUE(stage_.audit_mentions("token_missing"));
  EXPECT_TRUE(stage_.audit_mentions("token_expired"));
}

TEST_F(DoorTest, users_that_are_not_what_the_token_says_are_refused) {
  stage_.put_user("off", Role::client, identity::UserStatus::inactive);
  stage_.put_user("gone", Role::client, identity::UserStatus::deleted);
  const auto refused = [&](const std::string& user, Role role) {
    auto heard = admit(user, role);
    stage_.settle();
    EXPECT_FALSE(heard.ok());
    return heard.ok() ? problems::kNotFound : heard.error();
  };
  EXPECT_EQ(refused("nobody", Role::client), problems::kUserUnknown);
  EXPECT_EQ(refused("gone", Role::client), problems::kUserUnknown);
  EXPECT_EQ(refused("off", Role::client), problems::kUserInactive);
  EXPECT_EQ(refused("ann", Role::psychologist), problems::kUserInactive);
  EXPECT_TRUE(stage_.audit_mentions("role_changed")) << "what the person does not hear";
  EXPECT_EQ(refused("tea", Role::admin), problems::kUserInactive);
  EXPECT_EQ(stage_.recorded(Kind::connected), 0U);
  EXPECT_EQ(stage_.recorded(Kind::connect_refused, Outcome::refused), 5U);
}

TEST_F(DoorTest, somebody_suspended_while_the_record_is_written_does_not_get_in) {
  auto heard = admit("ann", Role::client);
  while (stage_.recorded(Kind::connected) == 0) ASSERT_TRUE(stage_.step());
  stage_.put_user("ann", Role::client, identity::UserStatus::inactive);
  stage_.settle();
  ASSERT_TRUE(heard.came());
  ASSERT_FALSE(heard.ok());
  EXPECT_EQ(heard.error(), problems::kUserInactive);
}

TEST_F(DoorTest, a_request_is_authenticated_without_a_record_of_its_own) {
  HeardAnswer<identity::Principal> heard;
  stage_.door.authenticate(stage_.verified("tea", Role::psychologist), stage_.trace,
                           heard.listener());
  stage_.settle();
  ASSERT_TRUE(heard.ok());
  EXPECT_EQ(heard.value().user(), UserId("tea"));
  EXPECT_TRUE(stage_.store.records().empty());

  HeardAnswer<identity::Principal> refused;
  stage_.door.authenticate(stage_.verified("nobody", Role::client), stage_.trace,
                           refused.listener());
  stage_.settle();
  ASSERT_TRUE(refused.came());
  EXPECT_FALSE(refused.ok());
  EXPECT_EQ(stage_.recorded(Kind::connect_refused, Outcome::refused), 1U);
}

TEST_F(DoorTest, a_revoked_token_lets_nobody_in_and_is_told_like_a_bad_one) {
  stage_.store.commit({{RevokeToken{identity::token_id_of("id"), stage_.clock.wall_now()}}, {}},
                      [](const auto&) {});
  auto heard = admit("ann", Role::client);
  stage_.settle();
  ASSERT_TRUE(heard.came());
  ASSERT_FALSE(heard.ok());
  EXPECT_EQ(heard.error(), problems::kTokenInvalid);
  EXPECT_TRUE(stage_.audit_mentions("token_revoked"));
}

TEST_F(DoorTest, a_living_connection_is_held_against_the_database_again) {
  auto heard = admit("ann", Role::client);
  stage_.settle();
  const CallerRef caller = heard.value();
  std::vector<std::string> verdicts;
  const auto review = [&] {
    stage_.door.review(*caller, [&verdicts](std::optional<std::string_view> ended) {
      verdicts.emplace_back(ended.value_or("stays"));
    });
    stage_.settle();
    return verdicts.back();
  };
  EXPECT_EQ(review(), "stays");
  stage_.put_user("ann", Role::psychologist);
  EXPECT_EQ(review(), "role_changed");
  stage_.put_user("ann", Role::client, identity::UserStatus::inactive);
  EXPECT_EQ(review(), "user_inactive");
  stage_.put_user("ann", Role::client, identity::UserStatus::deleted);
  EXPECT_EQ(review(), "user_unknown");
  stage_.put_user("ann", Role::client);
  EXPECT_EQ(review(), "stays");
  stage_.store.commit({{RevokeTokensOf{UserId("ann"), stage_.clock.wall_now()}}, {}},
                      [](const auto&) {});
  EXPECT_EQ(review(), "token_revoked");
  stage_.store.go_away();
  EXPECT_EQ(review(), "unavailable") << "who cannot be looked up has no right that we know of";
  EXPECT_EQ(verdicts.size(), 7U);
}

TEST_F(DoorTest, a_change_concerns_a_person_or_a_token) {
  auto heard = admit("ann", Role::client);
  stage_.settle();
  const Caller& caller = *heard.value();
  EXPECT_TRUE(concerns(UserId("ann"), caller));
  EXPECT_FALSE(concerns(UserId("tea"), caller));
  EXPECT_TRUE(concerns(identity::token_id_of("id"), caller));
  EXPECT_FALSE(concerns(identity::token_id_of("other"), caller));
}

class DoorRefresh : public DoorTest {
 protected:
  DoorRefresh() {
    auto heard = admit("ann", Role::client);
    stage_.settle();
    caller_ = heard.value();
  }
  /// What comes of a token: until when the connection now lasts, or the code.
  std::string refresh(const std::optional<std::string>& token) {
    HeardAnswer<CallerRef> heard;
    const auto text = token ? std::optional(identity::TokenText(*token)) : std::nullopt;
    stage_.door.refresh(caller_, text, identity::kNoPage, heard.listener());
    stage_.settle();
    EXPECT_TRUE(heard.came());
    if (!heard.ok()) return std::string(heard.error().code);
    fresh_ = heard.value();
    return to_rfc3339(fresh_->principal.token().expires());
  }
  CallerRef caller_;
  CallerRef fresh_;
};

TEST_F(DoorRefresh, a_fresh_token_gives_a_connection_more_time_and_changes_nothing_else) {
  stage_.clock.advance(seconds(300));
  EXPECT_EQ(refresh(stage_.token("ann", Role::client)),
            to_rfc3339(stage_.clock.wall_now() + seconds(600)));
  EXPECT_EQ(fresh_->socket, caller_->socket);
  EXPECT_EQ(fresh_->address, caller_->address);
  EXPECT_EQ(fresh_->connection, caller_->connection);
  EXPECT_EQ(stage_.recorded(Kind::access_refreshed), 1U);
  EXPECT_EQ(stage_.recorded(Kind::connected), 1U);
}

TEST_F(DoorRefresh, nobody_becomes_somebody_else_by_a_token) {
  EXPECT_EQ(refresh(stage_.token("tea", Role::psychologist)), "token_invalid");
  EXPECT_EQ(refresh(stage_.token("ann", Role::psychologist)), "token_invalid");
  EXPECT_EQ(refresh(stage_.token("bob", Role::client)), "token_invalid");
  EXPECT_EQ(refresh(stage_.token("ann", Role::client, seconds(0), SessionId("s1"))),
            "token_invalid");
  EXPECT_EQ(stage_.recorded(Kind::refresh_refused, Outcome::refused), 4U);
}

TEST_F(DoorRefresh, what_would_not_open_the_door_does_not_keep_it_open) {
  EXPECT_EQ(refresh(std::nullopt), "token_missing");
  EXPECT_EQ(refresh(""), "token_invalid");
  EXPECT_EQ(refresh("not a token"), "token_invalid");
  EXPECT_EQ(refresh(stage_.token("ann", Role::client, seconds(700))), "token_expired");
  stage_.put_user("ann", Role::client, identity::UserStatus::inactive);
  EXPECT_EQ(refresh(stage_.token("ann", Role::client)), "user_inactive");
  stage_.put_user("ann", Role::client);
  stage_.store.fail_next_commit();
  EXPECT_EQ(refresh(stage_.token("ann", Role::client)), "unavailable");
  EXPECT_EQ(stage_.recorded(Kind::access_refreshed), 0U);
  EXPECT_EQ(stage_.recorded(Kind::refresh_refused, Outcome::refused), 6U);
}

TEST_F(DoorTest, a_setting_ignores_tokens_in_the_url) {
  const std::string token = stage_.token("ann", Role::client);
  EXPECT_TRUE(stage_.door.prove({std::nullopt, token, std::nullopt}, stage_.trace));
  Door strict(stage_.store, stage_.events, stage_.clock, stage_.verifier,
              identity::QueryTokens::ignored);
  EXPECT_EQ(strict.prove({std::nullopt, token, std::nullopt}, stage_.trace).error(),
            problems::kTokenMissing);
}

TEST_F(DoorTest, new_keys_open_from_the_moment_they_are_used_and_old_ones_no_more) {
  const std::string token = stage_.token("ann", Role::client);
  EXPECT_EQ(stage_.door.issuer_keys(), IssuerKeys::present) << "none is asked for, none is missing";
  std::vector<identity::TokenKey> keys;
  keys.push_back(identity::own_token_key(SecretText(std::string(32, 'n'))));
  const identity::TokenMinter minter(identity::own_token_key(SecretText(std::string(32, 'n'))));
  const WallTime now = stage_.clock.wall_now();
  const identity::TokenText fresh =
      minter.mint({UserId("ann"), Role::client, now, seconds(60), now, "j"});
  EXPECT_EQ(refusal_of(std::string(fresh.reveal())), problems::kTokenInvalid);
  stage_.door.use(std::make_shared<const identity::TokenVerifier>(std::move(keys)),
                  IssuerKeys::missing);
  EXPECT_EQ(stage_.door.issuer_keys(), IssuerKeys::missing);
  EXPECT_TRUE(stage_.door.prove({fresh.reveal(), std::nullopt, std::nullopt}, stage_.trace));
  EXPECT_EQ(refusal_of(token), problems::kTokenInvalid);
}

TEST_F(DoorTest, a_key_that_nobody_has_is_told_and_no_other_refusal_is) {
  int told = 0;
  stage_.door.on_unknown_key([&told] { ++told; });
  const std::string rest = ".e30.AAAA";
  const auto header = [](std::string_view text) { return to_base64url(as_bytes(text)); };
  EXPECT_EQ(refusal_of(header(R"({"alg":"ES256","kid":"new"})") + rest), problems::kTokenInvalid);
  EXPECT_EQ(told, 1);
  static_cast<void>(refusal_of(header(R"({"alg":"HS256","kid":"new"})") + rest));
  static_cast<void>(refusal_of(header(R"({"alg":"ES256"})") + rest));
  static_cast<void>(refusal_of(stage_.token("ann", Role::client) + "x"));
  static_cast<void>(refusal_of("hello"));
  static_cast<void>(refusal_of(""));
  EXPECT_EQ(told, 1);
}

TEST_F(DoorTest, a_departure_is_noted_and_no_record_ever_holds_a_token) {
  const std::string token = stage_.token("ann", Role::client);
  auto heard = admit("ann", Role::client);
  stage_.settle();
  static_cast<void>(refusal_of(token + "x"));
  stage_.door.departed(*heard.value(), "transport_lost");
  stage_.settle();
  EXPECT_EQ(stage_.recorded(Kind::disconnected), 1U);
  EXPECT_TRUE(stage_.audit_mentions("transport_lost"));
  EXPECT_FALSE(stage_.audit_mentions(token.substr(0, 16)));
  EXPECT_FALSE(stage_.audit_mentions(token.substr(token.size() - 16)));
  EXPECT_FALSE(stage_.audit_mentions("Name of")) << "nor a name";
}

}  // namespace
}  // namespace stillroom::signalling
