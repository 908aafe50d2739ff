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
  seconds wait(const net::PeerAddress& source, std::string_view user,
               std::string_view device = {}) {
    return std::chrono::duration_cast<seconds>(guard_.wait(source, user, device, now_));
  }
  /// As many wrong ones as are free; then there is a pause.
  void use_up(const net::PeerAddress& source, std::string_view user, std::string_view device = {}) {
    for (std::uint32_t at = 0; at < kLogInsFree; ++at) {
      ASSERT_EQ(wait(source, user, device), seconds(0)) << at;
    }
    ASSERT_EQ(wait(source, user, device), seconds(1));
  }
  LogInGuard guard_{SecretText(std::string(32, 'k'))};
  MonoTime now_ = kStart;
};

TEST_F(LogInGuardTest, a_few_wrong_ones_are_free_and_then_each_doubles_the_pause) {
  use_up(v4(1), "tea");
  for (const int expected : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
    EXPECT_EQ(wait(v4(1), "tea"), seconds(expected));
    EXPECT_EQ(wait(v4(1), "tea"), seconds(expected)) << "asking costs nothing";
    now_ += seconds(expected);
    EXPECT_EQ(wait(v4(1), "tea"), seconds(0)) << "one more is looked at";
  }
}

TEST_F(LogInGuardTest, many_at_once_are_as_many) {
  int looked_at = 0;
  for (int at = 0; at < 60; ++at) looked_at += wait(v4(1), "tea") == seconds(0) ? 1 : 0;
  EXPECT_EQ(looked_at, 5);
}

TEST_F(LogInGuardTest, nobody_pauses_anybody_else) {
  use_up(v4(1), "tea");
  EXPECT_EQ(wait(v4(2), "tea"), seconds(0)) << "the person themselves, from elsewhere";
  EXPECT_EQ(wait(v4(1), "ann"), seconds(0)) << "a neighbour";
  EXPECT_GT(wait(v4(1), "tea"), seconds(0));
}

TEST_F(LogInGuardTest, a_browser_that_is_known_counts_for_itself) {
  const std::string device = guard_.remember("tea", "random");
  use_up(v4(1), "tea");
  use_up(v4(1), "tea", device);
  EXPECT_EQ(wait(v4(9), "tea", device), seconds(1)) << "wherever it is carried";
}

TEST_F(LogInGuardTest, known_browsers_of_a_person_have_so_many_places_together) {
  const std::string one = guard_.remember("tea", "one");
  const std::string other = guard_.remember("tea", "other");
  EXPECT_FALSE(guard_.has_kept_place("ann", one, now_));
  for (std::uint32_t at = 0; at < kKeptLogInsMax; ++at) {
    EXPECT_TRUE(guard_.has_kept_place("tea", at % 2 == 0 ? one : other, now_));
  }
  EXPECT_FALSE(guard_.has_kept_place("tea", one, now_));
  EXPECT_FALSE(guard_.has_kept_place("tea", other, now_));
  EXPECT_TRUE(guard_.has_kept_place("ann", guard_.remember("ann", "one"), now_));
  now_ += seconds(6);
  EXPECT_TRUE(guard_.has_kept_place("tea", one, now_));
}

TEST_F(LogInGuardTest, what_was_not_signed_here_or_for_somebody_else_is_no_known_browser) {
  use_up(v4(1), "tea");
  const std::string device = guard_.remember("tea", "random");
  EXPECT_TRUE(guard_.is_known("tea", device));
  LogInGuard other(SecretText(std::string(32, 'o')));
  for (const std::string& forged :
       {guard_.remember("ann", "random"), other.remember("tea", "random"), device + "A",
        device.substr(0, device.size() - 1), "." + device, std::string("random."), std::string("."),
        std::string("random"), std::string()}) {
    EXPECT_FALSE(guard_.is_known("tea", forged)) << forged;
    EXPECT_GT(wait(v4(1), "tea", forged), seconds(0)) << forged;
  }
}

TEST_F(LogInGuardTest, a_64_is_one_source) {
  use_up(v6(1, 1), "tea");
  EXPECT_GT(wait(v6(1, 99), "tea"), seconds(0));
  EXPECT_EQ(wait(v6(2, 1), "tea"), seconds(0));
}

TEST_F(LogInGuardTest, success_and_time_make_it_as_at_first) {
  use_up(v4(1), "tea");
  guard_.succeeded(v4(1), "tea", {});
  use_up(v4(1), "tea");
  now_ += kLogInPauseForgotten + milliseconds(1);
  use_up(v4(1), "tea");
}

TEST_F(LogInGuardTest, what_was_not_looked_at_does_not_count) {
  for (int at = 0; at < 60; ++at) {
    ASSERT_EQ(wait(v4(1), "tea"), seconds(0));
    guard_.undecided(v4(1), "tea", {});
  }
  use_up(v4(1), "tea");
}

TEST_F(LogInGuardTest, wrong_codes_count_for_the_person_wherever_they_come_from) {
  const UserId tea("tea");
  for (std::uint32_t at = 1; at < kLogInsFree; ++at) guard_.failed(tea, now_);
  EXPECT_FALSE(guard_.paused(tea, now_));
  guard_.failed(tea, now_);
  EXPECT_TRUE(guard_.paused(tea, now_));
  EXPECT_FALSE(guard_.paused(UserId("ann"), now_));
  EXPECT_EQ(wait(v4(1), "tea"), seconds(0)) << "which is not who may ask";
  now_ += kLogInPauseMin;
  EXPECT_FALSE(guard_.paused(tea, now_));
  guard_.passed(tea);
  guard_.failed(tea, now_);
  EXPECT_FALSE(guard_.paused(tea, now_));
}

/// So many whom nobody else knows, with one wrong password each or, `paused`, with a pause.
class FullTableTest : public LogInGuardTest {
 protected:
  void fill(std::uint32_t wrong_ones) {
    for (std::size_t person = 0; person < kLogInsWatchedMax; ++person) {
      const std::string name = "stranger-" + std::to_string(person);
      for (std::uint32_t at = 0; at < wrong_ones; ++at) static_cast<void>(wait(v4(7), name));
    }
  }
  /// Wrong ones that are looked at before there is a pause.
  std::uint32_t free_left(std::string_view user) {
    std::uint32_t made = 0;
    while (wait(v4(1), user) == seconds(0)) made += 1;
    return made;
  }
};

TEST_F(FullTableTest, who_was_idle_longest_and_has_no_pause_is_forgotten) {
  ASSERT_EQ(wait(v4(1), "tea"), seconds(0));
  ASSERT_EQ(wait(v4(1), "tea"), seconds(0));
  fill(1);
  EXPECT_EQ(free_left("tea"), kLogInsFree) << "as at first";
}

TEST_F(FullTableTest, nobody_gets_rid_of_a_pause_by_asking_for_everybody_else) {
  const UserId tea("tea");
  use_up(v4(1), "tea");
  for (std::uint32_t at = 0; at < kLogInsFree; ++at) guard_.failed(tea, now_);
  fill(1);
  EXPECT_GT(wait(v4(1), "tea"), seconds(0));
  EXPECT_TRUE(guard_.paused(tea, now_)) << "nor of that behind the right password";
}

TEST_F(FullTableTest, wrong_codes_are_not_forgotten_for_names_that_strangers_made_up) {
  const UserId tea("tea");
  for (std::uint32_t at = 1; at < kLogInsFree; ++at) guard_.failed(tea, now_);
  fill(kLogInsFree);
  guard_.failed(tea, now_);
  EXPECT_TRUE(guard_.paused(tea, now_));
}

TEST_F(FullTableTest, where_all_have_a_pause_a_newcomer_waits_as_if_with_them) {
  fill(kLogInsFree);
  EXPECT_EQ(wait(v4(1), "tea"), seconds(1));
  EXPECT_EQ(wait(v4(1), "tea"), seconds(1)) << "and is not remembered for it";
  now_ += kLogInPauseMin;
  EXPECT_EQ(free_left("tea"), kLogInsFree) << "once the pauses are over there is room";
}

}  // namespace
}  // namespace stillroom::gateway
