// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace stillroom::sim {

using Task = std::function<void()>;

/// The only time there is: what is to happen, in order of its instant and then of its asking.
class Schedule final : public Clock {
 public:
  [[nodiscard]] MonoTime mono_now() const override { return now_; }
  [[nodiscard]] WallTime wall_now() const override {
    return kBegin + std::chrono::floor<milliseconds>(now_ - kOrigin);
  }

  void at(MonoTime time, Task task) {
    tasks_.push_back({std::max(time, now_), next_++, std::move(task)});
    std::push_heap(tasks_.begin(), tasks_.end(), later);
  }
  void after(milliseconds delay, Task task) { at(now_ + delay, std::move(task)); }
  [[nodiscard]] MonoTime next() const {
    return tasks_.empty() ? MonoTime::max() : tasks_.front().time;
  }
  void advance_to(MonoTime time) { now_ = std::max(now_, time); }
  /// The next task; there must be one, and its time must have come.
  void run_one() {
    std::pop_heap(tasks_.begin(), tasks_.end(), later);
    const Task task = std::move(tasks_.back().task);
    tasks_.pop_back();
    task();
  }
  /// Since the world began.
  [[nodiscard]] milliseconds age() const {
    return std::chrono::floor<milliseconds>(now_ - kOrigin);
  }

 private:
  struct Entry {
    MonoTime time;
    std::uint64_t order;
    Task task;
  };
  static bool later(const Entry& one, const Entry& other) {
    return one.time != other.time ? one.time > other.time : one.order > other.order;
  }
  static constexpr MonoTime kOrigin{std::chrono::hours(1)};
  static constexpr WallTime kBegin{milliseconds(1'795'514'400'000)};

  MonoTime now_ = kOrigin;
  std::uint64_t next_ = 0;
  std::vector<Entry> tasks_;
};

}  // namespace stillroom::sim
