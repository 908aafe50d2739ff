// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include "base/invariant.hpp"
#include "telemetry/metrics_table.hpp"

namespace stillroom::telemetry {
namespace {

constexpr std::string_view kSecurityEvents =
    "Refusals, and rights that ended, by kind and reason (docs/security/events.md).";

/// Appends samples; a family's HELP and TYPE come before its first sample.
class Exposition {
 public:
  Exposition(std::string_view suffix, std::string_view type) : suffix_(suffix), type_(type) {}

  template <class Number>
  void sample(const MetricRow& row, Number value) {
    const std::string name = std::string("stillroom_").append(row.family).append(suffix_);
    if (row.family != family_) {
      family_ = row.family;
      text_.append("# HELP ").append(name).append(" ").append(row.help).append("\n");
      text_.append("# TYPE ").append(name).append(" ").append(type_).append("\n");
    }
    text_ += name;
    if (!row.label.empty()) text_.append("{").append(row.label).append("}");
    text_.append(" ").append(std::to_string(value)).append("\n");
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string_view suffix_;
  std::string_view type_;
  std::string_view family_;
  std::string text_;
};

}  // namespace

Metrics::Metrics(std::size_t workers)
    : workers_(workers), blocks_(std::make_unique<WorkerMetrics[]>(workers)) {}

WorkerMetrics& Metrics::worker(std::size_t index) {
  ensure(index < workers_, "a worker's counters exist");
  return blocks_[index];
}

std::uint64_t Metrics::total(Counter counter) const {
  std::uint64_t sum = 0;
  for (std::size_t index = 0; index < workers_; ++index) sum += blocks_[index].get(counter);
  return sum;
}

std::uint64_t Metrics::total_security(std::size_t row) const {
  std::uint64_t sum = 0;
  for (std::size_t index = 0; index < workers_; ++index) sum += blocks_[index].get_security(row);
  return sum;
}

std::int64_t Metrics::total(Gauge gauge) const {
  std::int64_t sum = 0;
  for (std::size_t index = 0; index < workers_; ++index) sum += blocks_[index].get(gauge);
  return sum;
}

std::string Metrics::exposition() const {
  Exposition counters("_total", "counter");
  for (std::size_t index = 0; index < kCounters; ++index) {
    const auto counter = static_cast<Counter>(index);
    counters.sample(row_of(counter), total(counter));
  }
  for (std::size_t index = 0; index < kSecurityRows; ++index) {
    const SecurityRow& row = security_row(index);
    std::string label = R"(kind=")";
    label.append(row.name.text()).append(R"(",reason=")").append(row.reason.text()).append("\"");
    counters.sample({"security_events", label, kSecurityEvents}, total_security(index));
  }
  Exposition gauges("", "gauge");
  for (std::size_t index = 0; index < kGauges; ++index) {
    const auto gauge = static_cast<Gauge>(index);
    gauges.sample(row_of(gauge), total(gauge));
  }
  return counters.text() + gauges.text();
}

}  // namespace stillroom::telemetry
