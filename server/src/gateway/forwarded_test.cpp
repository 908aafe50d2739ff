// SPDX-License-Identifier: Apache-2.0
#include "gateway/forwarded.hpp"

#include <gtest/gtest.h>

#include <string>

#include "config/values.hpp"

namespace stillroom::gateway {
namespace {

using Scheme = ForwardedHop::Scheme;

std::optional<net::PeerAddress> at(const char* text) {
  return net::PeerAddress{*config::Network::parse_address(text), 0};
}

TEST(Hop, is_an_address_with_or_without_a_port) {
  for (const auto& [text, address] : std::initializer_list<std::pair<const char*, const char*>>{
           {"192.0.2.1", "192.0.2.1"},
           {"192.0.2.1:80", "192.0.2.1"},
           {"192.0.2.1:65535", "192.0.2.1"},
           {"192.0.2.1:_obf.port-1", "192.0.2.1"},
           {"2001:db8::1", "2001:db8::1"},
           {"[2001:db8::1]", "2001:db8::1"},
           {"[2001:DB8::1]:443", "2001:db8::1"},
           {"::ffff:192.0.2.1", "192.0.2.1"}}) {
    EXPECT_EQ(read_hop(text), at(address)) << text;
  }
}

TEST(Hop, is_nothing_else) {
  for (const char* text : {"",
                           "unknown",
                           "_hidden",
                           "192.0.2",
                           "192.0.2.1:",
                           "192.0.2.1:x",
                           "192.0.2.1:123456",
                           "192.0.2.1:_",
                           "192.0.2.1:_a b",
                           "[192.0.2.1]",
                           "[2001:db8::1",
                           "2001:db8::1]",
                           "[2001:db8::1]443",
                           "[2001:db8::1]:",
                           "[]",
                           "fe80::1%eth0",
                           "192.0.2.1 ",
                           " 192.0.2.1",
                           "192.0.2.1/32",
                           "0x7f.0.0.1",
                           "127.1",
                           "a.example",
                           "\"192.0.2.1\"",
                           "192.0.2.01x"}) {
    EXPECT_FALSE(read_hop(text)) << text;
  }
  EXPECT_FALSE(read_hop(std::string_view("192.0.2.1\0x", 11)));
}

TEST(Scheme, is_https_by_either_of_its_names) {
  for (const char* text : {"https", "HTTPS", "wss", "Wss"}) {
    EXPECT_EQ(read_scheme(text), Scheme::https) << text;
  }
  for (const char* text : {"", "http", "ws", "httpss", "https ", "https,", "tls", "on"}) {
    EXPECT_EQ(read_scheme(text), Scheme::other) << text;
  }
}

TEST(Forwarded, tells_hops_in_their_order) {
  const auto hops = read_forwarded(
      R"(for=192.0.2.1;proto=https, FOR="[2001:db8::1]:47011" ; Proto=http;by=_us,for=unknown)");
  ASSERT_TRUE(hops);
  ASSERT_EQ(hops->size(), 3U);
  EXPECT_EQ((*hops)[0].address, at("192.0.2.1"));
  EXPECT_EQ((*hops)[0].scheme, Scheme::https);
  EXPECT_EQ((*hops)[1].address, at("2001:db8::1"));
  EXPECT_EQ((*hops)[1].scheme, Scheme::other);
  EXPECT_FALSE((*hops)[2].address);
  EXPECT_EQ((*hops)[2].scheme, Scheme::untold);
}

TEST(Forwarded, takes_what_the_grammar_allows) {
  for (const char* line : {"", ";", "for=_a;;proto=https;", "for=192.0.2.1,", ",for=192.0.2.1",
                           R"(for="a\"b, c";host="x;y")", "secret=token", R"(for="")"}) {
    EXPECT_TRUE(read_forwarded(line)) << line;
  }
  const auto hops =
      read_forwarded(R"(for="192.0.2.1, x", for="\192.0.2.2";host="a,b";proto=HTTPS)");
  ASSERT_TRUE(hops);
  ASSERT_EQ(hops->size(), 2U);
  EXPECT_FALSE((*hops)[0].address) << "a comma in quotes is no end";
  EXPECT_EQ((*hops)[1].address, at("192.0.2.2"));
  EXPECT_EQ((*hops)[1].scheme, Scheme::https);
}

TEST(Forwarded, refuses_a_line_that_two_could_read_differently) {
  for (const char* line :
       {"for", "for=", "=x", "for =x", "for= x", "for=a b", "for=2001:db8::1", "for=[::1]",
        R"(for="192.0.2.1)", R"(for="192.0.2.1"x)", R"(for="a\)", "for=192.0.2.1;for=192.0.2.2",
        "proto=http;proto=https", R"(for="x, for=192.0.2.1;proto=https)",
        R"(for="x, for="192.0.2.1";proto=https)", "192.0.2.1"}) {
    EXPECT_FALSE(read_forwarded(line)) << line;
  }
}

TEST(Forwarded, keeps_the_nearest_hops_only) {
  std::string line = "for=192.0.2.250";
  for (std::size_t hop = 1; hop <= kHopsMax; ++hop) line += ",for=192.0.2." + std::to_string(hop);
  const auto hops = read_forwarded(line);
  ASSERT_TRUE(hops);
  ASSERT_EQ(hops->size(), kHopsMax);
  EXPECT_EQ(hops->front().address, at("192.0.2.1"));
  EXPECT_EQ(hops->back().address, at("192.0.2.16"));
}

}  // namespace
}  // namespace stillroom::gateway
