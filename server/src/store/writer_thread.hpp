// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <thread>

#include "store/writer.hpp"

namespace stillroom::store {

/// Does a writer's work as soon as there is some; ends after the group at hand.
class WriterThread {
 public:
  explicit WriterThread(Writer& writer) : thread_([this, &writer] { loop(writer); }) {}
  ~WriterThread() { end(); }
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  /// For any thread; after the end it does nothing.
  void wake() {
    work_ = true;
    work_.notify_one();
  }
  void end() {
    ending_ = true;
    wake();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void loop(Writer& writer) {
    while (!ending_) {
      work_.wait(false);
      work_ = false;  // before the look into the queue: what comes after it wakes again
      while (!ending_ && writer.work()) {
      }
    }
  }

  std::atomic<bool> work_ = false;
  std::atomic<bool> ending_ = false;
  std::thread thread_;  // last: it sees everything above
};

}  // namespace stillroom::store
