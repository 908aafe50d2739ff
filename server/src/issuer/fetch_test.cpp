// SPDX-License-Identifier: Apache-2.0
#include "issuer/fetch.hpp"

#include <gtest/gtest.h>

namespace stillroom::issuer {
namespace {

TEST(Fetch, only_public_addresses_may_be_asked) {
  for (const auto* address : {"1.1.1.1", "193.0.6.139", "2606:4700:4700::1111"}) {
    EXPECT_TRUE(may_ask(address, Reach::internet)) << address;
  }
  for (const auto* address : {"127.0.0.1",
                              "10.0.0.1",
                              "172.16.0.1",
                              "192.168.1.1",
                              "100.64.0.1",
                              "169.254.169.254",
                              "0.0.0.0",
                              "224.0.0.1",
                              "255.255.255.255",
                              "198.18.0.1",
                              "::1",
                              "::",
                              "fe80::1",
                              "fd00::1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "64:ff9b::a00:1",
                              "2002:7f00:1::",
                              "2001:db8::1",
                              "ff02::1",
                              "",
                              "localhost"}) {
    EXPECT_FALSE(may_ask(address, Reach::internet)) << address;
  }
  EXPECT_TRUE(may_ask("127.0.0.1", Reach::anywhere));
}

TEST(Fetch, the_issuers_word_about_age) {
  EXPECT_EQ(age_of(" public, max-age=300"), milliseconds(300'000));
  EXPECT_EQ(age_of("MAX-AGE=0"), milliseconds(0));
  EXPECT_EQ(age_of("no-store"), milliseconds(0));
  EXPECT_EQ(age_of("max-age=60, no-cache"), milliseconds(0));
  EXPECT_EQ(age_of("s-maxage=60"), std::nullopt);
  EXPECT_EQ(age_of("max-age=soon"), std::nullopt);
  EXPECT_EQ(age_of("max-age=-5"), std::nullopt);
  EXPECT_EQ(age_of("max-age=99999999999999999999999"), seconds(31'536'000));
  EXPECT_EQ(age_of(""), std::nullopt);
}

TEST(Fetch, nothing_but_https_is_asked) {
  const std::atomic<bool> stop = false;
  for (const auto* url : {"http://127.0.0.1:1/", "file:///etc/passwd", "ftp://127.0.0.1:1/"}) {
    const auto got = fetch({url, {}, Reach::anywhere}, stop);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error(), Trouble::unreachable) << url;
  }
  const auto inside = fetch({"https://127.0.0.1:1/", {}, Reach::internet}, stop);
  ASSERT_FALSE(inside);
  EXPECT_EQ(inside.error(), Trouble::private_address);
}

}  // namespace
}  // namespace stillroom::issuer
