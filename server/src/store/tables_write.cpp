// SPDX-License-Identifier: Apache-2.0
#include "base/encoding.hpp"
#include "store/rows.hpp"
#include "store/tables.hpp"

namespace stillroom::store {
namespace {

/// Exactly one row is inserted or updated, or the precondition did not hold.
Result<void, Fault> touch_one(Query& query) {
  if (const auto step = query.step(); !step) return fail(step.error());
  if (query.touched() != 1) return fail(Fault::conflict);
  return {};
}

std::optional<std::string_view> text_or_null(const std::optional<UserId>& id) {
  return id ? std::optional<std::string_view>(id->text()) : std::nullopt;
}

void bind_origin(Query& query, const signalling::CodeOrigin& origin) {
  query.bind(identity::to_text(origin.role));
  if (origin.maker) {
    query.bind(origin.maker->text());
  } else {
    query.bind_null();
  }
  query.bind(origin.made);
}

}  // namespace

Result<void, Fault> Tables::apply(const signalling::Change& change) {
  return std::visit([this](const auto& one) { return apply_one(one); }, change);
}

Result<void, Fault> Tables::append(const audit::Record& record) {
  Query query(statement(Sql::append_audit));
  query.bind(record.at).bind(audit::to_text(record.kind)).bind(audit::to_text(record.outcome));
  query.bind(text_or_null(record.actor));
  query.bind(record.role ? std::optional(identity::to_text(*record.role)) : std::nullopt);
  query.bind(record.session ? std::optional<std::string_view>(record.session->text())
                            : std::nullopt);
  query.bind(record.room ? std::optional<std::string_view>(record.room->text()) : std::nullopt);
  query.bind(text_or_null(record.subject));
  query.bind(record.reason).bind(record.source).bind(record.connection);
  const auto done = touch_one(query);
  if (!done) return fail(done.error() == Fault::conflict ? Fault::fatal : done.error());
  return {};
}

Result<void, Fault> Tables::apply_one(const signalling::AddUser& change) {
  Query query(statement(Sql::add_user));
  query.bind(change.user.id.text()).bind(identity::to_text(change.user.role));
  query.bind(change.user.name.text()).bind(identity::to_text(change.user.status));
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::ChangeUser& change) {
  const auto known = find_user(change.from.id);
  if (!known) return fail(known.error());
  if (*known != change.from) return fail(Fault::conflict);
  Query query(statement(Sql::change_user));
  query.bind(identity::to_text(change.to.role)).bind(change.to.name.text());
  query.bind(identity::to_text(change.to.status)).bind(change.from.id.text());
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::SetUserStatus& change) {
  Query query(statement(Sql::set_user_status));
  query.bind(identity::to_text(change.status)).bind(change.user.text());
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::AddSession& change) {
  const session::Session& added = change.session;
  {
    Query query(statement(Sql::add_session));
    query.bind(added.id.text()).bind(added.room.text()).bind(session::to_text(added.type));
    query.bind(session::to_text(added.status)).bind(session::to_text(added.payment));
    query.bind(added.start).bind(std::int64_t{added.length.count()});
    query.bind(added.call_started).bind(added.call_ended);
    query.bind(added.outside_id ? std::optional<std::string_view>(added.outside_id->text())
                                : std::nullopt);
    if (auto done = touch_one(query); !done) return done;
  }
  return add_participants(added);
}

Result<void, Fault> Tables::apply_one(const signalling::ChangeSession& change) {
  const session::Session& to = change.to;
  const auto known = find_session(change.from.id);
  if (!known) return fail(known.error());
  if (*known != change.from) return fail(Fault::conflict);
  {
    Query query(statement(Sql::change_session));
    query.bind(session::to_text(to.type)).bind(session::to_text(to.status));
    query.bind(session::to_text(to.payment)).bind(to.start);
    query.bind(std::int64_t{to.length.count()}).bind(change.from.id.text());
    if (auto done = touch_one(query); !done) return done;
  }
  if (to.participants == change.from.participants) return {};
  {
    Query query(statement(Sql::drop_participants));
    query.bind(change.from.id.text());
    if (const auto step = query.step(); !step) return fail(step.error());
  }
  return add_participants(to);
}

Result<void, Fault> Tables::add_participants(const session::Session& session) {
  std::int64_t position = 0;
  for (const session::Participant& participant : session.participants) {
    Query query(statement(Sql::add_participant));
    query.bind(session.id.text()).bind(participant.user.text()).bind(position++);
    query.bind(identity::to_text(participant.role));
    if (auto done = touch_one(query); !done) return done;
  }
  return {};
}

Result<void, Fault> Tables::apply_one(const signalling::SetSessionStatus& change) {
  Query query(statement(Sql::set_session_status));
  query.bind(session::to_text(change.to)).bind(change.session.text());
  query.bind(session::to_text(change.from));
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::StartCall& change) {
  Query query(statement(Sql::start_call));
  query.bind(change.at).bind(change.session.text());
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::EndCall& change) {
  Query query(statement(Sql::end_call));
  query.bind(change.at).bind(change.session.text());
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::AddLinkCode& change) {
  Query query(statement(Sql::add_link_code));
  query.bind(change.code_digest).bind(change.user.text()).bind(change.session.text());
  query.bind(change.expires);
  bind_origin(query, change.origin);
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::UseLinkCode& change) {
  Query query(statement(Sql::use_link_code));
  query.bind(change.at).bind(change.code_digest);
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::AddInvite& change) {
  const std::string secret = to_base64url(as_bytes(change.totp_secret));
  Query query(statement(Sql::add_invite));
  query.bind(change.digest).bind(change.user.text()).bind(secret);
  query.bind(change.expires);
  bind_origin(query, change.origin);
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::SetUpAccount& change) {
  {
    Query query(statement(Sql::use_invite));
    query.bind(change.at).bind(change.invite_digest);
    if (auto done = touch_one(query); !done) return done;
  }
  {
    Query query(statement(Sql::set_up_account));
    query.bind(change.password_hash).bind(std::int64_t{change.second_factor ? 1 : 0});
    query.bind(change.totp_step).bind(change.invite_digest);
    if (auto done = touch_one(query); !done) return done;
  }
  {
    Query query(statement(Sql::use_recovery_codes_of));
    query.bind(change.at).bind(change.invite_digest);
    if (const auto step = query.step(); !step) return fail(step.error());
  }
  for (const std::string& digest : change.recovery_digests) {
    Query query(statement(Sql::add_recovery_code));
    query.bind(digest).bind(change.invite_digest);
    if (auto done = touch_one(query); !done) return done;
  }
  return {};
}

Result<void, Fault> Tables::apply_one(const signalling::UseTotpStep& change) {
  Query query(statement(Sql::use_totp_step));
  query.bind(change.step).bind(change.user.text());
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::UseRecoveryCode& change) {
  Query query(statement(Sql::use_recovery_code));
  query.bind(change.at).bind(change.user.text()).bind(change.digest);
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::AddLogIn& change) {
  const identity::LogIn& added = change.log_in;
  Query query(statement(Sql::add_log_in));
  query.bind(change.id).bind(identity::to_text(added.role)).bind(added.secret_digest);
  query.bind(added.began).bind(added.seen);
  query.bind(added.user.text()).bind(change.password_hash);
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::SeeLogIn& change) {
  Query query(statement(Sql::see_log_in));
  query.bind(change.at).bind(change.id);
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::UseTicket& change) {
  {
    Query query(statement(Sql::forget_tickets));
    query.bind(change.at);
    if (const auto step = query.step(); !step) return fail(step.error());
  }
  const std::string ticket = identity::to_text(change.ticket);
  Query query(statement(Sql::use_ticket));
  query.bind(ticket).bind(change.until);
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::StillStands& change) {
  const auto found = find_standing(change.user, change.token);
  if (!found) return fail(found.error());
  const bool stands = found->user && found->user->status == identity::UserStatus::active &&
                      !found->token_revoked &&
                      !(found->tokens_void_until && change.issued <= *found->tokens_void_until);
  if (!stands) return fail(Fault::conflict);
  return {};
}

Result<void, Fault> Tables::apply_one(const signalling::RevokeToken& change) {
  const std::string token = identity::to_text(change.token);
  Query query(statement(Sql::revoke_token));
  query.bind(token).bind(change.at);
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::RevokeTokensOf& change) {
  {
    Query query(statement(Sql::revoke_tokens_of));
    query.bind(change.at).bind(change.user.text());
    if (auto done = touch_one(query); !done) return done;
  }
  for (const Sql which : {Sql::use_link_codes_of, Sql::use_invites_of}) {
    Query query(statement(which));
    query.bind(change.at).bind(change.user.text());
    if (const auto step = query.step(); !step) return fail(step.error());
  }
  return {};
}

Result<void, Fault> Tables::apply_one(const signalling::AddServiceKey& change) {
  const std::string scopes = change.key.scopes.text();
  Query query(statement(Sql::add_service_key));
  query.bind(change.key.id.text()).bind(change.key.digest).bind(change.key.name);
  query.bind(scopes).bind(change.key.added);
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::RevokeServiceKey& change) {
  Query query(statement(Sql::revoke_service_key));
  query.bind(change.at).bind(change.key.text());
  return touch_one(query);
}

Result<void, Fault> Tables::apply_one(const signalling::KeepAnswer& change) {
  {
    Query query(statement(Sql::drop_kept_answers));
    query.bind(change.at).bind(std::int64_t{signalling::kKeptAnswersMax - 1});
    if (const auto step = query.step(); !step) return fail(step.error());
  }
  const signalling::KeptAnswer& answer = change.answer;
  Query query(statement(Sql::keep_answer));
  query.bind(answer.place).bind(answer.request).bind(std::int64_t{answer.status});
  query.bind(answer.body).bind(answer.expires);
  return touch_one(query);
}

}  // namespace stillroom::store
