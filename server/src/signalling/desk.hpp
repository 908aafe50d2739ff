// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/rng.hpp"
#include "base/strong_id.hpp"
#include "base/timing_wheel.hpp"
#include "room/decide.hpp"
#include "signalling/caller.hpp"
#include "signalling/events.hpp"
#include "signalling/ports.hpp"

namespace stillroom::signalling {

/// Commands that wait in one room behind an act in flight; the next one is answered with its
/// failure text. Ends of connections have no place here: there is one for each seat at most.
inline constexpr std::size_t kWaitingPerRoomMax = 64;
/// Rooms nobody sits in yet: joins whose session is being read. One more join fails.
inline constexpr std::size_t kUnseatedRoomsMax = 1024;
/// After the store failed to take the end of an empty call it is asked again after this long.
inline constexpr seconds kEndRetry{5};

struct DeskPorts {
  Store& store;
  Outbox& outbox;
  IceServers& ice;
  const Clock& clock;
  Rng& rng;
};

/// The rooms of one worker, and the path each command takes through one of them:
/// read the session -> decide -> make durable -> apply -> tell. One command of a room at a time,
/// in order of arrival. Everything is called on the worker's thread; nothing here blocks.
class Desk {
 public:
  Desk(DeskPorts ports, room::Settings settings);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// What a connection asks of a room that this worker owns.
  void submit(CallerRef caller, const RoomId& room, room::Command command,
              std::optional<std::uint64_t> ack);
  /// To be told for every room a connection has submitted a join for, answered or not, after the
  /// last submit() of that connection.
  void connection_lost(const room::Address& address, const RoomId& room, room::Loss loss);
  /// Somebody changed the session through the store: its room is looked at again.
  void session_changed(const SessionId& session);
  /// At start: a session whose call was running when the server went down. Ends after the grace
  /// period unless somebody comes back.
  void adopt(session::Session session);

  /// Does what is due at `now`.
  void tick(MonoTime now);
  /// The earliest instant at which tick() could do something.
  [[nodiscard]] std::optional<MonoTime> next_deadline() const;

  /// From now on submit() is answered with the failure texts. `idle` is called once, as soon as no
  /// act is in flight (maybe at once). Rooms and calls stay as they are: people come back.
  void drain(std::function<void()> idle);

  struct Figures {
    std::size_t rooms = 0;
    std::size_t seats = 0;
    std::size_t calls = 0;     ///< running
    std::size_t waiting = 0;   ///< commands behind an act in flight
    std::uint64_t relayed = 0; ///< since start
    std::uint64_t refused = 0; ///< since start
  };
  [[nodiscard]] Figures figures() const;
  /// For invariant checks of tests and the simulation; null when the desk does not know the room.
  [[nodiscard]] const room::Room* find(const RoomId& room) const;

 private:
  struct Work;
  struct Line;
  using Lines = std::unordered_map<RoomId, std::unique_ptr<Line>>;

  Line* line_for(const RoomId& room, const room::Command& command);
  void enqueue(Line& line, Work work);
  void run(const RoomId& room);
  void begin(Line& line);
  void decide(Line& line, const std::optional<session::Session>* session);
  void finish(Line& line, room::Decision decision);
  void fail(Line& line, StoreError error);
  void tell(Line& line, const room::Decision& decision);
  void refuse(const Work& work, room::Refusal refusal);
  void settle(const RoomId& room);
  void arm(Line& line);

  DeskPorts ports_;
  room::Settings settings_;
  Lines lines_;
  TimingWheel deadlines_;
  std::unordered_map<TimingWheel::Key, RoomId> armed_;
  TimingWheel::Key next_key_ = 1;
  std::size_t in_flight_ = 0;
  std::size_t unseated_ = 0;
  std::uint64_t relayed_ = 0;
  std::uint64_t refused_ = 0;
  std::function<void()> idle_;
  bool draining_ = false;
  std::vector<TimingWheel::Key> due_;
  /// Replies of the store may come after the desk is gone; they hold this weakly.
  std::shared_ptr<Desk*> self_;
};

}  // namespace stillroom::signalling
