// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "signalling/administration.hpp"
#include "signalling/problems.hpp"

/// What `Administration` says, in the words of REST.
namespace stillroom::signalling {

/// Whom or what an order was about: a user that is not there is a 404 of their own path, and a
/// participant who will not do for a session.
enum class About : std::uint8_t { user, session, key };
[[nodiscard]] Problem problem_of(AdminRefusal refusal, About about);

/// `{user: {id, name, role, status}}`
[[nodiscard]] std::string encode_user_view(const identity::User& user);
/// `{users: […], limit, offset}`
[[nodiscard]] std::string encode_user_page(const std::vector<identity::User>& users, Page page);
/// `{session: {…, outsideId?, participants: [{id, role}]}}`
[[nodiscard]] std::string encode_session_view(const session::Session& session);
/// `{sessions: […], limit, offset}`
[[nodiscard]] std::string encode_session_page(const std::vector<session::Session>& sessions,
                                              Page page);
/// `{roomId, sessionId}`
[[nodiscard]] std::string encode_room_of(const session::Session& session);
/// `{added, changed, unchanged}`, numbers of rows.
[[nodiscard]] std::string encode_upserted(const UpsertedUsers& done);
/// The same and `sessions: [{outsideId, sessionId, roomId}]`.
[[nodiscard]] std::string encode_upserted(const UpsertedSessions& done);
/// `rows_refused` as a problem, with `rows: [{row, error, code}]`.
[[nodiscard]] std::string encode_refused(const std::vector<RefusedRow>& rows, About about);

}  // namespace stillroom::signalling
