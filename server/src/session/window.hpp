// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "session/session.hpp"

namespace stillroom::session {

/// When a session may be entered; both ends belong to it (contract §7).
struct Window {
  WallTime opens;
  WallTime closes;
};
[[nodiscard]] Window joinable(const Session& session, const Settings& settings);

}  // namespace stillroom::session
