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
  session_over,  ///< already cancelled, declined, completed or no-show
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

/// Raw values as the command line or the control socket hands them over; checked here.
struct NewUser {
  std::string id;
  std::string name;
  identity::Role role = identity::Role::client;
};

struct NewSession {
  std::vector<std::string> clients;  ///< at least one
  std::string therapist;
  WallTime start;
  minutes length{50};
  std::optional<session::Type> type;  ///< absent: the smallest that holds everybody
  session::Status status = session::Status::confirmed;
  session::Payment payment = session::Payment::confirmed;
};

struct TokenOrder {
  std::string user;
  seconds life = identity::kOwnTokenLife;
};

struct RevokedAt {
  std::string name;  ///< the `jti`, or the user's id
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

struct AddedSession {
  SessionId session;
  RoomId room;
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

/// Command line and control socket. Every change and its record are one commit. One for each
/// worker that serves the control socket, or one in a process without a server.
class Administration {
 public:
  /// `minter`: null where no secret is set; then tokens are refused and all else works.
  Administration(Store& store, const Clock& clock, Rng& rng, const identity::TokenMinter* minter)
      : store_(store), clock_(clock), rng_(rng), minter_(minter) {}

  void add_user(const NewUser& order, AdminAnswer<identity::User> answer);
  /// Afterwards the user's live connections have to be told.
  void disable_user(const std::string& id, AdminAnswer<identity::User> answer);
  void list_users(Page page, AdminAnswer<std::vector<identity::User>> answer);

  void add_session(const NewSession& order, AdminAnswer<AddedSession> answer);
  void cancel_session(const std::string& id, AdminAnswer<CancelledSession> answer);
  void list_sessions(Page page, AdminAnswer<std::vector<session::Session>> answer);

  void mint_token(const TokenOrder& order, AdminAnswer<FreshToken> answer);
  /// One token by its `jti`, known to us or not. Afterwards its live connections have to be told.
  void revoke_token(const std::string& jti, AdminAnswer<RevokedAt> answer);
  /// Every token of a person issued until now, and the links that were not used. Likewise.
  void revoke_tokens_of(const std::string& user, AdminAnswer<RevokedAt> answer);
  /// A code by which a person sets the password of their account.
  void invite(const InviteOrder& order, AdminAnswer<MintedInvite> answer);
  void mint_link(const LinkOrder& order, AdminAnswer<MintedLink> answer);

 private:
  struct Draft;
  void store_session(const std::shared_ptr<Draft>& draft);
  void check_people(const std::shared_ptr<Draft>& draft);
  /// The active user of that id, or the reason why not.
  void active_user(const UserId& id, AdminAnswer<identity::User> answer);
  void store_link(const identity::User& user, const session::Session& session, seconds life,
                  const AdminAnswer<MintedLink>& answer);

  Store& store_;
  const Clock& clock_;
  Rng& rng_;
  const identity::TokenMinter* minter_;
};

/// One JSON document for each answer, as `--json` prints it.
[[nodiscard]] std::string encode_user(const identity::User& user);
[[nodiscard]] std::string encode_users(const std::vector<identity::User>& users);
[[nodiscard]] std::string encode_added(const AddedSession& added);
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
