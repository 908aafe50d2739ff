// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.hpp"
#include "identity/principal.hpp"
#include "identity/service_key.hpp"
#include "signalling/caller.hpp"
#include "signalling/ports.hpp"

/// Who gives an order to `Administration`, and what they may order at all.
namespace stillroom::signalling {

/// Whoever may use the command line; there is no account to name.
struct Operator {};

/// A request that may come twice and is to be done once (header `Idempotency-Key`).
struct Once {
  std::string place;    ///< of KeptAnswer
  std::string request;  ///< likewise
};

struct Author {
  std::variant<Operator, identity::Principal, identity::Service> who;
  Trace trace;
  std::optional<Once> once;
};

/// Administrators may everything, therapists have sessions (their own, as `leads` says), nobody
/// else anything; a key has its scopes. Who came by a link is there for one session's call only.
[[nodiscard]] bool may(const Author& by, identity::Scope scope);
[[nodiscard]] bool is_administrator(const Author& by);
/// The session is theirs to see and change: an administrator's and an application's are all.
[[nodiscard]] bool leads(const Author& by, const session::Session& session);
/// The person who sees and changes nothing but their own sessions; null for everybody else.
[[nodiscard]] const identity::Principal* therapist(const Author& by);

/// Of a one-time code that they make now for somebody with this role.
[[nodiscard]] CodeOrigin origin_of(const Author& by, identity::Role role, WallTime now);
/// Whether the code's maker, as they stand now, might make it still: active, nothing revoked since,
/// an administrator or, for a link, a therapist of its session. `link`: null for an invitation.
[[nodiscard]] bool maker_stands(const CodeOrigin& origin, const identity::Standing& maker,
                                const session::Session* link);

/// A record of what they did. An application stands in it as `key:<id>`.
[[nodiscard]] audit::Record record_of(audit::Kind kind, const Author& by, WallTime at);

inline constexpr std::size_t kIdempotencyKeyCharactersMax = 128;
/// `key` as the header has it; nothing unless it is 1 to 128 visible characters of ASCII. `what`:
/// method and path.
[[nodiscard]] std::optional<Once> once_of(const Author& by, std::string_view key,
                                          std::string_view what, std::string_view body);
inline constexpr minutes kAnswerKeptFor{24 * 60};
/// Makes the answer last with the commit, where its author may repeat the request.
void keep_answer(Commit& commit, const Author& by, int status, std::string body, WallTime now);

}  // namespace stillroom::signalling
