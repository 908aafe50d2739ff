// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "identity/token_minter.hpp"
#include "identity/token_verifier.hpp"
#include "room/caller.hpp"
#include "session/session.hpp"

/// People and a session for tests. Never linked into the binary.
namespace stillroom::room::example {

inline constexpr WallTime kNow{seconds(1'795'514'400)};

inline identity::User user(const std::string& name, identity::Role role = identity::Role::client) {
  return {UserId(name), role, PersonName("Name of " + name), identity::UserStatus::active};
}

/// The way everybody goes: token, signature, user record.
inline identity::Principal principal(const identity::User& user, WallTime now = kNow) {
  const auto key = [] { return identity::own_token_key(SecretText(std::string(32, 's'))); };
  std::vector<identity::TokenKey> keys;
  keys.push_back(key());
  const identity::TokenVerifier verifier(std::move(keys));
  const identity::TokenMinter minter(key());
  const identity::TokenContent content{user.id, user.role, now, identity::kOwnTokenLife, now, "j"};
  const auto token = verifier.verify(minter.mint(content), now);
  return establish(token.value(), {user}, now).value();
}

/// The connection number `number` of somebody: its socket is `<user>-<number>`.
inline CallerRef caller(const identity::Principal& who, std::uint32_t number,
                        const std::string& device = "") {
  return std::make_shared<const Caller>(
      Caller{Address{1, number, 0}, SocketId(who.user().text() + "-" + std::to_string(number)), who,
             DeviceId(device), "c" + std::to_string(number), "s", Transport::encrypted});
}

/// Confirmed, paid, starting now: the therapist `tea` with the clients `ann`, `bob`, ….
inline session::Session session(session::Type type = session::Type::couples,
                                const std::vector<std::string>& clients = {"ann", "bob"}) {
  session::Session session;
  session.id = SessionId("s1");
  session.room = RoomId("room-1");
  session.type = type;
  session.start = kNow;
  session.participants.push_back({UserId("tea"), identity::Role::psychologist});
  for (const std::string& client : clients) {
    session.participants.push_back({UserId(client), identity::Role::client});
  }
  return session;
}

}  // namespace stillroom::room::example
