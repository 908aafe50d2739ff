// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "identity/user.hpp"
#include "session/session.hpp"
#include "signalling/ports.hpp"
#include "store/database.hpp"

/// One row to one value. A word that the schema's CHECK never let in means a damaged file: `fatal`.
namespace stillroom::store {

[[nodiscard]] Result<identity::User, Fault> user_from(const Query& row);
/// Without its participants.
[[nodiscard]] Result<session::Session, Fault> session_from(const Query& row);
[[nodiscard]] Result<session::Participant, Fault> participant_from(const Query& row);
[[nodiscard]] Result<signalling::LinkCode, Fault> link_code_from(const Query& row);
[[nodiscard]] Result<identity::ServiceKey, Fault> service_key_from(const Query& row);
[[nodiscard]] signalling::KeptAnswer kept_answer_from(const Query& row);
/// Columns from the fifth on; the first four are the user's.
[[nodiscard]] Result<signalling::Account, Fault> account_from(const Query& row,
                                                              identity::User user);
[[nodiscard]] Result<signalling::Invite, Fault> invite_from(const Query& row);
[[nodiscard]] Result<identity::LogIn, Fault> log_in_from(const Query& row);

}  // namespace stillroom::store
