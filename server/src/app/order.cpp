// SPDX-License-Identifier: Apache-2.0
#include "app/order.hpp"

#include <array>
#include <optional>
#include <utility>

namespace stillroom::app {
namespace {

using signalling::AdminAnswer;
using signalling::AdminError;
using signalling::Administration;
using Done = std::function<void(Reply)>;

/// Reads members; remembers the first that is missing or of the wrong kind.
class Members {
 public:
  explicit Members(json::Value order) : order_(order) {}

  std::string text(std::string_view name) {
    const auto value = order_.find(name);
    auto text = value ? value->as_string() : std::nullopt;
    if (!text) complain(name);
    return text.value_or(std::string());
  }
  std::optional<std::string> maybe_text(std::string_view name) {
    const auto value = order_.find(name);
    if (!value || value->is(json::Kind::null)) return std::nullopt;
    return text(name);
  }
  std::int64_t integer(std::string_view name, std::int64_t otherwise) {
    const auto value = order_.find(name);
    if (!value || value->is(json::Kind::null)) return otherwise;
    const auto number = value->as_integer();
    if (!number) complain(name);
    return number.value_or(otherwise);
  }
  std::vector<std::string> texts(std::string_view name) {
    std::vector<std::string> all;
    const auto list = order_.find(name);
    if (!list || !list->is(json::Kind::array)) {
      complain(name);
      return all;
    }
    for (const json::Value entry : *list) {
      if (auto text = entry.as_string()) {
        all.push_back(*std::move(text));
      } else {
        complain(name);
      }
    }
    return all;
  }
  /// `what`: the rest of the sentence after the option's name.
  void complain(std::string_view name, std::string_view what = "is missing or wrong") {
    if (complaint_.empty()) complaint_ = "--" + std::string(name) + " " + std::string(what);
  }
  [[nodiscard]] const std::string& complaint() const { return complaint_; }

 private:
  json::Value order_;
  std::string complaint_;
};

Reply wrong(std::string sentence) {
  return {Exit::wrong_usage, {}, std::move(sentence)};
}
Reply refused(const AdminError& error) {
  return {Exit::refused, {}, error.sentence};
}

/// Answer -> Reply by the value's encoder.
template <class T, class Encode>
AdminAnswer<T> encoded(Done done, Encode encode) {
  return [done = std::move(done), encode](const Result<T, AdminError>& result) {
    done(result ? Reply{Exit::done, encode(*result), {}} : refused(result.error()));
  };
}

signalling::Page page_of(Members& members) {
  return {static_cast<std::uint32_t>(members.integer("limit", 100)),
          static_cast<std::uint32_t>(members.integer("offset", 0))};
}

void add_user(Administration& admin, Members members, const RunningServer& /*server*/, Done done) {
  signalling::NewUser order{members.text("id"), members.text("name")};
  const auto role = identity::role_from_text(members.text("role"));
  if (!role) members.complain("role", "is client, therapist or admin");
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  order.role = *role;
  admin.add_user(order, encoded<identity::User>(std::move(done), signalling::encode_user));
}

/// Whoever is concerned is cut off before the operator hears that it is done.
template <class T>
AdminAnswer<T> then_review(const RunningServer& server, signalling::Concerned concerned,
                           AdminAnswer<T> answer) {
  return [review = server.access_changed, concerned = std::move(concerned),
          answer = std::move(answer)](Result<T, AdminError> done) {
    if (done && review) review(concerned);
    answer(std::move(done));
  };
}

void disable_user(Administration& admin, Members members, const RunningServer& server, Done done) {
  const std::string id = members.text("id");
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.disable_user(
      id, then_review(server, UserId(id),
                      encoded<identity::User>(std::move(done), signalling::encode_user)));
}

/// What they held, and what has not ended meanwhile, opens again.
void enable_user(Administration& admin, Members members, const RunningServer& /*server*/,
                 Done done) {
  const std::string id = members.text("id");
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  signalling::UserChange change;
  change.status = identity::UserStatus::active;
  const auto encode = [](const signalling::ChangedUser& changed) {
    return signalling::encode_user(changed.now);
  };
  admin.change_user(id, change, {}, encoded<signalling::ChangedUser>(std::move(done), encode));
}

void revoke_token(Administration& admin, Members members, const RunningServer& server, Done done) {
  const auto jti = members.maybe_text("jti");
  const auto user = members.maybe_text("user");
  if (jti.has_value() == user.has_value()) {
    members.complain("jti", "or --user has to be there, and not both");
  }
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  using signalling::RevokedAt;
  if (jti) {
    return admin.revoke_token(
        *jti, then_review(server, identity::token_id_of(*jti),
                          encoded<RevokedAt>(std::move(done), signalling::encode_revoked_token)));
  }
  admin.revoke_tokens_of(
      *user,
      then_review(server, UserId(*user),
                  encoded<RevokedAt>(std::move(done), signalling::encode_revoked_tokens_of)));
}

void list_users(Administration& admin, Members members, const RunningServer& /*server*/,
                Done done) {
  const auto page = page_of(members);
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.list_users(page,
                   encoded<std::vector<identity::User>>(std::move(done), signalling::encode_users));
}

template <class T>
void read_word(Members& members, std::string_view name, std::string_view words,
               std::optional<T> (*parse)(std::string_view), T& into) {
  const auto word = members.maybe_text(name);
  if (!word) return;
  if (const auto value = parse(*word)) {
    into = *value;
  } else {
    members.complain(name, words);
  }
}

void add_session(Administration& admin, Members members, const RunningServer& /*server*/,
                 Done done) {
  signalling::NewSession order;
  order.clients = members.texts("client");
  order.therapist = members.text("therapist");
  order.length = minutes(members.integer("minutes", 50));
  if (const auto start = parse_rfc3339(members.text("start"))) {
    order.start = *start;
  } else {
    members.complain("start", "is no RFC 3339 time such as 2030-01-31T09:00:00Z");
  }
  session::Type type{};
  if (members.maybe_text("type")) {
    read_word(members, "type", "is individual, couples, family or group", session::type_from_text,
              type);
    order.type = type;
  }
  read_word(members, "status", "is no status of a session, such as confirmed",
            session::status_from_text, order.status);
  read_word(members, "payment", "is confirmed or pending", session::payment_from_text,
            order.payment);
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.add_session(order, encoded<session::Session>(std::move(done), signalling::encode_added));
}

void cancel_session(Administration& admin, Members members, const RunningServer& server,
                    Done done) {
  const std::string id = members.text("id");
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.cancel_session(id, [done = std::move(done), told = server.session_cancelled](
                               const Result<signalling::CancelledSession, AdminError>& cancelled) {
    if (!cancelled) return done(refused(cancelled.error()));
    if (told) told(*cancelled);
    done({Exit::done, signalling::encode_cancelled(*cancelled), {}});
  });
}

void list_sessions(Administration& admin, Members members, const RunningServer& /*server*/,
                   Done done) {
  const auto page = page_of(members);
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.list_sessions(
      page, encoded<std::vector<session::Session>>(std::move(done), signalling::encode_sessions));
}

void mint_token(Administration& admin, Members members, const RunningServer& /*server*/,
                Done done) {
  signalling::TokenOrder order{members.text("user")};
  order.life = seconds(members.integer("ttl", order.life.count()));
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.mint_token(
      order, encoded<signalling::FreshToken>(std::move(done), signalling::encode_minted_token));
}

void invite(Administration& admin, Members members, const RunningServer& /*server*/, Done done) {
  signalling::InviteOrder order{members.text("user")};
  order.life = seconds(members.integer("ttl", order.life.count()));
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.invite(
      order, encoded<signalling::MintedInvite>(std::move(done), signalling::encode_minted_invite));
}

void mint_link(Administration& admin, Members members, const RunningServer& /*server*/, Done done) {
  signalling::LinkOrder order{members.text("user"), members.text("session")};
  order.life = seconds(members.integer("ttl", order.life.count()));
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.mint_link(order,
                  encoded<signalling::MintedLink>(std::move(done), signalling::encode_minted_link));
}

void add_key(Administration& admin, Members members, const RunningServer& /*server*/, Done done) {
  const signalling::KeyOrder order{members.text("name"), members.texts("scope")};
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.add_key(order,
                encoded<identity::NewServiceKey>(std::move(done), signalling::encode_new_key));
}

void list_keys(Administration& admin, Members members, const RunningServer& /*server*/, Done done) {
  const auto page = page_of(members);
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.list_keys(
      page, encoded<std::vector<identity::ServiceKey>>(std::move(done), signalling::encode_keys));
}

void revoke_key(Administration& admin, Members members, const RunningServer& /*server*/,
                Done done) {
  const std::string id = members.text("id");
  if (!members.complaint().empty()) return done(wrong(members.complaint()));
  admin.revoke_key(id,
                   encoded<signalling::RevokedAt>(std::move(done), signalling::encode_revoked_key));
}

// NOLINTBEGIN(performance-unnecessary-value-param): the shape that the table asks for
void show_metrics(Administration& /*admin*/, Members /*members*/, const RunningServer& server,
                  Done done) {
  if (!server.metrics) {
    return done({Exit::refused, {}, "No server runs on this data folder: nothing is counted."});
  }
  std::string text;
  json::Writer(text).begin_object().key("exposition").string(server.metrics()).end_object();
  done({Exit::done, std::move(text), {}});
}
// NOLINTEND(performance-unnecessary-value-param)

struct Command {
  std::string_view name;
  void (*run)(Administration&, Members, const RunningServer&, Done);
};

constexpr std::array<Command, 15> kCommands{{
    {"user add", add_user},
    {"user disable", disable_user},
    {"user enable", enable_user},
    {"user list", list_users},
    {"session add", add_session},
    {"session cancel", cancel_session},
    {"session list", list_sessions},
    {"account invite", invite},
    {"token mint", mint_token},
    {"token revoke", revoke_token},
    {"link mint", mint_link},
    {"key add", add_key},
    {"key list", list_keys},
    {"key revoke", revoke_key},
    {"metrics", show_metrics},
}};

}  // namespace

void carry_out(Administration& administration, std::string_view order, const RunningServer& server,
               std::function<void(Reply)> reply) {
  json::Document document;
  const auto parsed = document.parse(order);
  const auto name = parsed ? parsed->find("command") : std::nullopt;
  const auto text = name ? name->as_string() : std::nullopt;
  for (const Command& command : kCommands) {
    if (text == command.name) {
      return command.run(administration, Members(*parsed), server, std::move(reply));
    }
  }
  reply(wrong("no such command"));
}

std::string encode_reply(const Reply& reply) {
  std::string line;
  json::Writer out(line);
  out.begin_object().key("exit").integer(static_cast<int>(reply.exit));
  if (!reply.json.empty()) out.key("document").raw(reply.json);
  if (!reply.sentence.empty()) out.key("sentence").string(reply.sentence);
  out.end_object();
  return line;
}

Reply decode_reply(std::string_view line) {
  json::Document document;
  constexpr json::Limits kOurOwn{.depth_max = 16, .members_max = 100'000};
  const auto parsed = document.parse(line, kOurOwn);
  const auto exit = parsed ? parsed->find("exit") : std::nullopt;
  const auto number = exit ? exit->as_integer() : std::nullopt;
  if (!number || *number < 0 || *number > 2)
    return {Exit::refused, {}, "the server gave no answer"};
  Reply reply{static_cast<Exit>(*number), {}, {}};
  if (const auto document_text = parsed->find("document")) reply.json = document_text->raw();
  if (const auto sentence = parsed->find("sentence"))
    reply.sentence = sentence->as_string().value_or("");
  return reply;
}

}  // namespace stillroom::app
