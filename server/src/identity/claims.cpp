// SPDX-License-Identifier: Apache-2.0
#include "identity/claims.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "identity/id_text.hpp"

namespace stillroom::identity {
namespace {

/// 9999-12-31T23:59:59Z: the last instant that RFC 3339 can write.
constexpr std::int64_t kInstantSecondsMax = 253'402'300'799;

/// A NumericDate (RFC 7519 §2), narrowed to whole seconds: absent, good or bad.
struct Instant {
  bool good = true;
  std::optional<WallTime> at;
};

Instant instant(const json::Value& claims, std::string_view name) {
  const auto member = claims.find(name);
  if (!member) return {};
  const auto number = member->as_integer();
  if (!number || *number < 0 || *number > kInstantSecondsMax) return {false, std::nullopt};
  return {true, WallTime(seconds(*number))};
}

std::optional<std::string> text(const json::Value& object, std::string_view name) {
  const auto member = object.find(name);
  return member ? member->as_string() : std::nullopt;
}

bool issuer_fits(const json::Value& claims, const std::string& issuer) {
  return issuer.empty() || text(claims, "iss") == issuer;
}

/// RFC 7519 §4.1.3: one string or an array of them.
bool audience_fits(const json::Value& claims, const std::string& audience) {
  if (audience.empty()) return true;
  const auto member = claims.find("aud");
  if (!member) return false;
  if (!member->is(json::Kind::array)) return member->as_string() == audience;
  bool named = false;
  for (const json::Value entry : *member) {
    const auto name = entry.as_string();
    if (!name) return false;
    named = named || *name == audience;
  }
  return named;
}

/// A name that cannot be read cannot be revoked: then there had better be no such token.
struct Name {
  bool good = true;
  std::optional<TokenId> id;
};

Name token_name(const json::Value& claims) {
  const auto member = claims.find("jti");
  if (!member) return {};
  const auto jti = member->as_string();
  if (!jti || jti->empty()) return {false, std::nullopt};
  return {true, token_id_of(*jti)};
}

/// A session that cannot be read would be none, and the token good for all of them.
struct Bound {
  bool good = true;
  std::optional<SessionId> session;
};

Bound bound_to(const json::Value& object) {
  const auto member = object.find("session");
  if (!member) return {};
  auto id = member->as_string();
  if (!id || !is_id_text(*id)) return {false, std::nullopt};
  return {true, SessionId(std::move(*id))};
}

struct Person {
  std::string id;
  std::string role;
};

/// `{user:{id,role}}` or `sub` + `role`. A `sub` beside a `user` has to name the same person: two
/// answers to "who" are none.
std::optional<Person> person(const json::Value& claims, const ClaimNames& names) {
  const auto holder = claims.find(names.person);
  const auto subject = claims.find(names.subject);
  const auto subject_text = subject ? subject->as_string() : std::nullopt;
  if (subject && !subject_text) return std::nullopt;
  if (holder && !holder->is(json::Kind::object)) return std::nullopt;
  auto id = holder ? text(*holder, names.person_id) : subject_text;
  auto role = holder ? text(*holder, names.person_role) : text(claims, names.role);
  if (!id || !role || (subject_text && *subject_text != *id)) return std::nullopt;
  return Person{std::move(*id), std::move(*role)};
}

}  // namespace

std::optional<Claims> read_claims(std::string_view payload, const KeyRules& rules) {
  json::Document document;
  const auto root = document.parse(
      payload, {.depth_max = 8, .members_max = 256, .duplicates = json::Duplicates::refuse});
  if (!root || !root->is(json::Kind::object)) return std::nullopt;
  const Instant expires = instant(*root, "exp");
  const Instant not_before = instant(*root, "nbf");
  const Instant issued = instant(*root, "iat");
  const Instant began = instant(*root, "auth_time");
  const Name name = token_name(*root);
  if (!expires.at || !not_before.good || !issued.good || !began.good || !name.good) {
    return std::nullopt;
  }
  if (!issuer_fits(*root, rules.issuer) || !audience_fits(*root, rules.audience)) {
    return std::nullopt;
  }
  const auto who = person(*root, rules.claims);
  if (!who) return std::nullopt;
  auto user = user_id_from_text(who->id);
  const auto role = role_from_text(who->role);
  if (!user || !role) return std::nullopt;
  // What others call a session in their tokens is no matter of ours.
  Bound bound = rules.type == TokenType::own ? bound_to(*root) : Bound();
  if (!bound.good) return std::nullopt;
  return Claims{std::move(*user), *role,    *expires.at, not_before.at,
                issued.at,        began.at, name.id,     std::move(bound.session)};
}

std::optional<TicketClaims> read_ticket_claims(std::string_view payload) {
  json::Document document;
  const auto root = document.parse(payload);
  const auto right = root ? root->find("right") : std::nullopt;
  auto party = root ? text(*root, "party") : std::nullopt;
  if (!right || !right->is(json::Kind::object) || !party) return std::nullopt;
  const auto exactly = [&right](std::string_view name) {
    const auto member = right->find(name);
    const auto number = member ? member->as_integer() : std::nullopt;
    return number ? std::optional(WallTime(milliseconds(*number))) : std::nullopt;
  };
  const auto issued = exactly("issued");
  const auto expires = exactly("expires");
  const auto void_from = exactly("void");
  const auto id = right->find("id");
  Bound bound = bound_to(*right);
  if (!issued || !expires || !void_from || !bound.good) return std::nullopt;
  std::optional<TokenId> name;
  if (id) {
    const auto bytes = from_base64url(id->as_string().value_or(std::string()));
    if (!bytes || bytes->size() != TokenId::kBytes) return std::nullopt;
    std::ranges::copy(as_bytes(*bytes), name.emplace().bytes.begin());
  }
  return TicketClaims{*issued,          *expires, *void_from,
                      exactly("began"), name,     std::move(bound.session),
                      std::move(*party)};
}

Freshness judge_times(const Claims& claims, const KeyRules& rules, WallTime now) {
  if (claims.not_before && *claims.not_before > now + rules.skew) return Freshness::wrong;
  if (claims.issued && *claims.issued > now + rules.skew) return Freshness::wrong;
  // Without `iat` the token may be as old as can be, but it may not live longer from here.
  const WallTime born = claims.issued.value_or(now + rules.skew);
  if (claims.expires > born + rules.life_max) return Freshness::wrong;
  if (claims.expires + rules.grace() <= now) return Freshness::expired;
  return Freshness::good;
}

}  // namespace stillroom::identity
