// SPDX-License-Identifier: Apache-2.0
#include "base/invariant.hpp"
#include "store/tables.hpp"

namespace stillroom::store {

#define STILLROOM_SESSION_COLUMNS                                                              \
  "id, room, type, status, payment, start_ms, length_minutes, call_started_ms, call_ended_ms," \
  " outside_id"

struct Tables::Text {
  Sql sql;
  std::string_view text;
};

/// In the order of `Sql`.
const std::array<Tables::Text, Tables::kStatements> Tables::kTexts = {{
    {Sql::find_user, "SELECT id, role, name, status FROM users WHERE id = ?"},
    {Sql::find_revocations,
     "SELECT kind, at_ms FROM revocations"
     " WHERE (kind = 'user' AND key = ?) OR (kind = 'token' AND key = ?)"},
    {Sql::find_session, "SELECT " STILLROOM_SESSION_COLUMNS " FROM sessions WHERE id = ?"},
    {Sql::find_outside_session,
     "SELECT " STILLROOM_SESSION_COLUMNS " FROM sessions WHERE outside_id = ?"},
    {Sql::find_service_key,
     "SELECT id, digest, name, scopes, added_ms, revoked_ms FROM service_keys WHERE id = ?"},
    {Sql::all_service_keys,
     "SELECT id, digest, name, scopes, added_ms, revoked_ms FROM service_keys"
     " ORDER BY added_ms DESC, id LIMIT ? OFFSET ?"},
    {Sql::find_kept_answer,
     "SELECT place, request, status, body, expires_ms FROM kept_answers WHERE place = ?"},
    {Sql::find_participants,
     "SELECT user, role FROM participants WHERE session = ? ORDER BY position"},
    {Sql::find_link_code,
     "SELECT user, session, expires_ms, used_ms, role, maker, made_ms"
     " FROM link_codes WHERE digest = ?"},
    {Sql::find_account,
     "SELECT id, role, name, status, password_hash, totp_secret, totp_step"
     " FROM accounts JOIN users ON id = user WHERE user = ?"},
    {Sql::find_invite,
     "SELECT user, totp_secret, expires_ms, used_ms, role, maker, made_ms"
     " FROM invites WHERE digest = ?"},
    {Sql::find_log_in,
     "SELECT user, role, secret_digest, began_ms, seen_ms FROM log_ins WHERE id = ?"},
    {Sql::sessions_of,
     "SELECT " STILLROOM_SESSION_COLUMNS
     " FROM sessions WHERE id IN (SELECT session FROM participants WHERE user = ?)"
     " ORDER BY start_ms DESC, id LIMIT ? OFFSET ?"},
    {Sql::all_users, "SELECT id, role, name, status FROM users ORDER BY id LIMIT ? OFFSET ?"},
    {Sql::all_sessions, "SELECT " STILLROOM_SESSION_COLUMNS
                        " FROM sessions ORDER BY start_ms DESC, id LIMIT ? OFFSET ?"},
    {Sql::add_user, "INSERT INTO users (id, role, name, status) VALUES (?, ?, ?, ?)"},
    {Sql::change_user, "UPDATE users SET role = ?, name = ?, status = ? WHERE id = ?"},
    {Sql::set_user_status, "UPDATE users SET status = ? WHERE id = ?"},
    {Sql::add_session,
     "INSERT INTO sessions (" STILLROOM_SESSION_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    {Sql::change_session,
     "UPDATE sessions SET type = ?, status = ?, payment = ?, start_ms = ?, length_minutes = ?"
     " WHERE id = ?"},
    {Sql::drop_participants, "DELETE FROM participants WHERE session = ?"},
    {Sql::add_participant,
     "INSERT INTO participants (session, user, position, role) VALUES (?, ?, ?, ?)"},
    {Sql::set_session_status, "UPDATE sessions SET status = ? WHERE id = ? AND status = ?"},
    {Sql::start_call,
     "UPDATE sessions SET status = 'in-progress', call_started_ms = ?"
     " WHERE id = ? AND status = 'confirmed'"},
    {Sql::end_call,
     "UPDATE sessions SET status = 'completed', call_ended_ms = ?"
     " WHERE id = ? AND status = 'in-progress'"},
    {Sql::add_link_code,
     "INSERT INTO link_codes (digest, user, session, expires_ms, role, maker, made_ms)"
     " VALUES (?, ?, ?, ?, ?, ?, ?)"},
    {Sql::use_link_code,
     "UPDATE link_codes SET used_ms = ?1"
     " WHERE digest = ?2 AND used_ms IS NULL AND expires_ms > ?1"},
    {Sql::use_link_codes_of,
     "UPDATE link_codes SET used_ms = ? WHERE user = ? AND used_ms IS NULL"},
    {Sql::use_invites_of, "UPDATE invites SET used_ms = ? WHERE user = ? AND used_ms IS NULL"},
    {Sql::add_invite,
     "INSERT INTO invites (digest, user, totp_secret, expires_ms, role, maker, made_ms)"
     " VALUES (?, ?, ?, ?, ?, ?, ?)"},
    {Sql::use_invite,
     "UPDATE invites SET used_ms = ?1"
     " WHERE digest = ?2 AND used_ms IS NULL AND expires_ms > ?1"},
    {Sql::set_up_account,
     "INSERT INTO accounts (user, password_hash, totp_secret, totp_step)"
     " SELECT user, ?1, iif(?2, totp_secret, NULL), ?3 FROM invites WHERE digest = ?4"
     " ON CONFLICT DO UPDATE SET password_hash = excluded.password_hash,"
     " totp_secret = excluded.totp_secret, totp_step = excluded.totp_step"},
    {Sql::use_recovery_codes_of,
     "UPDATE recovery_codes SET used_ms = ?1 WHERE used_ms IS NULL AND user ="
     " (SELECT user FROM invites WHERE digest = ?2)"},
    {Sql::add_recovery_code,
     "INSERT INTO recovery_codes (user, digest)"
     " SELECT user, ?1 FROM invites WHERE digest = ?2"},
    {Sql::use_totp_step, "UPDATE accounts SET totp_step = ?1 WHERE user = ?2 AND totp_step < ?1"},
    {Sql::use_recovery_code,
     "UPDATE recovery_codes SET used_ms = ?"
     " WHERE user = ? AND digest = ? AND used_ms IS NULL"},
    {Sql::add_log_in,
     "INSERT INTO log_ins (id, user, role, secret_digest, began_ms, seen_ms)"
     " SELECT ?, user, ?, ?, ?, ? FROM accounts WHERE user = ? AND password_hash = ?"},
    {Sql::see_log_in, "UPDATE log_ins SET seen_ms = max(seen_ms, ?) WHERE id = ?"},
    {Sql::forget_tickets, "DELETE FROM used_tickets WHERE until_ms <= ? - 60000"},
    {Sql::use_ticket, "INSERT INTO used_tickets (id, until_ms) VALUES (?, ?)"},
    {Sql::revoke_token,
     "INSERT INTO revocations (kind, key, at_ms) VALUES ('token', ?, ?)"
     " ON CONFLICT DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)"},
    {Sql::revoke_tokens_of,
     "INSERT INTO revocations (kind, key, at_ms)"
     " SELECT 'user', id, ?1 FROM users WHERE id = ?2"
     " ON CONFLICT DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)"},
    {Sql::add_service_key,
     "INSERT INTO service_keys (id, digest, name, scopes, added_ms) VALUES (?, ?, ?, ?, ?)"},
    {Sql::revoke_service_key,
     "UPDATE service_keys SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL"},
    {Sql::drop_kept_answers,
     "DELETE FROM kept_answers WHERE expires_ms <= ?1"
     " OR position <= (SELECT max(position) FROM kept_answers) - ?2"},
    {Sql::keep_answer,
     "INSERT INTO kept_answers (place, request, status, body, expires_ms)"
     " VALUES (?, ?, ?, ?, ?)"},
    {Sql::append_audit,
     "INSERT INTO audit (position, at_ms, kind, outcome, actor, role, session, room,"
     " subject, reason, source, connection)"
     " VALUES ((SELECT coalesce(max(position), 0) + 1 FROM audit),"
     " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
}};

#undef STILLROOM_SESSION_COLUMNS

Result<Tables, Fault> Tables::prepare(Database& database) {
  std::vector<Statement> statements;
  statements.reserve(kStatements);
  for (std::size_t at = 0; at < kStatements; ++at) {
    ensure(kTexts[at].sql == static_cast<Sql>(at), "a text for each statement, in order");
    auto statement = database.prepare(kTexts[at].text);
    if (!statement) return fail(statement.error());
    statements.push_back(std::move(*statement));
  }
  return Tables(std::move(statements));
}

}  // namespace stillroom::store
