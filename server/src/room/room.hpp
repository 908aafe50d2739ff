// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/strong_id.hpp"
#include "room/caller.hpp"
#include "sdp/description.hpp"
#include "session/session.hpp"

namespace stillroom::room {

struct Settings {
  seconds seat_grace{10};    ///< a seat waits this long for a lost transport
  seconds empty_grace{120};  ///< a running call waits this long for anybody at all
  /// People, the therapist included, by session::Type.
  std::uint32_t individual_max = 2;
  std::uint32_t couples_max = 3;
  std::uint32_t family_max = 6;
  std::uint32_t group_max = 12;
  /// Devices of one person in one room; one more is refused as `Room is full`.
  std::uint32_t seats_per_person_max = 4;
  session::Settings session;

  [[nodiscard]] std::size_t capacity(session::Type type) const;
};

/// One device of one person. Outlives its connection for the grace period, and keeps its id when
/// another connection of the same device takes it over.
struct Seat {
  SeatId id;
  CallerRef who;  ///< the connection that holds it now
  DeviceId device;
  std::optional<MonoTime> lost;  ///< since when nobody is connected

  [[nodiscard]] const UserId& user() const { return who->principal.user(); }
};

/// Two seats that have signalled to each other; the record of it is durable.
struct Pair {
  SeatId first;
  SeatId second;
  std::optional<sdp::Shape> offer_of_first;  ///< not answered yet
  std::optional<sdp::Shape> offer_of_second;
};

/// The signalling side of one session, as a value. Rules read it, only apply() changes it.
struct Room {
  RoomId id;
  std::optional<session::Session> session;  ///< as last read; whether a call runs is its status
  std::vector<Seat> seats;                  ///< in order of arrival
  std::vector<Pair> pairs;
  std::optional<MonoTime> empty_since;  ///< nobody holds a seat while a call runs

  [[nodiscard]] const Seat* seat_at(const Address& address) const;
  [[nodiscard]] const Seat* seat_of(const SocketId& socket) const;
  [[nodiscard]] const Seat* seat_of(const UserId& user, const DeviceId& device) const;
  [[nodiscard]] const Pair* pair(const SeatId& one, const SeatId& other) const;
  [[nodiscard]] std::size_t people() const;
  [[nodiscard]] std::size_t seats_of(const UserId& user) const;
  /// When the running call started; nothing while none runs.
  [[nodiscard]] std::optional<WallTime> call() const;
  /// The next instant at which something is due by itself.
  [[nodiscard]] std::optional<MonoTime> deadline(const Settings& settings) const;
  /// Nothing is lost by forgetting it.
  [[nodiscard]] bool idle() const { return seats.empty() && !call(); }
};

struct SessionRead {
  session::Session session;
  MonoTime at;
};
/// The database has no such session any more.
struct SessionGone {};
struct Seated {
  Seat seat;
};
struct Reseated {
  SeatId seat;
  CallerRef who;
};
struct SeatLost {
  SeatId seat;
  MonoTime at;
};
struct Vacated {
  SeatId seat;
  MonoTime at;
};
struct CallStarted {
  WallTime at;
};
struct CallEnded {
  WallTime at;
};
struct PairOpened {
  SeatId first;
  SeatId second;
};
struct Offered {
  SeatId from;
  SeatId to;
  sdp::Shape shape;
};
struct Answered {
  SeatId from;
  SeatId to;
};  ///< the offer that `to` had made to `from`

using Change = std::variant<SessionRead, SessionGone, Seated, Reseated, SeatLost, Vacated,
                            CallStarted, CallEnded, PairOpened, Offered, Answered>;

/// A change that names a seat the room does not have is a broken invariant.
void apply(Room& room, Change change);

}  // namespace stillroom::room
