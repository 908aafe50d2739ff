// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "signalling/ports.hpp"
#include "store/database.hpp"

namespace stillroom::store {

/// Rows to values and back: every SQL statement of the running store, prepared once. The caller
/// holds the transaction. The database outlives it.
class Tables {
 public:
  [[nodiscard]] static Result<Tables, Fault> prepare(Database& database);

  [[nodiscard]] Result<std::optional<identity::User>, Fault> find_user(const UserId& id);
  [[nodiscard]] Result<identity::Standing, Fault> find_standing(
      const UserId& user, const std::optional<identity::TokenId>& token);
  [[nodiscard]] Result<std::optional<session::Session>, Fault> find_session(const SessionId& id);
  [[nodiscard]] Result<std::optional<session::Session>, Fault> find_outside_session(
      const OutsideId& id);
  [[nodiscard]] Result<std::optional<identity::ServiceKey>, Fault> find_service_key(
      const KeyId& id);
  [[nodiscard]] Result<std::optional<signalling::KeptAnswer>, Fault> find_kept_answer(
      std::string_view place);
  [[nodiscard]] Result<std::vector<identity::ServiceKey>, Fault> all_service_keys(
      signalling::Page page);
  [[nodiscard]] Result<std::optional<signalling::LinkCode>, Fault> find_link_code(
      std::string_view digest);
  [[nodiscard]] Result<std::optional<signalling::Account>, Fault> find_account(const UserId& user);
  [[nodiscard]] Result<std::optional<signalling::Invite>, Fault> find_invite(
      std::string_view digest);
  [[nodiscard]] Result<std::optional<identity::LogIn>, Fault> find_log_in(std::string_view id);
  [[nodiscard]] Result<std::vector<session::Session>, Fault> sessions_of(const UserId& user,
                                                                         signalling::Page page);
  [[nodiscard]] Result<std::vector<identity::User>, Fault> all_users(signalling::Page page);
  [[nodiscard]] Result<std::vector<session::Session>, Fault> all_sessions(signalling::Page page);

  /// `conflict` when the change's precondition does not hold; undoing it is the caller's.
  [[nodiscard]] Result<void, Fault> apply(const signalling::Change& change);
  /// One more audit record. The table refuses nothing that is right, so a refusal is `fatal`.
  [[nodiscard]] Result<void, Fault> append(const audit::Record& record);

 private:
  enum class Sql : std::uint8_t {
    find_user,
    find_revocations,
    find_session,
    find_outside_session,
    find_service_key,
    all_service_keys,
    find_kept_answer,
    find_participants,
    find_link_code,
    find_account,
    find_invite,
    find_log_in,
    sessions_of,
    all_users,
    all_sessions,
    add_user,
    change_user,
    set_user_status,
    add_session,
    change_session,
    drop_participants,
    add_participant,
    set_session_status,
    start_call,
    end_call,
    add_link_code,
    use_link_code,
    use_link_codes_of,
    use_invites_of,
    add_invite,
    use_invite,
    set_up_account,
    use_recovery_codes_of,
    add_recovery_code,
    use_totp_step,
    use_recovery_code,
    add_log_in,
    see_log_in,
    forget_tickets,
    use_ticket,
    revoke_token,
    revoke_tokens_of,
    add_service_key,
    revoke_service_key,
    drop_kept_answers,
    keep_answer,
    append_audit,
  };
  static constexpr std::size_t kStatements = static_cast<std::size_t>(Sql::append_audit) + 1;
  struct Text;
  static const std::array<Text, kStatements> kTexts;

  explicit Tables(std::vector<Statement> statements) : statements_(std::move(statements)) {}
  [[nodiscard]] Statement& statement(Sql sql) { return statements_[static_cast<std::size_t>(sql)]; }

  [[nodiscard]] Result<void, Fault> add_participants(const session::Session& session);
  [[nodiscard]] Result<void, Fault> read_participants(session::Session& session);
  [[nodiscard]] Result<std::vector<session::Session>, Fault> read_sessions(Query& query);

  [[nodiscard]] Result<void, Fault> apply_one(const signalling::AddUser& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::ChangeUser& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::SetUserStatus& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::AddSession& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::ChangeSession& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::SetSessionStatus& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::StartCall& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::EndCall& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::AddLinkCode& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::UseLinkCode& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::AddInvite& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::SetUpAccount& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::UseTotpStep& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::UseRecoveryCode& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::AddLogIn& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::SeeLogIn& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::UseTicket& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::StillStands& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::RevokeToken& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::RevokeTokensOf& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::AddServiceKey& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::RevokeServiceKey& change);
  [[nodiscard]] Result<void, Fault> apply_one(const signalling::KeepAnswer& change);

  std::vector<Statement> statements_;
};

}  // namespace stillroom::store
