// SPDX-License-Identifier: Apache-2.0
#include "store/rows.hpp"

#include <string>
#include <utility>

#include "base/encoding.hpp"

namespace stillroom::store {
namespace {

std::optional<WallTime> optional_instant(const Query& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.instant(column);
}

/// Of both kinds of one-time codes, in the same columns.
Result<signalling::CodeOrigin, Fault> origin_from(const Query& row) {
  const auto role = identity::role_from_text(row.text(4));
  if (!role) return fail(Fault::fatal);
  signalling::CodeOrigin origin{.role = *role, .maker = std::nullopt, .made = row.instant(6)};
  if (!row.is_null(5)) origin.maker = UserId(std::string(row.text(5)));
  return origin;
}

}  // namespace

Result<identity::User, Fault> user_from(const Query& row) {
  const auto role = identity::role_from_text(row.text(1));
  const auto status = identity::user_status_from_text(row.text(3));
  if (!role || !status) return fail(Fault::fatal);
  return identity::User{UserId(std::string(row.text(0))), *role,
                        PersonName(std::string(row.text(2))), *status};
}

Result<session::Session, Fault> session_from(const Query& row) {
  const auto type = session::type_from_text(row.text(2));
  const auto status = session::status_from_text(row.text(3));
  const auto payment = session::payment_from_text(row.text(4));
  if (!type || !status || !payment) return fail(Fault::fatal);
  session::Session found;
  found.id = SessionId(std::string(row.text(0)));
  found.room = RoomId(std::string(row.text(1)));
  found.type = *type;
  found.status = *status;
  found.payment = *payment;
  found.start = row.instant(5);
  found.length = minutes(row.integer(6));
  found.call_started = optional_instant(row, 7);
  found.call_ended = optional_instant(row, 8);
  if (!row.is_null(9)) found.outside_id = OutsideId(std::string(row.text(9)));
  return found;
}

Result<session::Participant, Fault> participant_from(const Query& row) {
  const auto role = identity::role_from_text(row.text(1));
  if (!role) return fail(Fault::fatal);
  return session::Participant{UserId(std::string(row.text(0))), *role};
}

Result<signalling::LinkCode, Fault> link_code_from(const Query& row) {
  auto origin = origin_from(row);
  if (!origin) return fail(origin.error());
  return signalling::LinkCode{.user = UserId(std::string(row.text(0))),
                              .session = SessionId(std::string(row.text(1))),
                              .expires = row.instant(2),
                              .used = !row.is_null(3),
                              .origin = std::move(*origin)};
}

Result<identity::ServiceKey, Fault> service_key_from(const Query& row) {
  const auto scopes = identity::Scopes::from_text(row.text(3));
  if (!scopes) return fail(Fault::fatal);
  return identity::ServiceKey{.id = KeyId(std::string(row.text(0))),
                              .digest = std::string(row.text(1)),
                              .name = std::string(row.text(2)),
                              .scopes = *scopes,
                              .added = row.instant(4),
                              .revoked = optional_instant(row, 5)};
}

signalling::KeptAnswer kept_answer_from(const Query& row) {
  return {.place = std::string(row.text(0)),
          .request = std::string(row.text(1)),
          .status = static_cast<int>(row.integer(2)),
          .body = std::string(row.text(3)),
          .expires = row.instant(4)};
}

Result<signalling::Account, Fault> account_from(const Query& row, identity::User user) {
  signalling::Account found{std::move(user), std::string(row.text(4)), std::nullopt,
                            row.integer(6)};
  if (row.is_null(5)) return found;
  found.totp_secret = from_base64url(row.text(5));
  if (!found.totp_secret) return fail(Fault::fatal);
  return found;
}

Result<signalling::Invite, Fault> invite_from(const Query& row) {
  auto secret = from_base64url(row.text(1));
  if (!secret) return fail(Fault::fatal);
  auto origin = origin_from(row);
  if (!origin) return fail(origin.error());
  return signalling::Invite{UserId(std::string(row.text(0))), std::move(*secret), row.instant(2),
                            !row.is_null(3), std::move(*origin)};
}

Result<identity::LogIn, Fault> log_in_from(const Query& row) {
  const auto role = identity::role_from_text(row.text(1));
  if (!role) return fail(Fault::fatal);
  return identity::LogIn{UserId(std::string(row.text(0))), *role, std::string(row.text(2)),
                         row.instant(3), row.instant(4)};
}

}  // namespace stillroom::store
