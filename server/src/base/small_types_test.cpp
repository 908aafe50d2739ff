// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <unordered_set>

#include "base/bounded_queue.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/strong_id.hpp"

namespace stillroom {
namespace {

template <class T>
concept Streams = requires(std::ostream& out, const T& value) { out << value; };
template <class A, class B>
concept Compares = requires(const A& a, const B& b) { a == b; };

static_assert(!Streams<UserId> && !Streams<PersonName> && !Streams<SecretText>);
static_assert(Streams<std::string>, "the check above can fail");
static_assert(!std::is_convertible_v<UserId, std::string>);
static_assert(!std::is_convertible_v<std::string, UserId>);
static_assert(!Compares<UserId, SessionId> && Compares<UserId, UserId>);
static_assert(!std::is_copy_constructible_v<SecretText> && !std::is_copy_assignable_v<SecretText>);
static_assert(std::is_nothrow_move_constructible_v<SecretText>);

TEST(StrongText, equal_texts_of_one_tag_are_one_key) {
  const std::unordered_set<UserId> users{UserId("a"), UserId("b"), UserId("a")};
  EXPECT_EQ(users.size(), 2U);
  EXPECT_LT(UserId("a"), UserId("b"));
}

TEST(Secret, moves_leave_nothing_behind) {
  SecretText first(std::string(64, 's'));
  SecretText second(std::move(first));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(second.reveal(), std::string(64, 's'));
  SecretText third;
  third = std::move(second);
  EXPECT_TRUE(second.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(third.duplicate().reveal(), third.reveal());
}

enum class Refusal { no, never };

Result<std::unique_ptr<int>, Refusal> half(int number) {
  if (number % 2 != 0) return fail(Refusal::never);
  return std::make_unique<int>(number / 2);
}

TEST(Result, holds_one_side) {
  auto good = half(4);
  ASSERT_TRUE(good.ok());
  EXPECT_EQ(*std::move(good).value(), 2);
  const auto bad = half(3);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), Refusal::never);
}

TEST(BoundedQueue, refuses_beyond_its_capacity_and_keeps_order) {
  BoundedQueue<int> queue(2);
  EXPECT_TRUE(queue.push(1).ok());
  EXPECT_TRUE(queue.push(2).ok());
  const auto third = queue.push(3);
  ASSERT_FALSE(third.ok());
  EXPECT_EQ(third.error(), QueueError::full);
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_TRUE(queue.push(4).ok());
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), 4);
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace stillroom
