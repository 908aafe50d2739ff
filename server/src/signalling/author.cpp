// SPDX-License-Identifier: Apache-2.0
#include "signalling/author.hpp"

#include <algorithm>
#include <utility>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::signalling {
namespace {

using identity::Principal;
using identity::Role;
using identity::Scope;
using identity::Service;

/// Of several texts; each one's end is marked, so that no two lists look the same.
template <class... Texts>
std::string digest_of(const Texts&... texts) {
  std::string all;
  (all.append(std::to_string(std::string_view(texts).size())).append(":").append(texts), ...);
  return to_hex(crypto::sha256(all));
}

bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

}  // namespace

bool may(const Author& by, Scope scope) {
  if (const auto* service = std::get_if<Service>(&by.who)) return service->may(scope);
  const auto* person = std::get_if<Principal>(&by.who);
  if (person != nullptr && person->session()) return false;
  if (is_administrator(by)) return true;
  const bool sessions = scope == Scope::sessions_read || scope == Scope::sessions_write;
  return sessions && therapist(by) != nullptr;
}

bool is_administrator(const Author& by) {
  if (std::holds_alternative<Operator>(by.who)) return true;
  const auto* person = std::get_if<Principal>(&by.who);
  return person != nullptr && person->role() == Role::admin;
}

const Principal* therapist(const Author& by) {
  const auto* person = std::get_if<Principal>(&by.who);
  return person != nullptr && person->role() == Role::psychologist ? person : nullptr;
}

bool leads(const Author& by, const session::Session& session) {
  const auto* person = std::get_if<Principal>(&by.who);
  if (person == nullptr || is_administrator(by)) return true;
  return therapist(by) != nullptr && session::takes_part(person->user(), person->role(), session);
}

CodeOrigin origin_of(const Author& by, Role role, WallTime now) {
  CodeOrigin origin{.role = role, .maker = std::nullopt, .made = now};
  if (const auto* person = std::get_if<Principal>(&by.who)) origin.maker = person->user();
  return origin;
}

bool maker_stands(const CodeOrigin& origin, const identity::Standing& maker,
                  const session::Session* link) {
  const std::optional<identity::User>& user = maker.user;
  if (!user || user->status != identity::UserStatus::active) return false;
  if (maker.tokens_void_until && origin.made <= *maker.tokens_void_until) return false;
  if (user->role == Role::admin) return true;
  return link != nullptr && user->role == Role::psychologist &&
         session::takes_part(user->id, user->role, *link);
}

audit::Record record_of(audit::Kind kind, const Author& by, WallTime at) {
  audit::Record record;
  record.kind = kind;
  record.at = at;
  record.connection = by.trace.connection;
  record.source = by.trace.source;
  if (const auto* person = std::get_if<Principal>(&by.who)) {
    record.actor = person->user();
    record.role = person->role();
  } else if (const auto* service = std::get_if<Service>(&by.who)) {
    record.reason = "key:" + service->key().text();
  } else {
    record.reason = "operator";
  }
  return record;
}

std::optional<Once> once_of(const Author& by, std::string_view key, std::string_view what,
                            std::string_view body) {
  if (key.empty() || key.size() > kIdempotencyKeyCharactersMax) return std::nullopt;
  if (!std::all_of(key.begin(), key.end(), is_visible)) return std::nullopt;
  std::string_view kind = "operator";
  std::string_view id;
  if (const auto* person = std::get_if<Principal>(&by.who)) {
    kind = "person";
    id = person->user().text();
  } else if (const auto* service = std::get_if<Service>(&by.who)) {
    kind = "key";
    id = service->key().text();
  }
  return Once{digest_of(kind, id, key), digest_of(what, body)};
}

void keep_answer(Commit& commit, const Author& by, int status, std::string body, WallTime now) {
  if (!by.once) return;
  commit.changes.emplace_back(KeepAnswer{
      {by.once->place, by.once->request, status, std::move(body), now + kAnswerKeptFor}, now});
}

}  // namespace stillroom::signalling
