// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "identity/principal.hpp"
#include "signalling/caller.hpp"
#include "signalling/events.hpp"
#include "signalling/ports.hpp"
#include "signalling/problems.hpp"
#include "signalling/security_events.hpp"

namespace stillroom::signalling {

/// Answer of `can-join`. A stranger gets the problem `not_yours` instead.
struct CanJoin {
  session::Session session;
  std::optional<Problem> obstacle;  ///< empty: may join now
  WallTime opens;
  WallTime closes;
};

struct NamedParticipant {
  UserId user;
  identity::Role role = identity::Role::client;
  PersonName name;  ///< empty when the user is no more
};

struct SessionView {
  session::Session session;
  std::vector<NamedParticipant> participants;
};

struct HistoryPage {
  std::vector<session::Session> sessions;
  Page page;
};

inline constexpr std::uint32_t kPageLimitMax = 100;

/// REST's reads. Each is recorded durably before its answer is seen. One for each worker.
class Enquiries {
 public:
  Enquiries(Store& store, SecurityEvents& events, const Clock& clock, IceServers& ice,
            session::Settings settings)
      : store_(store), events_(events), clock_(clock), ice_(ice), settings_(settings) {}

  void can_join(const identity::Principal& who, const SessionId& id, Trace trace,
                Answer<CanJoin> answer);
  void session(const identity::Principal& who, const SessionId& id, Trace trace,
               Answer<SessionView> answer);
  void history(const identity::Principal& who, Page page, const Trace& trace,
               Answer<HistoryPage> answer);
  /// `GET config`: what the gateway hands out before a room is known.
  void config(const identity::Principal& who, const Trace& trace, Answer<events::Ice> answer);

 private:
  struct Reading;
  void find_readable(const identity::Principal& who, const SessionId& id, Trace trace,
                     std::function<void(Result<session::Session, Problem>, const Trace&)> found);
  [[nodiscard]] CanJoin judge_joining(const identity::Principal& who,
                                      const session::Session& session) const;
  void history_of_one(const identity::Principal& who, Page page, const Answer<HistoryPage>& answer);
  void read_names(const std::shared_ptr<Reading>& reading);
  void show(const std::shared_ptr<Reading>& reading);
  /// A refusal on its way out; nothing is waited for.
  void refuse(const identity::Principal& who, const SessionId& id, const Trace& trace,
              session::Refusal why);

  Store& store_;
  SecurityEvents& events_;
  const Clock& clock_;
  IceServers& ice_;
  session::Settings settings_;
};

/// Members of an object that is already open: `id`, `roomId`, `type`, `status`, `start`, `minutes`,
/// `payment`, and `callStarted`, `callEnded`, `duration` (whole minutes) where there are any.
void append_session(json::Writer& out, const session::Session& session);
/// Member `participants`: `[{id, role}]`.
void append_participants(json::Writer& out, const session::Session& session);
[[nodiscard]] std::string encode_can_join(const CanJoin& answer);
[[nodiscard]] std::string encode_session(const SessionView& view);
[[nodiscard]] std::string encode_history(const HistoryPage& page);
/// `{"iceServers":[…],"policy":{"iceTransportPolicy":"all"|"relay"}}`
[[nodiscard]] std::string encode_config(const events::Ice& config);

}  // namespace stillroom::signalling
