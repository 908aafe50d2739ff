// SPDX-License-Identifier: Apache-2.0
#include "sdp/candidate.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace stillroom::sdp {
namespace {

using Type = Candidate::Type;

const Policy kInternet;
const Policy kLan{.reach = Policy::Reach::lan, .relay_ranges = {}};
const Policy kRelayOnly{.path = Policy::Path::relay_only, .relay_ranges = {}};
const Policy kTcp{.tcp = Policy::Tcp::pass, .relay_ranges = {}};

CandidateInit in_section(std::string_view line) {
  CandidateInit init;
  init.line = line;
  init.mid = "0";
  init.mline_index = 0;
  return init;
}

Result<Candidate, Error> parsed(std::string_view line, const Policy& policy = kInternet) {
  return parse_candidate(in_section(line), policy);
}

/// A candidate of `type` at `address` that differs in nothing else.
std::string at(std::string_view address, std::string_view type = "host",
               std::string_view port = "50000") {
  std::string line = "candidate:1 1 udp 2113937151 ";
  line.append(address).append(1, ' ').append(port).append(" typ ").append(type);
  if (type != "host") line += " raddr 0.0.0.0 rport 0";
  return line;
}

TEST(Candidate, is_written_in_normal_form) {
  const std::vector<std::pair<std::string_view, std::string_view>> forms{
      {"candidate:1 1 UDP 2122187007 192.168.1.20 43104 typ host",
       "candidate:1 1 udp 2122187007 192.168.1.20 43104 typ host"},
      {"a=candidate:1 1 udp 2122187007 192.168.1.20 43104 typ host",
       "candidate:1 1 udp 2122187007 192.168.1.20 43104 typ host"},
      {"candidate:2 1 udp 1677729535 8.8.4.4 41793 typ srflx raddr 192.168.1.20 rport 50002",
       "candidate:2 1 udp 1677729535 8.8.4.4 41793 typ srflx raddr 0.0.0.0 rport 9"},
      {"candidate:2 1 udp 1677729535 8.8.4.4 41793 typ srflx",
       "candidate:2 1 udp 1677729535 8.8.4.4 41793 typ srflx raddr 0.0.0.0 rport 9"},
      {"candidate:3 1 udp 92151551 2A00:1450::0001 50002 typ relay raddr ::1 rport 1",
       "candidate:3 1 udp 92151551 2a00:1450::1 50002 typ relay raddr :: rport 9"},
      {"candidate:4 1 tcp 1518280447 192.168.1.20 9 typ host tcptype active generation 0 "
       "network-id 1 network-cost 10 ufrag ZrBe",
       "candidate:4 1 tcp 1518280447 192.168.1.20 9 typ host tcptype active generation 0 ufrag "
       "ZrBe "
       "network-id 1 network-cost 10"},
      {"candidate:5 1 udp 1 4B066B73-44EF-4ddb-a771-b2a97f61bf99.LOCAL 5000 typ host",
       "candidate:5 1 udp 1 4b066b73-44ef-4ddb-a771-b2a97f61bf99.local 5000 typ host"},
      {"candidate:6 2 udp 0000000001 10.0.0.1 05000 typ host x-new value generation 00",
       "candidate:6 2 udp 1 10.0.0.1 5000 typ host generation 0"},
  };
  for (const auto& [in, out] : forms) {
    const auto candidate = parsed(in);
    ASSERT_TRUE(candidate.ok()) << in << code_text(candidate.error().code);
    EXPECT_EQ(candidate->text(), out);
    EXPECT_EQ(parsed(candidate->text())->text(), out);
  }
}

const std::vector<std::pair<std::string, Code>> kMalformed{
    {" ", Code::candidate_grammar},
    {"candidate", Code::candidate_grammar},
    {"candidate:", Code::candidate_grammar},
    {"Candidate:1 1 udp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"a=b=candidate:1 1 udp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate: 1 1 udp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1-1 1 udp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:" + std::string(33, '1') + " 1 udp 1 10.0.0.1 5000 typ host",
     Code::candidate_grammar},
    {"candidate:1 0 udp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 3 udp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 x udp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 1 sctp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 1 ssltcp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 1 udp 0 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 1 udp -1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 1 udp 2147483648 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 1 udp 1.5 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 0 typ host", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 65536 typ host", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 port typ host", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 type host", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ local", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 host", Code::candidate_grammar},
    {"candidate:1  1 udp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ host ", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ host generation", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ host generation x", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ host generation 0 generation 0",
     Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ host network-cost 4294967296", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ host ufrag abc", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ host ufrag a-bc", Code::candidate_grammar},
    {"candidate:1 1 udp 1 10.0.0.1 5000 typ host tcptype active", Code::candidate_grammar},
    {"candidate:1 1 tcp 1 10.0.0.1 5000 typ host", Code::candidate_grammar},
    {"candidate:1 1 tcp 1 10.0.0.1 5000 typ host tcptype both", Code::candidate_grammar},
    {"candidate:1 1 udp 1 8.8.8.8 5000 typ srflx raddr 10.0.0.1 rport 65536",
     Code::candidate_grammar},
    {"candidate:1 1 udp 1 8.8.8.8 5000 typ srflx raddr example.com rport 5000",
     Code::candidate_address},
    {"candidate:1 1 udp 1 8.8.8.8 5000 typ host a\"b c", Code::candidate_grammar},
    {"candidate:1 1 udp 1 8.8.8.8 5000 typ host x \x01", Code::candidate_grammar},
    {"candidate:1 1 udp 1 8.8.8.8 5000 typ host\r\na=crypto:1 x y", Code::candidate_grammar},
    {"candidate:1 1 udp 1 8.8.8.8 5000 typ host x \xc3\xa9", Code::candidate_grammar},
    {at("example.com"), Code::candidate_address},
    {at("localhost"), Code::candidate_address},
    {at("a.b.local"), Code::candidate_address},
    {at(".local"), Code::candidate_address},
    {at("local"), Code::candidate_address},
    {at("x.local."), Code::candidate_address},
    {at("127.1"), Code::candidate_address},
    {at("0x7f000001"), Code::candidate_address},
    {at("fe80::1%eth0"), Code::candidate_address},
    {at("[::1]"), Code::candidate_address},
    {at("4b066b73-44ef-4ddb-a771-b2a97f61bf99.local", "srflx"), Code::candidate_address},
    {at("10.0.0.1") + " x " + std::string(kCandidateBytesMax, 'y'), Code::too_large},
};

TEST(Candidate, malformed_ones_are_errors) {
  for (const auto& [line, code] : kMalformed) {
    const auto candidate = parsed(line);
    ASSERT_FALSE(candidate.ok()) << line;
    EXPECT_EQ(code_text(candidate.error().code), code_text(code)) << line;
  }
  std::string long_list = at("10.0.0.1");
  for (int count = 0; count < 17; ++count) long_list += " x y";
  EXPECT_FALSE(parsed(long_list).ok());
}

struct Case {
  std::string line;
  bool internet;
  bool lan;
  bool relay_only;
};

TEST(Candidate, policy_drops_what_must_not_travel) {
  const std::vector<Case> cases{
      {at("192.168.1.20"), true, true, false},
      {at("8.8.4.4"), true, true, false},
      {at("fd00::5"), true, true, false},
      {at("4b066b73-44ef-4ddb-a771-b2a97f61bf99.local"), true, true, false},
      {at("printer.local"), false, false, false},
      {at("127.0.0.1"), false, true, false},
      {at("::1"), false, true, false},
      {at("::ffff:127.0.0.1"), false, true, false},
      {at("169.254.169.254"), false, true, false},
      {at("fe80::1"), false, true, false},
      {at("0.0.0.0"), false, false, false},
      {at("::"), false, false, false},
      {at("224.0.0.251"), false, false, false},
      {at("255.255.255.255"), false, false, false},
      {at("ff02::1"), false, false, false},
      {at("2002:7f00:1::"), false, true, false},
      {at("64:ff9b::7f00:1"), false, true, false},
      {at("8.8.4.4", "srflx"), true, true, false},
      {at("8.8.4.4", "prflx"), true, true, false},
      {at("8.8.4.4", "relay"), true, true, true},
      {at("192.168.1.20", "srflx"), false, true, false},
      {at("192.168.1.20", "relay"), false, true, false},
      {at("127.0.0.1", "relay"), false, true, false},
      {at("0.0.0.0", "relay"), false, false, false},
      {at("192.168.1.20", "host", "1023"), false, false, false},
      {at("192.168.1.20", "host", "1024"), true, true, false},
      {at("192.168.1.20", "host", "9"), false, false, false},
      {at("192.168.1.20", "host", "22"), false, false, false},
  };
  for (const auto& [line, internet, lan, relay_only] : cases) {
    ASSERT_TRUE(parsed(line).ok()) << line;
    EXPECT_EQ(parsed(line, kInternet)->relayable(), internet) << line;
    EXPECT_EQ(parsed(line, kLan)->relayable(), lan) << line;
    EXPECT_EQ(parsed(line, kRelayOnly)->relayable(), relay_only) << line;
  }
}

TEST(Candidate, tcp_travels_only_where_the_policy_says_so) {
  const std::string_view active = "candidate:1 1 tcp 1 192.168.1.20 9 typ host tcptype active";
  const std::string_view low = "candidate:1 1 tcp 1 192.168.1.20 9 typ host tcptype passive";
  EXPECT_FALSE(parsed(active)->relayable());
  EXPECT_TRUE(parsed(active, kTcp)->relayable());
  EXPECT_FALSE(parsed(low, kTcp)->relayable());
}

TEST(Candidate, a_relay_in_a_configured_private_range_travels) {
  Policy policy;
  policy.relay_ranges.push_back({*IpAddress::parse("10.9.0.1"), *IpAddress::parse("10.9.0.2")});
  EXPECT_TRUE(parsed(at("10.9.0.2", "relay"), policy)->relayable());
  EXPECT_FALSE(parsed(at("10.9.0.3", "relay"), policy)->relayable());
  EXPECT_FALSE(parsed(at("10.9.0.2", "srflx"), policy)->relayable());
  policy.path = Policy::Path::relay_only;
  EXPECT_TRUE(parsed(at("10.9.0.2", "relay"), policy)->relayable());
}

TEST(Candidate, the_end_needs_no_section) {
  const auto end = parse_candidate(CandidateInit{});
  ASSERT_TRUE(end.ok());
  EXPECT_TRUE(end->ends());
  EXPECT_TRUE(end->relayable());
  EXPECT_EQ(end->text(), "");
  const auto named = parse_candidate(in_section(""));
  EXPECT_EQ(named->mid(), "0");
}

TEST(Candidate, the_target_is_checked) {
  auto init = in_section("candidate:1 1 udp 1 10.0.0.1 5000 typ host ufrag ZrBe");
  EXPECT_EQ(parse_candidate(init)->ufrag(), "ZrBe");
  init.ufrag = "ZrBe";
  EXPECT_TRUE(parse_candidate(init).ok());
  init.ufrag = "Zrbe";
  EXPECT_EQ(parse_candidate(init).error().code, Code::candidate_ufrag);
  init.ufrag = "x";
  EXPECT_EQ(parse_candidate(init).error().code, Code::candidate_ufrag);
  init.ufrag.reset();
  init.mid = "<b>";
  EXPECT_EQ(parse_candidate(init).error().code, Code::candidate_target);
  init.mid = std::string_view("0000000000000000000000000000000000");
  EXPECT_EQ(parse_candidate(init).error().code, Code::candidate_target);
  init.mid.reset();
  EXPECT_TRUE(parse_candidate(init).ok());
  init.mline_index = 32;
  EXPECT_EQ(parse_candidate(init).error().code, Code::candidate_target);
  init.mline_index.reset();
  EXPECT_EQ(parse_candidate(init).error().code, Code::candidate_target);
}

}  // namespace
}  // namespace stillroom::sdp
