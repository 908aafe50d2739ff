// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "signalling/ports.hpp"

namespace stillroom::testing {

/// Runs a task later, never at once: a test's queue.
using Poster = std::function<void(std::function<void()>)>;

/// A `signalling::Store` in memory, for one thread. Every operation takes two posted steps: the
/// first does it (from then on it is durable), the second delivers the reply. Between them a crash
/// leaves what a real one may leave: a change that lasts though nobody was told. Operations and
/// replies keep their order even when the poster reorders its tasks.
class MemoryStore final : public signalling::Store {
 public:
  static constexpr std::size_t kOperationsWaitingMax = 4096;  ///< beyond: `unavailable`

  explicit MemoryStore(Poster post);
  ~MemoryStore() override;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  /// The same store, with replies for another worker. May outlive this object; then nothing
  /// answers.
  [[nodiscard]] std::unique_ptr<signalling::Store> for_worker(Poster post);

  void find_user(const UserId& id, signalling::Reply<std::optional<identity::User>> reply) override;
  void find_standing(const UserId& user, const std::optional<identity::TokenId>& token,
                     signalling::Reply<identity::Standing> reply) override;
  void find_session(const SessionId& id,
                    signalling::Reply<std::optional<session::Session>> reply) override;
  void find_outside_session(const OutsideId& id,
                            signalling::Reply<std::optional<session::Session>> reply) override;
  void find_service_key(const KeyId& id,
                        signalling::Reply<std::optional<identity::ServiceKey>> reply) override;
  void find_kept_answer(const std::string& place,
                        signalling::Reply<std::optional<signalling::KeptAnswer>> reply) override;
  void all_service_keys(signalling::Page page,
                        signalling::Reply<std::vector<identity::ServiceKey>> reply) override;
  void find_link_code(const std::string& code_digest,
                      signalling::Reply<std::optional<signalling::LinkCode>> reply) override;
  void find_account(const UserId& user,
                    signalling::Reply<std::optional<signalling::Account>> reply) override;
  void find_invite(const std::string& digest,
                   signalling::Reply<std::optional<signalling::Invite>> reply) override;
  void find_log_in(const std::string& id,
                   signalling::Reply<std::optional<identity::LogIn>> reply) override;
  void sessions_of(const UserId& user, signalling::Page page,
                   signalling::Reply<std::vector<session::Session>> reply) override;
  void all_users(signalling::Page page,
                 signalling::Reply<std::vector<identity::User>> reply) override;
  void all_sessions(signalling::Page page,
                    signalling::Reply<std::vector<session::Session>> reply) override;
  void commit(signalling::Commit commit, signalling::Reply<void> reply) override;
  void note(audit::Record record) override;

  // Faults.
  /// The next commit to be done is answered with `error` and changes nothing.
  void fail_next_commit(signalling::StoreError error = signalling::StoreError::unavailable);
  /// From now on every operation is answered `unavailable`, until `come_back`.
  void go_away();
  void come_back();
  /// Operations wait in front of the store, until `release`.
  void hold();
  void release();
  /// The process dies and starts again: waiting operations and undelivered replies are gone, what
  /// is durable stays. Held, away and `fail_next_commit` end too.
  void crash();

  // Setting up and looking in; at once, no reply.
  void put(identity::User user);       ///< new or replaced
  void put(session::Session session);  ///< new or replaced; participants need not exist
  [[nodiscard]] std::optional<identity::User> user(const UserId& id) const;
  [[nodiscard]] std::optional<session::Session> session(const SessionId& id) const;
  /// Everything audited, oldest first.
  [[nodiscard]] const std::vector<audit::Record>& records() const;
  /// Operations that are not durable yet.
  [[nodiscard]] std::size_t waiting() const;

 private:
  class Core;
  class Facade;
  // Shared: posted tasks and other workers' facades may outlive the store.
  std::shared_ptr<Core> core_;
  std::unique_ptr<Facade> own_;
};

}  // namespace stillroom::testing
