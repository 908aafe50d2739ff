// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/rng.hpp"
#include "identity/token_minter.hpp"
#include "signalling/author.hpp"
#include "signalling/caller.hpp"
#include "signalling/links.hpp"
#include "signalling/ports.hpp"

namespace stillroom::signalling {

enum class AdminRefusal : std::uint8_t {
  invalid,  ///< a value breaks its rule (`sentence` says which)
  user_exists,
  user_unknown,
  user_inactive,
  wrong_role,  ///< a therapist is needed where a client was named, or the reverse
  session_unknown,
  session_exists,  ///< one with that outside id
  session_over,    ///< already cancelled, declined, completed or no-show
  status_refused,  ///< no session becomes that from what it is
  key_unknown,     ///< or revoked already
  key_reused,      ///< an idempotency key, for another request
  forbidden,       ///< not theirs to order
  not_yours,       ///< a session, or none: whoever has their own ones sees no difference
  not_participant,
  no_secret,    ///< tokens cannot be signed here: no secret is set
  conflict,     ///< somebody else changed it meanwhile: try again
  unavailable,  ///< the store is down or full
};
[[nodiscard]] std::string_view code(AdminRefusal refusal);

struct AdminError {
  AdminRefusal refusal;
  std::string sentence;  ///< one sentence for the operator; names ids, never a secret
};

template <class T>
using AdminAnswer = std::function<void(Result<T, AdminError>)>;

/// Raw values as the command line, the control socket or REST hands them over; checked here.
struct NewUser {
  std::string id;
  std::string name;
  identity::Role role = identity::Role::client;
};

/// What is absent stays.
struct UserChange {
  std::optional<std::string> name;
  std::optional<identity::Role> role;
  std::optional<identity::UserStatus> status;
};
struct UserRow {
  std::string id;
  UserChange change;  ///< name and role have to be there for somebody new
};

struct ChangedUser {
  identity::User was;
  identity::User now;
  /// Something that a live connection rests on.
  [[nodiscard]] bool access_changed() const {
    return was.role != now.role || was.status != now.status;
  }
};

struct NewSession {
  std::vector<std::string> clients;  ///< at least one
  std::string therapist;
  WallTime start;
  minutes length{50};
  std::optional<session::Type> type;  ///< absent: the smallest that holds everybody
  session::Status status = session::Status::confirmed;
  session::Payment payment = session::Payment::confirmed;
  std::optional<std::string> outside_id;
};

/// What is absent stays.
struct SessionChange {
  std::optional<std::vector<std::string>> clients;
  std::optional<std::string> therapist;
  std::optional<WallTime> start;
  std::optional<minutes> length;
  std::optional<session::Type> type;
  std::optional<session::Status> status;
  std::optional<session::Payment> payment;
};
struct SessionRow {
  std::string outside_id;
  SessionChange change;  ///< clients, therapist and start have to be there for a new one
};

struct ChangedSession {
  session::Session was;
  session::Session now;
};

struct RefusedRow {
  std::size_t row;  ///< counted from 0
  AdminRefusal refusal;
};
/// All rows or none: where any is refused, nothing was done.
template <class T, class Changed>
struct Upserted {
  std::vector<RefusedRow> refused;
  std::vector<T> added;
  std::vector<Changed> changed;
  std::vector<T> unchanged;
};
using UpsertedUsers = Upserted<identity::User, ChangedUser>;
using UpsertedSessions = Upserted<session::Session, ChangedSession>;
inline constexpr std::size_t kRowsMax = 200;

struct KeyOrder {
  std::string name;
  std::vector<std::string> scopes;
};

struct TokenOrder {
  std::string user;
  seconds life = identity::kOwnTokenLife;
};

struct RevokedAt {
  std::string name;  ///< the `jti`, or the user's or key's id
  WallTime at;
};

struct LinkOrder {
  std::string user;
  std::string session;
  seconds life{8 * 60 * 60};
};

struct InviteOrder {
  std::string user;
  seconds life{24 * 60 * 60};
};

struct CancelledSession {
  SessionId session;
  RoomId room;
  session::Status was;  ///< `in_progress`: the room has to be told
};

struct MintedInvite {
  SecretText code;
  WallTime expires;
};

struct MintedLink {
  SecretText code;
  WallTime expires;
};

inline constexpr minutes kSessionLengthMin{5};
inline constexpr minutes kSessionLengthMax{600};
inline constexpr seconds kLinkLifeMax{30 * 24 * 60 * 60};
inline constexpr seconds kInviteLifeMax{7 * 24 * 60 * 60};
/// People in a room, therapist included (contract §6).
[[nodiscard]] std::size_t capacity(session::Type type);

/// Command line, control socket and staff's REST. Every change and its record are one commit. One
/// for each worker, and one for the control socket or in a process without a server. Whether they
/// may order such a thing at all (`may`) has been asked before; whether this one is theirs is asked
/// here.
class Administration {
 public:
  /// `minter`: null where no secret is set; then tokens are refused and all else works.
  Administration(Store& store, const Clock& clock, Rng& rng, const identity::TokenMinter* minter)
      : store_(store), clock_(clock), rng_(rng), minter_(minter) {}

  void add_user(const NewUser& order, AdminAnswer<identity::User> answer, const Author& by = {});
  void find_user(const std::string& id, const Author& by, AdminAnswer<identity::User> answer);
  /// Afterwards live connections have to be told, where `access_changed`.
  void change_user(const std::string& id, const UserChange& change, const Author& by,
                   AdminAnswer<ChangedUser> answer);
  void upsert_users(std::vector<UserRow> rows, const Author& by, AdminAnswer<UpsertedUsers> answer);
  /// Afterwards the user's live connections have to be told.
  void disable_user(const std::string& id, AdminAnswer<identity::User> answer);
  void list_users(Page page, AdminAnswer<std::vector<identity::User>> answer,
                  const Author& by = {});

  void add_session(const NewSession& order, AdminAnswer<session::Session> answer,
                   const Author& by = {});
  void find_session(const std::string& id, const Author& by, AdminAnswer<session::Session> answer);
  /// Afterwards its room has to be told.
  void change_session(const std::string& id, const SessionChange& change, const Author& by,
                      AdminAnswer<ChangedSession> answer);
  void upsert_sessions(std::vector<SessionRow> rows, const Author& by,
                       AdminAnswer<UpsertedSessions> answer);
  /// Likewise.
  void cancel_session(const std::string& id, AdminAnswer<CancelledSession> answer,
                      const Author& by = {});
  /// A therapist's are their own.
  void list_sessions(Page page, AdminAnswer<std::vector<session::Session>> answer,
                     const Author& by = {});

  void add_key(const KeyOrder& order, AdminAnswer<identity::NewServiceKey> answer,
               const Author& by = {});
  void list_keys(Page page, AdminAnswer<std::vector<identity::ServiceKey>> answer,
                 const Author& by = {});
  /// From now on it opens nothing.
  void revoke_key(const std::string& id, AdminAnswer<RevokedAt> answer, const Author& by = {});
  /// What the same request was answered before, if it was; `key_reused` when it was another one.
  void find_answer(const Once& once, AdminAnswer<std::optional<KeptAnswer>> answer);

  void mint_token(const TokenOrder& order, AdminAnswer<FreshToken> answer);
  /// One token by its `jti`, known to us or not. Afterwards its live connections have to be told.
  void revoke_token(const std::string& jti, AdminAnswer<RevokedAt> answer);
  /// Every token of a person issued until now, and the links that were not used. Likewise.
  void revoke_tokens_of(const std::string& user, AdminAnswer<RevokedAt> answer);
  /// A code by which a person sets the password of their account.
  void invite(const InviteOrder& order, AdminAnswer<MintedInvite> answer, const Author& by = {});
  /// From the command line for everybody in the session. Staff make them for clients of sessions
  /// that they lead: a link asks for no second factor, which all others need. Applications make
  /// none.
  void mint_link(const LinkOrder& order, AdminAnswer<MintedLink> answer, const Author& by = {});

 private:
  struct Draft;
  struct UserRows;
  struct SessionRows;
  /// Answers with the session once everybody who is new in it has proved fit for their part.
  void check_people(session::Session session, const std::vector<session::Participant>& known,
                    AdminAnswer<session::Session> answer);
  void check_next(const std::shared_ptr<Draft>& draft);
  void store_session(const session::Session& session, const Author& by,
                     AdminAnswer<session::Session> answer);
  void why_not_stored(const session::Session& session, const AdminAnswer<session::Session>& answer);
  void store_change(const session::Session& from, const session::Session& to, const Author& by,
                    const AdminAnswer<ChangedSession>& answer);
  void next_row(const std::shared_ptr<UserRows>& rows);
  void take_row(const std::shared_ptr<UserRows>& rows, const std::optional<identity::User>& known);
  void store_rows(const std::shared_ptr<UserRows>& rows);
  void next_row(const std::shared_ptr<SessionRows>& rows);
  void take_row(const std::shared_ptr<SessionRows>& rows,
                const std::optional<session::Session>& known);
  void store_rows(const std::shared_ptr<SessionRows>& rows);
  /// The session, if it is theirs to order about.
  void led_session(const std::string& id, const Author& by,
                   const AdminAnswer<session::Session>& answer);
  /// The active user of that id, or the reason why not.
  void active_user(const UserId& id, AdminAnswer<identity::User> answer);
  void store_link(const identity::User& user, const session::Session& session, seconds life,
                  const Author& by, const AdminAnswer<MintedLink>& answer);

  Store& store_;
  const Clock& clock_;
  Rng& rng_;
  const identity::TokenMinter* minter_;
};

/// One JSON document for each answer, as `--json` prints it.
[[nodiscard]] std::string encode_user(const identity::User& user);
[[nodiscard]] std::string encode_users(const std::vector<identity::User>& users);
[[nodiscard]] std::string encode_added(const session::Session& added);
/// `{id, key, name, scopes, addedAt}`: the one time that the key is shown.
[[nodiscard]] std::string encode_new_key(const identity::NewServiceKey& made);
/// `{keys: [{id, name, scopes, addedAt, revokedAt?}]}`
[[nodiscard]] std::string encode_keys(const std::vector<identity::ServiceKey>& keys);
/// `{id, revokedAt}`
[[nodiscard]] std::string encode_revoked_key(const RevokedAt& revoked);
[[nodiscard]] std::string encode_cancelled(const CancelledSession& cancelled);
[[nodiscard]] std::string encode_sessions(const std::vector<session::Session>& sessions);
[[nodiscard]] std::string encode_minted_token(const FreshToken& token);
/// `{jti, revokedAt}` and `{user, revokedAt}`.
[[nodiscard]] std::string encode_revoked_token(const RevokedAt& revoked);
[[nodiscard]] std::string encode_revoked_tokens_of(const RevokedAt& revoked);
/// `{code, path, expiresAt}` with path `/account#invite=…`.
[[nodiscard]] std::string encode_minted_invite(const MintedInvite& invite);
/// `{code, path, expiresAt}` with path `/#code=…`.
[[nodiscard]] std::string encode_minted_link(const MintedLink& link);

}  // namespace stillroom::signalling
