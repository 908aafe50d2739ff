// SPDX-License-Identifier: Apache-2.0
#include "turn/credentials.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::turn {
namespace {

using namespace std::chrono_literals;

const UserId kMaria("user-maria");
const UserId kJonas("user-jonas");
const WallTime kNow = WallTime(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)) + 12h;

config::Turn settings() {
  config::Turn turn;
  for (const char* url : {"stun:turn.example.org:3478", "turn:turn.example.org:3478?transport=udp",
                          "turns:turn.example.org:5349?transport=tcp"}) {
    turn.urls.push_back(config::IceUrl::parse(url).value());
  }
  turn.secret = SecretText("a shared secret of the operator");
  turn.ttl = 5min;
  return turn;
}

Credentials issuer(config::Turn turn = settings(), std::string key = "key") {
  return {std::move(turn), SecretText(std::move(key))};
}

std::string name_in(const std::string& username) {
  return username.substr(username.find(':') + 1);
}

TEST(TurnCredentials, stun_goes_without_and_turn_with_credentials) {
  auto credentials = issuer();
  const auto servers = credentials.issue(kMaria, kNow);
  ASSERT_EQ(servers.size(), 2u);
  EXPECT_EQ(servers[0].urls, (std::vector<std::string>{"stun:turn.example.org:3478"}));
  EXPECT_TRUE(servers[0].username.empty());
  EXPECT_TRUE(servers[0].credential.empty());
  EXPECT_EQ(servers[1].urls.size(), 2u);
}

TEST(TurnCredentials, the_name_expires_and_the_password_proves_it) {
  auto credentials = issuer();
  const auto servers = credentials.issue(kMaria, kNow);
  const auto& turn = servers.at(1);
  const auto expiry = std::chrono::duration_cast<seconds>((kNow + 5min).time_since_epoch()).count();
  EXPECT_TRUE(turn.username.starts_with(std::to_string(expiry) + ":"));
  EXPECT_EQ(turn.credential.reveal(),
            to_base64(crypto::hmac_sha1("a shared secret of the operator", turn.username)));
}

TEST(TurnCredentials, agree_with_a_value_made_by_another_program) {
  // printf '%s' 1700000000:seat | openssl dgst -sha1 -hmac secret -binary | base64
  EXPECT_EQ(to_base64(crypto::hmac_sha1("secret", "1700000000:seat")),
            "ZlbFKVJvuzlXdOyVmXmYQcn52fY=");
}

TEST(TurnCredentials, no_person_can_be_read_from_the_name) {
  auto credentials = issuer();
  const auto username = credentials.issue(kMaria, kNow).at(1).username;
  EXPECT_EQ(username.find("maria"), std::string::npos);
  EXPECT_EQ(name_in(username).size(), 20u);
  auto other_key = issuer(settings(), "another key");
  EXPECT_NE(name_in(other_key.issue(kMaria, kNow).at(1).username), name_in(username));
}

TEST(TurnCredentials, a_person_keeps_the_name_for_a_day_and_no_longer) {
  auto credentials = issuer();
  const auto name_at = [&credentials](const UserId& user, WallTime at) {
    return name_in(credentials.issue(user, at).at(1).username);
  };
  EXPECT_EQ(name_at(kMaria, kNow), name_at(kMaria, kNow + 3h));
  EXPECT_NE(name_at(kMaria, kNow), name_at(kJonas, kNow));
  EXPECT_NE(name_at(kMaria, kNow), name_at(kMaria, kNow + 24h));
}

TEST(TurnCredentials, relay_only_tells_no_stun_server) {
  auto turn = settings();
  turn.policy = config::IcePolicy::relay;
  auto credentials = issuer(std::move(turn));
  EXPECT_TRUE(credentials.relay_only());
  const auto servers = credentials.issue(kMaria, kNow);
  ASSERT_EQ(servers.size(), 1u);
  EXPECT_TRUE(servers[0].urls[0].starts_with("turn:"));
}

TEST(TurnCredentials, a_fixed_name_and_password_are_handed_out_as_they_are) {
  auto turn = settings();
  turn.secret = SecretText();
  turn.username = "clinic";
  turn.password = SecretText("its password");
  auto credentials = issuer(std::move(turn));
  const auto servers = credentials.issue(kMaria, kNow);
  EXPECT_EQ(servers.at(1).username, "clinic");
  EXPECT_EQ(servers.at(1).credential.reveal(), "its password");
}

TEST(TurnCredentials, without_a_server_there_is_nothing) {
  auto credentials = issuer(config::Turn{});
  EXPECT_TRUE(credentials.issue(kMaria, kNow).empty());
  EXPECT_FALSE(credentials.relay_only());
}

}  // namespace
}  // namespace stillroom::turn
