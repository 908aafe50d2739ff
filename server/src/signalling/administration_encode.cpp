// SPDX-License-Identifier: Apache-2.0
#include "signalling/administration.hpp"
#include "signalling/enquiries.hpp"

namespace stillroom::signalling {
namespace {

void append_known_user(json::Writer& out, const identity::User& user) {
  out.begin_object();
  append_user(out, user);
  out.key("status").string(identity::to_text(user.status)).end_object();
}

}  // namespace

std::string encode_user(const identity::User& user) {
  std::string out;
  json::Writer json(out);
  append_known_user(json, user);
  return out;
}

std::string encode_users(const std::vector<identity::User>& users) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("users").begin_array();
  for (const identity::User& user : users) append_known_user(json, user);
  json.end_array().end_object();
  return out;
}

std::string encode_added(const session::Session& added) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("sessionId").string(added.id.text());
  json.key("roomId").string(added.room.text()).end_object();
  return out;
}

std::string encode_cancelled(const CancelledSession& cancelled) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("sessionId").string(cancelled.session.text());
  json.key("roomId").string(cancelled.room.text()).key("status").string("cancelled");
  json.key("was").string(session::to_text(cancelled.was)).end_object();
  return out;
}

std::string encode_sessions(const std::vector<session::Session>& sessions) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("sessions").begin_array();
  for (const session::Session& session : sessions) {
    json.begin_object();
    append_session(json, session);
    append_participants(json, session);
    json.end_object();
  }
  json.end_array().end_object();
  return out;
}

std::string encode_minted_token(const FreshToken& token) {
  return encode_fresh_token(token);
}

namespace {
std::string encode_revoked(std::string_view member, const RevokedAt& revoked) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key(member).string(revoked.name);
  json.key("revokedAt").string(to_rfc3339(revoked.at)).end_object();
  return out;
}
}  // namespace

std::string encode_revoked_token(const RevokedAt& revoked) {
  return encode_revoked("jti", revoked);
}

std::string encode_revoked_tokens_of(const RevokedAt& revoked) {
  return encode_revoked("user", revoked);
}

namespace {
void append_key(json::Writer& out, const identity::ServiceKey& key) {
  out.key("name").string(key.name).key("scopes").begin_array();
  for (const identity::Scope scope : identity::kScopes) {
    if (key.scopes.has(scope)) out.string(identity::to_text(scope));
  }
  out.end_array().key("addedAt").string(to_rfc3339(key.added));
}
}  // namespace

std::string encode_new_key(const identity::NewServiceKey& made) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("id").string(made.key.id.text());
  json.key("key").string(made.text.reveal());
  append_key(json, made.key);
  json.end_object();
  return out;
}

std::string encode_keys(const std::vector<identity::ServiceKey>& keys) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("keys").begin_array();
  for (const identity::ServiceKey& key : keys) {
    json.begin_object().key("id").string(key.id.text());
    append_key(json, key);
    if (key.revoked) json.key("revokedAt").string(to_rfc3339(*key.revoked));
    json.end_object();
  }
  json.end_array().end_object();
  return out;
}

std::string encode_revoked_key(const RevokedAt& revoked) {
  return encode_revoked("id", revoked);
}

std::string encode_minted_invite(const MintedInvite& invite) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("code").string(invite.code.reveal());
  json.key("path").string("/account#invite=" + std::string(invite.code.reveal()));
  json.key("expiresAt").string(to_rfc3339(invite.expires)).end_object();
  return out;
}

std::string encode_minted_link(const MintedLink& link) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("code").string(link.code.reveal());
  json.key("path").string("/#code=" + std::string(link.code.reveal()));
  json.key("expiresAt").string(to_rfc3339(link.expires)).end_object();
  return out;
}

}  // namespace stillroom::signalling
