// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/strong_id.hpp"
#include "identity/principal.hpp"

/// The scheduled therapy meeting and the one question that is asked everywhere: may this person do
/// this in it now? (contract §7)
namespace stillroom::session {

enum class Type : std::uint8_t { individual, couples, family, group };
enum class Status : std::uint8_t {
  pending,
  approved,
  confirmed,
  in_progress,
  completed,
  cancelled,
  declined,
  no_show
};
enum class Payment : std::uint8_t { pending, confirmed, waived };

[[nodiscard]] std::string_view to_text(Type type);
[[nodiscard]] std::string_view to_text(Status status);  ///< `in-progress`, `no-show`, …
[[nodiscard]] std::string_view to_text(Payment payment);
[[nodiscard]] std::optional<Type> type_from_text(std::string_view text);
[[nodiscard]] std::optional<Status> status_from_text(std::string_view text);
[[nodiscard]] std::optional<Payment> payment_from_text(std::string_view text);

struct Participant {
  UserId user;
  identity::Role role = identity::Role::client;

  friend bool operator==(const Participant&, const Participant&) = default;
};

struct Session {
  SessionId id;
  RoomId room;
  Type type = Type::individual;
  Status status = Status::confirmed;
  Payment payment = Payment::confirmed;
  WallTime start;
  minutes length{50};
  std::vector<Participant> participants;
  std::optional<WallTime> call_started;
  std::optional<WallTime> call_ended;
  std::optional<OutsideId> outside_id;  ///< how an application finds it again

  friend bool operator==(const Session&, const Session&) = default;
};

/// Which status may follow which when somebody sets it (contract §7). A call's own steps are not
/// among them: those are the room's.
[[nodiscard]] bool may_become(Status from, Status to);
/// What an application may make it as: no call runs in it, and it is not over.
[[nodiscard]] bool may_begin_as(Status status);
/// Nothing follows: cancelled, declined, completed, no-show.
[[nodiscard]] bool is_over(Status status);

struct Settings {
  minutes joinable_before{15};  ///< before the start
  minutes joinable_after{120};  ///< after the start
};

/// Is this person, in this role, one of the session's participants? An administrator never is, even
/// where a row says so.
[[nodiscard]] bool takes_part(const UserId& user, identity::Role role, const Session& session);

/// What somebody wants of a session.
enum class Act : std::uint8_t {
  enter,  ///< join or return (the window applies)
  stay,   ///< speak in the room one is seated in (the window does not apply)
  start,  ///< start the call: any participant
  end,    ///< end the call: the therapist
  read,   ///< see the session's data
};

enum class Refusal : std::uint8_t {
  not_yours,  ///< also without such a session, or with a link into another: no difference is seen
  cancelled,  ///< cancelled or declined
  payment_pending,
  not_confirmed,  ///< pending, approved
  too_early,
  ended,  ///< completed, no-show, or the window has passed
  not_therapist,
};

/// The one gate. `session` is empty when the database has none.
[[nodiscard]] Result<void, Refusal> may(const identity::Principal& who,
                                        const std::optional<Session>& session, Act act,
                                        WallTime now, const Settings& settings);

}  // namespace stillroom::session
