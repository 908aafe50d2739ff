// SPDX-License-Identifier: Apache-2.0
#include "room/room.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace stillroom::room {
namespace {

Seat& seat_named(Room& room, const SeatId& id) {
  const auto found = std::ranges::find(room.seats, id, &Seat::id);
  if (found == room.seats.end()) std::abort();
  return *found;
}

Pair& pair_named(Room& room, const SeatId& one, const SeatId& other) {
  for (Pair& pair : room.pairs) {
    if (pair.first == one && pair.second == other) return pair;
    if (pair.first == other && pair.second == one) return pair;
  }
  std::abort();
}

/// A running call that nobody sits in is on its way to its end.
void note_emptiness(Room& room, MonoTime at) {
  if (!room.seats.empty() || !room.call()) {
    room.empty_since.reset();
  } else if (!room.empty_since) {
    room.empty_since = at;
  }
}

struct Apply {
  Room& room;

  void operator()(SessionRead&& change) const {
    room.session = std::move(change.session);
    note_emptiness(room, change.at);
  }
  void operator()(SessionGone&&) const {
    room.session.reset();
    room.empty_since.reset();
  }
  void operator()(Seated&& change) const {
    if (room.seat_of(change.seat.user(), change.seat.device) != nullptr) std::abort();
    room.seats.push_back(std::move(change.seat));
    room.empty_since.reset();
  }
  void operator()(Reseated&& change) const {
    Seat& seat = seat_named(room, change.seat);
    seat.who = std::move(change.who);
    seat.lost.reset();
  }
  void operator()(SeatLost&& change) const { seat_named(room, change.seat).lost = change.at; }
  void operator()(Vacated&& change) const {
    seat_named(room, change.seat);
    std::erase_if(room.seats, [&](const Seat& seat) { return seat.id == change.seat; });
    std::erase_if(room.pairs, [&](const Pair& pair) {
      return pair.first == change.seat || pair.second == change.seat;
    });
    note_emptiness(room, change.at);
  }
  void operator()(CallStarted&& change) const {
    room.session->status = session::Status::in_progress;
    room.session->call_started = change.at;
  }
  void operator()(CallEnded&& change) const {
    room.session->status = session::Status::completed;
    room.session->call_ended = change.at;
    room.empty_since.reset();
  }
  void operator()(PairOpened&& change) const {
    room.pairs.push_back({std::move(change.first), std::move(change.second), {}, {}});
  }
  void operator()(Offered&& change) const {
    Pair& pair = pair_named(room, change.from, change.to);
    (pair.first == change.from ? pair.offer_of_first : pair.offer_of_second) =
        std::move(change.shape);
  }
  void operator()(Answered&& change) const {
    Pair& pair = pair_named(room, change.from, change.to);
    (pair.first == change.to ? pair.offer_of_first : pair.offer_of_second).reset();
  }
};

}  // namespace

std::size_t Settings::capacity(session::Type type) const {
  switch (type) {
    case session::Type::individual:
      return individual_max;
    case session::Type::couples:
      return couples_max;
    case session::Type::family:
      return family_max;
    case session::Type::group:
      return group_max;
  }
  return individual_max;
}

const Seat* Room::seat_at(const Address& address) const {
  for (const Seat& seat : seats) {
    if (seat.who->address == address) return &seat;
  }
  return nullptr;
}

const Seat* Room::seat_of(const SocketId& socket) const {
  for (const Seat& seat : seats) {
    if (seat.who->socket == socket) return &seat;
  }
  return nullptr;
}

const Seat* Room::seat_of(const UserId& user, const DeviceId& device) const {
  for (const Seat& seat : seats) {
    if (seat.user() == user && seat.device == device) return &seat;
  }
  return nullptr;
}

const Pair* Room::pair(const SeatId& one, const SeatId& other) const {
  for (const Pair& each : pairs) {
    if (each.first == one && each.second == other) return &each;
    if (each.first == other && each.second == one) return &each;
  }
  return nullptr;
}

std::size_t Room::people() const {
  std::size_t count = 0;
  for (auto seat = seats.begin(); seat != seats.end(); ++seat) {
    const auto earlier = std::find_if(
        seats.begin(), seat, [&](const Seat& other) { return other.user() == seat->user(); });
    if (earlier == seat) count += 1;
  }
  return count;
}

std::size_t Room::seats_of(const UserId& user) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(seats, [&](const Seat& seat) { return seat.user() == user; }));
}

std::optional<WallTime> Room::call() const {
  if (!session || session->status != session::Status::in_progress) return std::nullopt;
  // A record without the instant would be a store's mistake; the call still runs.
  return session->call_started.value_or(session->start);
}

std::optional<MonoTime> Room::deadline(const Settings& settings) const {
  std::optional<MonoTime> earliest;
  if (empty_since) earliest = *empty_since + settings.empty_grace;
  for (const Seat& seat : seats) {
    if (!seat.lost) continue;
    const MonoTime due = *seat.lost + settings.seat_grace;
    if (!earliest || due < *earliest) earliest = due;
  }
  return earliest;
}

void apply(Room& room, Change change) {
  std::visit(Apply{room}, std::move(change));
}

}  // namespace stillroom::room
