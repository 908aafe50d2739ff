// SPDX-License-Identifier: Apache-2.0
#include "config/values.hpp"

#include <gtest/gtest.h>

#include "config/nearest_name.hpp"
#include "config/words.hpp"

namespace stillroom::config {
namespace {

template <class T>
std::string read(std::string_view text) {
  const auto value = T::parse(text);
  return value ? std::string(value->text()) : "refused";
}

TEST(Listen, takes_host_and_port_and_nothing_else) {
  EXPECT_EQ(read<Listen>("0.0.0.0:8443"), "0.0.0.0:8443");
  EXPECT_EQ(read<Listen>("[::]:0"), "[::]:0");
  EXPECT_EQ(read<Listen>("call.example:65535"), "call.example:65535");
  for (const char* text : {"", "8443", ":8443", "host", "host:", "host:65536", "host:-1", "host:+1",
                           "host: 1", "::1:80", "[::1]", "[::1]80", "[host]:1", "a b:1", "ho/st:1",
                           "u@host:1", "host:1:2", ".:1", "a..b:1"}) {
    EXPECT_EQ(read<Listen>(text), "refused") << text;
  }
}

TEST(WebOrigin, is_written_as_browsers_send_it) {
  EXPECT_EQ(read<WebOrigin>("https://App.Example:443/"), "https://app.example");
  EXPECT_EQ(read<WebOrigin>("HTTP://localhost:5173"), "http://localhost:5173");
  EXPECT_EQ(read<WebOrigin>("http://localhost:80"), "http://localhost");
  EXPECT_EQ(read<WebOrigin>("https://[::1]:8443"), "https://[::1]:8443");
  EXPECT_EQ(read<WebOrigin>("http://a.example:443"), "http://a.example:443");
}

TEST(WebOrigin, refuses_wildcards_paths_and_look_alikes) {
  for (const char* text : {"*",
                           "null",
                           "",
                           "a.example",
                           "https://",
                           "https:///",
                           "https://*.example",
                           "https://a.example/path",
                           "https://a.example//",
                           "https://a.example?x",
                           "https://a.example#x",
                           "https://user@a.example",
                           "https://user:1@a.example",
                           "https://a.example:0",
                           "https://a.example:",
                           "https://a.example:70000",
                           "ftp://a.example",
                           "https:a.example",
                           " https://a.example",
                           "https://a.example ",
                           "https://a_b.example",
                           "https://[::1",
                           "https://[a.example]",
                           "https://a\xC3\xA9.example",
                           "https://a.example\\@b.example"}) {
    EXPECT_EQ(read<WebOrigin>(text), "refused") << text;
  }
}

TEST(Network, holds_exactly_its_addresses) {
  const auto holds = [](const char* network, const char* address) {
    return Network::parse(network)->contains(*Network::parse_address(address));
  };
  EXPECT_TRUE(holds("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(holds("10.0.0.0/8", "::ffff:10.0.0.1")) << "the mapped form is the same address";
  EXPECT_FALSE(holds("10.0.0.0/8", "::10.0.0.1"));
  EXPECT_TRUE(holds("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(holds("192.0.2.7", "192.0.2.6"));
  EXPECT_TRUE(holds("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(holds("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(holds("0.0.0.0/0", "255.255.255.255"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(holds("::/0", "10.0.0.1"));
}

TEST(Network, refuses_what_is_not_one_range) {
  for (const char* text : {"", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "::/129",
                           "2001:db8::1/32", "host/8", "10.0.0.0/8/8", "010.0.0.1", "10.0.0.0/-1",
                           "[::1]", "1.2.3.4 ", "fe80::1%eth0"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
  EXPECT_FALSE(Network::parse_address(std::string_view("1.2.3.4\0x", 9)));
}

TEST(IceUrl, follows_rfc_7064_and_7065) {
  for (const char* text :
       {"stun:stun.example", "stuns:stun.example:5349", "turn:turn.example", "turn:192.0.2.1:3478",
        "turns:turn.example:5349?transport=tcp", "turn:[2001:db8::1]:3478?transport=udp"}) {
    EXPECT_EQ(read<IceUrl>(text), text);
  }
  for (const char* text :
       {"", "turn:", "turn.example", "http://turn.example", "turn://turn.example",
        "turn:user@turn.example", "turn:t.example?transport=sctp", "stun:s.example?transport=udp",
        "turn:t.example:0", "turn:t.example/x", "turn:t.example?transport=udp&x=1",
        "TURN:t.example", "turn:t example"}) {
    EXPECT_EQ(read<IceUrl>(text), "refused") << text;
  }
}

TEST(Duration, has_a_number_and_a_unit) {
  EXPECT_EQ(parse_duration("0s"), milliseconds(0));
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("25s"), seconds(25));
  EXPECT_EQ(parse_duration("120m"), minutes(120));
  EXPECT_EQ(parse_duration("24h"), std::chrono::hours(24));
  for (const char* text : {"", "25", "s", "1.5s", "-1s", "+1s", "1 s", "1S", "1sec", "1d", " 1s",
                           "1s ", "1m30s", "99999999999s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
  EXPECT_EQ(duration_text(minutes(120)), "2h");
  EXPECT_EQ(duration_text(seconds(90)), "90s");
  EXPECT_EQ(duration_text(milliseconds(1500)), "1500ms");
  EXPECT_EQ(duration_text(milliseconds(0)), "0s");
}

TEST(EditDistance, counts_slips) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("lisetn", "listen"), 1U);
  EXPECT_EQ(edit_distance("workers", "workers"), 0U);
}

TEST(NearestName, is_silent_when_nothing_is_near) {
  const std::vector<std::string_view> names{"server.listen", "server.data", "turn.urls"};
  EXPECT_EQ(nearest_name("server.lsiten", names), "server.listen");
  EXPECT_EQ(nearest_name("urls", names), "turn.urls");
  EXPECT_EQ(nearest_name("colour", names), "");
  EXPECT_EQ(nearest_name(std::string(10'000, 'x'), names), "");
}

}  // namespace
}  // namespace stillroom::config
