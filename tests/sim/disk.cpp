// SPDX-License-Identifier: Apache-2.0
#include "disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "store/data_folder.hpp"
#include "violation.hpp"

namespace stillroom::sim {
namespace {

template <class T, class E>
T must(Result<T, E> result, const char* what) {
  if (!result) throw std::runtime_error(what);
  return *std::move(result);
}

template <class Id>
std::optional<Id> id_in(const store::Query& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Id(std::string(row.text(column)));
}

}  // namespace

Disk::Disk(Schedule& schedule, testing::SeededRng& rng, const Weather& weather)
    : schedule_(schedule), rng_(rng), weather_(weather) {
  open();
}
Disk::~Disk() = default;

void Disk::open() {
  store::SqliteSettings settings;
  settings.clock = &schedule_;
  settings.vfs = faults_.name();
  settings.on_fatal = [this](std::string_view) { broken_ = true; };
  settings.on_work = [this] { something_waits(); };
  auto opened = store::SqliteStore::open(folder_.path(), std::move(settings));
  if (!opened) throw Violation(schedule_, "what is left does not open: " + opened.error().sentence);
  store_ = *std::move(opened);
  life_ = std::make_shared<Life>();
  reader_ = read_beside();
}

Disk::Reader Disk::read_beside() const {
  auto database = must(store::Database::open(store::database_file(folder_.path()),
                                             store::Mode::read_only, faults_.name()),
                       "the database opens for reading");
  auto tables = must(store::Tables::prepare(database), "the statements prepare");
  auto records = must(database.prepare("SELECT kind, actor, subject, session, connection"
                                       " FROM audit WHERE position > ? ORDER BY position"),
                      "the records can be read");
  return {std::move(database), std::move(tables), std::move(records)};
}

std::unique_ptr<signalling::Store> Disk::port() {
  // Between a worker and the store there is a mailbox, which keeps its order.
  auto last = std::make_shared<MonoTime>();
  return store_->for_worker([this, last, life = std::weak_ptr(life_)](Task reply) {
    const auto delay = Weather::between(rng_, milliseconds(0), weather_.mailbox_max);
    *last = std::max(*last, schedule_.mono_now() + delay);
    schedule_.at(*last, [life, reply = std::move(reply)] {
      if (!life.expired()) reply();
    });
  });
}

void Disk::commit_now(signalling::Commit commit) {
  bool done = false;
  const auto port = store_->for_worker([](const Task& reply) { reply(); });
  port->commit(std::move(commit), [&done](const auto& result) { done = result.ok(); });
  work();
  if (!done) throw std::runtime_error("the beginning of the world is not stored");
}

void Disk::something_waits() {
  if (due_ || hangs_) return;
  due_ = true;
  schedule_.after(Weather::between(rng_, milliseconds(0), weather_.store_max),
                  [this, life = std::weak_ptr(life_)] {
                    if (!life.expired()) work();
                  });
}

void Disk::work() {
  due_ = false;
  if (hangs_ || broken_) return;
  if (store_->work()) something_waits();
  changed_ = true;
  if (broken_) on_fatal();
}

void Disk::fill_up() {
  faults_.fail_from(0, SQLITE_FULL);
}
void Disk::make_room() {
  faults_.heal();
}
void Disk::break_at(int number) {
  faults_.fail_from(number, SQLITE_IOERR_WRITE);
}
void Disk::go_on() {
  hangs_ = false;
  something_waits();
}

void Disk::crash(End end) {
  life_.reset();
  read_new_records();
  reader_.reset();
  // What this process still tries on its way out does not reach the disk.
  faults_.fail_from(0, SQLITE_IOERR_WRITE);
  store_.reset();
  if (end == End::power) faults_.lose_power();
  faults_.heal();
  due_ = hangs_ = broken_ = false;
  open();
  const std::vector<audit::Record> before = std::exchange(records_, {});
  changed_ = true;
  read_new_records();
  const bool kept =
      records_.size() >= before.size() &&
      std::equal(before.begin(), before.end(), records_.begin(),
                 [](const audit::Record& one, const audit::Record& other) {
                   return one.kind == other.kind && one.connection == other.connection;
                 });
  if (!kept) throw Violation(schedule_, "a durable record is gone after a crash");
}

identity::User Disk::user(const UserId& id) {
  return must(reader_->tables.find_user(id), "users can be read").value();
}
session::Session Disk::session(const SessionId& id) {
  return must(reader_->tables.find_session(id), "sessions can be read").value();
}

const std::vector<audit::Record>& Disk::records() {
  read_new_records();
  return records_;
}

void Disk::read_new_records() {
  if (!std::exchange(changed_, false)) return;
  store::Query query(reader_->new_records);
  query.bind(static_cast<std::int64_t>(records_.size()));
  while (must(query.step(), "records can be read")) {
    audit::Record record;
    record.kind = audit::kind_from_text(query.text(0)).value();
    record.actor = id_in<UserId>(query, 1);
    record.subject = id_in<UserId>(query, 2);
    record.session = id_in<SessionId>(query, 3);
    record.connection = query.text(4);
    records_.push_back(std::move(record));
  }
}

}  // namespace stillroom::sim
