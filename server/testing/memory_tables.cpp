// SPDX-License-Identifier: Apache-2.0
#include "testing/memory_tables.hpp"

#include <algorithm>
#include <set>

namespace stillroom::testing {
namespace {

constexpr std::uint32_t kPageMax = 100;

template <class T>
std::vector<T> cut(std::vector<T> all, signalling::Page page) {
  const std::size_t from = std::min<std::size_t>(page.offset, all.size());
  const std::size_t count =
      std::min<std::size_t>(std::min(page.limit, kPageMax), all.size() - from);
  return {all.begin() + static_cast<std::ptrdiff_t>(from),
          all.begin() + static_cast<std::ptrdiff_t>(from + count)};
}

void newest_first(std::vector<session::Session>& sessions) {
  std::sort(sessions.begin(), sessions.end(),
            [](const session::Session& a, const session::Session& b) {
              return a.start != b.start ? a.start > b.start : a.id < b.id;
            });
}

}  // namespace

bool MemoryTables::apply(const signalling::Change& change) {
  return std::visit([this](const auto& one) { return apply_one(one); }, change);
}

bool MemoryTables::apply_one(const signalling::AddUser& change) {
  if (change.user.id.empty()) return false;
  return users.emplace(change.user.id, change.user).second;
}

bool MemoryTables::apply_one(const signalling::ChangeUser& change) {
  const auto user = users.find(change.from.id);
  if (user == users.end() || user->second != change.from) return false;
  user->second = change.to;
  return true;
}

bool MemoryTables::apply_one(const signalling::SetUserStatus& change) {
  const auto user = users.find(change.user);
  if (user == users.end()) return false;
  user->second.status = change.status;
  return true;
}

bool MemoryTables::apply_one(const signalling::AddSession& change) {
  const session::Session& added = change.session;
  if (added.id.empty() || added.room.empty()) return false;
  for (const auto& [id, known] : sessions) {
    if (id == added.id || known.room == added.room) return false;
    if (added.outside_id && known.outside_id == added.outside_id) return false;
  }
  return may_take_part(added.participants) && sessions.emplace(added.id, added).second;
}

bool MemoryTables::apply_one(const signalling::ChangeSession& change) {
  const auto known = sessions.find(change.from.id);
  if (known == sessions.end() || known->second != change.from) return false;
  if (!may_take_part(change.to.participants)) return false;
  known->second = change.to;
  return true;
}

bool MemoryTables::may_take_part(const std::vector<session::Participant>& participants) const {
  std::set<UserId> seen;
  return std::all_of(participants.begin(), participants.end(), [this, &seen](const auto& one) {
    return users.contains(one.user) && seen.insert(one.user).second;
  });
}

bool MemoryTables::apply_one(const signalling::SetSessionStatus& change) {
  const auto found = sessions.find(change.session);
  if (found == sessions.end() || found->second.status != change.from) return false;
  found->second.status = change.to;
  return true;
}

bool MemoryTables::apply_one(const signalling::StartCall& change) {
  const auto found = sessions.find(change.session);
  if (found == sessions.end() || found->second.status != session::Status::confirmed) return false;
  found->second.status = session::Status::in_progress;
  found->second.call_started = change.at;
  return true;
}

bool MemoryTables::apply_one(const signalling::EndCall& change) {
  const auto found = sessions.find(change.session);
  if (found == sessions.end() || found->second.status != session::Status::in_progress) return false;
  found->second.status = session::Status::completed;
  found->second.call_ended = change.at;
  return true;
}

bool MemoryTables::is_known(const std::optional<UserId>& maker) const {
  return !maker || users.contains(*maker);
}

bool MemoryTables::apply_one(const signalling::AddLinkCode& change) {
  if (!users.contains(change.user) || !sessions.contains(change.session)) return false;
  if (!is_known(change.origin.maker)) return false;
  return link_codes
      .emplace(change.code_digest, signalling::LinkCode{.user = change.user,
                                                        .session = change.session,
                                                        .expires = change.expires,
                                                        .used = false,
                                                        .origin = change.origin})
      .second;
}

bool MemoryTables::apply_one(const signalling::UseLinkCode& change) {
  const auto found = link_codes.find(change.code_digest);
  if (found == link_codes.end() || found->second.used || change.at >= found->second.expires) {
    return false;
  }
  found->second.used = true;
  return true;
}

bool MemoryTables::apply_one(const signalling::AddInvite& change) {
  if (!users.contains(change.user) || !is_known(change.origin.maker)) return false;
  const signalling::Invite invite{change.user, change.totp_secret, change.expires, false,
                                  change.origin};
  return invites.emplace(change.digest, invite).second;
}

bool MemoryTables::apply_one(const signalling::SetUpAccount& change) {
  const auto invite = invites.find(change.invite_digest);
  if (invite == invites.end() || invite->second.used || change.at >= invite->second.expires) {
    return false;
  }
  Credentials made{change.password_hash, std::nullopt, change.totp_step, {}};
  if (change.second_factor) made.totp_secret = invite->second.totp_secret;
  made.recovery_digests.insert(change.recovery_digests.begin(), change.recovery_digests.end());
  if (made.recovery_digests.size() != change.recovery_digests.size()) return false;
  invite->second.used = true;
  accounts[invite->second.user] = std::move(made);
  return true;
}

bool MemoryTables::apply_one(const signalling::UseTotpStep& change) {
  const auto found = accounts.find(change.user);
  if (found == accounts.end() || found->second.totp_step >= change.step) return false;
  found->second.totp_step = change.step;
  return true;
}

bool MemoryTables::apply_one(const signalling::UseRecoveryCode& change) {
  const auto found = accounts.find(change.user);
  return found != accounts.end() && found->second.recovery_digests.erase(change.digest) == 1;
}

bool MemoryTables::apply_one(const signalling::AddLogIn& change) {
  const auto account = accounts.find(change.log_in.user);
  if (account == accounts.end() || account->second.password_hash != change.password_hash) {
    return false;
  }
  return log_ins.emplace(change.id, change.log_in).second;
}

bool MemoryTables::apply_one(const signalling::SeeLogIn& change) {
  const auto found = log_ins.find(change.id);
  if (found == log_ins.end()) return false;
  found->second.seen = std::max(found->second.seen, change.at);
  return true;
}

std::optional<signalling::Account> MemoryTables::account(const UserId& user) const {
  const auto known = users.find(user);
  const auto found = accounts.find(user);
  if (known == users.end() || found == accounts.end()) return std::nullopt;
  const Credentials& has = found->second;
  return signalling::Account{known->second, has.password_hash, has.totp_secret, has.totp_step};
}

bool MemoryTables::apply_one(const signalling::UseTicket& change) {
  std::erase_if(used_tickets,
                [&change](const auto& one) { return one.second <= change.at - seconds(60); });
  return used_tickets.emplace(to_text(change.ticket), change.until).second;
}

bool MemoryTables::apply_one(const signalling::StillStands& change) const {
  const identity::Standing found = standing(change.user, change.token);
  return found.user && found.user->status == identity::UserStatus::active && !found.token_revoked &&
         !(found.tokens_void_until && change.issued <= *found.tokens_void_until);
}

bool MemoryTables::apply_one(const signalling::RevokeToken& change) {
  WallTime& at = revoked_tokens.try_emplace(to_text(change.token), change.at).first->second;
  at = std::max(at, change.at);
  return true;
}

bool MemoryTables::apply_one(const signalling::RevokeTokensOf& change) {
  if (!users.contains(change.user)) return false;
  WallTime& until = tokens_void_until.try_emplace(change.user, change.at).first->second;
  until = std::max(until, change.at);
  for (auto& [digest, code] : link_codes) {
    if (code.user == change.user) code.used = true;
  }
  for (auto& [digest, invite] : invites) {
    if (invite.user == change.user) invite.used = true;
  }
  return true;
}

bool MemoryTables::apply_one(const signalling::AddServiceKey& change) {
  return service_keys.emplace(change.key.id, change.key).second;
}

bool MemoryTables::apply_one(const signalling::RevokeServiceKey& change) {
  const auto key = service_keys.find(change.key);
  if (key == service_keys.end() || key->second.revoked) return false;
  key->second.revoked = change.at;
  return true;
}

bool MemoryTables::apply_one(const signalling::KeepAnswer& change) {
  std::erase_if(kept_answers, [&change](const auto& kept) { return kept.expires <= change.at; });
  if (kept_answer(change.answer.place)) return false;
  if (kept_answers.size() >= signalling::kKeptAnswersMax) kept_answers.erase(kept_answers.begin());
  kept_answers.push_back(change.answer);
  return true;
}

std::optional<session::Session> MemoryTables::outside_session(const OutsideId& id) const {
  for (const auto& [key, one] : sessions) {
    if (one.outside_id == id) return one;
  }
  return std::nullopt;
}

std::optional<signalling::KeptAnswer> MemoryTables::kept_answer(const std::string& place) const {
  for (const signalling::KeptAnswer& kept : kept_answers) {
    if (kept.place == place) return kept;
  }
  return std::nullopt;
}

std::vector<identity::ServiceKey> MemoryTables::all_service_keys(signalling::Page page) const {
  std::vector<identity::ServiceKey> found;
  for (const auto& [id, one] : service_keys) found.push_back(one);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.added != b.added ? a.added > b.added : a.id < b.id;
  });
  return cut(std::move(found), page);
}

identity::Standing MemoryTables::standing(const UserId& user,
                                          const std::optional<identity::TokenId>& token) const {
  identity::Standing found;
  if (const auto known = users.find(user); known != users.end()) found.user = known->second;
  const auto until = tokens_void_until.find(user);
  if (until != tokens_void_until.end()) found.tokens_void_until = until->second;
  found.token_revoked = token && revoked_tokens.contains(to_text(*token));
  return found;
}

std::vector<session::Session> MemoryTables::sessions_of(const UserId& user,
                                                        signalling::Page page) const {
  std::vector<session::Session> found;
  for (const auto& [id, one] : sessions) {
    const bool takes_part = std::any_of(
        one.participants.begin(), one.participants.end(),
        [&user](const session::Participant& participant) { return participant.user == user; });
    if (takes_part) found.push_back(one);
  }
  newest_first(found);
  return cut(std::move(found), page);
}

std::vector<session::Session> MemoryTables::all_sessions(signalling::Page page) const {
  std::vector<session::Session> found;
  for (const auto& [id, one] : sessions) found.push_back(one);
  newest_first(found);
  return cut(std::move(found), page);
}

std::vector<identity::User> MemoryTables::all_users(signalling::Page page) const {
  std::vector<identity::User> found;
  for (const auto& [id, one] : users) found.push_back(one);
  return cut(std::move(found), page);
}

}  // namespace stillroom::testing
