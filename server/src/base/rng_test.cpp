// SPDX-License-Identifier: Apache-2.0
#include "base/rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "base/encoding.hpp"
#include "testing/seeded_rng.hpp"

namespace stillroom {
namespace {

class FixedRng final : public Rng {
 public:
  explicit FixedRng(std::uint8_t byte) : byte_(byte) {}
  void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), byte_); }

 private:
  std::uint8_t byte_;
};

TEST(RandomUuid4, sets_version_and_variant_whatever_the_bytes) {
  FixedRng zeros(0x00);
  FixedRng ones(0xFF);
  EXPECT_EQ(random_uuid4(zeros), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(random_uuid4(ones), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(RandomUuid4, has_the_shape_and_differs) {
  testing::SeededRng rng(5);
  const std::regex shape("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int round = 0; round < 2000; ++round) {
    const std::string uuid = random_uuid4(rng);
    EXPECT_TRUE(std::regex_match(uuid, shape)) << uuid;
    EXPECT_TRUE(seen.insert(uuid).second) << uuid;
  }
}

TEST(RandomToken, is_the_bytes_as_base64url) {
  testing::SeededRng rng(6);
  testing::SeededRng same(6);
  const std::string token = random_token(rng, 18);
  EXPECT_EQ(token.size(), 24U);
  EXPECT_EQ(from_base64url(token), same.bytes(18));
  EXPECT_EQ(random_token(rng, 32).size(), 43U);
  EXPECT_EQ(random_token(rng, 0), "");
}

TEST(SeededRng, same_seed_same_world_other_seed_other_world) {
  testing::SeededRng one(7);
  testing::SeededRng same(7);
  testing::SeededRng other(8);
  const std::string bytes = one.bytes(64);
  EXPECT_EQ(bytes, same.bytes(64));
  EXPECT_NE(bytes, other.bytes(64));
}

}  // namespace
}  // namespace stillroom
