// SPDX-License-Identifier: Apache-2.0
#include "store/store_harness.hpp"

#include <sqlite3.h>

#include <future>
#include <stdexcept>

#include "store/sqlite_store.hpp"
#include "testing/memory_store.hpp"
#include "testing/scratch_folder.hpp"

namespace stillroom::store {
namespace {

class MemoryHarness final : public StoreHarness {
 public:
  std::unique_ptr<signalling::Store> port(Poster poster) override {
    return store_.for_worker(std::move(poster));
  }
  void hold() override { store_.hold(); }
  void release() override { store_.release(); }
  void restart() override { store_.crash(); }
  std::vector<std::string> reasons() override {
    std::vector<std::string> reasons;
    for (const audit::Record& record : store_.records()) reasons.push_back(record.reason);
    return reasons;
  }

 private:
  testing::MemoryStore store_{loop.poster()};
};

class SqliteHarness final : public StoreHarness {
 public:
  SqliteHarness() { open(); }

  std::unique_ptr<signalling::Store> port(Poster poster) override {
    return store_->for_worker(std::move(poster));
  }

  /// The store's thread is stopped where it gives a reply, which is the only place that is ours.
  void hold() override {
    released_ = std::promise<void>();
    std::promise<void> reached;
    const auto holding = store_->for_worker(
        [&reached, released = released_.get_future().share()](const std::function<void()>&) {
          reached.set_value();
          released.wait();
        });
    holding->find_user(UserId("nobody"), [](const auto&) {});
    reached.get_future().wait();
  }
  void release() override { released_.set_value(); }

  void restart() override {
    store_.reset();
    open();
  }

  std::vector<std::string> reasons() override {
    // After a restart everything that was asked before has been done.
    restart();
    sqlite3* database = nullptr;
    sqlite3_open_v2((folder_.path() / "stillroom.db").c_str(), &database, SQLITE_OPEN_READONLY,
                    nullptr);
    sqlite3_stmt* rows = nullptr;
    sqlite3_prepare_v2(database,
                       "SELECT reason FROM audit WHERE kind <> 'migrated' ORDER BY position", -1,
                       &rows, nullptr);
    std::vector<std::string> reasons;
    while (sqlite3_step(rows) == SQLITE_ROW) {
      reasons.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(rows, 0)));
    }
    sqlite3_finalize(rows);
    sqlite3_close(database);
    return reasons;
  }

 private:
  void open() {
    auto opened = SqliteStore::open(folder_.path());
    if (!opened) throw std::runtime_error(opened.error().sentence);
    store_ = std::move(*opened);
  }
  testing::ScratchFolder folder_;
  std::unique_ptr<SqliteStore> store_;
  std::promise<void> released_;
};

}  // namespace

std::unique_ptr<StoreHarness> make_memory_harness() {
  return std::make_unique<MemoryHarness>();
}
std::unique_ptr<StoreHarness> make_sqlite_harness() {
  return std::make_unique<SqliteHarness>();
}

}  // namespace stillroom::store
