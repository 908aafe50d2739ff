// SPDX-License-Identifier: Apache-2.0
#include "signalling/rooms_asked.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stillroom::signalling {
namespace {

Request join(std::size_t room) {
  return {RoomId("room-" + std::to_string(room)), room::Join{SessionId("s"), {}}};
}

TEST(RoomsAsked, takes_so_many_rooms_and_refuses_the_next) {
  RoomsAsked rooms;
  for (std::size_t room = 0; room < kRoomsPerConnectionMax; ++room) {
    EXPECT_EQ(rooms.note(join(room)), std::nullopt);
  }
  EXPECT_EQ(rooms.note(join(kRoomsPerConnectionMax)), room::Refusal::join_failed);
  EXPECT_EQ(rooms.note(join(0)), std::nullopt);  // again into the same room
  EXPECT_EQ(rooms.take().size(), kRoomsPerConnectionMax);
}

TEST(RoomsAsked, only_joins_are_noted_and_each_room_once) {
  RoomsAsked rooms;
  EXPECT_EQ(rooms.note({RoomId("elsewhere"), room::Leave{}}), std::nullopt);
  EXPECT_EQ(rooms.note(join(7)), std::nullopt);
  EXPECT_EQ(rooms.note(join(7)), std::nullopt);
  EXPECT_EQ(rooms.take(), std::vector<RoomId>{RoomId("room-7")});
  EXPECT_TRUE(rooms.take().empty());
}

}  // namespace
}  // namespace stillroom::signalling
