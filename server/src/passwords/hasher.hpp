// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "signalling/ports.hpp"

namespace stillroom::passwords {

/// RFC 9106 §4 asks for 64 MiB and three passes where memory is short; libsodium has one lane.
struct Cost {
  std::uint64_t passes = 3;
  std::size_t memory_bytes = std::size_t{64} << 20U;
};

inline constexpr std::size_t kHashesWaitingMax = 64;
/// Of which strangers cannot have so many.
inline constexpr std::size_t kHashesKept = 16;

/// Runs a task later, on the thread of the worker that asked.
using Poster = std::function<void(std::function<void()>)>;

/// Hashes passwords (Argon2id) on a few threads of its own. For any thread.
class Hasher {
 public:
  explicit Hasher(std::size_t threads, Cost cost = {});
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  /// The port for one worker. May outlive this object; then nothing answers.
  [[nodiscard]] std::unique_ptr<signalling::Passwords> for_worker(Poster worker);
  /// What waits is not done any more, and its answers do not come. Joins the threads.
  void stop();

 private:
  class Core;
  class Face;
  // Shared with the faces: they end in no fixed order.
  std::shared_ptr<Core> core_;
};

}  // namespace stillroom::passwords
