// SPDX-License-Identifier: Apache-2.0
#include "room/command.hpp"

namespace stillroom::room {
namespace {

struct Failure {
  using Answer = std::optional<Refusal>;
  Answer operator()(const Join&) const { return Refusal::join_failed; }
  Answer operator()(const Offer&) const { return Refusal::offer_failed; }
  Answer operator()(const room::Answer&) const { return Refusal::answer_failed; }
  Answer operator()(const Candidate&) const { return Refusal::candidate_failed; }
  Answer operator()(const StartCall&) const { return Refusal::start_failed; }
  Answer operator()(const EndCall&) const { return Refusal::end_failed; }
  Answer operator()(const Leave&) const { return Refusal::leave_failed; }
  Answer operator()(const AskIceServers&) const { return Refusal::ice_servers_failed; }
  Answer operator()(const Lost&) const { return std::nullopt; }
  Answer operator()(const Deadline&) const { return std::nullopt; }
  Answer operator()(const SessionChanged&) const { return std::nullopt; }
};

}  // namespace

bool reads_session(const Command& command) {
  return std::holds_alternative<Join>(command) || std::holds_alternative<StartCall>(command) ||
         std::holds_alternative<EndCall>(command) ||
         std::holds_alternative<SessionChanged>(command);
}

std::optional<Refusal> failure_of(const Command& command) {
  return std::visit(Failure(), command);
}

}  // namespace stillroom::room
