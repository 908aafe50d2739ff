// SPDX-License-Identifier: Apache-2.0
#include "signalling/door.hpp"

#include <memory>
#include <utility>

namespace stillroom::signalling {
namespace {

audit::Record record_of(audit::Kind kind, const Trace& trace, WallTime at) {
  audit::Record record;
  record.kind = kind;
  record.at = at;
  record.connection = trace.connection;
  record.source = trace.source;
  return record;
}

Trace trace_of(const Caller& caller) {
  return {caller.connection, caller.source};
}

}  // namespace

struct Door::Turned {
  Problem problem;
  std::string_view reason;
};

struct Door::Entry {
  identity::VerifiedToken token;
  Trace trace;
  audit::Kind allowed;
  SecurityKind refused;
  Answer<identity::Principal> answer;
};

bool concerns(const Concerned& concerned, const Caller& caller) {
  if (const auto* user = std::get_if<UserId>(&concerned)) return caller.principal.user() == *user;
  return caller.principal.token().id() == std::get<identity::TokenId>(concerned);
}

void Door::use(std::shared_ptr<const identity::TokenVerifier> verifier, IssuerKeys keys) {
  kept_ = std::move(verifier);
  verifier_ = kept_.get();
  issuer_keys_ = keys;
}

Result<identity::VerifiedToken, Problem> Door::verify(
    const std::optional<identity::TokenText>& token, std::string_view party) {
  if (!token) return fail(problems::kTokenMissing);
  auto verified = verifier_->verify(*token, clock_.wall_now());
  if (!verified) {
    if (unknown_key_ && verifier_->lacks_key_of(*token)) unknown_key_();
    return fail(problem_of(verified.error()));
  }
  const auto& ticket = verified->ticket();
  if (ticket && ticket->party != party) return fail(problems::kTokenInvalid);
  return std::move(verified).value();
}

Result<identity::VerifiedToken, Problem> Door::prove(const identity::OfferedTokens& offered,
                                                     const Trace& trace) {
  auto verified = verify(identity::choose_token(offered, query_tokens_), offered.party);
  if (!verified) refuse(SecurityKind::connect_refused, verified.error().code, trace);
  return verified;
}

Result<identity::VerifiedToken, Problem> Door::prove_bearer(const identity::OfferedTokens& offered,
                                                            const Trace& trace) {
  auto verified = verify(identity::choose_token(offered, query_tokens_), offered.party);
  if (!verified) refused(verified.error(), trace);
  return verified;
}

void Door::refused(const Problem& problem, const Trace& trace) {
  refuse(SecurityKind::bearer_refused, problem.code, trace);
}

void Door::recognise(const identity::VerifiedToken& token, Recognised answer) {
  store_.find_standing(
      token.user(), token.id(), [this, token, answer = std::move(answer)](const auto& standing) {
        if (!standing) {
          const Problem& problem = problems::kAuthUnavailable;
          return answer(fail(Turned{problem, problem.code}));
        }
        auto who = identity::establish(token, *standing, clock_.wall_now());
        if (!who) return answer(fail(Turned{problem_of(who.error()), reason(who.error())}));
        answer(std::move(who).value());
      });
}

void Door::authenticate(const identity::VerifiedToken& token, Trace trace,
                        Answer<identity::Principal> answer) {
  if (token.ticket()) {
    refuse(SecurityKind::bearer_refused, problems::kTokenInvalid.code, trace, &token.user());
    return answer(fail(problems::kTokenInvalid));
  }
  recognise(token, [this, user = token.user(), trace = std::move(trace),
                    answer = std::move(answer)](auto who) {
    if (who) return answer(std::move(who).value());
    refuse(SecurityKind::bearer_refused, who.error().reason, trace, &user);
    answer(fail(who.error().problem));
  });
}

void Door::admit(const identity::VerifiedToken& token, Arrival arrival, Answer<CallerRef> answer) {
  const Trace trace = arrival.trace;
  enter(std::make_shared<const Entry>(
      Entry{token, trace, audit::Kind::connected, SecurityKind::connect_refused,
            [arrival = std::move(arrival), answer = std::move(answer)](auto who) {
              if (!who) return answer(fail(who.error()));
              answer(std::make_shared<const Caller>(
                  Caller{arrival.address, arrival.socket, std::move(who).value(), arrival.device,
                         arrival.trace.connection, arrival.trace.source, arrival.transport}));
            }}));
}

void Door::refresh(const CallerRef& caller, const std::optional<identity::TokenText>& token,
                   std::string_view party, Answer<CallerRef> answer) {
  const identity::Principal& holder = caller->principal;
  auto verified = verify(token, party);
  if (verified && (verified->user() != holder.user() || verified->role() != holder.role() ||
                   verified->session() != holder.session())) {
    verified = fail(problems::kTokenInvalid);
  }
  if (!verified) {
    refuse(SecurityKind::refresh_refused, verified.error().code, trace_of(*caller), &holder.user());
    return answer(fail(verified.error()));
  }
  enter(std::make_shared<const Entry>(
      Entry{*verified, trace_of(*caller), audit::Kind::access_refreshed,
            SecurityKind::refresh_refused, [caller, answer = std::move(answer)](auto who) {
              if (!who) return answer(fail(who.error()));
              Caller refreshed = *caller;
              refreshed.principal = std::move(who).value();
              answer(std::make_shared<const Caller>(std::move(refreshed)));
            }}));
}

void Door::enter(const std::shared_ptr<const Entry>& entry) {
  recognise(entry->token, [this, entry](auto who) {
    if (!who) {
      refuse(entry->refused, who.error().reason, entry->trace, &entry->token.user());
      return entry->answer(fail(who.error().problem));
    }
    Commit commit;
    commit.records.push_back(record_of(entry->allowed, entry->trace, clock_.wall_now()));
    commit.records.back().actor = who->user();
    commit.records.back().role = who->role();
    if (const auto& ticket = entry->token.ticket()) {
      if (clock_.wall_now() >= ticket->until) {
        refuse(entry->refused, problems::kTokenExpired.code, entry->trace, &entry->token.user());
        return entry->answer(fail(problems::kTokenExpired));
      }
      commit.changes.emplace_back(UseTicket{ticket->id, ticket->until, clock_.wall_now()});
    }
    store_.commit(std::move(commit), [this, entry](const auto& done) {
      if (done) return look_again(entry);
      const bool used = done.error() == StoreError::conflict;
      const Problem& problem = used ? problems::kTokenInvalid : problems::kAuthUnavailable;
      refuse(entry->refused, used ? "ticket_used" : problem.code, entry->trace,
             &entry->token.user());
      entry->answer(fail(problem));
    });
  });
}

/// While the record was written the person may have been suspended, and whoever suspended them
/// found no connection to end. What is read now is newer than the record, and what changes later
/// finds the connection: the answer makes it known before anything else runs here.
void Door::look_again(const std::shared_ptr<const Entry>& entry) {
  recognise(entry->token, [this, entry](auto who) {
    if (who) return entry->answer(std::move(who).value());
    refuse(entry->refused, who.error().reason, entry->trace, &entry->token.user());
    entry->answer(fail(who.error().problem));
  });
}

void Door::review(const Caller& caller, Verdict verdict) {
  recognise(caller.principal.token(), [verdict = std::move(verdict)](const auto& who) {
    if (who) return verdict(std::nullopt);
    verdict(who.error().reason);
  });
}

void Door::departed(const Caller& caller, std::string_view reason) {
  audit::Record record = record_of(audit::Kind::disconnected, trace_of(caller), clock_.wall_now());
  record.actor = caller.principal.user();
  record.role = caller.principal.role();
  record.reason = reason;
  store_.note(std::move(record));
}

void Door::refuse(SecurityKind kind, std::string_view reason, const Trace& trace,
                  const UserId* user) {
  // A Bearer is told apart in metrics and log; both are somebody who was not let in.
  const bool refresh = kind == SecurityKind::refresh_refused;
  audit::Record record =
      record_of(refresh ? audit::Kind::refresh_refused : audit::Kind::connect_refused, trace,
                clock_.wall_now());
  record.reason = reason;
  if (user != nullptr) record.actor = *user;
  events_.tell(event_of(kind, record));
}

}  // namespace stillroom::signalling
