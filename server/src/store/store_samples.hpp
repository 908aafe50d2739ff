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

inline identity::ServiceKey service_key(const std::string& id, std::int64_t added = 0) {
  identity::ServiceKey made;
  made.id = KeyId(id);
  made.digest = "digest of " + id;
  made.name = "name of " + id;
  made.scopes.add(identity::Scope::users_read);
  made.scopes.add(identity::Scope::sessions_write);
  made.added = at(added);
  return made;
}

inline signalling::KeepAnswer keep(const std::string& place, std::int64_t at_ms = 0,
                                   std::int64_t life_ms = 1'000) {
  return {{place, "request of " + place, 201, "body of " + place, at(at_ms + life_ms)}, at(at_ms)};
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
