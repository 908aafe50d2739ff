// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "base/json.hpp"

namespace {
std::atomic<std::size_t> g_allocations = 0;
}  // namespace

// The whole test program counts; a test looks at the difference.
void* operator new(std::size_t bytes) {
  g_allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* const memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace stillroom::json {
namespace {

TEST(JsonReader, a_warm_document_allocates_nothing) {
  const std::string text =
      R"({"offer":{"type":"offer","sdp":"v=0\r\ns=-\r\n"},"to":"abc","roomId":"room-1","list":[1,2,[3,{}]]})";
  const Limits limits{.duplicates = Duplicates::refuse};
  Document document;
  ASSERT_TRUE(document.parse(text, limits).ok());
  const std::size_t before = g_allocations.load();
  bool right = true;
  for (int round = 0; round < 100; ++round) {
    const auto value = document.parse(text, limits);
    right = right && value.ok() && value->find("to")->as_plain_string() == "abc" &&
            value->find("offer")->size() == 2 && !value->find("absent");
  }
  const std::size_t after = g_allocations.load();
  EXPECT_TRUE(right);
  EXPECT_EQ(after - before, 0U);
  EXPECT_GT(before, 0U) << "the counter counts";
}

}  // namespace
}  // namespace stillroom::json
