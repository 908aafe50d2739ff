// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "config/print.hpp"
#include "config/settings_table.hpp"

namespace stillroom::config {
namespace {

// NOLINTNEXTLINE(readability-identifier-naming): a constant that cannot be constexpr
const std::string kSecret = "correct-horse-battery-staple-0123456789";

/// A folder of its own for each test, gone afterwards.
class LoadTest : public ::testing::Test {
 public:
  ~LoadTest() override { std::filesystem::remove_all(folder_); }

 protected:
  LoadTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stillroom-config-XXXXXX");
    folder_ = ::mkdtemp(pattern.data());
  }

  std::filesystem::path write(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    return path;
  }
  /// Sources with a file of this content, and a good secret so that only the file is judged.
  Sources with_file(const std::string& toml) {
    Sources sources;
    sources.file = write("stillroom.toml", toml);
    sources.environment["JWT_SECRET"] = kSecret;
    return sources;
  }
  /// The problems with the folder's name taken out.
  Problems problems(const Sources& sources) {
    const auto loaded = load(sources);
    if (loaded.ok()) return {};
    Problems shortened;
    for (std::string problem : loaded.error()) {
      const std::string prefix = folder_.string() + "/";
      for (auto at = problem.find(prefix); at != std::string::npos; at = problem.find(prefix)) {
        problem.erase(at, prefix.size());
      }
      shortened.push_back(problem);
    }
    return shortened;
  }
  Problems file_problems(const std::string& toml) { return problems(with_file(toml)); }

  std::filesystem::path folder_;
};

Sources dev() {
  Sources sources;
  sources.overrides["dev"] = "loopback";
  return sources;
}

bool any_starts_with(const std::vector<std::string>& lines, std::string_view begin) {
  return std::any_of(lines.begin(), lines.end(),
                     [begin](const std::string& line) { return line.starts_with(begin); });
}

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

TEST_F(LoadTest, an_unknown_key_names_its_line_and_the_nearest_key) {
  EXPECT_EQ(file_problems("[server]\nworkers = 1\n\n[engineio]\nping_intervall = \"25s\"\n"),
            Problems{"stillroom.toml:5: unknown key engineio.ping_intervall; "
                     "did you mean engineio.ping_interval?"});
  EXPECT_EQ(file_problems("[engineoi]\nping_timeout = \"25s\"\n"),
            Problems{"stillroom.toml:2: unknown key engineoi.ping_timeout; "
                     "did you mean engineio.ping_timeout?"});
  EXPECT_EQ(file_problems("ping_timeout = \"25s\"\n"),
            Problems{"stillroom.toml:1: unknown key ping_timeout; "
                     "did you mean engineio.ping_timeout?"});
  EXPECT_EQ(file_problems("[security]\njwt_secret_fil = \"x\"\n"),
            Problems{"stillroom.toml:2: unknown key security.jwt_secret_fil; "
                     "did you mean security.jwt_secret_file?"});
  EXPECT_EQ(file_problems("[colours]\nwall = \"white\"\n"),
            Problems{"stillroom.toml:2: unknown key colours.wall"});
  EXPECT_EQ(file_problems("[colours]\n"), Problems{"stillroom.toml:1: unknown key colours"});
  EXPECT_EQ(file_problems("[server]\n[tls]\n"), Problems{});
  Sources sources = dev();
  sources.overrides["server.lisen"] = "x";
  EXPECT_EQ(problems(sources),
            Problems{"command line: unknown key server.lisen; did you mean server.listen?"});
}

TEST_F(LoadTest, a_wrong_type_names_its_line_and_what_it_should_be) {
  EXPECT_EQ(file_problems("[server]\nworkers = \"4\"\n"),
            Problems{"stillroom.toml:2: server.workers must be an integer, not \"4\""});
  EXPECT_EQ(
      file_problems("[server]\nworkers = 1.5\n"),
      Problems{
          "stillroom.toml:2: server.workers must be an integer, not a number with a fraction"});
  EXPECT_EQ(file_problems("[engineio]\nping_interval = 25\n"),
            Problems{"stillroom.toml:2: engineio.ping_interval must be a duration such as "
                     "\"25s\", not an integer"});
  EXPECT_EQ(file_problems("[engineio]\nping_interval = \"25\"\n"),
            Problems{"stillroom.toml:2: engineio.ping_interval must be a duration such as "
                     "\"25s\", not \"25\""});
  EXPECT_EQ(file_problems("[security]\ntoken_in_url = \"no\"\n"),
            Problems{"stillroom.toml:2: security.token_in_url must be true or false, not \"no\""});
  EXPECT_EQ(file_problems("[security]\nallowed_origins = \"https://a.example\"\n"),
            Problems{"stillroom.toml:2: security.allowed_origins must be a list of strings, "
                     "not a string"});
  EXPECT_EQ(file_problems("[security]\nallowed_origins = [1]\n"),
            Problems{"stillroom.toml:2: security.allowed_origins must be a list of strings, "
                     "not a list with other things than strings"});
  EXPECT_EQ(file_problems("[security]\njwt_issuer = 2026-11-24\n"),
            Problems{"stillroom.toml:2: security.jwt_issuer must be a string, not a date or time"});
  EXPECT_EQ(file_problems("[server.listen]\nport = 1\n"),
            Problems{"stillroom.toml:1: server.listen must be HOST:PORT such as "
                     "\"0.0.0.0:8443\", not a table"});
  EXPECT_EQ(file_problems("[server]\ndata = true\n"),
            Problems{"stillroom.toml:2: server.data must be a path, not true or false"});
}

TEST_F(LoadTest, a_value_out_of_range_names_the_range) {
  EXPECT_EQ(file_problems("[server]\nworkers = 900\n"),
            Problems{"stillroom.toml:2: server.workers must be 0 to 64, not 900"});
  EXPECT_EQ(file_problems("[server]\nworkers = -1\n"),
            Problems{"stillroom.toml:2: server.workers must be 0 to 64, not -1"});
  EXPECT_EQ(file_problems("[engineio]\nping_interval = \"2h\"\n"),
            Problems{"stillroom.toml:2: engineio.ping_interval must be 1s to 5m, not 2h"});
  EXPECT_EQ(file_problems("[security]\nclaim_user = \"\"\n"),
            Problems{"stillroom.toml:2: security.claim_user must not be empty"});
  EXPECT_EQ(
      file_problems("[security]\nclaim_user = \"" + std::string(65, 'x') + "\"\n"),
      Problems{"stillroom.toml:2: security.claim_user must be at most 64 bytes long, not 65"});
  EXPECT_EQ(file_problems("[turn]\npolicy = \"some\"\n"),
            Problems{"stillroom.toml:2: turn.policy must be \"all\" or \"relay\", not \"some\""});
  EXPECT_EQ(file_problems("dev = \"on\"\n"),
            Problems{"stillroom.toml:1: dev must be \"off\", \"loopback\" or \"lan\", not \"on\""});
  EXPECT_EQ(file_problems("[security]\nallowed_origins = [\"https://a.example\", \"*\"]\n"),
            Problems{"stillroom.toml:2: security.allowed_origins must hold origins such as "
                     "\"https://app.example\", not \"*\""});
  EXPECT_EQ(file_problems("[server]\ntrusted_proxies = [\"10.0.0.1/8\"]\n"),
            Problems{"stillroom.toml:2: server.trusted_proxies must hold addresses or ranges such "
                     "as \"10.0.0.0/8\", not \"10.0.0.1/8\""});
  Sources sources = dev();
  sources.environment["PORT"] = "65536";
  EXPECT_EQ(problems(sources), Problems{"environment PORT: server.listen must be HOST:PORT such as "
                                        "\"0.0.0.0:8443\", not \"65536\""});
}

TEST_F(LoadTest, all_problems_are_told_at_once) {
  EXPECT_EQ(file_problems("[server]\nworkers = 900\ncolour = 1\n[turn]\nttl = 5\n").size(), 3U);
}

TEST_F(LoadTest, a_file_that_is_no_toml_names_the_line) {
  const Problems found = file_problems("[server]\nworkers = = 1\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].starts_with("stillroom.toml:2: not valid TOML: ")) << found[0];
  EXPECT_TRUE(any_starts_with(file_problems("[server]\nworkers = 1\nworkers = 2\n"),
                              "stillroom.toml:3: not valid TOML: "));
}

TEST_F(LoadTest, a_file_that_cannot_be_read_says_why) {
  Sources sources = dev();
  sources.file = folder_ / "absent.toml";
  EXPECT_EQ(problems(sources), Problems{"absent.toml: cannot be read: No such file or directory"});
  sources.file = folder_ / ".";
  EXPECT_EQ(problems(sources), Problems{".: cannot be read: it is a folder"});
  sources.file = write("big.toml", std::string((1 << 20) + 1, '#'));
  EXPECT_EQ(problems(sources), Problems{"big.toml: is larger than 1048576 bytes"});
}

TEST_F(LoadTest, a_missing_or_weak_secret_stops_the_start_and_says_what_to_set) {
  constexpr const char* make =
      ": set it to at least 32 random bytes, for example the output of `openssl rand -base64 48`";
  Sources sources;
  EXPECT_EQ(problems(sources),
            Problems{std::string("JWT_SECRET (security.jwt_secret) is missing") + make});
  sources.environment["JWT_SECRET"] = "0123456789abcdef0123456789abcde";
  EXPECT_EQ(problems(sources),
            Problems{std::string("JWT_SECRET (security.jwt_secret) has only 31 bytes") + make});
  sources.environment["JWT_SECRET"] = std::string(32, 'x');
  EXPECT_EQ(
      problems(sources),
      Problems{std::string("JWT_SECRET (security.jwt_secret) has only 1 different bytes") + make});
  sources.overrides["dev"] = "loopback";
  EXPECT_EQ(problems(sources).size(), 1U) << "weak is weak in development too";
  sources.environment["JWT_SECRET"] = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(problems(sources), Problems{});
}

TEST_F(LoadTest, a_list_of_secrets_is_judged_one_by_one) {
  const std::string good = "0123456789abcdef0123456789abcdef";
  Sources sources;
  sources.environment["JWT_SECRET"] = good + ",fedcba9876543210fedcba9876543210";
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  const auto secrets = jwt_secrets(loaded->settings.security);
  ASSERT_EQ(secrets.size(), 2U);
  EXPECT_EQ(secrets[0].reveal(), good);
  EXPECT_EQ(secrets[1].reveal(), "fedcba9876543210fedcba9876543210");
  sources.environment["JWT_SECRET"] = good + ",short";
  ASSERT_EQ(problems(sources).size(), 1U);
  EXPECT_THAT(problems(sources)[0], ::testing::HasSubstr("number 2 of its list, has only 5 bytes"));
  sources.environment["JWT_SECRET"] = good + ",";
  EXPECT_EQ(problems(sources).size(), 1U) << "an empty place is a secret of no bytes";
  sources.environment["JWT_SECRET"] = good + "," + good + "," + good + "," + good + "," + good;
  ASSERT_EQ(problems(sources).size(), 1U);
  EXPECT_THAT(problems(sources)[0], ::testing::HasSubstr("more than 4 secrets"));
}

TEST_F(LoadTest, a_command_beside_the_server_runs_without_its_secrets) {
  Sources sources;
  sources.purpose = Purpose::command;
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->warnings, Problems{});
}

TEST_F(LoadTest, dev_and_production_exclude_each_other) {
  Sources sources = dev();
  sources.environment["NODE_ENV"] = "production";
  EXPECT_EQ(problems(sources),
            Problems{"--dev and NODE_ENV=production (security.environment) exclude each other: "
                     "drop one"});
}

TEST_F(LoadTest, dev_does_not_leave_the_machine_without_lan) {
  Sources sources = dev();
  sources.overrides["server.listen"] = "0.0.0.0:8080";
  EXPECT_EQ(problems(sources), Problems{"--dev listens on this machine only, not on 0.0.0.0:8080: "
                                        "use 127.0.0.1, or --dev --lan"});
  for (const char* listen : {"127.0.0.1:0", "localhost:1", "[::1]:1", "127.8.9.10:1"}) {
    sources.overrides["server.listen"] = listen;
    EXPECT_EQ(problems(sources), Problems{}) << listen;
  }
  sources.overrides["server.listen"] = "127.evil.example:1";
  EXPECT_EQ(problems(sources).size(), 1U);
  sources.overrides["server.listen"] = "0.0.0.0:8080";
  sources.overrides["dev"] = "lan";
  EXPECT_EQ(problems(sources), Problems{});
}

TEST_F(LoadTest, what_belongs_together_is_asked_for_together) {
  EXPECT_EQ(file_problems("[tls]\nkey = \"k.pem\"\n"),
            Problems{"tls.certificate and tls.key come together: set both or neither"});
  EXPECT_EQ(file_problems("[turn]\nurls = [\"turn:t.example\"]\n"),
            Problems{"turn.urls names a TURN server without credentials: set TURN_SECRET"});
  EXPECT_EQ(file_problems("[turn]\nusername = \"u\"\n"),
            Problems{"turn.username and turn.password come together: set both or neither"});
  EXPECT_EQ(file_problems("[turn]\nsecret = \"s\"\nusername = \"u\"\npassword = \"p\"\n"),
            Problems{"turn.secret and turn.username exclude each other: keep turn.secret"});
  EXPECT_EQ(file_problems("[turn]\nurls = [\"stun:s.example\"]\npolicy = \"relay\"\n"),
            Problems{"turn.policy is \"relay\" and turn.urls names no TURN server: nobody could "
                     "reach anybody"});
  EXPECT_EQ(file_problems("[turn]\nurls = [\"stun:s.example\"]\n"), Problems{});
}

TEST_F(LoadTest, production_warns_of_open_issuer_audience_and_transport) {
  Sources sources;
  sources.environment["JWT_SECRET"] = kSecret;
  sources.environment["CLIENT_URL"] = "http://app.example";
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->warnings,
            (Problems{"security.jwt_issuer is not set: a token of any issuer with this key passes",
                      "security.jwt_audience is not set: a token for any audience passes",
                      "neither tls.certificate nor server.trusted_proxies is set: every request "
                      "will be refused as insecure (426)",
                      "security.allowed_origins names http://app.example: pages without TLS can be "
                      "changed on their way"}));
  sources.environment["JWT_ISSUER"] = "https://login.example";
  sources.environment["JWT_AUDIENCE"] = "stillroom";
  sources.environment["CLIENT_URL"] = "https://app.example";
  sources.environment["STILLROOM_SERVER_TRUSTED_PROXIES"] = "10.0.0.0/8";
  EXPECT_EQ(load(sources)->warnings, Problems{});
}

TEST_F(LoadTest, an_unknown_variable_of_ours_is_only_warned_of) {
  Sources sources = dev();
  sources.environment["STILLROOM_SERVER_WORKER"] = "2";
  sources.environment["STILLROOM_PORT_80_TCP_PROTO"] = "tcp";
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->warnings,
            (Problems{"environment STILLROOM_PORT_80_TCP_PROTO is no setting and was ignored",
                      "environment STILLROOM_SERVER_WORKER is no setting and was ignored; "
                      "did you mean STILLROOM_SERVER_WORKERS?"}));
}

TEST_F(LoadTest, a_secret_may_lie_in_a_file_without_its_line_end) {
  const auto path = write("jwt", kSecret + "\n").string();
  Sources sources;
  sources.file = write("stillroom.toml", "[security]\njwt_secret_file = \"" + path + "\"\n");
  ASSERT_TRUE(load(sources).ok());
  EXPECT_EQ(load(sources)->settings.security.jwt_secret.reveal(), kSecret);
  sources.file.reset();
  for (const char* name : {"JWT_SECRET_FILE", "STILLROOM_SECURITY_JWT_SECRET_FILE"}) {
    sources.environment = {{name, path}};
    ASSERT_TRUE(load(sources).ok()) << name;
    EXPECT_EQ(load(sources)->settings.security.jwt_secret.reveal(), kSecret);
  }
  sources.environment.clear();
  sources.overrides["security.jwt_secret_file"] = path;
  EXPECT_TRUE(load(sources).ok());
}

TEST_F(LoadTest, a_secret_file_that_is_absent_empty_open_or_doubled_is_told) {
  Sources sources;
  const auto absent = (folder_ / "absent").string();
  sources.environment["JWT_SECRET_FILE"] = absent;
  EXPECT_EQ(problems(sources),
            Problems{"environment JWT_SECRET_FILE: security.jwt_secret: absent: cannot be read: "
                     "No such file or directory"});
  sources.environment["JWT_SECRET_FILE"] = write("empty", "\n").string();
  EXPECT_EQ(problems(sources),
            Problems{"environment JWT_SECRET_FILE: security.jwt_secret: empty is empty"});
  const auto path = write("jwt", kSecret);
  sources.environment["JWT_SECRET_FILE"] = path.string();
  sources.environment["JWT_SECRET"] = kSecret;
  EXPECT_EQ(problems(sources), Problems{"environment: JWT_SECRET and JWT_SECRET_FILE exclude each "
                                        "other: keep one"});
  sources.environment.erase("JWT_SECRET");
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  EXPECT_TRUE(any_starts_with(loaded->warnings,
                              "environment JWT_SECRET_FILE: security.jwt_secret: "
                              "other accounts may read or change "));
  EXPECT_EQ(file_problems("[security]\njwt_secret = \"x\"\njwt_secret_file = \"" + path.string() +
                          "\"\n"),
            Problems{"stillroom.toml:3: security.jwt_secret and security.jwt_secret_file exclude "
                     "each other: keep one"});
}

TEST_F(LoadTest, no_sentence_repeats_a_secret) {
  const std::string secret = "hunter2hunter2";
  for (const char* key : {"security.jwt_secret", "turn.secret", "turn.password"}) {
    for (const std::string& value : {secret, std::string(5000, 'h') + secret}) {
      Sources sources;
      sources.overrides[key] = value;
      const auto loaded = load(sources);
      ASSERT_FALSE(loaded.ok());
      for (const std::string& problem : loaded.error()) {
        EXPECT_EQ(problem.find("hunter2"), std::string::npos) << problem;
        EXPECT_LT(problem.size(), 200U);
      }
    }
  }
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
