// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "telemetry/security_catalogue.hpp"

namespace stillroom::telemetry {

/// What is counted. Each has its line in metrics_table.cpp, in the same order; one family stands
/// together there.
enum class Counter : std::uint8_t {
  connections_accepted,
  connections_moved,
  http_requests,
  links_opened_polling,
  links_opened_websocket,
  links_closed_client,
  links_closed_lost,
  links_closed_timeout,
  links_closed_malformed,
  links_closed_slow_reader,
  links_closed_server,
  connects_accepted,
  log_ins_accepted,
  seats_taken,
  seats_lost,
  calls_started,
  calls_ended,
  offers_relayed,
  answers_relayed,
  candidates_relayed,
  turn_credentials_issued,
  count_  ///< how many there are; no counter
};

/// What is at the moment.
enum class Gauge : std::uint8_t {
  connections,
  links,
  rooms,
  tls_certificate_expires,  ///< the server's, not a worker's: set on the first one's share only
  count_
};

inline constexpr std::size_t kCounters = static_cast<std::size_t>(Counter::count_);
inline constexpr std::size_t kGauges = static_cast<std::size_t>(Gauge::count_);

/// One worker's share. Each entry has one writer, its worker but where said, anybody reads; on
/// cache lines of its own, so that counting costs no traffic between cores.
class alignas(64) WorkerMetrics {
 public:
  void add(Counter counter, std::uint64_t amount = 1) {
    counters_[static_cast<std::size_t>(counter)].fetch_add(amount, std::memory_order_relaxed);
  }
  /// A row of the catalogue of security events.
  void add_security(std::size_t row, std::uint64_t amount) {
    security_[row].fetch_add(amount, std::memory_order_relaxed);
  }
  void change(Gauge gauge, std::int64_t by) {
    gauges_[static_cast<std::size_t>(gauge)].fetch_add(by, std::memory_order_relaxed);
  }
  void set(Gauge gauge, std::int64_t value) {
    gauges_[static_cast<std::size_t>(gauge)].store(value, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t get(Counter counter) const {
    return counters_[static_cast<std::size_t>(counter)].load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t get_security(std::size_t row) const {
    return security_[row].load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::int64_t get(Gauge gauge) const {
    return gauges_[static_cast<std::size_t>(gauge)].load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, kCounters> counters_{};
  std::array<std::atomic<std::uint64_t>, kSecurityRows> security_{};
  std::array<std::atomic<std::int64_t>, kGauges> gauges_{};
};

/// All workers' counters. No label is chosen by a peer, so the text has a fixed size.
class Metrics {
 public:
  explicit Metrics(std::size_t workers);

  [[nodiscard]] std::size_t workers() const { return workers_; }
  /// `index` below workers().
  [[nodiscard]] WorkerMetrics& worker(std::size_t index);
  [[nodiscard]] std::uint64_t total(Counter counter) const;
  [[nodiscard]] std::uint64_t total_security(std::size_t row) const;
  [[nodiscard]] std::int64_t total(Gauge gauge) const;
  /// Prometheus text exposition format 0.0.4.
  [[nodiscard]] std::string exposition() const;

 private:
  std::size_t workers_;
  std::unique_ptr<WorkerMetrics[]> blocks_;
};

}  // namespace stillroom::telemetry
