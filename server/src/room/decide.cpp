// SPDX-License-Identifier: Apache-2.0
#include "room/decide.hpp"

#include "room/draft.hpp"

namespace stillroom::room {
namespace {

struct Decide {
  const Scene& scene;

  Decision operator()(const Join& join) const { return decide_join(scene, join); }
  Decision operator()(const Offer& offer) const { return decide_relay(scene, offer); }
  Decision operator()(const Answer& answer) const { return decide_relay(scene, answer); }
  Decision operator()(const Candidate& one) const { return decide_relay(scene, one); }
  Decision operator()(const StartCall& start) const { return decide_start(scene, start); }
  Decision operator()(const EndCall& end) const { return decide_end(scene, end); }
  Decision operator()(const Leave&) const { return decide_leave(scene); }
  Decision operator()(const AskIceServers&) const { return decide_ice_servers(scene); }
  Decision operator()(const Lost& lost) const { return decide_lost(scene, lost); }
  Decision operator()(const Deadline&) const { return decide_deadline(scene); }
  Decision operator()(const SessionChanged&) const { return decide_changed(scene); }
};

}  // namespace

Decision decide(const Room& room, const Command& command, const Facts& facts,
                const Settings& settings) {
  const Scene scene{room, facts, settings};
  return std::visit(Decide{scene}, command);
}

}  // namespace stillroom::room
