// SPDX-License-Identifier: Apache-2.0
#include "config/load_stage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace stillroom::config {
namespace {

using LoadFileTest = LoadTest;

TEST_F(LoadFileTest, an_unknown_key_names_its_line_and_the_nearest_key) {
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

TEST_F(LoadFileTest, a_wrong_type_names_its_line_and_what_it_should_be) {
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

TEST_F(LoadFileTest, a_value_out_of_range_names_the_range) {
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

TEST_F(LoadFileTest, all_problems_are_told_at_once) {
  EXPECT_EQ(file_problems("[server]\nworkers = 900\ncolour = 1\n[turn]\nttl = 5\n").size(), 3U);
}

TEST_F(LoadFileTest, a_file_that_is_no_toml_names_the_line) {
  const Problems found = file_problems("[server]\nworkers = = 1\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].starts_with("stillroom.toml:2: not valid TOML: ")) << found[0];
  EXPECT_TRUE(any_starts_with(file_problems("[server]\nworkers = 1\nworkers = 2\n"),
                              "stillroom.toml:3: not valid TOML: "));
}

TEST_F(LoadFileTest, a_file_that_cannot_be_read_says_why) {
  Sources sources = dev();
  sources.file = folder_ / "absent.toml";
  EXPECT_EQ(problems(sources), Problems{"absent.toml: cannot be read: No such file or directory"});
  sources.file = folder_ / ".";
  EXPECT_EQ(problems(sources), Problems{".: cannot be read: it is a folder"});
  sources.file = write("big.toml", std::string((1 << 20) + 1, '#'));
  EXPECT_EQ(problems(sources), Problems{"big.toml: is larger than 1048576 bytes"});
}

}  // namespace
}  // namespace stillroom::config
