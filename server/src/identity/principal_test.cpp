// SPDX-License-Identifier: Apache-2.0
#include "identity/principal.hpp"

#include <gtest/gtest.h>

#include <array>
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

VerifiedToken token_of(const UserId& user, Role role) {
  std::vector<TokenKey> keys;
  keys.push_back(own_token_key(secret()));
  const TokenVerifier verifier(std::move(keys));
  const TokenMinter minter(own_token_key(secret()));
  return verifier.verify(minter.mint({user, role, kNow, seconds(60), kNow - seconds(5), "j"}), kNow)
      .value();
}

TEST(Establish, a_token_and_a_live_user_that_agree_are_somebody) {
  for (const Role role : kRoles) {
    const User user{UserId("ada"), role, PersonName("Ada"), UserStatus::active};
    const auto who = establish(token_of(user.id, role), user);
    ASSERT_TRUE(who);
    EXPECT_EQ(who->user(), user.id);
    EXPECT_EQ(who->role(), role);
    EXPECT_EQ(who->name(), PersonName("Ada"));
    EXPECT_EQ(who->expires(), kNow + seconds(60) + seconds(30));
    EXPECT_EQ(who->began(), kNow - seconds(5));
  }
}

TEST(Establish, an_unknown_or_deleted_user_is_unknown) {
  const VerifiedToken token = token_of(UserId("ada"), Role::client);
  EXPECT_EQ(establish(token, std::nullopt).error(), Refusal::user_unknown);
  const User gone{UserId("ada"), Role::client, PersonName("Ada"), UserStatus::deleted};
  EXPECT_EQ(establish(token, gone).error(), Refusal::user_unknown);
  const User other{UserId("bea"), Role::client, PersonName("Bea"), UserStatus::active};
  EXPECT_EQ(establish(token, other).error(), Refusal::user_unknown)
      << "a store that answers with somebody else is not believed";
}

TEST(Establish, an_inactive_user_or_another_role_is_inactive) {
  for (const Role said : kRoles) {
    for (const Role stored : kRoles) {
      const User user{UserId("ada"), stored, PersonName("Ada"), UserStatus::active};
      const auto who = establish(token_of(user.id, said), user);
      EXPECT_EQ(who.ok(), said == stored);
      if (!who) {
        EXPECT_EQ(who.error(), Refusal::user_inactive);
      }
    }
  }
  const User user{UserId("ada"), Role::client, PersonName("Ada"), UserStatus::inactive};
  EXPECT_EQ(establish(token_of(user.id, Role::client), user).error(), Refusal::user_inactive);
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
