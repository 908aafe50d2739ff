// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "room/decide.hpp"

/// Inside of the module: what the rules have in common while a decision is drafted.
namespace stillroom::room {

struct Scene {
  const Room& room;
  const Facts& facts;
  const Settings& settings;

  [[nodiscard]] const Caller& caller() const { return *facts.caller; }
  /// The seat of whoever asks; null when there is none or its connection is gone.
  [[nodiscard]] const Seat* own_seat() const;
  /// The one question, about somebody who is already seated.
  [[nodiscard]] bool may_stay(const Seat& seat) const;
};

[[nodiscard]] Person person_of(const Seat& seat);
/// A record about `who` in this room.
[[nodiscard]] audit::Record record_of(const Scene& scene, audit::Kind kind, const Caller& who);
/// A record of something that happened by itself.
[[nodiscard]] audit::Record record_of(const Scene& scene, audit::Kind kind);
/// Everybody who is seated and whom `left_out` does not name.
[[nodiscard]] std::vector<Address> everybody(const Room& room, const SeatId& left_out = SeatId());
/// Drops `emission` when there is nobody to hear it.
void say(Decision& decision, std::vector<Address> to, Message message);
/// Takes over the session as it was just read. What changed elsewhere is told to `audience`.
void refresh(const Scene& scene, std::vector<Address> audience, Decision& decision);

[[nodiscard]] Decision refused(Refusal refusal);
/// With a note, because somebody will ask who tried.
[[nodiscard]] Decision refused(const Scene& scene, audit::Kind kind, Refusal refusal);

[[nodiscard]] Decision decide_join(const Scene& scene, const Join& join);
[[nodiscard]] Decision decide_relay(const Scene& scene, const Offer& offer);
[[nodiscard]] Decision decide_relay(const Scene& scene, const Answer& answer);
[[nodiscard]] Decision decide_relay(const Scene& scene, const Candidate& candidate);
[[nodiscard]] Decision decide_start(const Scene& scene, const StartCall& start);
[[nodiscard]] Decision decide_end(const Scene& scene, const EndCall& end);
[[nodiscard]] Decision decide_leave(const Scene& scene);
[[nodiscard]] Decision decide_lost(const Scene& scene, const Lost& lost);
[[nodiscard]] Decision decide_deadline(const Scene& scene);
[[nodiscard]] Decision decide_changed(const Scene& scene);
[[nodiscard]] Decision decide_ice_servers(const Scene& scene);

}  // namespace stillroom::room
