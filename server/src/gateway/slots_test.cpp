// SPDX-License-Identifier: Apache-2.0
#include "gateway/slots.hpp"

#include <gtest/gtest.h>

namespace stillroom::gateway {
namespace {

TEST(Slots, an_id_never_names_a_later_thing) {
  Slots<int> slots;
  const SlotId first = slots.reserve();
  EXPECT_EQ(slots.find(first), nullptr);
  slots.fill(first, std::make_shared<int>(1));
  EXPECT_EQ(*slots.find(first), 1);
  EXPECT_EQ(*slots.remove(first), 1);
  EXPECT_EQ(slots.remove(first), nullptr);
  const SlotId second = slots.reserve();
  slots.fill(second, std::make_shared<int>(2));
  EXPECT_EQ(second.slot, first.slot);
  EXPECT_EQ(slots.find(first), nullptr);
  EXPECT_EQ(*slots.find(second), 2);
  EXPECT_EQ(*slots.at(second.slot), 2);
}

TEST(Slots, the_default_id_names_nothing) {
  Slots<int> slots;
  slots.fill(slots.reserve(), std::make_shared<int>(1));
  EXPECT_EQ(slots.find(SlotId{}), nullptr);
  EXPECT_EQ(slots.find(SlotId{99, 1}), nullptr);
  EXPECT_EQ(slots.size(), 1U);
  EXPECT_EQ(slots.ids().size(), 1U);
}

}  // namespace
}  // namespace stillroom::gateway
