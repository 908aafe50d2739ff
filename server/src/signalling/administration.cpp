// SPDX-License-Identifier: Apache-2.0
#include "signalling/administration_parts.hpp"

#include <utility>

#include "identity/id_text.hpp"
#include "identity/token_verifier.hpp"
#include "identity/totp.hpp"
#include "signalling/accounts.hpp"

namespace stillroom::signalling {
namespace {

constexpr std::size_t kTokenIdBytes = 12;

}  // namespace

Failure<AdminError> refused(AdminRefusal refusal, std::string sentence) {
  return {AdminError{refusal, std::move(sentence)}};
}

Failure<AdminError> store_failed(StoreError error) {
  if (error == StoreError::conflict) {
    return refused(AdminRefusal::conflict, "Something changed meanwhile; nothing was done.");
  }
  return refused(AdminRefusal::unavailable, "The database does not answer; nothing was done.");
}

Failure<AdminError> no_such_user(std::string_view id) {
  return refused(AdminRefusal::user_unknown, "There is no user " + quoted(id) + ".");
}

Failure<AdminError> no_such_session(std::string_view id) {
  return refused(AdminRefusal::session_unknown, "There is no session " + quoted(id) + ".");
}

std::string quoted(std::string_view id) {
  return "'" + std::string(id) + "'";
}

std::optional<AdminError> id_error(std::string_view what, std::string_view id) {
  if (identity::is_id_text(id)) return std::nullopt;
  return AdminError{AdminRefusal::invalid,
                    std::string(what) + " has 1 to 128 of letters, digits and ._@:+~=|-"};
}

std::optional<AdminError> name_error(std::string_view name) {
  if (identity::person_name_from_text(name)) return std::nullopt;
  return AdminError{AdminRefusal::invalid,
                    "A name has 1 to 200 characters, none of them hidden or control "
                    "characters, and no blank at either end."};
}

std::string_view code(AdminRefusal refusal) {
  using enum AdminRefusal;
  switch (refusal) {
    case invalid:
      return "invalid";
    case user_exists:
      return "user_exists";
    case user_unknown:
      return "user_unknown";
    case user_inactive:
      return "user_inactive";
    case wrong_role:
      return "wrong_role";
    case session_unknown:
      return "session_unknown";
    case session_exists:
      return "session_exists";
    case session_over:
      return "session_over";
    case status_refused:
      return "status_refused";
    case key_unknown:
      return "key_unknown";
    case key_reused:
      return "key_reused";
    case forbidden:
      return "forbidden";
    case not_yours:
      return "not_yours";
    case not_participant:
      return "not_participant";
    case no_secret:
      return "no_secret";
    case conflict:
      return "conflict";
    case unavailable:
      return "unavailable";
  }
  return {};
}

void Administration::active_user(const UserId& id, AdminAnswer<identity::User> answer) {
  store_.find_user(id, [id, answer = std::move(answer)](auto found) {
    if (!found) return answer(store_failed(found.error()));
    std::optional<identity::User> user = std::move(found).value();
    if (!user || user->status == identity::UserStatus::deleted) {
      return answer(no_such_user(id.text()));
    }
    if (user->status != identity::UserStatus::active) {
      return answer(
          refused(AdminRefusal::user_inactive, "The user " + quoted(id.text()) + " is disabled."));
    }
    answer(std::move(*user));
  });
}

void Administration::mint_token(const TokenOrder& order, AdminAnswer<FreshToken> answer) {
  if (auto error = id_error("A user id", order.user)) return answer(fail(std::move(*error)));
  if (minter_ == nullptr) {
    return answer(
        refused(AdminRefusal::no_secret,
                "security.jwt_secret is missing: set JWT_SECRET to what the server has."));
  }
  const seconds longest = minter_->life_max();
  if (order.life < seconds(1) || order.life > longest) {
    return answer(
        refused(AdminRefusal::invalid,
                "A token lives from 1 second to " + std::to_string(longest.count()) + " seconds."));
  }
  active_user(UserId(order.user),
              [this, life = order.life, answer = std::move(answer)](auto found) {
                if (!found) return answer(fail(found.error()));
                const identity::User user = std::move(found).value();
                const WallTime now = clock_.wall_now();
                Commit commit;
                commit.records.push_back(record_of(audit::Kind::token_minted, Author{}, now));
                commit.records.back().subject = user.id;
                store_.commit(std::move(commit), [this, user, life, now, answer](const auto& done) {
                  if (!done) return answer(store_failed(done.error()));
                  const WallTime issued = std::chrono::floor<seconds>(now);
                  answer(FreshToken{minter_->mint({user.id, user.role, issued, life, issued,
                                                   random_token(rng_, kTokenIdBytes)}),
                                    issued + life});
                });
              });
}

void Administration::revoke_token(const std::string& jti, AdminAnswer<RevokedAt> answer) {
  if (jti.empty() || jti.size() > identity::kTokenBytesMax) {
    return answer(refused(AdminRefusal::invalid, "A jti is the text that the token carries."));
  }
  const RevokedAt revoked{jti, clock_.wall_now()};
  Commit commit;
  commit.changes.emplace_back(RevokeToken{identity::token_id_of(jti), revoked.at});
  commit.records.push_back(record_of(audit::Kind::token_revoked, Author{}, revoked.at));
  store_.commit(std::move(commit), [revoked, answer = std::move(answer)](const auto& done) {
    if (!done) return answer(store_failed(done.error()));
    answer(revoked);
  });
}

void Administration::revoke_tokens_of(const std::string& user, AdminAnswer<RevokedAt> answer) {
  if (auto error = id_error("A user id", user)) return answer(fail(std::move(*error)));
  const RevokedAt revoked{user, clock_.wall_now()};
  Commit commit;
  commit.changes.emplace_back(RevokeTokensOf{UserId(user), revoked.at});
  commit.records.push_back(record_of(audit::Kind::tokens_revoked, Author{}, revoked.at));
  commit.records.back().subject = UserId(user);
  store_.commit(std::move(commit), [revoked, answer = std::move(answer)](const auto& done) {
    if (done) return answer(revoked);
    if (done.error() != StoreError::conflict) return answer(store_failed(done.error()));
    answer(no_such_user(revoked.name));
  });
}

void Administration::invite(const InviteOrder& order, AdminAnswer<MintedInvite> answer,
                            const Author& by) {
  if (auto error = id_error("A user id", order.user)) return answer(fail(std::move(*error)));
  if (order.life < seconds(1) || order.life > kInviteLifeMax) {
    return answer(refused(AdminRefusal::invalid, "An invitation lives from 1 second to 7 days."));
  }
  active_user(
      UserId(order.user), [this, life = order.life, by, answer = std::move(answer)](auto found) {
        if (!found) return answer(fail(found.error()));
        const identity::User user = std::move(found).value();
        const WallTime now = clock_.wall_now();
        const auto made = std::make_shared<MintedInvite>(
            MintedInvite{SecretText(random_token(rng_, kLinkCodeBytes)), now + life});
        std::string totp_secret(identity::kTotpSecretBytes, '\0');
        rng_.fill({reinterpret_cast<std::uint8_t*>(totp_secret.data()), totp_secret.size()});
        Commit commit;
        commit.changes.emplace_back(AddInvite{invite_digest(made->code.reveal()), user.id,
                                              std::move(totp_secret), made->expires,
                                              origin_of(by, user.role, now)});
        commit.records.push_back(record_of(audit::Kind::invite_minted, by, now));
        commit.records.back().subject = user.id;
        store_.commit(std::move(commit), [made, answer](const auto& done) {
          if (!done) return answer(store_failed(done.error()));
          answer(std::move(*made));
        });
      });
}

void Administration::mint_link(const LinkOrder& order, AdminAnswer<MintedLink> answer,
                               const Author& by) {
  if (std::holds_alternative<identity::Service>(by.who)) {
    return answer(refused(AdminRefusal::forbidden, "An application makes no links."));
  }
  if (auto error = id_error("A user id", order.user)) return answer(fail(std::move(*error)));
  if (auto error = id_error("A session id", order.session)) {
    return answer(fail(std::move(*error)));
  }
  if (order.life < seconds(1) || order.life > kLinkLifeMax) {
    return answer(refused(AdminRefusal::invalid, "A link lives from 1 second to 30 days."));
  }
  led_session(order.session, by, [this, order, by, answer = std::move(answer)](auto led) {
    if (!led) return answer(fail(led.error()));
    const session::Session session = std::move(led).value();
    active_user(UserId(order.user), [this, session, order, by, answer](auto found) {
      if (!found) return answer(fail(found.error()));
      store_link(found.value(), session, order.life, by, answer);
    });
  });
}

void Administration::store_link(const identity::User& user, const session::Session& session,
                                seconds life, const Author& by,
                                const AdminAnswer<MintedLink>& answer) {
  const bool operator_asks = std::holds_alternative<Operator>(by.who);
  if (!session::takes_part(user.id, user.role, session) ||
      (!operator_asks && user.role != identity::Role::client)) {
    return answer(refused(AdminRefusal::not_participant,
                          "The user " + quoted(user.id.text()) + " takes no part in the session."));
  }
  if (session::is_over(session.status)) {
    return answer(refused(
        AdminRefusal::session_over,
        "The session is " + std::string(to_text(session.status)) + " and no link leads into it."));
  }
  const WallTime now = clock_.wall_now();
  // Shared because the reply is a copyable function and the code does not copy.
  const auto link = std::make_shared<MintedLink>(
      MintedLink{SecretText(random_token(rng_, kLinkCodeBytes)), now + life});
  Commit commit;
  commit.changes.emplace_back(AddLinkCode{link_code_digest(link->code.reveal()), user.id,
                                          session.id, link->expires,
                                          origin_of(by, user.role, now)});
  commit.records.push_back(record_of(audit::Kind::link_minted, by, now));
  commit.records.back().subject = user.id;
  commit.records.back().session = session.id;
  commit.records.back().room = session.room;
  store_.commit(std::move(commit), [link, answer](const auto& done) {
    if (!done) return answer(store_failed(done.error()));
    answer(std::move(*link));
  });
}

}  // namespace stillroom::signalling
