// SPDX-License-Identifier: Apache-2.0
#include "testing/memory_store.hpp"

#include <deque>
#include <utility>

#include "store/missed_notes.hpp"
#include "testing/memory_tables.hpp"

namespace stillroom::testing {

using signalling::Reply;
using signalling::StoreError;
using Task = std::function<void()>;

namespace {
template <class Map>
std::optional<typename Map::mapped_type> found_in(const Map& map,
                                                  const typename Map::key_type& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}
}  // namespace

class MemoryStore::Core : public std::enable_shared_from_this<MemoryStore::Core> {
 public:
  /// Does the operation, or with a fault does nothing, and returns the reply to deliver.
  using Work = std::function<Task(Core&, std::optional<StoreError> fault)>;
  enum class What : std::uint8_t { read, commit, note };

  std::size_t add_worker(Poster post) {
    workers_.push_back({std::move(post), {}});
    return workers_.size() - 1;
  }

  void submit(std::size_t worker, What what, Work work) {
    if (what == What::note) {
      notes_waiting_ += 1;
    } else if (waiting_.size() - notes_waiting_ >= kOperationsWaitingMax) {
      answer(worker, work(*this, StoreError::unavailable));
      return;
    }
    waiting_.push_back({worker, what, std::move(work)});
    post_next_step(worker);
  }

  void note(std::size_t worker, audit::Record record) {
    if (notes_waiting_ >= store::kNotesWaitingMax) {
      missed_.count(record);
      return;
    }
    submit(worker, What::note,
           [record = std::move(record)](Core& core, std::optional<StoreError> fault) {
             if (!fault) core.records.push_back(record);
             return Task();
           });
  }

  void release() {
    held = false;
    for (const Operation& operation : waiting_) post_next_step(operation.worker);
  }

  void crash() {
    epoch_ += 1;
    waiting_.clear();
    for (Worker& worker : workers_) worker.replies.clear();
    notes_waiting_ = 0;
    missed_ = {};
    held = away = false;
    next_commit_fails.reset();
  }

  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  MemoryTables tables;
  std::vector<audit::Record> records;
  bool held = false;
  bool away = false;
  std::optional<StoreError> next_commit_fails;

 private:
  struct Operation {
    std::size_t worker;
    What what;
    Work work;
  };
  struct Worker {
    Poster post;
    std::deque<Task> replies;
  };

  void post_next_step(std::size_t worker) {
    workers_[worker].post([weak = weak_from_this(), epoch = epoch_] {
      const auto core = weak.lock();
      if (core && core->epoch_ == epoch) core->do_oldest();
    });
  }

  void do_oldest() {
    if (held || waiting_.empty()) return;
    const Operation operation = std::move(waiting_.front());
    waiting_.pop_front();
    if (operation.what == What::note) notes_waiting_ -= 1;
    std::optional<StoreError> fault;
    if (away) fault = StoreError::unavailable;
    if (operation.what == What::commit && !fault) fault = std::exchange(next_commit_fails, {});
    Task reply = operation.work(*this, fault);
    write_missed();
    if (reply) answer(operation.worker, std::move(reply));
  }

  void write_missed() {
    if (missed_.empty() || away || notes_waiting_ > store::kNotesWaitingRoomy) return;
    for (audit::Record& record : std::exchange(missed_, {}).records()) {
      records.push_back(std::move(record));
    }
  }

  void answer(std::size_t worker, Task reply) {
    workers_[worker].replies.push_back(std::move(reply));
    workers_[worker].post([weak = weak_from_this(), epoch = epoch_, worker] {
      const auto core = weak.lock();
      if (!core || core->epoch_ != epoch) return;
      std::deque<Task>& replies = core->workers_[worker].replies;
      if (replies.empty()) return;
      const Task oldest = std::move(replies.front());
      replies.pop_front();
      oldest();
    });
  }

  std::deque<Operation> waiting_;
  std::deque<Worker> workers_;  // a deque: entries stay where they are while a reply adds one
  std::size_t notes_waiting_ = 0;
  store::MissedNotes missed_;
  std::uint64_t epoch_ = 0;
};

class MemoryStore::Facade final : public signalling::Store {
 public:
  Facade(std::weak_ptr<Core> core, std::size_t worker) : core_(std::move(core)), worker_(worker) {}

  void find_user(const UserId& id, Reply<std::optional<identity::User>> reply) override {
    read<std::optional<identity::User>>(
        std::move(reply), [id](const MemoryTables& tables) { return found_in(tables.users, id); });
  }
  void find_standing(const UserId& user, const std::optional<identity::TokenId>& token,
                     Reply<identity::Standing> reply) override {
    read<identity::Standing>(std::move(reply), [user, token](const MemoryTables& tables) {
      return tables.standing(user, token);
    });
  }
  void find_session(const SessionId& id, Reply<std::optional<session::Session>> reply) override {
    read<std::optional<session::Session>>(std::move(reply), [id](const MemoryTables& tables) {
      return found_in(tables.sessions, id);
    });
  }
  void find_outside_session(const OutsideId& id,
                            Reply<std::optional<session::Session>> reply) override {
    read<std::optional<session::Session>>(
        std::move(reply), [id](const MemoryTables& tables) { return tables.outside_session(id); });
  }
  void find_service_key(const KeyId& id,
                        Reply<std::optional<identity::ServiceKey>> reply) override {
    read<std::optional<identity::ServiceKey>>(std::move(reply), [id](const MemoryTables& tables) {
      const auto found = tables.service_keys.find(id);
      return found == tables.service_keys.end() ? std::nullopt : std::optional(found->second);
    });
  }
  void find_kept_answer(const std::string& place,
                        Reply<std::optional<signalling::KeptAnswer>> reply) override {
    read<std::optional<signalling::KeptAnswer>>(
        std::move(reply),
        [place](const MemoryTables& tables) { return tables.kept_answer(place); });
  }
  void all_service_keys(signalling::Page page,
                        Reply<std::vector<identity::ServiceKey>> reply) override {
    read<std::vector<identity::ServiceKey>>(std::move(reply), [page](const MemoryTables& tables) {
      return tables.all_service_keys(page);
    });
  }
  void find_link_code(const std::string& digest,
                      Reply<std::optional<signalling::LinkCode>> reply) override {
    read<std::optional<signalling::LinkCode>>(
        std::move(reply),
        [digest](const MemoryTables& tables) { return found_in(tables.link_codes, digest); });
  }
  void find_account(const UserId& user, Reply<std::optional<signalling::Account>> reply) override {
    read<std::optional<signalling::Account>>(
        std::move(reply), [user](const MemoryTables& tables) { return tables.account(user); });
  }
  void find_invite(const std::string& digest,
                   Reply<std::optional<signalling::Invite>> reply) override {
    read<std::optional<signalling::Invite>>(std::move(reply), [digest](const MemoryTables& tables) {
      return found_in(tables.invites, digest);
    });
  }
  void find_log_in(const std::string& id, Reply<std::optional<identity::LogIn>> reply) override {
    read<std::optional<identity::LogIn>>(std::move(reply), [id](const MemoryTables& tables) {
      return found_in(tables.log_ins, id);
    });
  }
  void sessions_of(const UserId& user, signalling::Page page,
                   Reply<std::vector<session::Session>> reply) override {
    read<std::vector<session::Session>>(std::move(reply), [user, page](const MemoryTables& tables) {
      return tables.sessions_of(user, page);
    });
  }
  void all_users(signalling::Page page, Reply<std::vector<identity::User>> reply) override {
    read<std::vector<identity::User>>(
        std::move(reply), [page](const MemoryTables& tables) { return tables.all_users(page); });
  }
  void all_sessions(signalling::Page page, Reply<std::vector<session::Session>> reply) override {
    read<std::vector<session::Session>>(
        std::move(reply), [page](const MemoryTables& tables) { return tables.all_sessions(page); });
  }

  void commit(signalling::Commit commit, Reply<void> reply) override {
    submit(Core::What::commit,
           [commit = std::move(commit), reply = std::move(reply)](
               Core& core, std::optional<StoreError> fault) -> Task {
             if (!fault) fault = try_commit(core, commit);
             if (fault) return [reply, error = *fault] { reply(fail(error)); };
             return [reply] { reply({}); };
           });
  }

  void note(audit::Record record) override {
    if (const auto core = core_.lock()) core->note(worker_, std::move(record));
  }

 private:
  static std::optional<StoreError> try_commit(Core& core, const signalling::Commit& commit) {
    // One change alone is done or not done; only several need a way back.
    std::optional<MemoryTables> before;
    if (commit.changes.size() > 1) before = core.tables;
    for (const signalling::Change& change : commit.changes) {
      if (core.tables.apply(change)) continue;
      if (before) core.tables = std::move(*before);
      return StoreError::conflict;
    }
    core.records.insert(core.records.end(), commit.records.begin(), commit.records.end());
    return std::nullopt;
  }

  template <class T, class Find>
  void read(Reply<T> reply, Find find) {
    submit(Core::What::read,
           [find = std::move(find), reply = std::move(reply)](
               Core& core, std::optional<StoreError> fault) -> Task {
             if (fault) return [reply, error = *fault] { reply(fail(error)); };
             return [reply, found = T(find(core.tables))] { reply(found); };
           });
  }

  void submit(Core::What what, Core::Work work) {
    if (const auto core = core_.lock()) core->submit(worker_, what, std::move(work));
  }

  std::weak_ptr<Core> core_;
  std::size_t worker_;
};

MemoryStore::MemoryStore(Poster post) : core_(std::make_shared<Core>()) {
  own_ = std::make_unique<Facade>(core_, core_->add_worker(std::move(post)));
}
MemoryStore::~MemoryStore() = default;

std::unique_ptr<signalling::Store> MemoryStore::for_worker(Poster post) {
  return std::make_unique<Facade>(core_, core_->add_worker(std::move(post)));
}

void MemoryStore::find_user(const UserId& id, Reply<std::optional<identity::User>> reply) {
  own_->find_user(id, std::move(reply));
}
void MemoryStore::find_standing(const UserId& user, const std::optional<identity::TokenId>& token,
                                Reply<identity::Standing> reply) {
  own_->find_standing(user, token, std::move(reply));
}
void MemoryStore::find_account(const UserId& user,
                               Reply<std::optional<signalling::Account>> reply) {
  own_->find_account(user, std::move(reply));
}
void MemoryStore::find_invite(const std::string& digest,
                              Reply<std::optional<signalling::Invite>> reply) {
  own_->find_invite(digest, std::move(reply));
}
void MemoryStore::find_log_in(const std::string& id, Reply<std::optional<identity::LogIn>> reply) {
  own_->find_log_in(id, std::move(reply));
}
void MemoryStore::find_session(const SessionId& id, Reply<std::optional<session::Session>> reply) {
  own_->find_session(id, std::move(reply));
}
void MemoryStore::find_outside_session(const OutsideId& id,
                                       Reply<std::optional<session::Session>> reply) {
  own_->find_outside_session(id, std::move(reply));
}
void MemoryStore::find_service_key(const KeyId& id,
                                   Reply<std::optional<identity::ServiceKey>> reply) {
  own_->find_service_key(id, std::move(reply));
}
void MemoryStore::find_kept_answer(const std::string& place,
                                   Reply<std::optional<signalling::KeptAnswer>> reply) {
  own_->find_kept_answer(place, std::move(reply));
}
void MemoryStore::all_service_keys(signalling::Page page,
                                   Reply<std::vector<identity::ServiceKey>> reply) {
  own_->all_service_keys(page, std::move(reply));
}
void MemoryStore::find_link_code(const std::string& code_digest,
                                 Reply<std::optional<signalling::LinkCode>> reply) {
  own_->find_link_code(code_digest, std::move(reply));
}
void MemoryStore::sessions_of(const UserId& user, signalling::Page page,
                              Reply<std::vector<session::Session>> reply) {
  own_->sessions_of(user, page, std::move(reply));
}
void MemoryStore::all_users(signalling::Page page, Reply<std::vector<identity::User>> reply) {
  own_->all_users(page, std::move(reply));
}
void MemoryStore::all_sessions(signalling::Page page, Reply<std::vector<session::Session>> reply) {
  own_->all_sessions(page, std::move(reply));
}
void MemoryStore::commit(signalling::Commit commit, Reply<void> reply) {
  own_->commit(std::move(commit), std::move(reply));
}
void MemoryStore::note(audit::Record record) {
  own_->note(std::move(record));
}

void MemoryStore::fail_next_commit(StoreError error) {
  core_->next_commit_fails = error;
}
void MemoryStore::go_away() {
  core_->away = true;
}
void MemoryStore::come_back() {
  core_->away = false;
}
void MemoryStore::hold() {
  core_->held = true;
}
void MemoryStore::release() {
  core_->release();
}
void MemoryStore::crash() {
  core_->crash();
}

void MemoryStore::put(identity::User user) {
  const UserId id = user.id;
  core_->tables.users.insert_or_assign(id, std::move(user));
}
void MemoryStore::put(session::Session session) {
  const SessionId id = session.id;
  core_->tables.sessions.insert_or_assign(id, std::move(session));
}
std::optional<identity::User> MemoryStore::user(const UserId& id) const {
  const auto found = core_->tables.users.find(id);
  return found == core_->tables.users.end() ? std::nullopt : std::optional(found->second);
}
std::optional<session::Session> MemoryStore::session(const SessionId& id) const {
  const auto found = core_->tables.sessions.find(id);
  return found == core_->tables.sessions.end() ? std::nullopt : std::optional(found->second);
}
const std::vector<audit::Record>& MemoryStore::records() const {
  return core_->records;
}
std::size_t MemoryStore::waiting() const {
  return core_->waiting();
}

}  // namespace stillroom::testing
