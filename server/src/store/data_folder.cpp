// SPDX-License-Identifier: Apache-2.0
#include "store/data_folder.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace stillroom::store {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;
constexpr std::size_t kPidDigitsMax = 16;
constexpr int kLockLookMs = 20;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

Failure<OpenError> system_error(const std::filesystem::path& path, int error) {
  return fail(
      OpenError{OpenErrorKind::io, path.string() + ": " + std::generic_category().message(error)});
}

Failure<OpenError> permission_error(const std::filesystem::path& path, const std::string& what) {
  return fail(OpenError{OpenErrorKind::permissions, path.string() + " " + what});
}

Result<void, OpenError> check_folder(const std::filesystem::path& folder) {
  struct stat facts{};
  if (::stat(folder.c_str(), &facts) != 0) return system_error(folder, errno);
  if (!S_ISDIR(facts.st_mode)) return system_error(folder, ENOTDIR);
  if (facts.st_uid != ::geteuid()) {
    return permission_error(folder, "belongs to another account: run as its owner");
  }
  // Whoever may write in the folder may put another database in place of ours.
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return permission_error(folder, "can be written by other accounts: chmod 700 it");
  }
  return {};
}

Result<void, OpenError> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::absolute(folder, error).parent_path();
  std::filesystem::create_directories(parent, error);
  if (error) return system_error(parent, error.value());
  if (::mkdir(folder.c_str(), kFolderMode) == 0) return sync_folder(parent);
  if (errno != EEXIST) return system_error(folder, errno);
  return check_folder(folder);
}

std::string holder_of(int lock) {
  std::array<char, kPidDigitsMax> digits{};
  const ssize_t got = ::pread(lock, digits.data(), digits.size(), 0);
  std::string pid(digits.data(), got > 0 ? static_cast<std::size_t>(got) : 0U);
  pid.erase(pid.find_last_not_of('\n') + 1);
  return pid.empty() ? "" : " (process " + pid + ")";
}

/// The error, or 0. flock(2) waits for ever or not at all, so this looks again from time to time.
int take_lock(int lock, const Clock& clock, milliseconds patience) {
  const MonoTime end = clock.mono_now() + patience;
  while (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return errno;
    if (clock.mono_now() >= end) return EWOULDBLOCK;
    static_cast<void>(::poll(nullptr, 0, kLockLookMs));
  }
  return 0;
}

Result<void, OpenError> check_file(const std::filesystem::path& path, int file) {
  struct stat facts{};
  if (::fstat(file, &facts) != 0) return system_error(path, errno);
  if (!S_ISREG(facts.st_mode)) return permission_error(path, "is not a plain file");
  if (facts.st_uid != ::geteuid()) {
    return permission_error(path, "belongs to another account: run as its owner");
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return permission_error(path, "is open to other accounts: chmod 600 it");
  }
  return {};
}

}  // namespace

std::filesystem::path database_file(const std::filesystem::path& folder) {
  return folder / "stillroom.db";
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<FolderLock, OpenError> lock_folder(const std::filesystem::path& folder, const Clock& clock,
                                          milliseconds patience) {
  if (auto made = make_folder(folder); !made) return fail(made.error());
  const std::filesystem::path path = folder / "stillroom.lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!file.open()) return system_error(path, errno);
  if (const int error = take_lock(file.number(), clock, patience); error != 0) {
    if (error != EWOULDBLOCK) return system_error(path, error);
    return fail(OpenError{OpenErrorKind::in_use, database_file(folder).string() +
                                                     " is in use by another process" +
                                                     holder_of(file.number())});
  }
  // Only for the sentence above: the lock itself is the system's, so a stale number does no harm.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file.number(), 0) != 0 ||
      ::pwrite(file.number(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return system_error(path, errno);
  }
  return FolderLock(file.release());
}

Result<void, OpenError> prepare_database_file(const std::filesystem::path& folder) {
  const std::filesystem::path path = database_file(folder);
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!file.open()) return system_error(path, errno);
  if (auto checked = check_file(path, file.number()); !checked) return checked;
  return sync_folder(folder);
}

Result<void, OpenError> sync_folder(const std::filesystem::path& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.open()) return system_error(folder, errno);
  if (::fsync(opened.number()) != 0) return system_error(folder, errno);
  return {};
}

}  // namespace stillroom::store
