// SPDX-License-Identifier: Apache-2.0
#include "gateway/limiter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "testing/seeded_rng.hpp"

namespace stillroom::gateway {
namespace {

constexpr MonoTime kStart{std::chrono::hours(1)};

net::PeerAddress ipv4(std::uint32_t address) {
  net::PeerAddress peer;
  peer.ip[10] = peer.ip[11] = 0xff;
  for (std::size_t at = 0; at < 4; ++at) {
    peer.ip[12 + at] = static_cast<std::uint8_t>(address >> (24U - 8U * at));
  }
  return peer;
}

/// 2001:db8:<site>:<network>::<host>.
net::PeerAddress ipv6(std::uint16_t site, std::uint16_t network, std::uint16_t host = 1) {
  net::PeerAddress peer;
  const auto put = [&peer](std::size_t at, std::uint16_t word) {
    peer.ip[at] = static_cast<std::uint8_t>(word >> 8U);
    peer.ip[at + 1] = static_cast<std::uint8_t>(word);
  };
  put(0, 0x2001);
  put(2, 0x0db8);
  put(4, site);
  put(6, network);
  put(14, host);
  return peer;
}

const net::PeerAddress kClinic = ipv4(0xc0000201);

PassHolder holder(std::size_t number) {
  PassHolder out;
  out.digest[0] = static_cast<std::uint8_t>(number);
  return out;
}

class LimiterTest : public ::testing::Test {
 protected:
  /// Attempts whose token was looked at, of this many with a bad one.
  int bad_ones(const net::PeerAddress& source, int attempts) {
    int looked_at = 0;
    for (int made = 0; made < attempts; ++made) {
      if (!limiter.handshake(source, {}, now) || !limiter.attempt(source, {}, now)) continue;
      looked_at += 1;
      limiter.failed(source, now);
    }
    return looked_at;
  }
  /// One attempt with a good token.
  bool comes_in(const net::PeerAddress& source, const std::string& user,
                const Limiter::Holder& holder = {}) {
    if (!limiter.handshake(source, holder, now)) return false;
    const auto look = limiter.attempt(source, holder, now);
    return look && limiter.proved(source, *look, UserId(user), now).ok();
  }
  /// Units that are left to somebody whose tokens are neither good nor bad yet.
  int attempts_left(const net::PeerAddress& source) {
    int made = 0;
    for (auto look = limiter.attempt(source, {}, now); look && *look == Limiter::Look::paid;
         look = limiter.attempt(source, {}, now)) {
      made += 1;
    }
    return made;
  }

  /// Whether somebody's attempt is paid for; they prove good and get it back.
  bool has_units(const net::PeerAddress& source) {
    const auto look = limiter.attempt(source, {}, now);
    if (!look) return false;
    static_cast<void>(
        limiter.proved(source, *look, UserId("user-" + std::to_string(++users)), now));
    return *look == Limiter::Look::paid;
  }

  int users = 0;
  Limiter limiter{LimiterSettings(), 7};
  MonoTime now = kStart;
};

TEST_F(LimiterTest, a_source_has_ten_attempts_a_minute) {
  EXPECT_EQ(attempts_left(kClinic), 10);
  now += seconds(6);
  EXPECT_EQ(attempts_left(kClinic), 1);
  now += minutes(2);
  EXPECT_EQ(attempts_left(kClinic), 10);
  EXPECT_EQ(attempts_left(ipv4(0xc0000202)), 10) << "the neighbour has his own";
}

TEST_F(LimiterTest, over_it_120_tokens_a_minute_are_looked_at_and_then_none) {
  ASSERT_EQ(attempts_left(kClinic), 10);  // and one on proof
  int proofs = 1;
  while (limiter.attempt(kClinic, {}, now)) proofs += 1;
  EXPECT_EQ(proofs, 120);
  const auto refused = limiter.attempt(kClinic, {}, now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().wait, milliseconds(500)) << "the next token is looked at then";
  now += milliseconds(499);
  EXPECT_FALSE(limiter.attempt(kClinic, {}, now));
  now += milliseconds(1);
  EXPECT_TRUE(limiter.attempt(kClinic, {}, now));
}

TEST_F(LimiterTest, without_proofs_the_wait_is_for_the_next_unit) {
  LimiterSettings settings;
  settings.proofs = 0;
  Limiter strict(settings, 7);
  for (int made = 0; made < 10; ++made) ASSERT_TRUE(strict.attempt(kClinic, {}, now));
  const auto refused = strict.attempt(kClinic, {}, now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().wait, seconds(6));
}

TEST_F(LimiterTest, good_tokens_cost_their_source_nothing) {
  for (int user = 0; user < 300; ++user) {
    ASSERT_TRUE(comes_in(kClinic, "user-" + std::to_string(user)));
  }
  EXPECT_EQ(attempts_left(kClinic), 10);
}

TEST_F(LimiterTest, a_user_has_ten_of_their_own_from_wherever_they_come) {
  for (std::uint32_t made = 0; made < 10; ++made) ASSERT_TRUE(comes_in(ipv4(made), "ada"));
  const auto look = limiter.attempt(kClinic, {}, now);
  const auto refused = limiter.proved(kClinic, *look, UserId("ada"), now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().wait, seconds(6));
  EXPECT_TRUE(comes_in(kClinic, "bea"));
  now += seconds(6);
  EXPECT_TRUE(comes_in(kClinic, "ada"));
}

TEST_F(LimiterTest, bad_tokens_double_the_pause_of_their_source_from_one_second_to_five_minutes) {
  const std::vector<seconds> pauses{seconds(1),   seconds(2),   seconds(4),  seconds(8),
                                    seconds(16),  seconds(32),  seconds(64), seconds(128),
                                    seconds(256), seconds(300), seconds(300)};
  for (const seconds pause : pauses) {
    limiter.failed(kClinic, now);
    now += pause - milliseconds(1);
    EXPECT_FALSE(has_units(kClinic)) << pause.count() << ": looked at on proof only";
    now += milliseconds(1);
    EXPECT_TRUE(has_units(kClinic)) << pause.count();
  }
  now += kPauseForgotten + milliseconds(1);
  limiter.failed(kClinic, now);
  now += seconds(1);
  EXPECT_TRUE(has_units(kClinic)) << "forgotten";
}

TEST_F(LimiterTest, a_flood_alone_is_looked_at_so_often_and_no_more) {
  int looked_at = 0;
  for (int second = 0; second < 600; ++second) {
    looked_at += bad_ones(kClinic, 500);
    now += seconds(1);
  }
  EXPECT_LE(looked_at, 10 + 120 + 10 * 120);
  EXPECT_GE(looked_at, 10 * 120);
}

/// Thirty people whose server came back a second ago, as socket.io-client returns: after 1 s, 2 s,
/// 4 s, 5 s, 5 s ..., each half as long to half as long again; and a flood from their own address.
class Return : public LimiterTest {
 protected:
  static constexpr std::size_t kPeople = 30;
  struct Person {
    MonoTime next;
    milliseconds delay{1000};
    bool in = false;
  };
  void plan(Person& person) {
    const auto delay = static_cast<std::uint64_t>(person.delay.count());
    person.next = now + milliseconds(rng.between(delay / 2, delay + delay / 2));
    person.delay = std::min(person.delay * 2, milliseconds(5000));
  }
  /// How many of them are in after a minute.
  int back(std::uint64_t flood_per_second,
           const std::function<Limiter::Holder(std::size_t)>& pass_of) {
    std::vector<Person> people(kPeople);
    for (Person& person : people) plan(person);
    for (int step = 0; step < 60'000; ++step) {
      if (rng.between(1, 1000) <= flood_per_second && limiter.may_enter(kClinic, now)) {
        looked_at += bad_ones(kClinic, 1);
      }
      for (std::size_t one = 0; one < kPeople; ++one) {
        Person& person = people[one];
        if (person.in || now < person.next) continue;
        person.in = limiter.may_enter(kClinic, now) &&
                    comes_in(kClinic, "user-" + std::to_string(one), pass_of(one));
        if (!person.in) plan(person);
      }
      now += milliseconds(1);
    }
    return static_cast<int>(std::ranges::count(people, true, &Person::in));
  }

  testing::SeededRng rng{3};
  int looked_at = 0;
};

Limiter::Holder none(std::size_t /*one*/) {
  return {};
}
Limiter::Holder own(std::size_t one) {
  return holder(one);
}

TEST_F(Return, people_are_back_within_a_minute_though_a_flood_comes_from_their_address) {
  EXPECT_EQ(back(20, none), 30);
  EXPECT_LE(looked_at, 10 + 120 + 120);
}

TEST_F(Return, with_a_pass_they_are_back_beside_any_flood_that_they_are_lost_in_without) {
  EXPECT_LT(back(400, none), 10);
  now += minutes(5);
  EXPECT_EQ(back(400, own), 30);
  EXPECT_LE(looked_at, 2 * (10 + 120 + 120));
}

TEST_F(Return, nor_does_it_matter_how_long_the_flood_has_lasted) {
  for (int minute = 0; minute < 5; ++minute) back(400, none);
  EXPECT_FALSE(limiter.may_enter(kClinic, now)) << "sockets are closed at accept, one of four";
  EXPECT_EQ(back(400, own), 30);
}

/// Nothing is left to this source: neither units nor proofs, at CONNECT or before.
class PassTest : public LimiterTest {
 protected:
  void SetUp() override { bad_ones(kClinic, 300); }
};

TEST_F(PassTest, a_holder_has_ten_looks_a_minute_of_their_own) {
  ASSERT_FALSE(limiter.attempt(kClinic, {}, now));
  for (int look = 0; look < 10; ++look) {
    const auto looked = limiter.attempt(kClinic, holder(1), now);
    ASSERT_TRUE(looked) << look;
    EXPECT_EQ(*looked, Limiter::Look::returning);
  }
  const auto refused = limiter.attempt(kClinic, holder(1), now);
  ASSERT_FALSE(refused) << "a flood that has got hold of a pass";
  EXPECT_EQ(refused.error().wait, milliseconds(500)) << "as without";
  EXPECT_TRUE(limiter.attempt(kClinic, holder(2), now)) << "which costs others nothing";
  now += milliseconds(100);
  EXPECT_FALSE(limiter.attempt(kClinic, holder(1), now));
  bad_ones(kClinic, 100);
  now += milliseconds(6'000);
  while (limiter.attempt(kClinic, {}, now)) {
  }
  EXPECT_TRUE(limiter.attempt(kClinic, holder(1), now)) << "one comes back every six seconds";
}

TEST_F(PassTest, it_opens_the_handshake_as_well) {
  ASSERT_FALSE(limiter.handshake(kClinic, {}, now));
  EXPECT_TRUE(limiter.handshake(kClinic, holder(1), now));
  EXPECT_TRUE(comes_in(kClinic, "ada", holder(1)));
}

TEST_F(PassTest, it_is_not_used_up_while_its_source_has_something_left) {
  const net::PeerAddress quiet = ipv4(0xc0000202);
  for (int made = 0; made < 50; ++made) {
    const auto look = limiter.attempt(quiet, holder(1), now);
    ASSERT_TRUE(look);
    EXPECT_NE(*look, Limiter::Look::returning);
  }
  EXPECT_EQ(*limiter.attempt(kClinic, holder(1), now), Limiter::Look::returning);
}

TEST_F(PassTest, a_look_gives_the_source_no_unit_and_costs_the_user_one) {
  for (int made = 0; made < 10; ++made) {
    const auto look = limiter.attempt(kClinic, holder(1), now);
    ASSERT_TRUE(limiter.proved(kClinic, *look, UserId("ada"), now));
  }
  EXPECT_FALSE(limiter.attempt(kClinic, {}, now));
  const auto look = limiter.attempt(kClinic, holder(2), now);
  EXPECT_FALSE(limiter.proved(kClinic, *look, UserId("ada"), now));
}

TEST_F(LimiterTest, an_ipv6_source_is_its_64_and_wider_networks_have_budgets_too) {
  EXPECT_EQ(attempts_left(ipv6(1, 0x0100, 1)), 10);
  EXPECT_EQ(attempts_left(ipv6(1, 0x0100, 2)), 0) << "the same /64";
  int in_56 = 10;
  for (std::uint16_t network = 0x0101; network <= 0x01ff; ++network) {
    in_56 += attempts_left(ipv6(1, network));
  }
  EXPECT_EQ(in_56, 40);
  int in_48 = 40;
  for (std::uint16_t network = 0x0200; network < 0x3000; ++network) {
    in_48 += attempts_left(ipv6(1, network));
  }
  EXPECT_EQ(in_48, 160);
  EXPECT_EQ(attempts_left(ipv6(2, 0x0100)), 10) << "another site is untouched";
}

TEST_F(LimiterTest, all_addresses_of_a_48_are_looked_at_no_more_often_than_the_48) {
  int looked_at = 0;
  for (std::uint32_t network = 0; network < 65'536; ++network) {
    looked_at += bad_ones(ipv6(1, static_cast<std::uint16_t>(network)), 2);
  }
  EXPECT_EQ(looked_at, 16 * (10 + 120));
  EXPECT_TRUE(comes_in(ipv6(2, 1), "ada"));
}

TEST_F(LimiterTest, far_over_the_limit_the_handshake_is_refused_and_then_the_socket) {
  bad_ones(kClinic, 99);
  EXPECT_TRUE(limiter.handshake(kClinic, {}, now)) << "tokens are still looked at";
  bad_ones(kClinic, 100);
  const auto refused = limiter.handshake(kClinic, {}, now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().wait, milliseconds(500));
  EXPECT_TRUE(limiter.may_enter(kClinic, now));
  bad_ones(kClinic, 900);
  int entered = 0;
  for (int socket = 0; socket < 20'000; ++socket)
    entered += limiter.may_enter(kClinic, now) ? 1 : 0;
  EXPECT_EQ(entered, 18'000) << "among them are people with a pass";
  EXPECT_TRUE(limiter.may_enter(ipv4(0xc0000202), now));
  const net::PeerAddress other = ipv4(0xc0000203);
  bad_ones(other, 1100);
  EXPECT_FALSE(limiter.may_enter(other, now)) << "many floods have no more than one";
  now += minutes(2);
  EXPECT_TRUE(limiter.may_enter(kClinic, now));
  EXPECT_TRUE(limiter.handshake(kClinic, {}, now));
}

TEST_F(LimiterTest, a_48_that_is_far_over_has_no_more_sockets_than_a_source) {
  int entered = 0;
  for (std::uint32_t network = 0; network < 65'536; ++network) {
    const net::PeerAddress source = ipv6(1, static_cast<std::uint16_t>(network));
    static_cast<void>(limiter.handshake(source, {}, now));
    entered += limiter.may_enter(source, now) ? 1 : 0;
  }
  EXPECT_LE(entered, 16 * 1000 + 18'000);
}

TEST_F(LimiterTest, nobody_gets_rid_of_a_penalty_by_coming_from_everywhere_else) {
  LimiterSettings settings;
  settings.sources_max = 6400;
  Limiter small(settings, 7);
  for (int made = 0; made < 121; ++made) {
    ASSERT_TRUE(small.attempt(kClinic, {}, now));
    small.failed(kClinic, now);
  }
  for (std::uint32_t other = 0; other < 100'000; ++other) {
    const auto look = small.attempt(ipv4(other), {}, now);
    if (look) static_cast<void>(small.proved(ipv4(other), *look, UserId("ada"), now));
  }
  EXPECT_FALSE(small.attempt(kClinic, {}, now));
}

TEST_F(LimiterTest, workers_share_it) {
  std::vector<std::thread> workers;
  std::atomic<int> looked_at = 0;
  for (int worker = 0; worker < 4; ++worker) {
    workers.emplace_back([&] {
      for (int made = 0; made < 1000; ++made)
        looked_at += limiter.attempt(kClinic, {}, now) ? 1 : 0;
    });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(looked_at, 130);
}

TEST_F(LimiterTest, reports_have_a_budget_of_their_own) {
  const LimiterSettings settings;
  for (std::uint32_t told = 0; told < settings.reports; ++told) {
    EXPECT_TRUE(limiter.report(kClinic, now).ok());
  }
  const auto refused = limiter.report(kClinic, now);
  ASSERT_FALSE(refused.ok());
  EXPECT_GT(refused.error().wait, Limiter::Wait::zero());
  EXPECT_TRUE(limiter.report(ipv4(0xc0000202), now).ok());
  EXPECT_TRUE(comes_in(kClinic, "ana")) << "reports cost no attempts";
  now += refused.error().wait;
  EXPECT_TRUE(limiter.report(kClinic, now).ok());
}

}  // namespace
}  // namespace stillroom::gateway
