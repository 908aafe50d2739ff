// SPDX-License-Identifier: Apache-2.0
#include "config/load_stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stillroom::config {
namespace {

using LoadChecksTest = LoadTest;

TEST_F(LoadChecksTest, a_missing_or_weak_secret_stops_the_start_and_says_what_to_set) {
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

TEST_F(LoadChecksTest, a_list_of_secrets_is_judged_one_by_one) {
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

TEST_F(LoadChecksTest, a_command_beside_the_server_runs_without_its_secrets) {
  Sources sources;
  sources.purpose = Purpose::command;
  const auto loaded = load(sources);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->warnings, Problems{});
}

TEST_F(LoadChecksTest, keys_come_by_https_only) {
  const auto of = [&](const std::string& url) {
    return file_problems("security = { jwks_url = '" + url + "' }").size();
  };
  for (const char* good : {"https://issuer.example", "https://issuer.example/jwks.json",
                           "https://issuer.example:8443/a/b?c=d", "https://[2001:db8::1]/k"}) {
    EXPECT_EQ(of(good), 0U) << good;
  }
  for (const char* bad :
       {"http://issuer.example/jwks.json", "HTTPS://issuer.example", "issuer.example", "https://",
        "file:///etc/passwd", "https://me:word@issuer.example/", "https://issuer.example/#keys",
        "https://issuer.example/a b", "https://issuer.example:0/", "https://issuer.example/\\"}) {
    EXPECT_EQ(of(bad), 1U) << bad;
  }
}

TEST_F(LoadChecksTest, the_settings_of_an_issuer_fit_together) {
  using ::testing::ElementsAre;
  using ::testing::HasSubstr;
  const std::string url = "jwks_url = 'https://issuer.example/jwks.json'";
  EXPECT_THAT(file_problems("security = { " + url + ", jwks_file = 'keys.json' }"),
              ElementsAre(HasSubstr("exclude each other: keep one")));
  EXPECT_THAT(file_problems("security = { jwks_ca = 'ca.pem' }"),
              ElementsAre(HasSubstr("security.jwks_ca is for security.jwks_url")));
  EXPECT_THAT(
      file_problems("security = { " + url + ", jwks_min_age = '10m', jwks_max_age = '1m' }"),
      ElementsAre(HasSubstr("security.jwks_min_age is longer")));
  EXPECT_THAT(file_problems("security = { " + url + ", jwks_stale_limit = '59m' }"),
              ElementsAre(HasSubstr("security.jwks_stale_limit is shorter")));
}

TEST_F(LoadChecksTest, dev_and_production_exclude_each_other) {
  Sources sources = dev();
  sources.environment["NODE_ENV"] = "production";
  EXPECT_EQ(problems(sources),
            Problems{"--dev and NODE_ENV=production (security.environment) exclude each other: "
                     "drop one"});
}

TEST_F(LoadChecksTest, dev_does_not_leave_the_machine_without_lan) {
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

TEST_F(LoadChecksTest, what_belongs_together_is_asked_for_together) {
  EXPECT_EQ(file_problems("[tls]\nkey = \"k.pem\"\n"),
            Problems{"tls.certificate and tls.key come together: set both or neither"});
  EXPECT_EQ(file_problems("[tls]\nocsp = \"o.der\"\n"),
            Problems{"tls.ocsp is for tls.certificate: set that, or drop it"});
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

TEST_F(LoadChecksTest, production_warns_of_open_issuer_audience_and_transport) {
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
  sources.environment["STILLROOM_SERVER_PUBLIC_ORIGIN"] = "https://call.example";
  EXPECT_EQ(load(sources)->warnings, Problems{});
}

TEST_F(LoadChecksTest, production_warns_of_a_proxy_that_serves_nobody_or_trusts_everybody) {
  using ::testing::ElementsAre;
  using ::testing::HasSubstr;
  Sources sources;
  sources.environment = {{"JWT_SECRET", kSecret},
                         {"JWT_ISSUER", "https://login.example"},
                         {"JWT_AUDIENCE", "stillroom"},
                         {"STILLROOM_SERVER_TRUSTED_PROXIES", "10.0.0.0/8"}};
  EXPECT_THAT(load(sources)->warnings, ElementsAre(HasSubstr("server.public_origin is not")));
  sources.environment["STILLROOM_SERVER_PUBLIC_ORIGIN"] = "http://call.example";
  EXPECT_THAT(load(sources)->warnings,
              ElementsAre(HasSubstr("server.public_origin is http://call.example")));
  sources.environment["STILLROOM_SERVER_PUBLIC_ORIGIN"] = "https://call.example";
  for (const char* everybody : {"0.0.0.0/0", "::/0"}) {
    sources.environment["STILLROOM_SERVER_TRUSTED_PROXIES"] = everybody;
    EXPECT_THAT(load(sources)->warnings, ElementsAre(HasSubstr("everybody may say who they are")));
  }
  sources.environment["STILLROOM_SERVER_TRUSTED_PROXIES"] = "10.0.0.1";
  for (const char* words : {"x-forwarded", "forwarded", "proxy-protocol"}) {
    sources.environment["STILLROOM_SERVER_FORWARDED"] = words;
    EXPECT_EQ(load(sources)->warnings, Problems{}) << words;
  }
}

TEST_F(LoadChecksTest, a_proxys_header_needs_a_proxy) {
  const std::string words = "[server]\nforwarded = 'proxy-protocol'\n";
  EXPECT_EQ(
      file_problems(words),
      Problems{"server.forwarded is \"proxy-protocol\" and server.trusted_proxies is not set: "
               "nobody could connect"});
  EXPECT_EQ(file_problems(words + "trusted_proxies = ['10.0.0.1']\n"), Problems{});
  EXPECT_EQ(file_problems("[server]\nforwarded = 'x-real-ip'\n").size(), 1U);
}

TEST_F(LoadChecksTest, an_unknown_variable_of_ours_is_only_warned_of) {
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

TEST_F(LoadChecksTest, a_secret_may_lie_in_a_file_without_its_line_end) {
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

TEST_F(LoadChecksTest, a_secret_file_that_is_absent_empty_open_or_doubled_is_told) {
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

TEST_F(LoadChecksTest, no_sentence_repeats_a_secret) {
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

}  // namespace
}  // namespace stillroom::config
