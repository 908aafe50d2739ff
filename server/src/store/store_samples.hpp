// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "signalling/ports.hpp"

/// Values for the store's tests.
namespace stillroom::store::samples {

inline WallTime at(std::int64_t milliseconds_since_1970) {
  return WallTime(milliseconds(milliseconds_since_1970));
}

inline identity::User user(const std::string& id, identity::Role role = identity::Role::client) {
  return {UserId(id), role, PersonName("Name of " + id), identity::UserStatus::active};
}

inline session::Session session(const std::string& id, std::vector<std::string> participants,
                                std::int64_t start = 1'000'000) {
  session::Session made;
  made.id = SessionId(id);
  made.room = RoomId("room-of-" + id);
  made.start = at(start);
  for (std::string& participant : participants) {
    made.participants.push_back({UserId(std::move(participant)), identity::Role::client});
  }
  return made;
}

inline audit::Record record(const std::string& reason,
                            audit::Kind kind = audit::Kind::session_read) {
  audit::Record made;
  made.kind = kind;
  made.at = at(1'700'000'000'123);
  made.reason = reason;
  return made;
}

}  // namespace stillroom::store::samples
