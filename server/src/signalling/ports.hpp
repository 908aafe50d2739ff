// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "audit/record.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/strong_id.hpp"
#include "identity/log_in.hpp"
#include "identity/service_key.hpp"
#include "identity/standing.hpp"
#include "identity/token_id.hpp"
#include "identity/user.hpp"
#include "room/address.hpp"
#include "session/session.hpp"

/// What the use cases need from the world. Adapters (store, gateway, turn) implement these; fakes
/// for tests stand in server/testing.
namespace stillroom::signalling {

enum class StoreError : std::uint8_t {
  /// The database is down, full, or the queue in front of it is: nothing was done. Only where the
  /// disk failed under a commit may the change be found after the restart that follows.
  unavailable,
  conflict,  ///< a precondition of the commit no longer holds: nothing was done
};

/// Called exactly once, on the thread of the worker that asked, never from within the call itself.
template <class T>
using Reply = std::function<void(Result<T, StoreError>)>;

/// Changes of state. Each says its precondition; one that fails undoes the whole commit
/// (`conflict`).
struct AddUser {
  identity::User user;
};  ///< the id is new
struct ChangeUser {
  identity::User from;
  identity::User to;  ///< the same id
};  ///< the user is still `from`
struct SetUserStatus {
  UserId user;
  identity::UserStatus status;
};  ///< the user exists
struct AddSession {
  session::Session session;
};  ///< ids are new, the outside id too, participants exist
struct ChangeSession {
  session::Session from;
  session::Session to;  ///< ids and call are those of `from`
};  ///< the session is still `from`, participants exist
struct SetSessionStatus {  ///< the status is still `from`
  SessionId session;
  session::Status from;
  session::Status to;
};
struct StartCall {
  SessionId session;
  WallTime at;
};  ///< status confirmed -> in-progress
struct EndCall {
  SessionId session;
  WallTime at;
};  ///< status in-progress -> completed
/// Where a one-time code comes from: it is good only as long as this holds.
struct CodeOrigin {
  identity::Role role = identity::Role::client;  ///< of the person it is for, when it was made
  std::optional<UserId> maker;                   ///< none: the command line or an application
  WallTime made{};
};
struct AddLinkCode {        ///< the digest is new, user and session exist
  std::string code_digest;  ///< SHA-256 of the code, hex
  UserId user;
  SessionId session;
  WallTime expires;
  CodeOrigin origin = {};
};
struct UseLinkCode {
  std::string code_digest;
  WallTime at;
};  ///< unused and not expired at `at`
/// A code by which somebody sets the password of their account, and its second factor.
struct AddInvite {     ///< the digest is new, the user exists
  std::string digest;  ///< SHA-256 of the code, hex
  UserId user;
  std::string totp_secret;  ///< of the second factor that it offers
  WallTime expires;
  CodeOrigin origin = {};
};
/// The account is the invite's from now on: password, second factor, recovery codes; what was there
/// before is gone.
struct SetUpAccount {  ///< the invite is unused and not expired at `at`
  std::string invite_digest;
  std::string password_hash;
  bool second_factor = false;
  std::int64_t totp_step = 0;                 ///< of the code that was shown
  std::vector<std::string> recovery_digests;  ///< of codes that each replace one of those, once
  WallTime at;
};
struct UseTotpStep {  ///< later than any before
  UserId user;
  std::int64_t step = 0;
};
struct UseRecoveryCode {  ///< it is the user's, and unused
  UserId user;
  std::string digest;
  WallTime at;
};
struct AddLogIn {  ///< the id is new, and the account still has the password that was shown
  std::string id;
  identity::LogIn log_in;
  std::string password_hash;
};
struct SeeLogIn {  ///< it is there
  std::string id;
  WallTime at;
};

/// A ticket opens one connection.
struct UseTicket {
  identity::TokenId ticket;
  WallTime until;  ///< from then on nobody takes it; it is known a minute longer
  WallTime at;
};  ///< it was not used
/// What was read before still holds: the commit stands on it.
struct StillStands {  ///< nothing of this was revoked, and the user is active
  UserId user;
  std::optional<identity::TokenId> token;
  WallTime issued;
};
struct RevokeToken {
  identity::TokenId token;
  WallTime at;
};
/// All tokens issued up to `at`, and the link codes and invites that would turn into new ones.
struct RevokeTokensOf {
  UserId user;
  WallTime at;
};  ///< the user exists
struct AddServiceKey {
  identity::ServiceKey key;
};  ///< the id is new
struct RevokeServiceKey {
  KeyId key;
  WallTime at;
};  ///< the key exists and is not revoked

/// What a request was answered, for whoever makes it again. Says of both no more than digests.
struct KeptAnswer {
  std::string place;    ///< of who asked, and of the key they gave the request
  std::string request;  ///< of what was asked
  int status = 200;
  std::string body;
  WallTime expires;
};
inline constexpr std::uint32_t kKeptAnswersMax = 65'536;
/// With it those go that have expired at `at`, and the oldest where there are too many.
struct KeepAnswer {
  KeptAnswer answer;
  WallTime at;
};  ///< nothing is kept in its place that is good at `at`

using Change =
    std::variant<AddUser, ChangeUser, SetUserStatus, AddSession, ChangeSession, SetSessionStatus,
                 StartCall, EndCall, AddLinkCode, UseLinkCode, AddInvite, SetUpAccount, UseTotpStep,
                 UseRecoveryCode, AddLogIn, SeeLogIn, UseTicket, StillStands, RevokeToken,
                 RevokeTokensOf, AddServiceKey, RevokeServiceKey, KeepAnswer>;

/// One transaction: every change and every record, or nothing.
struct Commit {
  std::vector<Change> changes;
  std::vector<audit::Record> records;
};

struct LinkCode {
  UserId user;
  SessionId session;
  WallTime expires;
  bool used = false;
  CodeOrigin origin = {};
};

struct Account {
  identity::User user;
  std::string password_hash;
  std::optional<std::string> totp_secret;  ///< where there is a second factor
  std::int64_t totp_step = 0;              ///< the last one used
};

struct Invite {
  UserId user;
  std::string totp_secret;
  WallTime expires;
  bool used = false;
  CodeOrigin origin = {};
};

struct Page {
  std::uint32_t limit = 20;  ///< 100 at most
  std::uint32_t offset = 0;
};

class Store {
 public:
  virtual ~Store() = default;
  virtual void find_user(const UserId& id, Reply<std::optional<identity::User>> reply) = 0;
  /// All that `identity::establish` asks, as of one moment.
  virtual void find_standing(const UserId& user, const std::optional<identity::TokenId>& token,
                             Reply<identity::Standing> reply) = 0;
  virtual void find_session(const SessionId& id, Reply<std::optional<session::Session>> reply) = 0;
  virtual void find_outside_session(const OutsideId& id,
                                    Reply<std::optional<session::Session>> reply) = 0;
  virtual void find_service_key(const KeyId& id,
                                Reply<std::optional<identity::ServiceKey>> reply) = 0;
  /// Also one that has expired and not gone yet.
  virtual void find_kept_answer(const std::string& place,
                                Reply<std::optional<KeptAnswer>> reply) = 0;
  virtual void find_link_code(const std::string& code_digest,
                              Reply<std::optional<LinkCode>> reply) = 0;
  /// Nothing where the user has no password.
  virtual void find_account(const UserId& user, Reply<std::optional<Account>> reply) = 0;
  virtual void find_invite(const std::string& digest, Reply<std::optional<Invite>> reply) = 0;
  virtual void find_log_in(const std::string& id, Reply<std::optional<identity::LogIn>> reply) = 0;
  /// Newest start first.
  virtual void sessions_of(const UserId& user, Page page,
                           Reply<std::vector<session::Session>> reply) = 0;
  virtual void all_users(Page page, Reply<std::vector<identity::User>> reply) = 0;
  virtual void all_sessions(Page page, Reply<std::vector<session::Session>> reply) = 0;
  /// Revoked ones too; the newest first.
  virtual void all_service_keys(Page page, Reply<std::vector<identity::ServiceKey>> reply) = 0;
  /// The reply comes after the transaction is on the disk: only then may its effects be seen.
  virtual void commit(Commit commit, Reply<void> reply) = 0;
  /// Told, never waited for: refusals and ends. Kept in order with commits; bounded; what does not
  /// fit is counted by kind and written as one record when there is room.
  virtual void note(audit::Record record) = 0;
};

struct PasswordsBusy {};  ///< too many wait

/// Argon2id on threads of its own (`passwords` implements it). Answers come later, once, on the
/// thread of the worker that asked.
class Passwords {
 public:
  template <class T>
  using Answered = std::function<void(Result<T, PasswordsBusy>)>;
  /// Where it waits: strangers cannot fill the kept places.
  enum class Place : std::uint8_t { open, kept };

  virtual ~Passwords() = default;
  /// For the holder of an invitation, who is no stranger: in a kept place.
  virtual void hash(const SecretText& password, Answered<std::string> answer) = 0;
  /// Without a hash the answer is no, after the same work: who has an account is not told by time.
  virtual void verify(const SecretText& password, const std::optional<std::string>& hash,
                      Place place, Answered<bool> answer) = 0;
};

/// What leaves towards a connection. Texts are JSON arrays of a Socket.IO EVENT or ACK, complete.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void emit(const room::Address& to, std::string_view event_json) = 0;
  virtual void ack(const room::Address& to, std::uint64_t ack_id, std::string_view args_json) = 0;
  /// Whoever is there has lost the right to be in `room`, and has been told by an event; a
  /// connection with no other room ends. `reason` is a literal.
  virtual void right_lost(const room::Address& to, const RoomId& room, std::string_view reason) = 0;
};

struct IceServer {
  std::vector<std::string> urls;
  std::string username;  ///< empty for STUN
  SecretText credential;
};

/// Short-lived TURN credentials for one seat (`turn` implements it).
class IceServers {
 public:
  virtual ~IceServers() = default;
  [[nodiscard]] virtual std::vector<IceServer> issue(const UserId& user, WallTime now) = 0;
  /// True when everybody has to go through the relay.
  [[nodiscard]] virtual bool relay_only() const = 0;
};

}  // namespace stillroom::signalling
