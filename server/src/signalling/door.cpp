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

/// `found` is the store's answer about the person that the token names.
Result<identity::Principal, Problem> recognise(
    const identity::VerifiedToken& token,
    const Result<std::optional<identity::User>, StoreError>& found) {
  if (!found) return fail(problems::kAuthUnavailable);
  auto who = identity::establish(token, *found);
  if (!who) return fail(problem_of(who.error()));
  return std::move(who).value();
}

}  // namespace

void Door::use(std::shared_ptr<const identity::TokenVerifier> verifier, IssuerKeys keys) {
  kept_ = std::move(verifier);
  verifier_ = kept_.get();
  issuer_keys_ = keys;
}

Result<identity::VerifiedToken, Problem> Door::prove(const identity::OfferedTokens& offered,
                                                     const Trace& trace) {
  const auto token = identity::choose_token(offered, query_tokens_);
  if (!token) {
    refuse(problems::kTokenMissing, trace, nullptr);
    return fail(problems::kTokenMissing);
  }
  auto verified = verifier_->verify(*token, clock_.wall_now());
  if (!verified) {
    if (unknown_key_ && verifier_->lacks_key_of(*token)) unknown_key_();
    const Problem& problem = problem_of(verified.error());
    refuse(problem, trace, nullptr);
    return fail(problem);
  }
  return std::move(verified).value();
}

void Door::authenticate(const identity::VerifiedToken& token, Trace trace,
                        Answer<identity::Principal> answer) {
  store_.find_user(token.user(), [this, token, trace = std::move(trace),
                                  answer = std::move(answer)](const auto& found) {
    auto who = recognise(token, found);
    if (!who) refuse(who.error(), trace, &token.user());
    answer(std::move(who));
  });
}

void Door::admit(const identity::VerifiedToken& token, Arrival arrival, Answer<CallerRef> answer) {
  const Trace trace = arrival.trace;
  authenticate(token, trace,
               [this, token, arrival = std::move(arrival), answer = std::move(answer)](auto who) {
                 if (!who) return answer(fail(who.error()));
                 record_arrival(token, arrival, *who, answer);
               });
}

void Door::record_arrival(const identity::VerifiedToken& token, const Arrival& arrival,
                          const identity::Principal& who, const Answer<CallerRef>& answer) {
  Commit commit;
  commit.records.push_back(record_of(audit::Kind::connected, arrival.trace, clock_.wall_now()));
  commit.records.back().actor = who.user();
  commit.records.back().role = who.role();
  store_.commit(std::move(commit), [this, token, arrival, answer](const auto& done) {
    if (!done) {
      refuse(problems::kAuthUnavailable, arrival.trace, &token.user());
      return answer(fail(problems::kAuthUnavailable));
    }
    look_again(token, arrival, answer);
  });
}

/// While the record was written the person may have been suspended, and whoever suspended them
/// found no connection to end. What is read now is newer than the record, and what changes later
/// finds the connection: the answer below makes it known before anything else runs here.
void Door::look_again(const identity::VerifiedToken& token, const Arrival& arrival,
                      const Answer<CallerRef>& answer) {
  store_.find_user(token.user(), [this, token, arrival, answer](const auto& found) {
    auto who = recognise(token, found);
    if (!who) {
      refuse(who.error(), arrival.trace, &token.user());
      return answer(fail(who.error()));
    }
    answer(std::make_shared<const Caller>(Caller{arrival.address, arrival.socket, *who,
                                                 arrival.device, arrival.trace.connection,
                                                 arrival.trace.source, arrival.transport}));
  });
}

void Door::departed(const Caller& caller, std::string_view reason) {
  audit::Record record =
      record_of(audit::Kind::disconnected, {caller.connection, caller.source}, clock_.wall_now());
  record.actor = caller.principal.user();
  record.role = caller.principal.role();
  record.reason = reason;
  store_.note(std::move(record));
}

void Door::limited(const Trace& trace) {
  refuse(problems::kRateLimited, trace, nullptr);
}

void Door::refuse(const Problem& problem, const Trace& trace, const UserId* user) {
  audit::Record record = record_of(audit::Kind::connect_refused, trace, clock_.wall_now());
  record.outcome = audit::Outcome::refused;
  record.reason = problem.code;
  if (user != nullptr) record.actor = *user;
  store_.note(std::move(record));
}

}  // namespace stillroom::signalling
