// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/open_error.hpp"

/// The files around the database: who may read them, and that one process at a time writes them.
namespace stillroom::store {

/// `stillroom.db` and `stillroom.lock` in the data folder.
[[nodiscard]] std::filesystem::path database_file(const std::filesystem::path& folder);

/// Held as long as the process may write; the system gives it back when the process ends, however.
class FolderLock {
 public:
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  FolderLock(const FolderLock&) = delete;
  ~FolderLock();

 private:
  friend Result<FolderLock, OpenError> lock_folder(const std::filesystem::path&, const Clock&,
                                                   milliseconds);
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/// Makes the folder (0700) when it is not there, and takes the lock or says who has it: a command
/// holds it for some milliseconds, so whoever comes meanwhile waits for at most `patience`.
[[nodiscard]] Result<FolderLock, OpenError> lock_folder(const std::filesystem::path& folder,
                                                        const Clock& clock, milliseconds patience);

/// Makes an empty file (0600) when there is none, its entry in the folder on the disk. An existing
/// one has to be this account's and no one else's to read.
[[nodiscard]] Result<void, OpenError> prepare_database_file(const std::filesystem::path& folder);

/// fsync of the folder: names of new files last (fsync(2)).
[[nodiscard]] Result<void, OpenError> sync_folder(const std::filesystem::path& folder);

}  // namespace stillroom::store
