// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "audit/record.hpp"
#include "base/clock.hpp"
#include "room/command.hpp"
#include "room/message.hpp"
#include "room/room.hpp"

namespace stillroom::room {

/// What the rules may know besides the room and the command.
struct Facts {
  /// As just read where reads_session() asked for it; not looked at otherwise.
  std::optional<session::Session> session;
  /// Who asks; null for Lost, Deadline and SessionChanged.
  CallerRef caller;
  SeatId fresh_seat;  ///< the id of a seat that this decision may make
  WallTime wall;
  MonoTime mono;
};

/// A change of the session that has to be made in the same transaction as the records.
struct CallChange {
  enum class Kind : std::uint8_t { start, end };
  Kind kind = Kind::start;
  SessionId session;
  WallTime at;
};

struct Done {};        ///< `{ok:true}`
struct NotRelayed {};  ///< well-formed, but policy drops it
struct IceServersGranted {
  UserId user;
};

/// What whoever asked hears by ack; a refusal is also an event of its own.
using Outcome =
    std::variant<Done, NotRelayed, TellJoined, TellCallStatus, IceServersGranted, Refusal>;

/// What is to happen, in this order: `records` and `call` become durable as one; `changes` are
/// applied; `emissions` and the outcome leave; `notes` are told to the store without waiting.
struct Decision {
  std::vector<audit::Record> records;
  std::optional<CallChange> call;
  std::vector<Change> changes;
  std::vector<Emission> emissions;
  std::vector<audit::Record> notes;
  Outcome outcome = Done{};

  /// True when nothing of it may be seen before the store has said yes.
  [[nodiscard]] bool gated() const { return !records.empty() || call.has_value(); }
};

/// The rules of a room. Pure: the same arguments always give the same decision.
[[nodiscard]] Decision decide(const Room& room, const Command& command, const Facts& facts,
                              const Settings& settings);

}  // namespace stillroom::room
