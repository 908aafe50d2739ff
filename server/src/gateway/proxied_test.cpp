// SPDX-License-Identifier: Apache-2.0
// A running gateway behind a proxy, which is played by 127.0.0.1.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "gateway/server_stage.hpp"
#include "gateway/test_peer.hpp"
#include "net/test_proxy_header.hpp"

namespace stillroom::gateway {
namespace {

using test::Peer;
using test::ServerStage;

constexpr std::string_view kHandshake = "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n";
constexpr std::string_view kAnn = "192.0.2.7";
constexpr std::string_view kMallory = "203.0.113.66";
/// Beyond the sockets that one attempt of a source lets in here.
constexpr int kSocketsMax = kAcceptFactor + kEntryFactor;
constexpr int kFlood = kSocketsMax + 50;

test::Options behind_a_proxy(ProxyWords words) {
  test::Options options;
  options.proxies = {{*config::Network::parse("127.0.0.1")}, words};
  options.limiter.attempts = 1;
  options.limiter.proofs = 0;
  options.limiter.window = std::chrono::hours(1);
  return options;
}

/// Of a new socket; empty when it was closed instead.
std::string answer_to(const ServerStage& server, const std::string& bytes) {
  Peer peer(server.port());
  peer.send(bytes);
  return peer.answer();
}

std::string forwarded(std::string_view request, std::string_view source) {
  return std::string(request)
      .append("Host: x\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: ")
      .append(source)
      .append("\r\nConnection: close\r\n\r\n");
}

TEST(Proxied, the_sockets_of_a_proxy_are_everybodys_and_the_requests_are_not) {
  const ServerStage server(behind_a_proxy(ProxyWords::x_forwarded));
  std::string last;
  for (int attempt = 0; attempt < kFlood; ++attempt) {
    last = answer_to(server, forwarded(kHandshake, kMallory));
  }
  EXPECT_TRUE(last.starts_with("HTTP/1.1 429 ")) << last;
  for (int attempt = 0; attempt < kFlood; ++attempt) {  // of those whose address it hides
    last = answer_to(server, forwarded(kHandshake, "unknown"));
  }
  EXPECT_TRUE(last.starts_with("HTTP/1.1 429 ")) << last;
  EXPECT_TRUE(answer_to(server, forwarded(kHandshake, kAnn)).starts_with("HTTP/1.1 200 "));
}

TEST(Proxied, who_is_far_over_his_limit_is_closed_once_the_proxy_has_said_who_he_is) {
  const ServerStage server(behind_a_proxy(ProxyWords::proxy_protocol));
  const auto from = [](char last_byte) {
    std::string addresses = net::test::kAnn4;
    addresses[3] = last_byte;
    return net::test::proxy_header(0x21, 0x11, addresses)
        .append(kHandshake)
        .append("Host: x\r\nConnection: close\r\n\r\n");
  };
  int cut = 0;
  for (int attempt = 0; attempt < kFlood; ++attempt) {
    if (answer_to(server, from(66)).empty()) ++cut;
  }
  EXPECT_GT(cut, 0);
  EXPECT_LE(cut, kFlood - kSocketsMax);
  EXPECT_TRUE(answer_to(server, from(7)).starts_with("HTTP/1.1 200 "));
}

TEST(Proxied, a_proxy_that_asks_for_itself_is_never_closed_for_having_asked_often) {
  const ServerStage server(behind_a_proxy(ProxyWords::proxy_protocol));
  const std::string bytes = net::test::proxy_header(0x20, 0x00, "")
                                .append(kHandshake)
                                .append("Host: x\r\nConnection: close\r\n\r\n");
  for (int attempt = 0; attempt < kFlood; ++attempt) {
    ASSERT_FALSE(answer_to(server, bytes).empty()) << attempt;
  }
}

TEST(Proxied, what_was_seen_moves_with_the_connection_to_another_worker) {
  test::Options options = behind_a_proxy(ProxyWords::x_forwarded);
  options.workers = 2;
  const ServerStage server(options);
  const std::string opened = answer_to(server, forwarded(kHandshake, kAnn));
  const std::string poll = "POST /socket.io/?EIO=4&transport=polling&sid=" + Peer::sid_in(opened) +
                           " HTTP/1.1\r\nContent-Length: 1\r\n";
  for (int attempt = 0; attempt < 16; ++attempt) {  // the kernel chooses the worker
    const std::string answer = answer_to(server, forwarded(poll, kAnn) + "6");
    ASSERT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
    EXPECT_NE(answer.find("Strict-Transport-Security"), std::string::npos);
  }
}

TEST(Proxied, a_request_that_cannot_be_read_is_the_connections_own) {
  const ServerStage server(behind_a_proxy(ProxyWords::x_forwarded));
  Peer peer(server.port());
  peer.send("GET /livez HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\n\r\n");
  EXPECT_NE(peer.answer().find("Strict-Transport-Security"), std::string::npos);
  peer.send("GET /livez HTTP/1.1\r\nX-Forwarded-Proto: https\r\n\r\n");
  const std::string answer = peer.answer();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
  EXPECT_EQ(answer.find("Strict-Transport-Security"), std::string::npos);
}

}  // namespace
}  // namespace stillroom::gateway
