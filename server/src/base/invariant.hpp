// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace stillroom {

/// What must be true whatever a peer sends. A broken invariant ends the process in every build:
/// calls are peer to peer and clients reconnect, while a wrong state would be acted upon.
inline void ensure(bool holds, const char* what,
                   std::source_location where = std::source_location::current()) {
  if (holds) [[likely]]
    return;
  std::fprintf(stderr, "invariant broken: %s (%s:%u)\n", what, where.file_name(),
               static_cast<unsigned>(where.line()));
  std::abort();
}

}  // namespace stillroom
