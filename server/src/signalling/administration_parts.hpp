// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "signalling/administration.hpp"

/// What the files of `Administration` share; nobody else needs it.
namespace stillroom::signalling {

[[nodiscard]] Failure<AdminError> refused(AdminRefusal refusal, std::string sentence);
[[nodiscard]] Failure<AdminError> store_failed(StoreError error);
[[nodiscard]] Failure<AdminError> no_such_user(std::string_view id);
[[nodiscard]] Failure<AdminError> no_such_session(std::string_view id);
[[nodiscard]] std::string quoted(std::string_view id);
[[nodiscard]] std::optional<AdminError> id_error(std::string_view what, std::string_view id);
/// The rule for names: of people, and of keys.
[[nodiscard]] std::optional<AdminError> name_error(std::string_view name);

/// What can be said of a session without looking anybody up: its type, and whether it holds them.
[[nodiscard]] Result<session::Session, AdminError> draft_of(const NewSession& order);
/// The session as `change` makes it, by the same rules.
[[nodiscard]] Result<session::Session, AdminError> changed(const session::Session& from,
                                                           const SessionChange& change);

void add_change(Commit& commit, const ChangedSession& change, const Author& by, WallTime now);

}  // namespace stillroom::signalling
