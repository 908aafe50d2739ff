// SPDX-License-Identifier: Apache-2.0
#include "worker.hpp"

#include <algorithm>
#include <vector>

namespace stillroom::sim {

Worker::Worker(Server& owner, std::uint32_t number)
    : server(owner),
      index(number),
      store(owner.ground.disk.port()),
      events(*store, owner.ground.schedule, metrics, log, source_key),
      door(*store, events, owner.ground.schedule, owner.ground.verifier,
           identity::QueryTokens::accepted),
      desk({*store, *this, *this, owner.ground.schedule, owner.ground.rng, metrics, events},
           owner.ground.room) {}

Worker::~Worker() = default;

Host& Worker::open(const engineio::Sid& sid) {
  const std::uint32_t slot = next_slot_++;
  return *hosts_.emplace(slot, std::make_unique<Host>(*this, slot, sid)).first->second;
}

Host* Worker::host(std::uint32_t slot) const {
  const auto found = hosts_.find(slot);
  return found == hosts_.end() ? nullptr : found->second.get();
}

Host* Worker::host(const engineio::Sid& sid) const {
  for (const auto& [slot, host] : hosts_) {
    if (host->link.sid() == sid && !host->over()) return host.get();
  }
  return nullptr;
}

/// A link that does not know the exchange ignores its loss.
void Worker::poll_lost(MonoTime now, engineio::Channel exchange) {
  for (const auto& [slot, host] : hosts_) {
    if (!host->over()) host->link.poll_lost(now, exchange);
  }
}

void Worker::tick(MonoTime now) {
  desk.tick(now);
  for (const auto& [slot, host] : hosts_) {
    if (host->next_deadline() <= now) host->tick(now);
  }
}

MonoTime Worker::next_deadline() const {
  MonoTime next = desk.next_deadline().value_or(MonoTime::max());
  for (const auto& [slot, host] : hosts_) next = std::min(next, host->next_deadline());
  return next;
}

void Worker::emit(const room::Address& to, std::string_view event_json) {
  Judge& judge = server.ground.judge;
  const RoomId* room = judge.room_of(to);
  judge.emitted(to, event_json, room != nullptr ? desk.find(*room) : nullptr);
  Worker& target = server.worker(to.worker);
  server.post(index, to.worker, [&target, to, text = std::string(event_json)] {
    Host* host = target.host(to.slot);
    if (host != nullptr && !host->over() && host->is(to)) host->emit(text);
  });
}

void Worker::ack(const room::Address& to, std::uint64_t ack_id, std::string_view args_json) {
  server.ground.judge.acked(to, args_json);
  Worker& target = server.worker(to.worker);
  server.post(index, to.worker, [&target, to, ack_id, text = std::string(args_json)] {
    Host* host = target.host(to.slot);
    if (host != nullptr && !host->over() && host->is(to)) host->ack(ack_id, text);
  });
}

void Worker::right_lost(const room::Address& to, const RoomId& room, std::string_view) {
  Worker& target = server.worker(to.worker);
  server.post(index, to.worker, [&target, to, room] {
    Host* host = target.host(to.slot);
    if (host != nullptr && !host->over() && host->is(to)) host->right_lost(room);
  });
}

}  // namespace stillroom::sim
