// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "session/session.hpp"

namespace stillroom::room {

/// Everything a room may answer instead of doing what was asked (contract §6). The one table of
/// texts, codes and error events behind it is in refusal.cpp.
enum class Refusal : std::uint8_t {
  // join-error
  session_not_found,  ///< the id cannot be one; an unknown id is `not_yours`
  not_yours,
  cancelled,
  unpaid,
  not_confirmed,
  wrong_room,
  too_early,
  session_ended,
  room_full,
  join_failed,
  join_limited,
  // call-error
  not_in_room,
  call_not_started,
  therapist_only,
  start_failed,
  end_failed,
  leave_failed,
  call_limited,
  // signaling-error
  invalid_attempt,
  invalid_offer,
  invalid_answer,
  invalid_candidate,
  offer_failed,
  answer_failed,
  candidate_failed,
  ice_servers_failed,
  signaling_limited,
  unknown_event,
};

struct RefusalText {
  std::string_view event;  ///< `join-error`, `call-error`, `signaling-error`; empty: no event
  std::string_view text;
  std::string_view code;
};
[[nodiscard]] const RefusalText& text_of(Refusal refusal);

/// What session::may said about entering, in the contract's words.
[[nodiscard]] Refusal entry_refusal(session::Refusal refusal);

}  // namespace stillroom::room
