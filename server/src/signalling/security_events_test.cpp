// SPDX-License-Identifier: Apache-2.0
#include "signalling/security_events.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "testing/manual_clock.hpp"
#include "testing/memory_store.hpp"

namespace stillroom::signalling {
namespace {

using telemetry::find_security_row;

/// Writes down what lines say, digests as the text of their variant.
class Lines final : public telemetry::Logger {
 public:
  void write(telemetry::Severity, telemetry::Literal event,
             std::span<const telemetry::Field> fields) override {
    std::string line(event.text());
    for (const telemetry::Field& field : fields) {
      line.append(" ").append(field.key()).append("=");
      if (const auto* word = std::get_if<telemetry::Literal>(&field.value())) {
        line.append(word->text());
      } else if (const auto* later = std::get_if<telemetry::LoggableLater>(&field.value())) {
        line.append(later->hashed().text());
      } else if (const auto* number = std::get_if<std::int64_t>(&field.value())) {
        line.append(std::to_string(*number));
      }
    }
    lines.push_back(line);
  }
  std::vector<std::string> lines;
};

class SecurityEventsTest : public ::testing::Test {
 protected:
  SecurityEvent from(std::string_view address) const {
    SecurityEvent event;
    event.kind = SecurityKind::connect_refused;
    event.reason = "rate_limited";
    event.address = address;
    event.recorded = audit::Kind::connect_refused;
    return event;
  }
  std::vector<audit::Record> recorded() {
    while (!tasks_.empty()) {
      const auto task = std::move(tasks_.front());
      tasks_.pop_front();
      task();
    }
    return store_.records();
  }
  std::uint64_t counted(SecurityKind kind, std::string_view reason) const {
    return metrics_.get_security(find_security_row(kind, reason));
  }
  /// How many events all records together stand for.
  std::uint64_t told() {
    std::uint64_t sum = 0;
    for (const audit::Record& record : recorded()) sum += record.times;
    return sum;
  }

  std::deque<std::function<void()>> tasks_;
  testing::ManualClock clock_;
  testing::MemoryStore store_{
      [this](std::function<void()> task) { tasks_.push_back(std::move(task)); }};
  telemetry::WorkerMetrics metrics_;
  Lines log_;
  SecretText source_key_{"a key of this installation"};
  SecurityEvents events_{store_, clock_, metrics_, log_, source_key_};
};

TEST_F(SecurityEventsTest, an_event_is_counted_logged_and_recorded_once) {
  const UserId ann("ann");
  SecurityEvent event = from("0123456789abcdef");
  event.kind = SecurityKind::staff_refused;
  event.reason = "forbidden";
  event.principal = &ann;
  event.recorded = audit::Kind::staff_refused;
  events_.tell(event);
  EXPECT_EQ(counted(SecurityKind::staff_refused, "forbidden"), 1U);
  ASSERT_EQ(log_.lines.size(), 1U);
  telemetry::SourceDigest digest(source_key_.reveal());
  EXPECT_EQ(log_.lines[0],
            "staff_refused reason=forbidden source=" +
                std::string(telemetry::loggable_source(digest, event.address).hashed().text()) +
                " principal=" + std::string(telemetry::loggable(ann).text()));
  const auto records = recorded();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].kind, audit::Kind::staff_refused);
  EXPECT_EQ(records[0].outcome, audit::Outcome::refused);
  EXPECT_EQ(records[0].actor, ann);
  EXPECT_EQ(records[0].reason, "forbidden");
  EXPECT_EQ(records[0].source, events_.source_digest(event.address));
}

TEST_F(SecurityEventsTest, an_address_and_its_digest_are_one_source_in_the_log) {
  events_.tell(from("0123456789abcdef"));
  SecurityEvent again = from("");
  const std::string digest = events_.source_digest("0123456789abcdef");
  again.digest = digest;
  events_.tell(again);
  ASSERT_EQ(log_.lines.size(), 2U);
  EXPECT_EQ(log_.lines[0], log_.lines[1]);
}

TEST_F(SecurityEventsTest, a_person_who_comes_from_elsewhere_is_told_from_there) {
  const UserId ann("ann");
  for (const std::string_view digest : {"0123456789abcdef", "fedcba9876543210"}) {
    SecurityEvent event = from("");
    event.digest = digest;
    event.principal = &ann;
    events_.tell(event);
  }
  ASSERT_EQ(log_.lines.size(), 2U);
  EXPECT_NE(log_.lines[0], log_.lines[1]);
  EXPECT_EQ(recorded().at(1).source, "fedcba9876543210");
}

TEST_F(SecurityEventsTest, an_event_without_a_record_makes_none) {
  SecurityEvent event = from("address");
  event.recorded.reset();
  events_.tell(event);
  events_.end_window();
  EXPECT_EQ(counted(SecurityKind::connect_refused, "rate_limited"), 1U);
  EXPECT_TRUE(recorded().empty());
}

TEST_F(SecurityEventsTest, a_reason_that_is_missing_from_the_list_is_told_all_the_same) {
  SecurityEvent event = from("address");
  event.reason = "of nobody";
  events_.tell(event);
  EXPECT_EQ(counted(SecurityKind::unlisted, "unlisted"), 1U);
  EXPECT_TRUE(log_.lines.at(0).starts_with("unlisted reason=unlisted ")) << log_.lines[0];
}

TEST_F(SecurityEventsTest, a_flood_of_one_source_has_some_records_and_a_count) {
  constexpr std::uint64_t kMany = 10'000;
  for (std::uint64_t time = 0; time < kMany; ++time) events_.tell(from("one"));
  EXPECT_EQ(recorded().size(), kOwnRecordsMax);
  clock_.advance(seconds(1));
  events_.end_window();
  const auto records = recorded();
  ASSERT_EQ(records.size(), kOwnRecordsMax + 1);
  EXPECT_EQ(records.back().reason, "rate_limited:count:" + std::to_string(kMany - kOwnRecordsMax));
  EXPECT_EQ(records.back().source, records.front().source);
  EXPECT_EQ(told(), kMany);
  EXPECT_EQ(counted(SecurityKind::connect_refused, "rate_limited"), kMany);
  events_.end_window();
  EXPECT_EQ(recorded().size(), kOwnRecordsMax + 1) << "told once";
  events_.tell(from("one"));
  EXPECT_EQ(recorded().size(), kOwnRecordsMax + 2) << "a window of its own";
}

TEST_F(SecurityEventsTest, reasons_and_people_are_told_apart) {
  const UserId ann("ann");
  const UserId bob("bob");
  for (std::uint64_t time = 0; time <= kOwnRecordsOfPersonMax; ++time) {
    for (const UserId* who : {&ann, &bob}) {
      SecurityEvent event = from("one");
      event.principal = who;
      event.reason = "user_inactive";
      events_.tell(event);
    }
    events_.tell(from("one"));
  }
  EXPECT_EQ(recorded().size(), 2 * kOwnRecordsOfPersonMax + kOwnRecordsMax);
  events_.end_window();
  std::vector<std::string> counts;
  for (const audit::Record& record : recorded()) {
    if (record.reason.find(":count:") == std::string::npos) continue;
    counts.push_back((record.actor ? record.actor->text() : "") + " " + record.reason);
  }
  std::sort(counts.begin(), counts.end());
  EXPECT_EQ(counts, (std::vector<std::string>{" rate_limited:count:8", "ann user_inactive:count:1",
                                              "bob user_inactive:count:1"}));
}

TEST_F(SecurityEventsTest, a_flood_from_many_sources_has_bounded_records_that_stand_for_all) {
  constexpr std::uint64_t kSources = 65'536;
  for (int round = 0; round < 2; ++round) {
    for (std::uint64_t source = 0; source < kSources; ++source) {
      events_.tell(from("source " + std::to_string(source)));
    }
  }
  EXPECT_EQ(recorded().size(), kOwnRecordsOfAllMax);
  EXPECT_EQ(events_.apart(), kTalliesMax);
  events_.end_window();
  EXPECT_EQ(events_.apart(), 0U);
  EXPECT_LE(recorded().size(), kOwnRecordsOfAllMax + kTalliesToldMax + 1);
  EXPECT_EQ(told(), 2 * kSources);
  EXPECT_EQ(counted(SecurityKind::connect_refused, "rate_limited"), 2 * kSources);
  const auto records = recorded();
  const bool crowd = std::ranges::any_of(records, [](const audit::Record& record) {
    return record.source.empty() && record.times > kSources &&
           record.kind == audit::Kind::connect_refused;
  });
  EXPECT_TRUE(crowd) << "one count for all who had no place";
}

TEST_F(SecurityEventsTest, what_a_record_says_beside_is_its_own) {
  audit::Record about;
  about.kind = audit::Kind::join_refused;
  about.actor = UserId("ann");
  about.session = SessionId("session-1");
  about.reason = "unpaid";
  about.source = "0123456789abcdef";
  for (std::uint64_t time = 0; time <= kOwnRecordsOfPersonMax; ++time) {
    events_.tell(event_of(SecurityKind::join_refused, about));
  }
  events_.end_window();
  const auto records = recorded();
  ASSERT_EQ(records.size(), kOwnRecordsOfPersonMax + 1);
  EXPECT_EQ(records.front().session, SessionId("session-1"));
  EXPECT_EQ(records.back().actor, UserId("ann"));
  EXPECT_FALSE(records.back().session) << "a count is about no session";
}

}  // namespace
}  // namespace stillroom::signalling
