// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

namespace stillroom {
namespace {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] MonoTime mono_now() const override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] WallTime wall_now() const override {
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock kClock;
  return kClock;
}

}  // namespace stillroom
