// SPDX-License-Identifier: Apache-2.0
#include "gateway/proxies.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "gateway/forwarded.hpp"

namespace stillroom::gateway {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;
using Entry = TrustedProxies::Entry;

constexpr const char* kProxy = "10.0.0.1";
constexpr const char* kOuterProxy = "10.0.0.2";
constexpr const char* kAnn = "192.0.2.7";
constexpr const char* kMallory = "203.0.113.66";

net::PeerAddress at(const std::string& text) {
  return {*config::Network::parse_address(text), 0};
}

TrustedProxies proxies(ProxyWords words) {
  return TrustedProxies(
      {{*config::Network::parse("10.0.0.0/8"), *config::Network::parse("fd00::/8")}, words});
}

HttpRequest request(Fields fields) {
  HttpRequest made;
  made.path = "/";
  made.fields = std::move(fields);
  return made;
}

struct Case {
  const char* name;
  Provenance connection;
  Fields fields;
  Provenance seen;
};

Provenance plain(const std::string& address) {
  return {at(address), Wire::plain};
}
Provenance by_tls(const std::string& address) {
  return {at(address), Wire::tls};
}

void expect_all(ProxyWords words, const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const Provenance seen = proxies(words).see(one.connection, request(one.fields));
    EXPECT_EQ(seen.address.ip, one.seen.address.ip) << one.name;
    EXPECT_EQ(seen.wire, one.seen.wire) << one.name;
  }
}

Fields for_and_proto(const std::string& hops, const std::string& proto) {
  return {{"x-forwarded-for", hops}, {"x-forwarded-proto", proto}};
}

TEST(XForwarded, the_source_is_the_right_most_hop_that_is_no_proxy_of_ours) {
  const std::string ann = kAnn;
  expect_all(
      ProxyWords::x_forwarded,
      {{"one proxy", plain(kProxy), {{"x-forwarded-for", ann}}, plain(kAnn)},
       {"what a stranger wrote before it",
        plain(kProxy),
        {{"x-forwarded-for", std::string(kMallory) + ", " + ann}},
        plain(kAnn)},
       {"two proxies", plain(kProxy), {{"x-forwarded-for", ann + "," + kOuterProxy}}, plain(kAnn)},
       {"a stranger who names a proxy of ours",
        plain(kProxy),
        {{"x-forwarded-for", std::string(kOuterProxy) + ", " + ann}},
        plain(kAnn)},
       {"several lines are one list",
        plain(kProxy),
        {{"x-forwarded-for", kMallory}, {"accept", "*/*"}, {"x-forwarded-for", ann}},
        plain(kAnn)},
       {"the proxy's line behind a stranger's",
        plain(kProxy),
        {{"x-forwarded-for", ann}, {"x-forwarded-for", kOuterProxy}},
        plain(kAnn)},
       {"IPv6 with a port",
        plain("fd00::1"),
        {{"x-forwarded-for", "[2001:db8::9]:4711"}},
        plain("2001:db8::9")},
       {"an IPv4 proxy in its mapped form",
        plain("::ffff:10.0.0.1"),
        {{"x-forwarded-for", "::ffff:192.0.2.7"}},
        plain(kAnn)},
       {"space and tabs", plain(kProxy), {{"x-forwarded-for", "\t " + ann + " \t"}}, plain(kAnn)},
       {"nobody but proxies",
        plain(kProxy),
        {{"x-forwarded-for", kOuterProxy}},
        plain(kOuterProxy)},
       {"the proxy itself asks", plain(kProxy), {}, plain(kProxy)}});
}

TEST(XForwarded, a_hop_that_cannot_be_read_ends_the_search) {
  const std::string ann = kAnn;
  for (const std::string strange :
       {"unknown", "_hidden", "", " ", "a.example", "192.0.2.300", "for=192.0.2.1", "1.2.3.4:x"}) {
    expect_all(ProxyWords::x_forwarded,
               {{strange.c_str(), plain(kProxy), {{"x-forwarded-for", strange}}, plain(kProxy)},
                {strange.c_str(),
                 plain(kProxy),
                 {{"x-forwarded-for", std::string(kMallory) + "," + strange}},
                 plain(kProxy)},
                {strange.c_str(),
                 plain(kProxy),
                 {{"x-forwarded-for", ann + "," + strange + "," + kOuterProxy}},
                 plain(kOuterProxy)},
                {strange.c_str(),
                 plain(kProxy),
                 {{"x-forwarded-for", strange + "," + ann}},
                 plain(kAnn)}});
  }
}

TEST(XForwarded, only_so_many_hops_are_looked_at) {
  const auto behind = [](std::size_t hops) {
    std::string list = kAnn;
    for (std::size_t hop = 0; hop < hops; ++hop) list += ",10.1.0." + std::to_string(hop);
    return list;
  };
  expect_all(
      ProxyWords::x_forwarded,
      {{"as many as there may be",
        plain(kProxy),
        {{"x-forwarded-for", behind(kHopsMax - 1)}},
        plain(kAnn)},
       {"one more", plain(kProxy), {{"x-forwarded-for", behind(kHopsMax)}}, plain("10.1.0.0")}});
}

TEST(XForwarded, the_scheme_is_https_when_everybody_on_the_way_says_so) {
  expect_all(
      ProxyWords::x_forwarded,
      {{"the proxy says so", plain(kProxy), for_and_proto(kAnn, "https"), by_tls(kAnn)},
       {"it says http, whatever lies behind it", by_tls(kProxy), for_and_proto(kAnn, "http"),
        plain(kAnn)},
       {"both do", plain(kProxy), for_and_proto(kAnn, "https, https"), by_tls(kAnn)},
       {"the outer does not", plain(kProxy), for_and_proto(kAnn, "http, https"), plain(kAnn)},
       {"the inner does not", plain(kProxy), for_and_proto(kAnn, "https,http"), plain(kAnn)},
       {"in two lines",
        plain(kProxy),
        {{"x-forwarded-proto", "http"}, {"x-forwarded-proto", "https"}},
        plain(kProxy)},
       {"something else", plain(kProxy), for_and_proto(kAnn, "httpsx"), plain(kAnn)},
       {"nothing, in its place", by_tls(kProxy), for_and_proto(kAnn, ""), plain(kAnn)},
       {"nothing said, behind TLS of our own",
        by_tls(kProxy),
        {{"x-forwarded-for", kAnn}},
        by_tls(kAnn)},
       {"without a source", plain(kProxy), {{"x-forwarded-proto", "https"}}, by_tls(kProxy)}});
}

TEST(Forwarded, the_source_is_the_right_most_hop_that_is_no_proxy_of_ours) {
  expect_all(
      ProxyWords::forwarded,
      {{"one proxy", plain(kProxy), {{"forwarded", "for=192.0.2.7;proto=https"}}, by_tls(kAnn)},
       {"what a stranger wrote before it",
        plain(kProxy),
        {{"forwarded", "for=203.0.113.66;proto=https, for=192.0.2.7;proto=http"}},
        plain(kAnn)},
       {"what a stranger wrote is not asked for the scheme",
        plain(kProxy),
        {{"forwarded", "for=203.0.113.66;proto=http, for=192.0.2.7;proto=https"}},
        by_tls(kAnn)},
       {"two proxies",
        plain(kProxy),
        {{"forwarded", "for=192.0.2.7;proto=https, for=10.0.0.2;proto=https"}},
        by_tls(kAnn)},
       {"two proxies, one of which had no TLS",
        plain(kProxy),
        {{"forwarded", "for=192.0.2.7;proto=http, for=10.0.0.2;proto=https"}},
        plain(kAnn)},
       {"two proxies, one of which says nothing",
        by_tls(kProxy),
        {{"forwarded", "for=192.0.2.7, for=10.0.0.2;proto=https"}},
        plain(kAnn)},
       {"nobody says anything of TLS",
        by_tls(kProxy),
        {{"forwarded", "for=192.0.2.7"}},
        by_tls(kAnn)},
       {"several lines",
        plain(kProxy),
        {{"forwarded", "for=192.0.2.7;proto=https"},
         {"forwarded", "for=\"10.0.0.2:99\";proto=https"}},
        by_tls(kAnn)},
       {"IPv6",
        plain("fd00::1"),
        {{"forwarded", R"(for="[2001:db8::9]:4711";proto=https)"}},
        by_tls("2001:db8::9")},
       {"a hidden hop",
        plain(kProxy),
        {{"forwarded", "for=203.0.113.66, for=_hidden;proto=https, for=10.0.0.2;proto=https"}},
        by_tls(kOuterProxy)},
       {"an empty hop",
        plain(kProxy),
        {{"forwarded", "for=203.0.113.66;proto=https, "}},
        plain(kProxy)}});
}

TEST(Forwarded, a_line_that_cannot_be_read_ends_the_search_and_says_nothing_of_tls) {
  expect_all(
      ProxyWords::forwarded,
      {{"an open quotation mark before the proxy's words",
        plain(kProxy),
        {{"forwarded", R"(for=203.0.113.66;proto=https;x=", for=192.0.2.7;proto=http)"}},
        plain(kProxy)},
       {"of the proxy itself", by_tls(kProxy), {{"forwarded", "for=2001:db8::1"}}, plain(kProxy)},
       {"in a line of its own",
        plain(kProxy),
        {{"forwarded", R"(for=203.0.113.66;x=")"}, {"forwarded", "for=192.0.2.7;proto=https"}},
        by_tls(kAnn)},
       {"before one of our proxies",
        plain(kProxy),
        {{"forwarded", "for"}, {"forwarded", "for=10.0.0.2;proto=https"}},
        plain(kOuterProxy)},
       {"between a stranger's line and one of our proxies",
        plain(kProxy),
        {{"forwarded", "for=203.0.113.66;proto=https"},
         {"forwarded", "for"},
         {"forwarded", "for=10.0.0.2;proto=https"}},
        plain(kOuterProxy)}});
}

TEST(Forwarded, only_so_many_hops_are_looked_at) {
  const auto behind = [](std::size_t hops) {
    Fields lines{{"forwarded", "for=192.0.2.7"}};
    for (std::size_t hop = 0; hop < hops; ++hop) {
      lines.emplace_back("forwarded", "for=10.1.0." + std::to_string(hop));
    }
    return lines;
  };
  expect_all(ProxyWords::forwarded,
             {{"as many as there may be", plain(kProxy), behind(kHopsMax - 1), plain(kAnn)},
              {"one more", plain(kProxy), behind(kHopsMax), plain("10.1.0.0")}});
}

TEST(Proxies, only_the_words_that_were_agreed_on_are_read) {
  const Fields x = for_and_proto(kMallory, "https");
  const Fields rfc{{"forwarded", "for=203.0.113.66;proto=https"}};
  expect_all(ProxyWords::x_forwarded, {{"forwarded", plain(kProxy), rfc, plain(kProxy)}});
  expect_all(ProxyWords::forwarded, {{"x-forwarded", plain(kProxy), x, plain(kProxy)}});
  expect_all(ProxyWords::proxy_protocol,
             {{"x-forwarded", plain(kProxy), x, plain(kProxy)},
              {"forwarded", plain(kProxy), rfc, plain(kProxy)},
              {"of somebody behind the proxy", by_tls(kAnn), x, by_tls(kAnn)}});
}

TEST(Proxies, a_stranger_gains_nothing_by_what_he_says) {
  for (const ProxyWords words :
       {ProxyWords::x_forwarded, ProxyWords::forwarded, ProxyWords::proxy_protocol}) {
    Fields all = for_and_proto(kAnn, "https");
    all.emplace_back("forwarded", "for=192.0.2.7;proto=https");
    expect_all(words, {{"plain", plain(kMallory), all, plain(kMallory)},
                       {"by TLS", by_tls(kMallory), for_and_proto(kAnn, "http"), by_tls(kMallory)},
                       {"next to the range", plain("11.0.0.1"), all, plain("11.0.0.1")}});
  }
  const TrustedProxies none({});
  EXPECT_EQ(none.see(plain(kProxy), request(for_and_proto(kAnn, "https"))), plain(kProxy));
}

TEST(Proxies, a_socket_begins_as_was_agreed_on) {
  for (const ProxyWords words : {ProxyWords::x_forwarded, ProxyWords::forwarded}) {
    EXPECT_EQ(proxies(words).entry(at(kProxy)), Entry::proxied);
    EXPECT_EQ(proxies(words).entry(at(kMallory)), Entry::direct);
  }
  EXPECT_EQ(proxies(ProxyWords::proxy_protocol).entry(at(kProxy)), Entry::announced);
  EXPECT_EQ(proxies(ProxyWords::proxy_protocol).entry(at(kMallory)), Entry::refused);
}

}  // namespace
}  // namespace stillroom::gateway
