// SPDX-License-Identifier: Apache-2.0
#include "config/load_stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/print.hpp"
#include "config/settings_table.hpp"

namespace stillroom::config {
namespace {

TEST_F(LoadTest, defaults_are_the_contract_s) {
  Sources sources;
  sources.environment["JWT_SECRET"] = kSecret;
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  const Settings& settings = loaded->settings;
  EXPECT_TRUE(settings.strict());
  EXPECT_EQ(settings.server.listen.text(), "0.0.0.0:8443");
  EXPECT_EQ(settings.security.clock_skew, seconds(30));
  EXPECT_TRUE(settings.security.token_in_url);
  EXPECT_EQ(settings.engineio.ping_interval, seconds(25));
  EXPECT_EQ(settings.engineio.ping_timeout, seconds(20));
  EXPECT_EQ(settings.engineio.upgrade_timeout, seconds(10));
  EXPECT_EQ(settings.engineio.connect_timeout, seconds(10));
  EXPECT_EQ(settings.engineio.max_payload, 131'072U);
  EXPECT_EQ(settings.http.header_timeout, seconds(5));
  EXPECT_EQ(settings.limits.connect_attempts, 10U);
  EXPECT_EQ(settings.limits.connect_window, minutes(1));
  EXPECT_EQ(settings.limits.proof_attempts, 120U);
  EXPECT_EQ(settings.rooms.join_before, minutes(15));
  EXPECT_EQ(settings.rooms.join_after, minutes(120));
  EXPECT_EQ(settings.rooms.grace_seat, seconds(10));
  EXPECT_EQ(settings.rooms.grace_room, minutes(2));
  EXPECT_EQ(settings.rooms.capacity_individual, 2U);
  EXPECT_EQ(settings.rooms.capacity_couples, 3U);
  EXPECT_EQ(settings.rooms.capacity_family, 6U);
  EXPECT_EQ(settings.rooms.capacity_group, 12U);
}

TEST_F(LoadTest, dev_listens_on_loopback_needs_no_secret_and_keeps_the_limiter) {
  const auto loaded = load(dev());
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->settings.dev, DevMode::loopback);
  EXPECT_EQ(loaded->settings.server.listen.text(), "127.0.0.1:8080");
  EXPECT_EQ(loaded->settings.limits.connect_attempts, 600U);
  EXPECT_TRUE(loaded->settings.security.jwt_secret.empty());
  EXPECT_EQ(loaded->warnings, Problems{});
}

TEST_F(LoadTest, a_stronger_source_wins) {
  Sources sources = with_file(
      "[engineio]\nping_interval = \"30s\"\nping_timeout = \"31s\"\n"
      "upgrade_timeout = \"32s\"\n");
  sources.environment["STILLROOM_ENGINEIO_PING_TIMEOUT"] = "40s";
  sources.environment["STILLROOM_ENGINEIO_UPGRADE_TIMEOUT"] = "41s";
  sources.overrides["engineio.upgrade_timeout"] = "50s";
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->settings.engineio.connect_timeout, seconds(10));
  EXPECT_EQ(loaded->settings.engineio.ping_interval, seconds(30));
  EXPECT_EQ(loaded->settings.engineio.ping_timeout, seconds(40));
  EXPECT_EQ(loaded->settings.engineio.upgrade_timeout, seconds(50));
}

TEST_F(LoadTest, known_names_of_the_environment_are_aliases) {
  Sources sources;
  sources.environment = {{"JWT_SECRET", kSecret},
                         {"NODE_ENV", "production"},
                         {"CLIENT_URL", "https://app.example/"},
                         {"ALLOWED_ORIGINS", "https://a.example, https://B.example:444"},
                         {"PORT", "9000"},
                         {"ENCRYPTION_KEY", std::string(kSecret.rbegin(), kSecret.rend())},
                         {"TURN_URL", "turn:turn.example:3478"},
                         {"TURN_URLS", "turns:turn.example:5349?transport=tcp,stun:stun.example"},
                         {"TURN_SECRET", "turn secret"}};
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok()) << loaded.error().front();
  const Settings& settings = loaded->settings;
  EXPECT_EQ(settings.security.environment, Environment::production);
  EXPECT_EQ(settings.security.jwt_secret.reveal(), kSecret);
  EXPECT_EQ(settings.server.listen.text(), "0.0.0.0:9000");
  EXPECT_EQ(settings.turn.secret.reveal(), "turn secret");
  std::vector<std::string> origins;
  for (const auto& origin : settings.security.allowed_origins) origins.push_back(origin.text());
  EXPECT_EQ(origins, (std::vector<std::string>{"https://a.example", "https://b.example:444",
                                               "https://app.example"}));
  ASSERT_EQ(settings.turn.urls.size(), 3U);
  EXPECT_TRUE(settings.turn.urls[0].relays());
  EXPECT_FALSE(settings.turn.urls[1].relays());
}

TEST_F(LoadTest, our_own_variable_beats_its_aliases) {
  Sources sources;
  sources.environment = {{"JWT_SECRET", kSecret},
                         {"PORT", "9000"},
                         {"STILLROOM_SERVER_LISTEN", "10.0.0.1:9001"},
                         {"ALLOWED_ORIGINS", "https://a.example"},
                         {"STILLROOM_SECURITY_ALLOWED_ORIGINS", "https://b.example"}};
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->settings.server.listen.text(), "10.0.0.1:9001");
  ASSERT_EQ(loaded->settings.security.allowed_origins.size(), 1U);
  EXPECT_EQ(loaded->settings.security.allowed_origins[0].text(), "https://b.example");
}

TEST_F(LoadTest, port_changes_the_port_and_keeps_the_address) {
  Sources sources = with_file("[server]\nlisten = \"192.0.2.1:1\"\n");
  sources.environment["PORT"] = "9000";
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->settings.server.listen.text(), "192.0.2.1:9000");
  sources = dev();
  sources.environment["PORT"] = "9000";
  EXPECT_EQ(load(sources)->settings.server.listen.text(), "127.0.0.1:9000");
}

TEST_F(LoadTest, an_empty_variable_is_unset) {
  Sources sources = dev();
  sources.environment = {{"JWT_SECRET", ""}, {"PORT", ""}, {"STILLROOM_SERVER_WORKERS", ""}};
  EXPECT_TRUE(load(sources).ok());
}

TEST_F(LoadTest, any_voice_that_says_production_is_heard) {
  Sources sources;
  sources.environment = {{"JWT_SECRET", kSecret}};
  const auto environment = [&sources](const char* node_env, const char* stillroom_env) {
    sources.environment["NODE_ENV"] = node_env;
    sources.environment["STILLROOM_ENV"] = stillroom_env;
    return load(sources)->settings.security.environment;
  };
  EXPECT_EQ(environment("production", "development"), Environment::production);
  EXPECT_EQ(environment("development", "production"), Environment::production);
  EXPECT_EQ(environment("development", ""), Environment::development);
  EXPECT_EQ(environment("staging", ""), Environment::unspecified);
  EXPECT_EQ(environment("", ""), Environment::unspecified);
}

TEST_F(LoadTest, printing_masks_secrets) {
  Sources sources;
  sources.environment = {{"JWT_SECRET", kSecret}, {"TURN_SECRET", "turnip"}};
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  const std::string text = print(loaded->settings);
  EXPECT_EQ(text.find(kSecret), std::string::npos);
  EXPECT_EQ(text.find("turnip"), std::string::npos);
  EXPECT_NE(text.find("\njwt_secret = \"(set)\"\n"), std::string::npos);
  EXPECT_NE(text.find("\nencryption_key = \"\"\n"), std::string::npos);
  EXPECT_NE(text.find("\n[engineio]\n# Time between two pings.\nping_interval = \"25s\"\n"),
            std::string::npos);
}

TEST_F(LoadTest, what_is_printed_loads_to_the_same_settings) {
  Sources sources = dev();
  sources.environment = {{"ALLOWED_ORIGINS", "https://a.example,http://localhost:5173"},
                         {"STILLROOM_SERVER_DATA", "/srv/q\"uote\\ and \xC3\xA9"},
                         {"STILLROOM_SERVER_TRUSTED_PROXIES", "10.0.0.0/8,::1"},
                         {"STILLROOM_SERVER_PUBLIC_ORIGIN", "https://call.example"},
                         {"STILLROOM_ENGINEIO_PING_INTERVAL", "1500ms"},
                         {"TURN_URLS", "stun:stun.example"}};
  const auto first = load(sources);
  ASSERT_TRUE(first.ok());
  const std::string text = print(first->settings);
  Sources again;
  again.file = write("printed.toml", text);
  const auto second = load(again);
  ASSERT_TRUE(second.ok()) << second.error().front();
  EXPECT_EQ(print(second->settings), text);
}

TEST(SettingsTable, every_row_has_a_meaning_a_good_default_and_names_of_its_own) {
  std::vector<std::string> names;
  for (const Row& row : table()) {
    EXPECT_TRUE(row.meaning.ends_with('.')) << row.key;
    EXPECT_EQ(find_row(row.key), &row);
    EXPECT_TRUE(!row.secret() || row.fallback.empty()) << "no built-in secret: " << row.key;
    names.push_back(row.variable());
    for (const std::string_view alias : row.aliases) {
      if (!alias.empty()) names.emplace_back(alias);
    }
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_EQ(find_row("server.listen")->variable(), "STILLROOM_SERVER_LISTEN");
  EXPECT_EQ(find_row_of_file("server.listen_file"), nullptr);
}

}  // namespace
}  // namespace stillroom::config
