// SPDX-License-Identifier: Apache-2.0
#include "testing/fault_vfs.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <mutex>
#include <vector>

namespace stillroom::testing {
namespace {

constexpr const char* kName = "stillroom-faults";

/// What lay where an unsynced write went; `size` is the file's before it.
struct Before {
  sqlite3_int64 offset;
  std::vector<char> bytes;
  sqlite3_int64 size;
};

}  // namespace

struct FaultVfs::State {
  sqlite3_vfs vfs{};
  sqlite3_vfs* real = nullptr;
  std::mutex mutex;
  int steps = 0;
  int syncs = 0;
  int fail_from = -1;
  int code = SQLITE_OK;
  std::map<std::string, std::vector<Before>> unsynced;

  int step() {
    const std::lock_guard guard(mutex);
    const int number = steps++;
    return fail_from >= 0 && number >= fail_from ? code : SQLITE_OK;
  }
};

namespace {

struct File {
  sqlite3_file base;
  FaultVfs::State* state;
  std::string* path;
  sqlite3_file* real;
};

File& file_of(sqlite3_file* file) {
  return *reinterpret_cast<File*>(file);
}
sqlite3_file* real_of(sqlite3_file* file) {
  return file_of(file).real;
}

void remember(File& file, sqlite3_int64 offset, int bytes) {
  sqlite3_int64 size = 0;
  file.real->pMethods->xFileSize(file.real, &size);
  Before before{offset, std::vector<char>(static_cast<std::size_t>(bytes)), size};
  // A short read past the end fills with zeroes, which the truncation undoes.
  file.real->pMethods->xRead(file.real, before.bytes.data(), bytes, offset);
  const std::lock_guard guard(file.state->mutex);
  file.state->unsynced[*file.path].push_back(std::move(before));
}

int close_file(sqlite3_file* file) {
  const int code = real_of(file)->pMethods->xClose(real_of(file));
  delete file_of(file).path;
  return code;
}
int read_file(sqlite3_file* file, void* to, int bytes, sqlite3_int64 offset) {
  return real_of(file)->pMethods->xRead(real_of(file), to, bytes, offset);
}
int write_file(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
  if (const int code = file_of(file).state->step(); code != SQLITE_OK) return code;
  remember(file_of(file), offset, bytes);
  return real_of(file)->pMethods->xWrite(real_of(file), from, bytes, offset);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return real_of(file)->pMethods->xTruncate(real_of(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
  FaultVfs::State& state = *file_of(file).state;
  // A full disk is told by the write, never by the sync.
  if (const int code = state.step(); code != SQLITE_OK && code != SQLITE_FULL) return code;
  {
    const std::lock_guard guard(state.mutex);
    state.syncs += 1;
    state.unsynced.erase(*file_of(file).path);
  }
  return real_of(file)->pMethods->xSync(real_of(file), flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real_of(file)->pMethods->xFileSize(real_of(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xLock(real_of(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return real_of(file)->pMethods->xUnlock(real_of(file), level);
}
int check_lock(sqlite3_file* file, int* held) {
  return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held);
}
int control_file(sqlite3_file* file, int what, void* argument) {
  return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}
int sector_size(sqlite3_file* file) {
  return real_of(file)->pMethods->xSectorSize(real_of(file));
}
int traits(sqlite3_file* file) {
  return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}
int map_shared(sqlite3_file* file, int page, int bytes, int extend, void volatile** at) {
  return real_of(file)->pMethods->xShmMap(real_of(file), page, bytes, extend, at);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}
void fence_shared(sqlite3_file* file) {
  real_of(file)->pMethods->xShmBarrier(real_of(file));
}
int unmap_shared(sqlite3_file* file, int remove) {
  return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

// Version 2: with shared memory for the log, without memory mapping, so that every byte passes
// here.
const sqlite3_io_methods kMethods = {
    2,           close_file,   read_file,    write_file,   truncate_file, sync_file, file_size,
    lock_file,   unlock_file,  check_lock,   control_file, sector_size,   traits,    map_shared,
    lock_shared, fence_shared, unmap_shared, nullptr,      nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given) {
  auto* state = static_cast<FaultVfs::State*>(vfs->pAppData);
  File& opened = file_of(file);
  opened.base.pMethods = nullptr;
  opened.state = state;
  opened.real = reinterpret_cast<sqlite3_file*>(&opened + 1);
  const int code = state->real->xOpen(state->real, path, opened.real, flags, given);
  if (code != SQLITE_OK) return code;
  opened.path = new std::string(path != nullptr ? path : "");  // SQLite's memory: not an object
  opened.base.pMethods = &kMethods;
  return SQLITE_OK;
}

}  // namespace

FaultVfs::FaultVfs() : state_(std::make_unique<State>()) {
  state_->real = sqlite3_vfs_find(nullptr);
  state_->vfs = *state_->real;
  state_->vfs.pNext = nullptr;
  state_->vfs.zName = kName;
  state_->vfs.szOsFile = static_cast<int>(sizeof(File)) + state_->real->szOsFile;
  state_->vfs.pAppData = state_.get();
  state_->vfs.xOpen = &open_file;
  sqlite3_vfs_register(&state_->vfs, 0);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&state_->vfs);
}

std::string FaultVfs::name() const {
  return kName;
}

void FaultVfs::fail_from(int number, int code) {
  const std::lock_guard guard(state_->mutex);
  state_->steps = state_->syncs = 0;
  state_->fail_from = number;
  state_->code = code;
}

void FaultVfs::heal() {
  fail_from(-1, SQLITE_OK);
}

int FaultVfs::steps() const {
  const std::lock_guard guard(state_->mutex);
  return state_->steps;
}

int FaultVfs::syncs() const {
  const std::lock_guard guard(state_->mutex);
  return state_->syncs;
}

void FaultVfs::lose_power() {
  const std::lock_guard guard(state_->mutex);
  for (auto& [path, writes] : state_->unsynced) {
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) continue;  // deleted since: an empty log
    for (auto write = writes.rbegin(); write != writes.rend(); ++write) {
      if (::pwrite(file, write->bytes.data(), write->bytes.size(), write->offset) < 0) break;
      if (::ftruncate(file, write->size) != 0) break;
    }
    ::close(file);
  }
  state_->unsynced.clear();
}

}  // namespace stillroom::testing
