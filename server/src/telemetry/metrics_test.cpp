// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "telemetry/metrics_table.hpp"

namespace stillroom::telemetry {
namespace {

TEST(Metrics, workers_are_summed) {
  Metrics metrics(3);
  metrics.worker(0).add(Counter::seats_taken);
  metrics.worker(2).add(Counter::seats_taken, 41);
  metrics.worker(1).change(Gauge::links, 5);
  metrics.worker(2).change(Gauge::links, -2);
  metrics.worker(0).set(Gauge::rooms, 7);
  EXPECT_EQ(metrics.total(Counter::seats_taken), 42U);
  EXPECT_EQ(metrics.total(Counter::seats_lost), 0U);
  EXPECT_EQ(metrics.total(Gauge::links), 3);
  EXPECT_EQ(metrics.total(Gauge::rooms), 7);
  EXPECT_EQ(alignof(WorkerMetrics), 64U);
}

TEST(Metrics, reading_while_workers_count_loses_nothing) {
  Metrics metrics(4);
  std::vector<std::thread> workers;
  for (std::size_t index = 0; index < 4; ++index) {
    workers.emplace_back([&metrics, index] {
      for (int round = 0; round < 50'000; ++round) {
        metrics.worker(index).add(Counter::http_requests);
      }
    });
  }
  std::uint64_t last = 0;
  for (int round = 0; round < 100; ++round) {
    const std::uint64_t now = metrics.total(Counter::http_requests);
    EXPECT_GE(now, last);
    last = now;
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(metrics.total(Counter::http_requests), 200'000U);
}

TEST(Metrics, exposition_tells_every_counter_once_and_groups_families) {
  Metrics metrics(1);
  metrics.worker(0).add(Counter::links_closed_timeout, 3);
  metrics.worker(0).add_security(find_security_row(SecurityKind::request_refused, "insecure"), 2);
  const std::string text = metrics.exposition();
  EXPECT_NE(text.find("\nstillroom_links_closed_total{reason=\"timeout\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("\nstillroom_security_events_total{kind=\"request_refused\","
                      "reason=\"insecure\"} 2\n"),
            std::string::npos);
  EXPECT_NE(text.find("# HELP stillroom_rooms Rooms in memory.\n# TYPE stillroom_rooms gauge\n"
                      "stillroom_rooms 0\n"),
            std::string::npos);
  const std::regex meta("# (HELP|TYPE) stillroom_[a-z_]+ .+");
  const std::regex sample(
      R"re(stillroom_[a-z_]+(\{[a-z]+="[a-z_-]+"(,[a-z]+="[a-z_-]+")?\})? \d+)re");
  std::set<std::string> types;
  std::set<std::string> samples;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) {
      EXPECT_TRUE(std::regex_match(line, meta)) << line;
      if (!line.starts_with("# TYPE")) continue;
      EXPECT_TRUE(types.insert(line).second) << "twice: " << line;
    } else {
      EXPECT_TRUE(std::regex_match(line, sample)) << line;
      EXPECT_TRUE(samples.insert(line.substr(0, line.rfind(' '))).second) << "twice: " << line;
    }
  }
  EXPECT_EQ(samples.size(), kCounters + kSecurityRows + kGauges);
}

TEST(MetricsTable, names_follow_their_enumerators) {
  EXPECT_EQ(row_of(Counter::connections_accepted).family, "connections_accepted");
  EXPECT_EQ(row_of(Counter::links_closed_server).label, R"(reason="server")");
  EXPECT_EQ(row_of(Counter::candidates_relayed).label, R"(event="candidate")");
  EXPECT_EQ(row_of(Counter::calls_ended).family, "calls_ended");
  EXPECT_EQ(row_of(Counter::turn_credentials_issued).family, "turn_credentials_issued");
  EXPECT_EQ(row_of(Gauge::links).family, "links");
  EXPECT_EQ(row_of(Gauge::tls_certificate_expires).family, "tls_certificate_expires");
}

TEST(SecurityCatalogue, finds_each_of_its_rows_and_no_other) {
  for (std::size_t index = 0; index < kSecurityRows; ++index) {
    const SecurityRow& row = security_row(index);
    EXPECT_EQ(find_security_row(row.kind, row.reason.text()), index) << row.reason.text();
  }
  const SecurityRow& stranger =
      security_row(find_security_row(SecurityKind::join_refused, "token_invalid"));
  EXPECT_EQ(stranger.kind, SecurityKind::unlisted);
}

}  // namespace
}  // namespace stillroom::telemetry
