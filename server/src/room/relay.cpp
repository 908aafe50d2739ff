// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "room/draft.hpp"

namespace stillroom::room {
namespace {

struct Ends {
  const Seat* from = nullptr;
  const Seat* to = nullptr;
};

/// Both sit in this room, are not the same, and may still be here; otherwise nothing.
std::optional<Ends> ends_of(const Scene& scene, const SocketId& to) {
  const Ends ends{scene.own_seat(), scene.room.seat_of(to)};
  if (ends.from == nullptr || ends.to == nullptr) return std::nullopt;
  if (ends.from == ends.to) return std::nullopt;
  if (!scene.may_stay(*ends.from) || !scene.may_stay(*ends.to)) return std::nullopt;
  return ends;
}

/// What two seats say to each other first is recorded before it is heard; the rest is only passed.
void open_pair(const Scene& scene, const Ends& ends, Decision& decision) {
  if (scene.room.pair(ends.from->id, ends.to->id) != nullptr) return;
  audit::Record record = record_of(scene, audit::Kind::signalling_opened, *ends.from->who);
  record.subject = ends.to->user();
  decision.records.push_back(std::move(record));
  decision.changes.emplace_back(PairOpened{ends.from->id, ends.to->id});
}

Decision passed_on(const Ends& ends, Decision decision) {
  say(decision, {ends.to->who->address}, TellRelay{ends.from->who->socket});
  return decision;
}

/// The offer `to` has made to `from` and that waits for its answer.
const sdp::Shape* open_offer(const Scene& scene, const Ends& ends) {
  const Pair* pair = scene.room.pair(ends.from->id, ends.to->id);
  if (pair == nullptr) return nullptr;
  const auto& offer = pair->first == ends.to->id ? pair->offer_of_first : pair->offer_of_second;
  return offer ? &*offer : nullptr;
}

}  // namespace

Decision decide_relay(const Scene& scene, const Offer& offer) {
  const auto ends = ends_of(scene, offer.to);
  if (!ends) return refused(Refusal::invalid_attempt);
  Decision decision;
  open_pair(scene, *ends, decision);
  decision.changes.emplace_back(Offered{ends->from->id, ends->to->id, offer.description.shape()});
  return passed_on(*ends, std::move(decision));
}

Decision decide_relay(const Scene& scene, const Answer& answer) {
  const auto ends = ends_of(scene, answer.to);
  if (!ends) return refused(Refusal::invalid_attempt);
  // RFC 3264 §4: an answer without an offer, or a second one, is out of turn.
  const sdp::Shape* offer = open_offer(scene, *ends);
  if (offer == nullptr) return refused(Refusal::invalid_attempt);
  if (!sdp::answer_fits(*offer, answer.description.shape())) {
    return refused(Refusal::invalid_answer);
  }
  Decision decision;
  decision.changes.emplace_back(Answered{ends->from->id, ends->to->id});
  return passed_on(*ends, std::move(decision));
}

Decision decide_relay(const Scene& scene, const Candidate& candidate) {
  const auto ends = ends_of(scene, candidate.to);
  if (!ends) return refused(Refusal::invalid_attempt);
  Decision decision;
  if (!candidate.candidate.relayable()) {
    decision.outcome = NotRelayed{};
    return decision;
  }
  open_pair(scene, *ends, decision);
  return passed_on(*ends, std::move(decision));
}

}  // namespace stillroom::room
