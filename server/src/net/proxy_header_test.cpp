// SPDX-License-Identifier: Apache-2.0
#include "net/proxy_header.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "net/test_proxy_header.hpp"

namespace stillroom::net {
namespace {

using Error = ProxyHeaderError;
using test::addition;
using test::kAnn4;
using test::kAnn6;
using test::kClientByTls;
using test::kClientPlain;
using test::proxy_header;

/// As the socket gives it: never more than the reader wants, in pieces of `piece` at most.
Result<std::optional<ProxyHeader>, Error> read(std::string_view bytes, std::size_t piece = 4'096) {
  ProxyHeaderReader reader;
  while (!bytes.empty()) {
    EXPECT_GT(reader.wants(), 0U);
    const std::string_view next = bytes.substr(0, std::min(reader.wants(), piece));
    bytes.remove_prefix(next.size());
    auto header = reader.feed(next);
    if (!header || *header) {
      EXPECT_TRUE(!header || bytes.empty()) << "the header ends with its last byte";
      return header;
    }
  }
  return std::optional<ProxyHeader>();
}

Error error_of(std::string_view bytes) {
  const auto header = read(bytes);
  EXPECT_FALSE(header.ok());
  return header.ok() ? Error::no_header : header.error();
}

TEST(ProxyHeader, tells_who_is_behind_the_proxy) {
  const auto v4 = read(proxy_header(0x21, 0x11, kAnn4));
  ASSERT_TRUE(v4.ok() && *v4);
  EXPECT_EQ((*v4)->source, (PeerAddress{test::ip4(192, 0, 2, 7), 0x3039}));
  EXPECT_EQ((*v4)->client, ProxyHeader::Client::unknown);
  const auto v6 = read(proxy_header(0x21, 0x21, kAnn6));
  ASSERT_TRUE(v6.ok() && *v6);
  EXPECT_EQ((*v6)->source->ip[0], 0x20);
  EXPECT_EQ((*v6)->source->ip[15], 0x09);
  EXPECT_EQ((*v6)->source->port, 0x3039);
}

TEST(ProxyHeader, is_the_same_in_whatever_pieces_it_comes) {
  const std::string bytes = proxy_header(0x21, 0x11, kAnn4 + addition(0x20, kClientByTls));
  for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
    const auto header = read(bytes, piece);
    ASSERT_TRUE(header.ok() && *header) << piece;
    EXPECT_EQ((*header)->source->port, 0x3039);
    EXPECT_EQ((*header)->client, ProxyHeader::Client::by_tls);
  }
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto header = read(bytes.substr(0, length));
    EXPECT_TRUE(header.ok() && !*header) << length;
  }
}

TEST(ProxyHeader, what_stands_behind_it_is_not_asked_for) {
  for (const std::string& bytes :
       {proxy_header(0x20, 0x00, ""), proxy_header(0x21, 0x11, kAnn4),
        proxy_header(0x21, 0x21, kAnn6 + addition(0x20, kClientByTls))}) {
    ProxyHeaderReader reader;
    std::size_t asked = 0;
    while (asked < bytes.size()) {
      const std::size_t wants = reader.wants();
      ASSERT_GT(wants, 0U);
      ASSERT_LE(asked + wants, bytes.size());
      EXPECT_TRUE(reader.feed(std::string_view(bytes).substr(asked, wants)).ok());
      asked += wants;
    }
  }
}

TEST(ProxyHeader, tls_counts_only_where_the_proxy_says_so) {
  const auto client_of = [](const std::string& additions) {
    return (*read(proxy_header(0x21, 0x11, kAnn4 + additions)))->client;
  };
  EXPECT_EQ(client_of(addition(0x20, kClientByTls)), ProxyHeader::Client::by_tls);
  EXPECT_EQ(client_of(addition(0x20, kClientPlain)), ProxyHeader::Client::unknown);
  EXPECT_EQ(client_of(addition(0x01, "h2")), ProxyHeader::Client::unknown);
  EXPECT_EQ(client_of(addition(0x04, "") + addition(0x20, kClientByTls) + addition(0xE0, "x")),
            ProxyHeader::Client::by_tls);
}

TEST(ProxyHeader, a_proxy_may_speak_for_itself) {
  for (const std::string& bytes :
       {proxy_header(0x20, 0x00, ""), proxy_header(0x20, 0x11, kAnn4),
        proxy_header(0x20, 0x77, "anything"), proxy_header(0x21, 0x00, ""),
        proxy_header(0x21, 0x00, "anything")}) {
    const auto header = read(bytes);
    ASSERT_TRUE(header.ok() && *header);
    EXPECT_FALSE((*header)->source);
    EXPECT_EQ((*header)->client, ProxyHeader::Client::unknown);
  }
}

TEST(ProxyHeader, everything_else_is_none_from_its_first_wrong_byte_on) {
  for (const std::string_view bytes :
       {std::string_view("GET / HTTP/1.1\r\n"), std::string_view("PROXY TCP4 192.0.2.7 1 2\r\n"),
        std::string_view("\x16\x03\x01"), std::string_view("\r\n\r\nG"),
        std::string_view("\r\n\r\n\0\r\nQUIT\r", 12)}) {
    EXPECT_EQ(error_of(bytes), Error::no_header);
  }
}

TEST(ProxyHeader, what_cannot_be_meant_is_refused) {
  for (const std::string& bytes :
       {proxy_header(0x11, 0x11, kAnn4),                        // version 1
        proxy_header(0x22, 0x11, kAnn4),                        // no such command
        proxy_header(0x21, 0x12, kAnn4),                        // UDP
        proxy_header(0x21, 0x22, kAnn6),                        // the same
        proxy_header(0x21, 0x31, kAnn6),                        // a UNIX socket
        proxy_header(0x21, 0x11, kAnn4.substr(0, 11)),          // too short for its addresses
        proxy_header(0x21, 0x21, kAnn6.substr(0, 35)),          //
        proxy_header(0x21, 0x11, kAnn4 + std::string(2, 'x')),  // half of an addition's head
        proxy_header(0x21, 0x11, kAnn4 + std::string("\x01\x00\x02x", 4)),  // cut short
        proxy_header(0x21, 0x11, kAnn4 + addition(0x20, "\x01"))}) {        // TLS without a result
    EXPECT_EQ(error_of(bytes), Error::malformed);
  }
}

TEST(ProxyHeader, is_bounded_before_it_is_kept) {
  const std::string longest(kProxyHeaderBytesMax - 16 - kAnn4.size() - 3, 'x');
  EXPECT_TRUE(read(proxy_header(0x21, 0x11, kAnn4 + addition(0xE0, longest))).ok());
  const std::string longer = proxy_header(0x21, 0x11, kAnn4 + addition(0xE0, longest + "x"));
  EXPECT_EQ(error_of(longer.substr(0, 16)), Error::too_long);
}

}  // namespace
}  // namespace stillroom::net
