// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace stillroom::store {

/// Runs a task on a worker's thread, later. Called from the store's thread and from the worker's
/// own; must not block for long, for every other worker waits meanwhile.
using Poster = std::function<void(std::function<void()>)>;

}  // namespace stillroom::store
