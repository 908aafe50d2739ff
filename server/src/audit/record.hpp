// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/strong_id.hpp"
#include "identity/user.hpp"

/// What happened, told once. Records carry no payload, no name, no token, no address.
namespace stillroom::audit {

enum class Kind : std::uint8_t {
  server_started,
  server_stopped,
  connected,
  connect_refused,
  disconnected,
  link_minted,
  link_exchanged,
  link_refused,
  token_minted,
  token_renewed,
  ticket_issued,
  invite_minted,
  account_set_up,
  logged_in,
  log_in_refused,
  logged_out,
  token_revoked,
  tokens_revoked,  ///< all of a person's
  access_refreshed,
  refresh_refused,
  joined,
  join_refused,
  left,
  seat_lost,
  seat_returned,
  seat_replaced,
  signalling_opened,  ///< the first offer between two seats
  call_started,
  call_ended,
  call_refused,
  ice_credentials_issued,
  session_read,
  history_read,
  users_listed,
  sessions_listed,
  user_added,
  user_changed,
  user_disabled,
  user_read,
  session_added,
  session_changed,
  session_cancelled,
  key_added,
  key_revoked,
  key_refused,
  keys_listed,
  staff_refused,  ///< an order over REST that is not theirs to give
  migrated,
};
[[nodiscard]] std::string_view to_text(Kind kind);  ///< the name in snake_case
[[nodiscard]] std::optional<Kind> kind_from_text(std::string_view text);

enum class Outcome : std::uint8_t { allowed, refused };
[[nodiscard]] std::string_view to_text(Outcome outcome);

struct Record {
  Kind kind = Kind::server_started;
  Outcome outcome = Outcome::allowed;
  WallTime at;
  std::optional<UserId> actor;
  std::optional<identity::Role> role;
  std::optional<SessionId> session;
  std::optional<RoomId> room;
  std::optional<UserId> subject;  ///< the other person, where there is one
  std::string reason;             ///< a code from the error table or of ours, never free text
  std::string source;             ///< keyed digest of the peer's address, 16 hex digits, or empty
  std::string connection;         ///< 8 characters that tell connections apart, or empty
  std::uint64_t times = 1;        ///< so many it stands for, as its reason says where they are more
};

/// One line of canonical JSON (RFC 8785 order of members), without the line feed.
[[nodiscard]] std::string canonical(const Record& record);

}  // namespace stillroom::audit
