// SPDX-License-Identifier: Apache-2.0
#include "room/refusal.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "room/command.hpp"

namespace stillroom::room {
namespace {

constexpr int kLast = static_cast<int>(Refusal::unknown_event);

TEST(Refusals, have_the_contracts_words) {
  const std::pair<Refusal, std::string> table[] = {
      {Refusal::session_not_found, "join-error: Session not found"},
      {Refusal::not_yours, "join-error: Unauthorized access to this session"},
      {Refusal::cancelled, "join-error: Cannot join cancelled or declined session"},
      {Refusal::unpaid, "join-error: Payment must be confirmed before joining"},
      {Refusal::wrong_room, "join-error: Invalid room ID for session"},
      {Refusal::join_failed, "join-error: Failed to join room"},
      {Refusal::too_early, "join-error: Too early to join"},
      {Refusal::session_ended, "join-error: Session has ended"},
      {Refusal::room_full, "join-error: Room is full"},
      {Refusal::not_in_room, "call-error: Not in this room"},
      {Refusal::call_not_started, "call-error: Call not started"},
      {Refusal::therapist_only, "call-error: Only the therapist can end the call"},
      {Refusal::start_failed, "call-error: Failed to start call"},
      {Refusal::end_failed, "call-error: Failed to end call"},
      {Refusal::invalid_attempt, "signaling-error: Invalid signaling attempt"},
      {Refusal::invalid_offer, "signaling-error: Invalid offer format"},
      {Refusal::invalid_answer, "signaling-error: Invalid answer format"},
      {Refusal::invalid_candidate, "signaling-error: Invalid ICE candidate"},
      {Refusal::offer_failed, "signaling-error: Failed to relay offer"},
      {Refusal::answer_failed, "signaling-error: Failed to relay answer"},
      {Refusal::candidate_failed, "signaling-error: Failed to relay ICE candidate"},
      {Refusal::signaling_limited, "signaling-error: Rate limit exceeded"},
  };
  for (const auto& [refusal, words] : table) {
    const RefusalText& text = text_of(refusal);
    EXPECT_EQ(std::string(text.event) + ": " + std::string(text.text), words);
  }
}

TEST(Refusals, of_one_text_have_one_code) {
  std::set<std::pair<std::string_view, std::string_view>> pairs;
  std::set<std::string_view> texts;
  for (int at = 0; at <= kLast; ++at) {
    const RefusalText& text = text_of(static_cast<Refusal>(at));
    EXPECT_FALSE(text.text.empty());
    EXPECT_FALSE(text.code.empty());
    pairs.insert({text.text, text.code});
    texts.insert(text.text);
  }
  EXPECT_EQ(pairs.size(), texts.size());
}

TEST(Refusals, every_command_of_a_client_has_a_failure_text) {
  EXPECT_EQ(failure_of(Join{}), Refusal::join_failed);
  EXPECT_EQ(failure_of(StartCall{}), Refusal::start_failed);
  EXPECT_EQ(failure_of(EndCall{}), Refusal::end_failed);
  EXPECT_EQ(failure_of(Candidate{}), Refusal::candidate_failed);
  EXPECT_EQ(failure_of(Leave{}), Refusal::leave_failed);
  EXPECT_EQ(failure_of(AskIceServers{}), Refusal::ice_servers_failed);
  EXPECT_EQ(failure_of(Lost{}), std::nullopt);
  EXPECT_EQ(failure_of(Deadline{}), std::nullopt);
  EXPECT_EQ(failure_of(SessionChanged{}), std::nullopt);
}

}  // namespace
}  // namespace stillroom::room
