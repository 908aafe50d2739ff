// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace stillroom::store {

/// Why a database was not opened.
enum class OpenErrorKind : std::uint8_t {
  in_use,       ///< another process holds the lock
  permissions,  ///< other accounts may read or swap the files, or they are another account's
  not_ours,     ///< no SQLite database, or of another application
  too_new,      ///< its schema is newer than this program
  damaged,      ///< SQLite says that its content is malformed
  io,           ///< the operating system said no
};

struct OpenError {
  OpenErrorKind kind = OpenErrorKind::io;
  std::string sentence;  ///< for the operator: what is wrong and what to do
};

}  // namespace stillroom::store
