// SPDX-License-Identifier: Apache-2.0
#include "signalling/links.hpp"

#include <algorithm>
#include <utility>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "signalling/author.hpp"

namespace stillroom::signalling {
namespace {

constexpr std::size_t kTokenIdBytes = 12;

bool is_link_code(std::string_view code) {
  if (code.size() != kLinkCodeCharacters) return false;
  const auto bytes = from_base64url(code);
  return bytes && bytes->size() == kLinkCodeBytes;
}

audit::Record record_of(audit::Kind kind, const Trace& trace, WallTime at) {
  audit::Record record;
  record.kind = kind;
  record.at = at;
  record.connection = trace.connection;
  record.source = trace.source;
  return record;
}

void append_token(json::Writer& out, const FreshToken& token) {
  out.key("token").string(token.token.reveal());
  out.key("expiresAt").string(to_rfc3339(token.expires));
}

}  // namespace

/// One code on its way to a token; lives as long as the stage that holds it.
struct Links::Exchange {
  std::string digest;
  Trace trace;
  Answer<ExchangedLink> answer;
  LinkCode code;
  identity::User user;
  session::Session session;
};

std::string link_code_digest(std::string_view code) {
  return to_hex(crypto::sha256(code));
}

void Links::exchange(std::string_view code, Trace trace, Answer<ExchangedLink> answer) {
  auto exchange = std::make_shared<Exchange>();
  exchange->trace = std::move(trace);
  exchange->answer = std::move(answer);
  if (!is_link_code(code)) return refuse(*exchange, "malformed");
  exchange->digest = link_code_digest(code);
  store_.find_link_code(exchange->digest, [this, exchange](auto found) {
    if (!found) return exchange->answer(fail(problems::kUnavailable));
    found_code(exchange, std::move(found).value());
  });
}

void Links::found_code(const std::shared_ptr<Exchange>& exchange, std::optional<LinkCode> code) {
  if (!code) return refuse(*exchange, "unknown");
  exchange->code = std::move(*code);
  if (exchange->code.used) return refuse(*exchange, "used");
  if (clock_.wall_now() >= exchange->code.expires) return refuse(*exchange, "expired");
  store_.find_user(exchange->code.user, [this, exchange](auto found) {
    if (!found) return exchange->answer(fail(problems::kUnavailable));
    found_user(exchange, std::move(found).value());
  });
}

void Links::found_user(const std::shared_ptr<Exchange>& exchange,
                       std::optional<identity::User> user) {
  if (!user || user->status != identity::UserStatus::active) {
    return refuse(*exchange, "user_inactive");
  }
  if (user->role != exchange->code.origin.role) return refuse(*exchange, "role_changed");
  exchange->user = std::move(*user);
  store_.find_session(exchange->code.session, [this, exchange](auto found) {
    if (!found) return exchange->answer(fail(problems::kUnavailable));
    found_session(exchange, std::move(found).value());
  });
}

void Links::found_session(const std::shared_ptr<Exchange>& exchange,
                          std::optional<session::Session> session) {
  const identity::User& user = exchange->user;
  if (!session || !session::takes_part(user.id, user.role, *session)) {
    return refuse(*exchange, "not_participant");
  }
  if (session::is_over(session->status)) return refuse(*exchange, "session_over");
  exchange->session = std::move(*session);
  check_maker(exchange);
}

void Links::check_maker(const std::shared_ptr<Exchange>& exchange) {
  const std::optional<UserId>& maker = exchange->code.origin.maker;
  if (!maker) return redeem(exchange);
  store_.find_standing(*maker, std::nullopt, [this, exchange](const auto& found) {
    if (!found) return exchange->answer(fail(problems::kUnavailable));
    if (!maker_stands(exchange->code.origin, *found, &exchange->session)) {
      return refuse(*exchange, "maker_inactive");
    }
    redeem(exchange);
  });
}

void Links::redeem(const std::shared_ptr<Exchange>& exchange) {
  const WallTime now = clock_.wall_now();
  Commit commit;
  commit.changes.emplace_back(UseLinkCode{exchange->digest, now});
  if (const CodeOrigin& origin = exchange->code.origin; origin.maker) {
    commit.changes.emplace_back(StillStands{*origin.maker, std::nullopt, origin.made});
  }
  audit::Record record = record_of(audit::Kind::link_exchanged, exchange->trace, now);
  record.actor = exchange->user.id;
  record.role = exchange->user.role;
  record.session = exchange->session.id;
  record.room = exchange->session.room;
  commit.records.push_back(std::move(record));
  store_.commit(std::move(commit), [this, exchange, now](const auto& done) {
    if (!done && done.error() == StoreError::conflict) return refuse(*exchange, "used");
    if (!done) return exchange->answer(fail(problems::kUnavailable));
    const identity::User& user = exchange->user;
    exchange->answer(ExchangedLink{mint(user.id, user.role, exchange->session.id, now, now), user,
                                   exchange->session});
  });
}

void Links::refuse(const Exchange& exchange, std::string_view why) {
  audit::Record record = record_of(audit::Kind::link_refused, exchange.trace, clock_.wall_now());
  record.reason = why;
  if (!exchange.code.user.empty()) {
    record.subject = exchange.code.user;
    record.session = exchange.code.session;
  }
  events_.tell(event_of(SecurityKind::link_refused, record));
  exchange.answer(fail(problems::kLinkInvalid));
}

void Links::renew(const identity::Principal& who, const Trace& trace, Answer<FreshToken> answer) {
  const WallTime now = clock_.wall_now();
  audit::Record record = record_of(audit::Kind::token_renewed, trace, now);
  record.actor = who.user();
  record.role = who.role();
  const std::optional<WallTime> began = who.token().began();
  if (!began || now >= *began + settings_.renewable_for) {
    return refuse_renewal(problems::kNotRenewable, record, answer);
  }
  Commit commit;
  // A revocation that comes between the question who this is and the answer ends this too.
  commit.changes.emplace_back(StillStands{who.user(), who.token().id(), who.token().issued()});
  commit.records.push_back(record);
  store_.commit(std::move(commit), [this, who, record = std::move(record), began = *began, now,
                                    answer = std::move(answer)](const auto& done) {
    if (done) return answer(mint(who.user(), who.role(), who.session(), began, now));
    if (done.error() == StoreError::conflict) {
      return refuse_renewal(problems::kTokenInvalid, record, answer);
    }
    answer(fail(problems::kUnavailable));
  });
}

void Links::refuse_renewal(const Problem& problem, const audit::Record& record,
                           const Answer<FreshToken>& answer) {
  audit::Record refused = record;
  refused.reason = problem.code;
  events_.tell(event_of(SecurityKind::renewal_refused, refused));
  answer(fail(problem));
}

/// `at`: before the commit that allows it, so that whatever is revoked after that concerns it.
FreshToken Links::mint(const UserId& user, identity::Role role,
                       const std::optional<SessionId>& session, WallTime began, WallTime at) {
  const WallTime now = std::chrono::floor<seconds>(at);
  const seconds life = std::min(settings_.token_life, minter_.life_max());
  return {minter_.mint({user, role, now, life, began, random_token(rng_, kTokenIdBytes), session}),
          now + life};
}

void append_user(json::Writer& out, const identity::User& user) {
  out.key("id").string(user.id.text());
  out.key("name").string(user.name.text());
  out.key("role").string(identity::to_text(user.role));
}

std::string encode_exchanged(const ExchangedLink& link) {
  std::string out;
  json::Writer json(out);
  json.begin_object();
  append_token(json, link.token);
  json.key("user").begin_object();
  append_user(json, link.user);
  json.end_object().key("session").begin_object();
  json.key("sessionId").string(link.session.id.text());
  json.key("roomId").string(link.session.room.text());
  json.key("start").string(to_rfc3339(link.session.start));
  json.key("minutes").integer(link.session.length.count());
  json.key("type").string(session::to_text(link.session.type));
  json.end_object().end_object();
  return out;
}

std::string encode_fresh_token(const FreshToken& token) {
  std::string out;
  json::Writer json(out);
  json.begin_object();
  append_token(json, token);
  json.end_object();
  return out;
}

}  // namespace stillroom::signalling
