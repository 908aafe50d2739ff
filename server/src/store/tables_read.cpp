// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store/rows.hpp"
#include "store/tables.hpp"

namespace stillroom::store {
namespace {

constexpr std::uint32_t kPageMax = 100;

Query& bind_page(Query& query, signalling::Page page) {
  return query.bind(std::int64_t{std::min(page.limit, kPageMax)}).bind(std::int64_t{page.offset});
}

}  // namespace

Result<std::optional<identity::User>, Fault> Tables::find_user(const UserId& id) {
  Query query(statement(Sql::find_user));
  query.bind(id.text());
  const auto row = query.step();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<identity::User>();
  auto user = user_from(query);
  if (!user) return fail(user.error());
  return std::optional(std::move(*user));
}

Result<identity::Standing, Fault> Tables::find_standing(
    const UserId& user, const std::optional<identity::TokenId>& token) {
  auto found = find_user(user);
  if (!found) return fail(found.error());
  identity::Standing standing{std::move(*found)};
  const std::string token_text = token ? identity::to_text(*token) : std::string();
  Query query(statement(Sql::find_revocations));
  query.bind(user.text()).bind(token_text);
  for (;;) {
    const auto row = query.step();
    if (!row) return fail(row.error());
    if (!*row) return standing;
    if (query.text(0) == "token") {
      standing.token_revoked = true;
    } else {
      standing.tokens_void_until = query.instant(1);
    }
  }
}

Result<std::optional<session::Session>, Fault> Tables::find_session(const SessionId& id) {
  Query query(statement(Sql::find_session));
  query.bind(id.text());
  auto found = read_sessions(query);
  if (!found) return fail(found.error());
  if (found->empty()) return std::optional<session::Session>();
  return std::optional(std::move(found->front()));
}

Result<std::optional<session::Session>, Fault> Tables::find_outside_session(const OutsideId& id) {
  Query query(statement(Sql::find_outside_session));
  query.bind(id.text());
  auto found = read_sessions(query);
  if (!found) return fail(found.error());
  if (found->empty()) return std::optional<session::Session>();
  return std::optional(std::move(found->front()));
}

Result<std::optional<identity::ServiceKey>, Fault> Tables::find_service_key(const KeyId& id) {
  Query query(statement(Sql::find_service_key));
  query.bind(id.text());
  const auto row = query.step();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<identity::ServiceKey>();
  auto key = service_key_from(query);
  if (!key) return fail(key.error());
  return std::optional(std::move(*key));
}

Result<std::optional<signalling::KeptAnswer>, Fault> Tables::find_kept_answer(
    std::string_view place) {
  Query query(statement(Sql::find_kept_answer));
  query.bind(place);
  const auto row = query.step();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<signalling::KeptAnswer>();
  return std::optional(kept_answer_from(query));
}

Result<std::vector<identity::ServiceKey>, Fault> Tables::all_service_keys(signalling::Page page) {
  Query query(statement(Sql::all_service_keys));
  bind_page(query, page);
  std::vector<identity::ServiceKey> keys;
  for (;;) {
    const auto row = query.step();
    if (!row) return fail(row.error());
    if (!*row) return keys;
    auto key = service_key_from(query);
    if (!key) return fail(key.error());
    keys.push_back(std::move(*key));
  }
}

Result<std::optional<signalling::LinkCode>, Fault> Tables::find_link_code(std::string_view digest) {
  Query query(statement(Sql::find_link_code));
  query.bind(digest);
  const auto row = query.step();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<signalling::LinkCode>();
  auto found = link_code_from(query);
  if (!found) return fail(found.error());
  return std::optional(std::move(*found));
}

Result<std::optional<signalling::Account>, Fault> Tables::find_account(const UserId& user) {
  Query query(statement(Sql::find_account));
  query.bind(user.text());
  const auto row = query.step();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<signalling::Account>();
  auto known = user_from(query);
  if (!known) return fail(known.error());
  auto found = account_from(query, std::move(*known));
  if (!found) return fail(found.error());
  return std::optional(std::move(*found));
}

Result<std::optional<signalling::Invite>, Fault> Tables::find_invite(std::string_view digest) {
  Query query(statement(Sql::find_invite));
  query.bind(digest);
  const auto row = query.step();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<signalling::Invite>();
  auto found = invite_from(query);
  if (!found) return fail(found.error());
  return std::optional(std::move(*found));
}

Result<std::optional<identity::LogIn>, Fault> Tables::find_log_in(std::string_view id) {
  Query query(statement(Sql::find_log_in));
  query.bind(id);
  const auto row = query.step();
  if (!row) return fail(row.error());
  if (!*row) return std::optional<identity::LogIn>();
  auto found = log_in_from(query);
  if (!found) return fail(found.error());
  return std::optional(std::move(*found));
}

Result<std::vector<session::Session>, Fault> Tables::sessions_of(const UserId& user,
                                                                 signalling::Page page) {
  Query query(statement(Sql::sessions_of));
  return read_sessions(bind_page(query.bind(user.text()), page));
}

Result<std::vector<session::Session>, Fault> Tables::all_sessions(signalling::Page page) {
  Query query(statement(Sql::all_sessions));
  return read_sessions(bind_page(query, page));
}

Result<std::vector<identity::User>, Fault> Tables::all_users(signalling::Page page) {
  Query query(statement(Sql::all_users));
  bind_page(query, page);
  std::vector<identity::User> users;
  for (;;) {
    const auto row = query.step();
    if (!row) return fail(row.error());
    if (!*row) return users;
    auto user = user_from(query);
    if (!user) return fail(user.error());
    users.push_back(std::move(*user));
  }
}

Result<std::vector<session::Session>, Fault> Tables::read_sessions(Query& query) {
  std::vector<session::Session> sessions;
  for (;;) {
    const auto row = query.step();
    if (!row) return fail(row.error());
    if (!*row) return sessions;
    auto session = session_from(query);
    if (!session) return fail(session.error());
    if (auto read = read_participants(*session); !read) return fail(read.error());
    sessions.push_back(std::move(*session));
  }
}

Result<void, Fault> Tables::read_participants(session::Session& session) {
  Query query(statement(Sql::find_participants));
  query.bind(session.id.text());
  for (;;) {
    const auto row = query.step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    auto participant = participant_from(query);
    if (!participant) return fail(participant.error());
    session.participants.push_back(std::move(*participant));
  }
}

}  // namespace stillroom::store
