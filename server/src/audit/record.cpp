// SPDX-License-Identifier: Apache-2.0
#include "audit/record.hpp"

#include <array>
#include <cstddef>

namespace stillroom::audit {
namespace {

struct KindName {
  Kind kind;
  std::string_view text;
};

constexpr std::array kKinds{
    KindName{Kind::server_started, "server_started"},
    KindName{Kind::server_stopped, "server_stopped"},
    KindName{Kind::connected, "connected"},
    KindName{Kind::connect_refused, "connect_refused"},
    KindName{Kind::disconnected, "disconnected"},
    KindName{Kind::link_minted, "link_minted"},
    KindName{Kind::link_exchanged, "link_exchanged"},
    KindName{Kind::link_refused, "link_refused"},
    KindName{Kind::token_minted, "token_minted"},
    KindName{Kind::token_renewed, "token_renewed"},
    KindName{Kind::ticket_issued, "ticket_issued"},
    KindName{Kind::invite_minted, "invite_minted"},
    KindName{Kind::account_set_up, "account_set_up"},
    KindName{Kind::logged_in, "logged_in"},
    KindName{Kind::log_in_refused, "log_in_refused"},
    KindName{Kind::logged_out, "logged_out"},
    KindName{Kind::token_revoked, "token_revoked"},
    KindName{Kind::tokens_revoked, "tokens_revoked"},
    KindName{Kind::access_refreshed, "access_refreshed"},
    KindName{Kind::refresh_refused, "refresh_refused"},
    KindName{Kind::joined, "joined"},
    KindName{Kind::join_refused, "join_refused"},
    KindName{Kind::left, "left"},
    KindName{Kind::seat_lost, "seat_lost"},
    KindName{Kind::seat_returned, "seat_returned"},
    KindName{Kind::seat_replaced, "seat_replaced"},
    KindName{Kind::signalling_opened, "signalling_opened"},
    KindName{Kind::call_started, "call_started"},
    KindName{Kind::call_ended, "call_ended"},
    KindName{Kind::call_refused, "call_refused"},
    KindName{Kind::ice_credentials_issued, "ice_credentials_issued"},
    KindName{Kind::session_read, "session_read"},
    KindName{Kind::history_read, "history_read"},
    KindName{Kind::users_listed, "users_listed"},
    KindName{Kind::sessions_listed, "sessions_listed"},
    KindName{Kind::user_added, "user_added"},
    KindName{Kind::user_changed, "user_changed"},
    KindName{Kind::user_disabled, "user_disabled"},
    KindName{Kind::user_read, "user_read"},
    KindName{Kind::session_added, "session_added"},
    KindName{Kind::session_changed, "session_changed"},
    KindName{Kind::session_cancelled, "session_cancelled"},
    KindName{Kind::key_added, "key_added"},
    KindName{Kind::key_revoked, "key_revoked"},
    KindName{Kind::key_refused, "key_refused"},
    KindName{Kind::keys_listed, "keys_listed"},
    KindName{Kind::staff_refused, "staff_refused"},
    KindName{Kind::migrated, "migrated"},
};

/// RFC 8785 §3.2.2.2: only what RFC 8259 demands is escaped, the short form where there is one.
void append_canonical_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::string_view kShort = "\b\t\n\f\r\"\\";
  constexpr std::string_view kShortLetter = "btnfr\"\\";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const std::size_t at = kShort.find(c); at != std::string_view::npos) {
      out += '\\';
      out += kShortLetter[at];
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xF];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// Members come in the order of their names, which is RFC 8785 §3.2.3 for names in ASCII.
void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += out.empty() ? '{' : ',';
  out += '"';
  out += name;
  out += "\":";
  append_canonical_string(out, value);
}

template <class Id>
void append_member(std::string& out, std::string_view name, const std::optional<Id>& id) {
  if (id) append_member(out, name, std::string_view(id->text()));
}

void append_unless_empty(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) append_member(out, name, value);
}

}  // namespace

std::string_view to_text(Kind kind) {
  for (const KindName& name : kKinds) {
    if (name.kind == kind) return name.text;
  }
  return {};
}

std::optional<Kind> kind_from_text(std::string_view text) {
  for (const KindName& name : kKinds) {
    if (name.text == text) return name.kind;
  }
  return std::nullopt;
}

std::string_view to_text(Outcome outcome) {
  return outcome == Outcome::allowed ? "allowed" : "refused";
}

std::string canonical(const Record& record) {
  std::string out;
  out.reserve(256);
  append_member(out, "actor", record.actor);
  append_member(out, "at", to_rfc3339(record.at));
  append_unless_empty(out, "connection", record.connection);
  append_member(out, "kind", to_text(record.kind));
  append_member(out, "outcome", to_text(record.outcome));
  append_unless_empty(out, "reason", record.reason);
  if (record.role) append_member(out, "role", identity::to_text(*record.role));
  append_member(out, "room", record.room);
  append_member(out, "session", record.session);
  append_unless_empty(out, "source", record.source);
  append_member(out, "subject", record.subject);
  out += '}';
  return out;
}

}  // namespace stillroom::audit
