# SPDX-License-Identifier: Apache-2.0
# One rule each. If a rule is rewritten, its canary has to follow.

# A session opens the door of any room.
stillroom_canary(wrong_room room/join.cpp
  "if (session->room != scene.room.id) return Refusal::wrong_room;" ""
  "user-joined tells of somebody from another session")

# The first offer goes out without its record.
stillroom_canary(missing_record room/relay.cpp
  "decision.records.push_back(std::move(record));" ""
  "offer before the record of its opening")

# A lost connection keeps its seat for ever.
stillroom_canary(seat_not_freed room/leave.cpp
  "decision.changes.emplace_back(SeatLost{seat->id, scene.facts.mono});" ""
  "a seat of a connection that is gone")

# A commit does not wait for the disk.
stillroom_canary(unsynced_commit store/open_database.cpp
  "\"PRAGMA synchronous = FULL\"" "\"PRAGMA synchronous = OFF\""
  "a durable record is gone after a crash")
