// SPDX-License-Identifier: Apache-2.0
#include "gateway/log_in_guard.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stillroom::gateway {
namespace {

constexpr MonoTime kStart{seconds(1'000'000)};

net::PeerAddress v4(std::uint8_t last) {
  net::PeerAddress address;
  address.ip = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, last};
  return address;
}
net::PeerAddress v6(std::uint8_t subnet, std::uint8_t host) {
  net::PeerAddress address;
  address.ip = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, subnet, 0, 0, 0, 0, 0, 0, 0, host};
  return address;
}

class LogInGuardTest : public ::testing::Test {
 protected:
  void fail_times(int times, const net::PeerAddress& source, std::string_view user,
                  std::string_view device = {}) {
    for (int at = 0; at < times; ++at) guard_.failed(source, user, device, now_);
  }
  seconds wait(const net::PeerAddress& source, std::string_view user,
               std::string_view device = {}) {
    return std::chrono::duration_cast<seconds>(guard_.wait(source, user, device, now_));
  }
  LogInGuard guard_{SecretText(std::string(32, 'k'))};
  MonoTime now_ = kStart;
};

TEST_F(LogInGuardTest, a_few_wrong_ones_are_free_and_then_each_doubles_the_pause) {
  fail_times(4, v4(1), "tea");
  EXPECT_EQ(wait(v4(1), "tea"), seconds(0));
  for (const int expected : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
    fail_times(1, v4(1), "tea");
    EXPECT_EQ(wait(v4(1), "tea"), seconds(expected));
  }
  now_ += seconds(300);
  EXPECT_EQ(wait(v4(1), "tea"), seconds(0));
}

TEST_F(LogInGuardTest, nobody_pauses_anybody_else) {
  fail_times(20, v4(1), "tea");
  EXPECT_EQ(wait(v4(2), "tea"), seconds(0)) << "the person themselves, from elsewhere";
  EXPECT_EQ(wait(v4(1), "ann"), seconds(0)) << "a neighbour";
  EXPECT_GT(wait(v4(1), "tea"), seconds(0));
}

TEST_F(LogInGuardTest, a_browser_that_is_known_counts_for_itself) {
  const std::string device = guard_.remember("tea", "random");
  fail_times(20, v4(1), "tea");
  EXPECT_EQ(wait(v4(1), "tea", device), seconds(0));
  fail_times(5, v4(1), "tea", device);
  EXPECT_EQ(wait(v4(1), "tea", device), seconds(1));
  EXPECT_EQ(wait(v4(9), "tea", device), seconds(1)) << "wherever it is carried";
}

TEST_F(LogInGuardTest, what_was_not_signed_here_or_for_somebody_else_is_no_known_browser) {
  fail_times(20, v4(1), "tea");
  const std::string device = guard_.remember("tea", "random");
  LogInGuard other(SecretText(std::string(32, 'o')));
  for (const std::string& forged :
       {guard_.remember("ann", "random"), other.remember("tea", "random"), device + "A",
        device.substr(0, device.size() - 1), "." + device, std::string("random."), std::string("."),
        std::string("random")}) {
    EXPECT_GT(wait(v4(1), "tea", forged), seconds(0)) << forged;
  }
}

TEST_F(LogInGuardTest, a_64_is_one_source) {
  fail_times(20, v6(1, 1), "tea");
  EXPECT_GT(wait(v6(1, 99), "tea"), seconds(0));
  EXPECT_EQ(wait(v6(2, 1), "tea"), seconds(0));
}

TEST_F(LogInGuardTest, success_and_time_make_it_as_at_first) {
  fail_times(8, v4(1), "tea");
  guard_.succeeded(v4(1), "tea", {});
  EXPECT_EQ(wait(v4(1), "tea"), seconds(0));
  fail_times(8, v4(1), "tea");
  now_ += kLogInPauseForgotten + milliseconds(1);
  fail_times(4, v4(1), "tea");
  EXPECT_EQ(wait(v4(1), "tea"), seconds(0));
}

}  // namespace
}  // namespace stillroom::gateway
