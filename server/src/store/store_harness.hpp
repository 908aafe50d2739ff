// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/reply_loop.hpp"
#include "store/store_samples.hpp"

/// What the contract suite needs of an implementation, and the questions it asks.
namespace stillroom::store {

class StoreHarness {
 public:
  virtual ~StoreHarness() = default;

  /// A port whose replies come through `poster`.
  [[nodiscard]] virtual std::unique_ptr<signalling::Store> port(Poster poster) = 0;
  /// Nothing asked from now on is done before `release`.
  virtual void hold() = 0;
  virtual void release() = 0;
  /// The process ends, in order, and starts again. Ports from before are of no use any more.
  virtual void restart() = 0;
  /// Reasons of all durable records, oldest first.
  [[nodiscard]] virtual std::vector<std::string> reasons() = 0;

  ReplyLoop loop;
};

[[nodiscard]] std::unique_ptr<StoreHarness> make_memory_harness();
[[nodiscard]] std::unique_ptr<StoreHarness> make_sqlite_harness();

/// A port with answers instead of replies.
class Asker {
 public:
  explicit Asker(StoreHarness& harness)
      : loop_(harness.loop), port_(harness.port(harness.loop.poster())) {}

  [[nodiscard]] signalling::Store& port() { return *port_; }

  Result<void, signalling::StoreError> commit(std::vector<signalling::Change> changes,
                                              std::vector<audit::Record> records = {}) {
    signalling::Commit asked{std::move(changes), std::move(records)};
    return loop_.wait<void>([this, &asked](signalling::Reply<void> reply) {
      port_->commit(std::move(asked), std::move(reply));
    });
  }
  std::optional<identity::User> user(const std::string& id) {
    return must(loop_.wait<std::optional<identity::User>>(
        [this, &id](auto reply) { port_->find_user(UserId(id), std::move(reply)); }));
  }
  identity::Standing standing(const std::string& user, const std::string& jti) {
    return must(loop_.wait<identity::Standing>([this, &user, &jti](auto reply) {
      port_->find_standing(UserId(user), identity::token_id_of(jti), std::move(reply));
    }));
  }
  std::optional<session::Session> session(const std::string& id) {
    return must(loop_.wait<std::optional<session::Session>>(
        [this, &id](auto reply) { port_->find_session(SessionId(id), std::move(reply)); }));
  }
  std::optional<session::Session> outside_session(const std::string& id) {
    return must(loop_.wait<std::optional<session::Session>>(
        [this, &id](auto reply) { port_->find_outside_session(OutsideId(id), std::move(reply)); }));
  }
  std::optional<identity::ServiceKey> service_key(const std::string& id) {
    return must(loop_.wait<std::optional<identity::ServiceKey>>(
        [this, &id](auto reply) { port_->find_service_key(KeyId(id), std::move(reply)); }));
  }
  std::optional<signalling::KeptAnswer> kept_answer(const std::string& place) {
    return must(loop_.wait<std::optional<signalling::KeptAnswer>>(
        [this, &place](auto reply) { port_->find_kept_answer(place, std::move(reply)); }));
  }
  std::vector<identity::ServiceKey> all_service_keys(signalling::Page page) {
    return must(loop_.wait<std::vector<identity::ServiceKey>>(
        [this, page](auto reply) { port_->all_service_keys(page, std::move(reply)); }));
  }
  std::optional<signalling::LinkCode> link_code(const std::string& digest) {
    return must(loop_.wait<std::optional<signalling::LinkCode>>(
        [this, &digest](auto reply) { port_->find_link_code(digest, std::move(reply)); }));
  }
  std::optional<signalling::Account> account(const std::string& user) {
    return must(loop_.wait<std::optional<signalling::Account>>(
        [this, &user](auto reply) { port_->find_account(UserId(user), std::move(reply)); }));
  }
  std::optional<signalling::Invite> invite(const std::string& digest) {
    return must(loop_.wait<std::optional<signalling::Invite>>(
        [this, &digest](auto reply) { port_->find_invite(digest, std::move(reply)); }));
  }
  std::optional<identity::LogIn> log_in(const std::string& id) {
    return must(loop_.wait<std::optional<identity::LogIn>>(
        [this, &id](auto reply) { port_->find_log_in(id, std::move(reply)); }));
  }
  std::vector<session::Session> sessions_of(const std::string& user, signalling::Page page) {
    return must(loop_.wait<std::vector<session::Session>>([this, &user, page](auto reply) {
      port_->sessions_of(UserId(user), page, std::move(reply));
    }));
  }
  std::vector<session::Session> all_sessions(signalling::Page page) {
    return must(loop_.wait<std::vector<session::Session>>(
        [this, page](auto reply) { port_->all_sessions(page, std::move(reply)); }));
  }
  std::vector<identity::User> all_users(signalling::Page page) {
    return must(loop_.wait<std::vector<identity::User>>(
        [this, page](auto reply) { port_->all_users(page, std::move(reply)); }));
  }

 private:
  /// Reading the wrong side ends the test program: a read that fails is no fact of these tests.
  template <class T>
  static T must(Result<T, signalling::StoreError> answer) {
    return std::move(answer).value();
  }

  ReplyLoop& loop_;
  std::unique_ptr<signalling::Store> port_;
};

}  // namespace stillroom::store
