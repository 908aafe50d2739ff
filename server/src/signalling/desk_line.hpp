// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <list>
#include <memory>
#include <optional>

#include "signalling/desk.hpp"

/// Inside of the desk: one room and what is on its way through it.
namespace stillroom::signalling {

/// Whose session a command has to be judged by; nothing when none is read for it.
[[nodiscard]] std::optional<SessionId> session_behind(const room::Room& room,
                                                      const room::Command& command);

/// One command and who waits for its outcome; `caller` is null for what the room does by itself.
struct Desk::Work {
  CallerRef caller;
  room::Command command;
  std::optional<std::uint64_t> ack;
  Told told;  ///< instead of an ack, for who does not ask over the seat's socket
};

/// A command whose turn has come: a read or a commit of it is in flight.
struct Desk::Act {
  Work work;
  room::Decision decision;   ///< while its commit is in flight
  unsigned decisions = 0;    ///< made for it so far
  bool caller_gone = false;  ///< the connection behind it is lost
};

/// A room and the commands on their way through it. Most rooms are quiet most of the time: what an
/// act needs is there while there is one.
struct Desk::Line {
  TimingWheel::Key key = 0;
  room::Room room;
  std::list<Work> waiting;
  std::size_t own_waiting = 0;  ///< of these, what the room does by itself
  std::unique_ptr<Act> acting;
  bool unseated = true;  ///< counted in Desk::unseated_
  bool deadline_waiting = false;
  bool change_waiting = false;
  std::optional<MonoTime> armed;    ///< the earliest instant the wheel knows
  std::optional<MonoTime> hold;     ///< no deadline is looked at before it: the store just failed
  std::optional<MonoTime> recheck;  ///< when the session is to be read again

  [[nodiscard]] std::optional<MonoTime> due(const room::Settings& settings) const {
    auto due = room.deadline(settings);
    if (due && hold) due = std::max(*due, *hold);
    if (recheck && (!due || *recheck < *due)) due = recheck;
    return due;
  }
};

}  // namespace stillroom::signalling
