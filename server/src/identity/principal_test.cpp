// SPDX-License-Identifier: Apache-2.0
#include "identity/principal.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "identity/token_minter.hpp"
#include "identity/token_verifier.hpp"

namespace stillroom::identity {
namespace {

constexpr WallTime kNow{seconds(1'795'514'400)};
constexpr std::array kRoles{Role::client, Role::psychologist, Role::admin, Role::interpreter,
                            Role::observer};

SecretText secret() {
  return SecretText(std::string(32, 's'));
}

VerifiedToken token_of(const UserId& user, Role role, const std::string& jti = "j") {
  std::vector<TokenKey> keys;
  keys.push_back(own_token_key(secret()));
  const TokenVerifier verifier(std::move(keys));
  const TokenMinter minter(own_token_key(secret()));
  return verifier.verify(minter.mint({user, role, kNow, seconds(60), kNow - seconds(5), jti}), kNow)
      .value();
}

User ada(Role role = Role::client, UserStatus status = UserStatus::active) {
  return {UserId("ada"), role, PersonName("Ada"), status};
}

/// The refusal, or nothing for somebody.
std::optional<Refusal> refused(const VerifiedToken& token, const Standing& standing,
                               WallTime now = kNow) {
  const auto who = establish(token, standing, now);
  return who ? std::nullopt : std::optional(who.error());
}

TEST(Establish, a_token_and_a_live_user_that_agree_are_somebody) {
  for (const Role role : kRoles) {
    const auto who = establish(token_of(UserId("ada"), role), {ada(role)}, kNow);
    ASSERT_TRUE(who);
    EXPECT_EQ(who->user(), UserId("ada"));
    EXPECT_EQ(who->role(), role);
    EXPECT_EQ(who->name(), PersonName("Ada"));
    EXPECT_EQ(who->token().expires(), kNow + seconds(60));
    EXPECT_EQ(who->token().began(), kNow - seconds(5));
    EXPECT_EQ(who->token().id(), token_id_of("j"));
  }
}

TEST(Establish, an_unknown_or_deleted_user_is_unknown) {
  const VerifiedToken token = token_of(UserId("ada"), Role::client);
  EXPECT_EQ(refused(token, {}), Refusal::user_unknown);
  EXPECT_EQ(refused(token, {ada(Role::client, UserStatus::deleted)}), Refusal::user_unknown);
  const User other{UserId("bea"), Role::client, PersonName("Bea"), UserStatus::active};
  EXPECT_EQ(refused(token, {other}), Refusal::user_unknown)
      << "a store that answers with somebody else is not believed";
}

TEST(Establish, an_inactive_user_or_another_role_is_nobody) {
  for (const Role said : kRoles) {
    for (const Role stored : kRoles) {
      const auto expected = said == stored ? std::nullopt : std::optional(Refusal::role_changed);
      EXPECT_EQ(refused(token_of(UserId("ada"), said), {ada(stored)}), expected);
    }
  }
  const VerifiedToken token = token_of(UserId("ada"), Role::client);
  EXPECT_EQ(refused(token, {ada(Role::client, UserStatus::inactive)}), Refusal::user_inactive);
}

TEST(Establish, a_token_is_asked_for_its_time_whenever_it_is_asked_for) {
  const VerifiedToken token = token_of(UserId("ada"), Role::client);
  EXPECT_EQ(refused(token, {ada()}, kNow + seconds(60) - milliseconds(1)), std::nullopt);
  EXPECT_EQ(refused(token, {ada()}, kNow + seconds(60)), Refusal::token_expired);
}

TEST(Establish, a_revoked_token_is_nobodys) {
  const VerifiedToken token = token_of(UserId("ada"), Role::client);
  EXPECT_EQ(refused(token, {ada(), std::nullopt, true}), Refusal::token_revoked);
  EXPECT_EQ(refused(token, {ada(), kNow - milliseconds(1)}), std::nullopt);
  EXPECT_EQ(refused(token, {ada(), kNow}), Refusal::token_revoked)
      << "issued in the second of the revocation: nobody can say which came first";
  EXPECT_EQ(refused(token, {ada(), kNow + seconds(9)}), Refusal::token_revoked);
  EXPECT_EQ(refused(token, {std::nullopt, kNow, true}), Refusal::user_unknown)
      << "of somebody unknown nothing else is told";
}

TEST(TokenIds, differ_where_their_texts_do_and_have_one_length) {
  EXPECT_EQ(token_id_of("j"), token_id_of("j"));
  EXPECT_NE(token_id_of("j"), token_id_of("J"));
  EXPECT_NE(token_id_of("j"), token_id_of(std::string_view("j\0", 2)));
  EXPECT_EQ(to_text(token_id_of("j")).size(), 32U);
}

TEST(Refusals, have_the_codes_and_messages_of_the_contract) {
  const auto told = [](Refusal refusal) {
    return std::string(code(refusal)) + ": " + std::string(message(refusal));
  };
  EXPECT_EQ(told(Refusal::token_missing), "token_missing: Authentication token required");
  EXPECT_EQ(told(Refusal::token_invalid), "token_invalid: Authentication failed");
  EXPECT_EQ(told(Refusal::token_expired), "token_expired: Authentication failed");
  EXPECT_EQ(told(Refusal::user_unknown), "user_unknown: User not found");
  EXPECT_EQ(told(Refusal::user_inactive), "user_inactive: Authentication failed");
  EXPECT_EQ(told(Refusal::token_revoked), "token_invalid: Authentication failed");
  EXPECT_EQ(told(Refusal::role_changed), "user_inactive: Authentication failed");
}

TEST(Refusals, have_a_reason_of_their_own_for_those_who_may_know) {
  EXPECT_EQ(reason(Refusal::token_revoked), "token_revoked");
  EXPECT_EQ(reason(Refusal::role_changed), "role_changed");
  EXPECT_EQ(reason(Refusal::token_expired), "token_expired");
}

TEST(Roles, are_written_one_way_and_therapist_is_an_alias) {
  for (const Role role : kRoles) EXPECT_EQ(role_from_text(to_text(role)), role);
  EXPECT_EQ(role_from_text("therapist"), Role::psychologist);
  EXPECT_EQ(to_text(Role::psychologist), "psychologist");
  for (const std::string_view text : {"", "Client", "client ", "root"}) {
    EXPECT_FALSE(role_from_text(text)) << text;
  }
}

}  // namespace
}  // namespace stillroom::identity
