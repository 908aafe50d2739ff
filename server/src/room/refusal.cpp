// SPDX-License-Identifier: Apache-2.0
#include "room/refusal.hpp"

#include <array>
#include <cstddef>

namespace stillroom::room {
namespace {

constexpr std::string_view kJoin = "join-error";
constexpr std::string_view kCall = "call-error";
constexpr std::string_view kSignaling = "signaling-error";

struct Row {
  Refusal refusal;
  RefusalText text;
};

// contract §6, in the order of the enumeration.
constexpr std::array kRows = {
    Row{Refusal::session_not_found, {kJoin, "Session not found", "not_found"}},
    Row{Refusal::not_yours, {kJoin, "Unauthorized access to this session", "not_yours"}},
    Row{Refusal::cancelled, {kJoin, "Cannot join cancelled or declined session", "cancelled"}},
    Row{Refusal::unpaid, {kJoin, "Payment must be confirmed before joining", "unpaid"}},
    // A session becomes confirmed by its payment, so that is what a person can do about it.
    Row{Refusal::not_confirmed, {kJoin, "Payment must be confirmed before joining", "unpaid"}},
    Row{Refusal::wrong_room, {kJoin, "Invalid room ID for session", "wrong_room"}},
    Row{Refusal::too_early, {kJoin, "Too early to join", "too_early"}},
    Row{Refusal::session_ended, {kJoin, "Session has ended", "session_ended"}},
    Row{Refusal::room_full, {kJoin, "Room is full", "room_full"}},
    Row{Refusal::join_failed, {kJoin, "Failed to join room", "join_failed"}},
    Row{Refusal::join_limited, {kJoin, "Rate limit exceeded", "rate_limited"}},
    Row{Refusal::not_in_room, {kCall, "Not in this room", "not_in_room"}},
    Row{Refusal::call_not_started, {kCall, "Call not started", "call_not_started"}},
    Row{Refusal::therapist_only, {kCall, "Only the therapist can end the call", "therapist_only"}},
    Row{Refusal::start_failed, {kCall, "Failed to start call", "start_failed"}},
    Row{Refusal::end_failed, {kCall, "Failed to end call", "end_failed"}},
    Row{Refusal::leave_failed, {kCall, "Failed to leave room", "leave_failed"}},
    Row{Refusal::call_limited, {kCall, "Rate limit exceeded", "rate_limited"}},
    Row{Refusal::invalid_attempt, {kSignaling, "Invalid signaling attempt", "invalid_attempt"}},
    Row{Refusal::invalid_offer, {kSignaling, "Invalid offer format", "invalid_offer"}},
    Row{Refusal::invalid_answer, {kSignaling, "Invalid answer format", "invalid_answer"}},
    Row{Refusal::invalid_candidate, {kSignaling, "Invalid ICE candidate", "invalid_candidate"}},
    Row{Refusal::offer_failed, {kSignaling, "Failed to relay offer", "offer_failed"}},
    Row{Refusal::answer_failed, {kSignaling, "Failed to relay answer", "answer_failed"}},
    Row{Refusal::candidate_failed,
        {kSignaling, "Failed to relay ICE candidate", "candidate_failed"}},
    Row{Refusal::ice_servers_failed,
        {kSignaling, "Failed to issue ICE servers", "ice_servers_failed"}},
    Row{Refusal::signaling_limited, {kSignaling, "Rate limit exceeded", "rate_limited"}},
    Row{Refusal::unknown_event, {"", "Unknown event", "unknown_event"}},
};

consteval bool in_order() {
  for (std::size_t at = 0; at < kRows.size(); ++at) {
    if (static_cast<std::size_t>(kRows[at].refusal) != at) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

const RefusalText& text_of(Refusal refusal) {
  return kRows[static_cast<std::size_t>(refusal)].text;
}

Refusal entry_refusal(session::Refusal refusal) {
  switch (refusal) {
    case session::Refusal::cancelled:
      return Refusal::cancelled;
    case session::Refusal::payment_pending:
      return Refusal::unpaid;
    case session::Refusal::not_confirmed:
      return Refusal::not_confirmed;
    case session::Refusal::too_early:
      return Refusal::too_early;
    case session::Refusal::ended:
      return Refusal::session_ended;
    case session::Refusal::not_yours:
    case session::Refusal::not_therapist:
      break;
  }
  return Refusal::not_yours;
}

}  // namespace stillroom::room
