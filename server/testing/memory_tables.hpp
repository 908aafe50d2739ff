// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "signalling/ports.hpp"

namespace stillroom::testing {

/// The state behind MemoryStore: a value, so that a copy is the way back from half a commit.
struct MemoryTables {
  std::map<UserId, identity::User> users;
  std::map<SessionId, session::Session> sessions;
  std::map<std::string, signalling::LinkCode> link_codes;
  std::map<std::string, WallTime> used_tickets;    ///< by the text of their id; until when
  std::map<std::string, WallTime> revoked_tokens;  ///< likewise; since when
  std::map<UserId, WallTime> tokens_void_until;
  std::map<KeyId, identity::ServiceKey> service_keys;
  std::vector<signalling::KeptAnswer> kept_answers;  ///< the oldest first
  std::map<std::string, signalling::Invite> invites;
  std::map<std::string, identity::LogIn> log_ins;
  /// Without the user, whom `users` has.
  struct Credentials {
    std::string password_hash;
    std::optional<std::string> totp_secret;
    std::int64_t totp_step = 0;
    std::set<std::string> recovery_digests;  ///< unused
  };
  std::map<UserId, Credentials> accounts;

  /// True when the change's precondition holds; then it is done.
  [[nodiscard]] bool apply(const signalling::Change& change);

  [[nodiscard]] identity::Standing standing(const UserId& user,
                                            const std::optional<identity::TokenId>& token) const;
  [[nodiscard]] std::optional<session::Session> outside_session(const OutsideId& id) const;
  [[nodiscard]] std::optional<signalling::KeptAnswer> kept_answer(const std::string& place) const;
  [[nodiscard]] std::vector<identity::ServiceKey> all_service_keys(signalling::Page page) const;
  [[nodiscard]] std::optional<signalling::Account> account(const UserId& user) const;
  [[nodiscard]] std::vector<session::Session> sessions_of(const UserId& user,
                                                          signalling::Page page) const;
  [[nodiscard]] std::vector<session::Session> all_sessions(signalling::Page page) const;
  [[nodiscard]] std::vector<identity::User> all_users(signalling::Page page) const;

 private:
  [[nodiscard]] bool may_take_part(const std::vector<session::Participant>& participants) const;
  [[nodiscard]] bool apply_one(const signalling::AddUser& change);
  [[nodiscard]] bool apply_one(const signalling::ChangeUser& change);
  [[nodiscard]] bool apply_one(const signalling::SetUserStatus& change);
  [[nodiscard]] bool apply_one(const signalling::AddSession& change);
  [[nodiscard]] bool apply_one(const signalling::ChangeSession& change);
  [[nodiscard]] bool apply_one(const signalling::SetSessionStatus& change);
  [[nodiscard]] bool apply_one(const signalling::StartCall& change);
  [[nodiscard]] bool apply_one(const signalling::EndCall& change);
  [[nodiscard]] bool is_known(const std::optional<UserId>& maker) const;
  [[nodiscard]] bool apply_one(const signalling::AddLinkCode& change);
  [[nodiscard]] bool apply_one(const signalling::UseLinkCode& change);
  [[nodiscard]] bool apply_one(const signalling::AddInvite& change);
  [[nodiscard]] bool apply_one(const signalling::SetUpAccount& change);
  [[nodiscard]] bool apply_one(const signalling::UseTotpStep& change);
  [[nodiscard]] bool apply_one(const signalling::UseRecoveryCode& change);
  [[nodiscard]] bool apply_one(const signalling::AddLogIn& change);
  [[nodiscard]] bool apply_one(const signalling::SeeLogIn& change);
  [[nodiscard]] bool apply_one(const signalling::UseTicket& change);
  [[nodiscard]] bool apply_one(const signalling::StillStands& change) const;
  [[nodiscard]] bool apply_one(const signalling::RevokeToken& change);
  [[nodiscard]] bool apply_one(const signalling::RevokeTokensOf& change);
  [[nodiscard]] bool apply_one(const signalling::AddServiceKey& change);
  [[nodiscard]] bool apply_one(const signalling::RevokeServiceKey& change);
  [[nodiscard]] bool apply_one(const signalling::KeepAnswer& change);
};

}  // namespace stillroom::testing
