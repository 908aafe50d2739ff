// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "signalling/ports.hpp"
#include "store/poster.hpp"
#include "store/tables.hpp"

namespace stillroom::store {

enum class Effect : std::uint8_t { reads, writes };

/// Something asked of the database: made on a worker's thread, run on the store's, and its reply
/// given on the worker's again.
class Operation {
 public:
  virtual ~Operation() = default;
  [[nodiscard]] virtual Effect effect() const = 0;
  /// The result stays inside until `deliver`. A fault other than `conflict` is the group's.
  [[nodiscard]] virtual Result<void, Fault> run(Tables& tables) = 0;
  /// From now on the reply will be `error`, whatever was done.
  virtual void refuse(signalling::StoreError error) = 0;
  virtual void deliver() = 0;
};

/// An operation and the worker that waits for it.
struct Asked {
  std::unique_ptr<Operation> operation;
  // Shared: the worker's facade may be gone before its last replies are posted.
  std::shared_ptr<const Poster> worker;
};

template <class T>
class Read final : public Operation {
 public:
  using Find = std::function<Result<T, Fault>(Tables&)>;
  Read(Find find, signalling::Reply<T> reply) : find_(std::move(find)), reply_(std::move(reply)) {}

  Effect effect() const override { return Effect::reads; }
  Result<void, Fault> run(Tables& tables) override {
    auto found = find_(tables);
    if (!found) return fail(found.error());
    result_ = std::move(*found);
    return {};
  }
  void refuse(signalling::StoreError error) override { result_ = fail(error); }
  void deliver() override { reply_(std::move(result_)); }

 private:
  Find find_;
  signalling::Reply<T> reply_;
  Result<T, signalling::StoreError> result_ = fail(signalling::StoreError::unavailable);
};

class Write final : public Operation {
 public:
  Write(signalling::Commit commit, signalling::Reply<void> reply)
      : commit_(std::move(commit)), reply_(std::move(reply)) {}

  Effect effect() const override { return Effect::writes; }
  Result<void, Fault> run(Tables& tables) override {
    for (const signalling::Change& change : commit_.changes) {
      if (auto done = tables.apply(change); !done) return done;
    }
    for (const audit::Record& record : commit_.records) {
      if (auto done = tables.append(record); !done) return done;
    }
    return {};
  }
  void refuse(signalling::StoreError error) override { refused_ = error; }
  void deliver() override {
    if (refused_) {
      reply_(fail(*refused_));
    } else {
      reply_({});
    }
  }

 private:
  signalling::Commit commit_;
  signalling::Reply<void> reply_;
  std::optional<signalling::StoreError> refused_;
};

/// Posts the replies in the order of the operations, over all workers.
void post_replies(std::vector<Asked> answered);

}  // namespace stillroom::store
