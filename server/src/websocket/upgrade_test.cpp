// SPDX-License-Identifier: Apache-2.0
#include "websocket/upgrade.hpp"

#include <gtest/gtest.h>

namespace stillroom::websocket {
namespace {

UpgradeRequest good() {
  return {.method = "GET",
          .connection = "Upgrade",
          .upgrade = "websocket",
          .version = "13",
          .key = "dGhlIHNhbXBsZSBub25jZQ=="};
}

TEST(Upgrade, example_of_section_1_3) {
  const auto accept = check_upgrade(good());
  ASSERT_TRUE(accept.ok());
  EXPECT_EQ(*accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(Upgrade, answer_is_a_whole_response) {
  std::string out;
  append_switching_protocols(out, "abc", "X-One: 1\r\n");
  EXPECT_EQ(out,
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: abc\r\nX-One: 1\r\n\r\n");
}

struct Change {
  const char* name;
  void (*apply)(UpgradeRequest&);
  std::optional<UpgradeError> error;
  unsigned status;
};

class UpgradeRule : public testing::TestWithParam<Change> {};

TEST_P(UpgradeRule, decides) {
  UpgradeRequest request = good();
  GetParam().apply(request);
  const auto accept = check_upgrade(request);
  if (!GetParam().error) {
    EXPECT_TRUE(accept.ok());
    return;
  }
  ASSERT_FALSE(accept.ok());
  EXPECT_EQ(accept.error(), *GetParam().error);
  EXPECT_EQ(status_of(accept.error()), GetParam().status);
  EXPECT_FALSE(sentence(accept.error()).empty());
}

using R = UpgradeRequest;
using E = UpgradeError;

const Change kChanges[] = {
    {"tokens_in_any_case",
     [](R& r) {
       r.connection = "uPGRADE";
       r.upgrade = "WebSocket";
     },
     {},
     0},
    {"tokens_in_lists",
     [](R& r) {
       r.connection = "keep-alive, Upgrade";
       r.upgrade = "h2c ,websocket";
     },
     {},
     0},
    {"blanks_around_version_and_key", [](R& r) { r.version = " 13\t"; }, {}, 0},
    {"http_1_1_or_later", [](R& r) { r.http_version = 11; }, {}, 0},
    {"post", [](R& r) { r.method = "POST"; }, E::wrong_method, 405},
    {"lower_case_get", [](R& r) { r.method = "get"; }, E::wrong_method, 405},
    {"http_1_0", [](R& r) { r.http_version = 10; }, E::wrong_http_version, 505},
    {"no_connection", [](R& r) { r.connection = ""; }, E::not_an_upgrade, 400},
    {"keep_alive_only", [](R& r) { r.connection = "keep-alive"; }, E::not_an_upgrade, 400},
    {"token_inside_a_word", [](R& r) { r.connection = "upgraded"; }, E::not_an_upgrade, 400},
    {"no_upgrade", [](R& r) { r.upgrade = ""; }, E::not_an_upgrade, 400},
    {"other_protocol", [](R& r) { r.upgrade = "h2c"; }, E::not_an_upgrade, 400},
    {"no_version", [](R& r) { r.version = ""; }, E::wrong_version, 426},
    {"version_8", [](R& r) { r.version = "8"; }, E::wrong_version, 426},
    {"version_14", [](R& r) { r.version = "14"; }, E::wrong_version, 426},
    {"version_130", [](R& r) { r.version = "130"; }, E::wrong_version, 426},
    {"two_versions", [](R& r) { r.version = "13, 8"; }, E::wrong_version, 426},
    {"no_key", [](R& r) { r.key = ""; }, E::bad_key, 400},
    {"short_key", [](R& r) { r.key = "dGhlIHNhbXBsZQ=="; }, E::bad_key, 400},
    {"long_key", [](R& r) { r.key = "dGhlIHNhbXBsZSBub25jZSE="; }, E::bad_key, 400},
    {"key_without_padding", [](R& r) { r.key = "dGhlIHNhbXBsZSBub25jZQ"; }, E::bad_key, 400},
    {"key_of_18_bytes", [](R& r) { r.key = "dGhlIHNhbXBsZSBub25jZSEh"; }, E::bad_key, 400},
    {"key_in_url_alphabet", [](R& r) { r.key = "____________________-Q=="; }, E::bad_key, 400},
    {"two_keys", [](R& r) { r.key = "dGhlIHNhbXBsZSBub25jZQ==, dGhlIHNhbXBsZSBub25jZQ=="; },
     E::bad_key, 400},
};

INSTANTIATE_TEST_SUITE_P(Section421, UpgradeRule, testing::ValuesIn(kChanges),
                         [](const auto& rule) { return std::string(rule.param.name); });

}  // namespace
}  // namespace stillroom::websocket
