// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "base/rng.hpp"
#include "base/strong_id.hpp"
#include "base/timing_wheel.hpp"
#include "room/decide.hpp"
#include "signalling/caller.hpp"
#include "signalling/events.hpp"
#include "signalling/ports.hpp"
#include "signalling/security_events.hpp"
#include "telemetry/metrics.hpp"

namespace stillroom::signalling {

/// Commands that wait in one room behind an act in flight; the next one is answered with its
/// failure text. More than the candidates that two connections may send at once, so that a room
/// that waits for its store loses none. Ends of connections have no place here: there is one for
/// each seat at most.
inline constexpr std::size_t kWaitingPerRoomMax = 1024;
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
  telemetry::WorkerMetrics& metrics;
  SecurityEvents& events;
};

/// The rooms of one worker, and the path each command takes through one of them:
/// read the session -> decide -> make durable -> apply -> tell. One command of a room at a time,
/// in order of arrival. Everything is called on the worker's thread; nothing here blocks. The
/// outbox may call connection_lost() from within its functions: a send that finds its link dead.
class Desk {
 public:
  Desk(DeskPorts ports, room::Settings settings);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// What a connection asks of a room that this worker owns.
  void submit(CallerRef caller, const RoomId& room, room::Command command,
              std::optional<std::uint64_t> ack);
  /// The same on behalf of somebody's seat, for REST: only `told` hears a refusal, and makes the
  /// event of it. Without a seat there: `not_in_room`.
  using Told = std::function<void(const room::Outcome&)>;
  void submit_for(const UserId& user, const RoomId& room, room::Command command, Told told);
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
    std::size_t calls = 0;    ///< running
    std::size_t waiting = 0;  ///< commands behind an act in flight
  };
  [[nodiscard]] Figures figures() const;
  /// For invariant checks of tests and the simulation; null when the desk does not know the room.
  [[nodiscard]] const room::Room* find(const RoomId& room) const;

 private:
  struct Work;
  struct Act;
  struct Line;
  /// A line is found by its room's id, which is kept there only.
  struct ByRoom {
    using is_transparent = void;
    std::size_t operator()(const RoomId& room) const { return std::hash<RoomId>()(room); }
    std::size_t operator()(const std::unique_ptr<Line>& line) const;
    bool operator()(const RoomId& room, const std::unique_ptr<Line>& line) const;
    bool operator()(const std::unique_ptr<Line>& line, const RoomId& room) const;
    bool operator()(const std::unique_ptr<Line>& a, const std::unique_ptr<Line>& b) const;
  };
  using Read = Result<std::optional<session::Session>, StoreError>;

  [[nodiscard]] Line* line_of(const RoomId& room, TimingWheel::Key key);
  [[nodiscard]] Line* line_for(const RoomId& room, const room::Command& command);
  void enqueue(Line& line, Work work);
  void enqueue_own(Line& line, room::Command command);
  void run(Line& line);
  void step(Line& line);
  void read(Line& line, const SessionId& session);
  void was_read(const RoomId& room, TimingWheel::Key key, Read found);
  void decide(Line& line, std::optional<session::Session> session);
  void commit(Line& line);
  void was_committed(const RoomId& room, TimingWheel::Key key, Result<void, StoreError> done);
  void finish(Line& line);
  void fail(Line& line, StoreError error);
  void tell(Line& line);
  void end_right(const room::TellRevoked& revoked, const std::vector<room::Address>& whose,
                 const RoomId& room);
  void count_relay(const room::Command& command);
  void count(const room::Change& change);
  /// `notes` of the decision that refuses, if one does.
  void refuse(const CallerRef& caller, std::optional<std::uint64_t> ack, room::Refusal refusal,
              const std::vector<audit::Record>& notes = {});
  void refuse(const Work& work, room::Refusal refusal,
              const std::vector<audit::Record>& notes = {});
  void turn_away(const CallerRef& caller, const RoomId& room, const room::Command& command,
                 std::optional<std::uint64_t> ack);
  void settle(Line& line);
  void wake(Line& line, MonoTime now);
  void look_whether_idle();

  DeskPorts ports_;
  room::Settings settings_;
  std::unordered_set<std::unique_ptr<Line>, ByRoom, ByRoom> lines_;
  std::unordered_map<TimingWheel::Key, Line*> keys_;
  TimingWheel deadlines_;
  TimingWheel::Key next_key_ = 1;
  std::vector<TimingWheel::Key> due_;  ///< scratch of tick()
  std::size_t unseated_ = 0;           ///< lines without a session: nobody was ever seated
  std::size_t in_flight_ = 0;
  std::function<void()> idle_;
  bool draining_ = false;
  /// Shared with the store's replies, which may come after the desk is gone: they hold it weakly.
  std::shared_ptr<Desk*> self_;
};

}  // namespace stillroom::signalling
