// SPDX-License-Identifier: Apache-2.0
#include "store/tables.hpp"

namespace stillroom::store {

#define STILLROOM_SESSION_COLUMNS \
  "id, room, type, status, payment, start_ms, length_minutes, call_started_ms, call_ended_ms"

std::string_view Tables::text_of(Sql sql) {
  switch (sql) {
    case Sql::find_user:
      return "SELECT id, role, name, status FROM users WHERE id = ?";
    case Sql::find_revocations:
      return "SELECT kind, at_ms FROM revocations"
             " WHERE (kind = 'user' AND key = ?) OR (kind = 'token' AND key = ?)";
    case Sql::find_session:
      return "SELECT " STILLROOM_SESSION_COLUMNS " FROM sessions WHERE id = ?";
    case Sql::find_participants:
      return "SELECT user, role FROM participants WHERE session = ? ORDER BY position";
    case Sql::find_link_code:
      return "SELECT user, session, expires_ms, used_ms FROM link_codes WHERE digest = ?";
    case Sql::sessions_of:
      return "SELECT " STILLROOM_SESSION_COLUMNS
             " FROM sessions WHERE id IN (SELECT session FROM participants WHERE user = ?)"
             " ORDER BY start_ms DESC, id LIMIT ? OFFSET ?";
    case Sql::all_users:
      return "SELECT id, role, name, status FROM users ORDER BY id LIMIT ? OFFSET ?";
    case Sql::all_sessions:
      return "SELECT " STILLROOM_SESSION_COLUMNS
             " FROM sessions ORDER BY start_ms DESC, id LIMIT ? OFFSET ?";
    case Sql::add_user:
      return "INSERT INTO users (id, role, name, status) VALUES (?, ?, ?, ?)";
    case Sql::set_user_status:
      return "UPDATE users SET status = ? WHERE id = ?";
    case Sql::add_session:
      return "INSERT INTO sessions (" STILLROOM_SESSION_COLUMNS
             ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    case Sql::add_participant:
      return "INSERT INTO participants (session, user, position, role) VALUES (?, ?, ?, ?)";
    case Sql::set_session_status:
      return "UPDATE sessions SET status = ? WHERE id = ? AND status = ?";
    case Sql::start_call:
      return "UPDATE sessions SET status = 'in-progress', call_started_ms = ?"
             " WHERE id = ? AND status = 'confirmed'";
    case Sql::end_call:
      return "UPDATE sessions SET status = 'completed', call_ended_ms = ?"
             " WHERE id = ? AND status = 'in-progress'";
    case Sql::add_link_code:
      return "INSERT INTO link_codes (digest, user, session, expires_ms) VALUES (?, ?, ?, ?)";
    case Sql::use_link_code:
      return "UPDATE link_codes SET used_ms = ?1"
             " WHERE digest = ?2 AND used_ms IS NULL AND expires_ms > ?1";
    case Sql::use_link_codes_of:
      return "UPDATE link_codes SET used_ms = ? WHERE user = ? AND used_ms IS NULL";
    case Sql::forget_tickets:
      return "DELETE FROM used_tickets WHERE until_ms <= ?";
    case Sql::use_ticket:
      return "INSERT INTO used_tickets (id, until_ms) VALUES (?, ?)";
    case Sql::revoke_token:
      return "INSERT INTO revocations (kind, key, at_ms) VALUES ('token', ?, ?)"
             " ON CONFLICT DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)";
    case Sql::revoke_tokens_of:
      return "INSERT INTO revocations (kind, key, at_ms)"
             " SELECT 'user', id, ?1 FROM users WHERE id = ?2"
             " ON CONFLICT DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)";
    case Sql::append_audit:
      return "INSERT INTO audit (position, at_ms, kind, outcome, actor, role, session, room,"
             " subject, reason, source, connection)"
             " VALUES ((SELECT coalesce(max(position), 0) + 1 FROM audit),"
             " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  }
  return {};
}

#undef STILLROOM_SESSION_COLUMNS

Result<Tables, Fault> Tables::prepare(Database& database) {
  std::vector<Statement> statements;
  statements.reserve(kStatements);
  for (std::size_t at = 0; at < kStatements; ++at) {
    auto statement = database.prepare(text_of(static_cast<Sql>(at)));
    if (!statement) return fail(statement.error());
    statements.push_back(std::move(*statement));
  }
  return Tables(std::move(statements));
}

}  // namespace stillroom::store
