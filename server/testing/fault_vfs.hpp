// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

namespace stillroom::testing {

/// A disk that fails on purpose: an SQLite VFS over the real one, for tests. One at a time.
class FaultVfs {
 public:
  FaultVfs();
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  [[nodiscard]] std::string name() const;

  /// The write or sync with this number (from 0, counted from here) and all after it answer `code`.
  void fail_from(int number, int code);
  void heal();
  /// Writes and syncs since the last `fail_from` or `heal`.
  [[nodiscard]] int steps() const;
  [[nodiscard]] int syncs() const;

  /// Every byte that was written and not synced is as it was before. Only with all files closed.
  void lose_power();

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace stillroom::testing
