// SPDX-License-Identifier: Apache-2.0
#include "sdp/ip_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "testing/seeded_rng.hpp"

namespace stillroom::sdp {
namespace {

using Scope = IpAddress::Scope;

std::string written(std::string_view text) {
  const auto address = IpAddress::parse(text);
  if (!address) return "refused";
  std::string out;
  address->append_to(out);
  return out;
}

TEST(IpAddress, is_written_in_one_form) {
  const std::vector<std::pair<std::string_view, std::string_view>> forms{
      {"1.2.3.4", "1.2.3.4"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"2001:DB8::00ff", "2001:db8::ff"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"1::", "1::"},
      {"::ffff:1.2.3.4", "::ffff:102:304"},
      {"64:ff9b::10.0.0.1", "64:ff9b::a00:1"},
      {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
  };
  for (const auto& [in, out] : forms) EXPECT_EQ(written(in), out) << in;
}

TEST(IpAddress, looser_spellings_are_refused) {
  for (const std::string_view text : {"",
                                      " ",
                                      "1",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "01.2.3.4",
                                      "1.2.3.04",
                                      "256.1.1.1",
                                      "1.2.3.4 ",
                                      " 1.2.3.4",
                                      "1..2.3",
                                      "1.2.3.",
                                      ".1.2.3",
                                      "0x7f.0.0.1",
                                      "2130706433",
                                      "127.1",
                                      "1.2.3.-4",
                                      ":",
                                      ":::",
                                      "1:",
                                      ":1",
                                      "1:2:3:4:5:6:7",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1::2::3",
                                      "12345::",
                                      "g::",
                                      "::1%eth0",
                                      "fe80::1%1",
                                      "[::1]",
                                      "::1/128",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      "::1.2.3",
                                      "::1.2.3.4:5",
                                      "::01.2.3.4",
                                      "1:2:3:4:5:6:7:8::",
                                      "::1:2:3:4:5:6:7:8",
                                      "-1::",
                                      "+1::",
                                      "0x1::",
                                      "localhost",
                                      "1.2.3.4:80"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, agrees_with_the_system_on_any_address) {
  stillroom::testing::SeededRng rng(7);
  for (int round = 0; round < 20000; ++round) {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes)
      byte = rng.chance(1, 3) ? static_cast<std::uint8_t>(rng.next()) : std::uint8_t{0};
    std::array<char, INET6_ADDRSTRLEN> text{};
    ASSERT_NE(inet_ntop(AF_INET6, bytes.data(), text.data(), text.size()), nullptr);
    std::array<std::uint8_t, 16> back{};
    const auto own = written(text.data());
    ASSERT_EQ(inet_pton(AF_INET6, own.c_str(), back.data()), 1) << own;
    EXPECT_EQ(back, bytes) << own;
  }
}

TEST(IpAddress, knows_who_can_be_reached_there) {
  const std::vector<std::pair<std::string_view, Scope>> scopes{
      {"8.8.8.8", Scope::internet},
      {"100.63.255.255", Scope::internet},
      {"100.64.0.0", Scope::site},
      {"100.127.255.255", Scope::site},
      {"100.128.0.0", Scope::internet},
      {"10.0.0.1", Scope::site},
      {"172.15.255.255", Scope::internet},
      {"172.16.0.0", Scope::site},
      {"172.31.255.255", Scope::site},
      {"172.32.0.0", Scope::internet},
      {"192.168.0.1", Scope::site},
      {"127.0.0.1", Scope::loopback},
      {"127.255.255.255", Scope::loopback},
      {"169.254.169.254", Scope::link},
      {"0.0.0.0", Scope::nobody},
      {"0.0.0.1", Scope::special},
      {"192.0.2.1", Scope::special},
      {"192.88.99.1", Scope::special},
      {"198.17.255.255", Scope::internet},
      {"198.18.0.1", Scope::special},
      {"198.19.255.255", Scope::special},
      {"198.51.100.1", Scope::special},
      {"203.0.113.1", Scope::special},
      {"223.255.255.255", Scope::internet},
      {"224.0.0.1", Scope::nobody},
      {"239.255.255.255", Scope::nobody},
      {"240.0.0.1", Scope::special},
      {"255.255.255.255", Scope::nobody},
      {"::", Scope::nobody},
      {"::1", Scope::loopback},
      {"2a00:1450:4001::1", Scope::internet},
      {"fc00::1", Scope::site},
      {"fdff::1", Scope::site},
      {"fe00::1", Scope::special},
      {"fe80::1", Scope::link},
      {"febf::1", Scope::link},
      {"fec0::1", Scope::site},
      {"ff02::1", Scope::nobody},
      {"2001:db8::1", Scope::special},
      {"2001::1", Scope::special},
      {"2001:200::1", Scope::internet},
      {"3fff::1", Scope::special},
      {"100::1", Scope::special},
      {"::ffff:127.0.0.1", Scope::loopback},
      {"::ffff:10.1.2.3", Scope::site},
      {"::ffff:8.8.8.8", Scope::special},
      {"::127.0.0.1", Scope::loopback},
      {"::ffff:0:169.254.169.254", Scope::link},
      {"64:ff9b::7f00:1", Scope::loopback},
      {"64:ff9b::192.168.1.1", Scope::site},
      {"64:ff9b::8.8.8.8", Scope::special},
      {"64:ff9b:1::1", Scope::special},
      {"2002:7f00:1::1", Scope::loopback},
      {"2002:a00:1::", Scope::site},
      {"2002:808:808::1", Scope::special},
  };
  for (const auto& [text, scope] : scopes) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(static_cast<int>(address->scope()), static_cast<int>(scope)) << text;
  }
}

TEST(IpAddress, a_range_holds_its_ends_and_no_other_family) {
  const IpRange range{*IpAddress::parse("10.0.0.1"), *IpAddress::parse("10.0.0.9")};
  EXPECT_TRUE(range.contains(*IpAddress::parse("10.0.0.1")));
  EXPECT_TRUE(range.contains(*IpAddress::parse("10.0.0.9")));
  EXPECT_FALSE(range.contains(*IpAddress::parse("10.0.0.10")));
  EXPECT_FALSE(range.contains(*IpAddress::parse("a00:5::")));
}

}  // namespace
}  // namespace stillroom::sdp
