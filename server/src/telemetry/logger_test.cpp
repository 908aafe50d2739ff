// SPDX-License-Identifier: Apache-2.0
#include "telemetry/logger.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <limits>
#include <thread>
#include <vector>

#include "base/json.hpp"
#include "telemetry/bounded_logger.hpp"
#include "telemetry/json_lines.hpp"
#include "testing/manual_clock.hpp"

namespace stillroom::telemetry {
namespace {

enum class Refusal { late };
constexpr Literal log_word(Refusal) {
  return "late";
}
enum class Silent { one };

template <class T>
concept Fits = requires(T value) { Field("key", value); };
template <class T>
concept HasLoggable = requires(const T& value) { loggable(value); };

// What may be logged...
static_assert(Fits<int> && Fits<std::uint64_t> && Fits<std::size_t> && Fits<bool>);
static_assert(Fits<Literal> && Fits<Loggable> && Fits<Refusal>);
static_assert(Fits<milliseconds> && Fits<seconds> && Fits<std::chrono::microseconds>);
static_assert(HasLoggable<UserId> && HasLoggable<SeatId> && HasLoggable<PersonName>);
// ... and what must not compile: people, secrets, and any text that is not in our source.
static_assert(!Fits<UserId> && !Fits<RoomId> && !Fits<PersonName> && !Fits<SocketId>);
static_assert(!Fits<SecretText&>);
static_assert(!Fits<std::string> && !Fits<std::string_view>);
static_assert(!Fits<const char*> && !Fits<char*> && !Fits<char[8]> && !Fits<char>);
static_assert(!Fits<Silent> && !Fits<double> && !Fits<void*>);
static_assert(!HasLoggable<SecretText> && !HasLoggable<std::string>);
static_assert(!HasLoggable<std::string_view> && !HasLoggable<const char*>);
static_assert(!std::is_constructible_v<Literal, const char*>);
static_assert(!std::is_constructible_v<Literal, std::string>);
static_assert(!std::is_default_constructible_v<Loggable>);

TEST(Loggable, one_id_is_one_word_and_does_not_show_the_id) {
  const Loggable word = loggable(UserId("anna"));
  EXPECT_EQ(word.text().size(), 8U);
  EXPECT_EQ(word.text().find_first_not_of("0123456789abcdef"), std::string_view::npos);
  EXPECT_EQ(word.text(), loggable(UserId("anna")).text());
  EXPECT_NE(word.text(), loggable(UserId("annb")).text());
  // SHA-256("anna") begins so: an unkeyed hash could be looked up.
  EXPECT_NE(word.text(), "55579b55");
}

/// Everything that a JSON-lines logger wrote to a file of its own.
class Captured {
 public:
  Captured() : file_(std::tmpfile()) {}
  ~Captured() { std::fclose(file_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  [[nodiscard]] std::FILE* file() { return file_; }
  [[nodiscard]] std::vector<std::string> lines() {
    std::vector<std::string> lines(1);
    std::rewind(file_);
    for (int byte = std::fgetc(file_); byte != EOF; byte = std::fgetc(file_)) {
      if (byte == '\n')
        lines.emplace_back();
      else
        lines.back() += static_cast<char>(byte);
    }
    EXPECT_EQ(lines.back(), "") << "the last line has its end";
    lines.pop_back();
    return lines;
  }

 private:
  std::FILE* file_;
};

TEST(JsonLines, a_line_is_one_object_with_time_level_event_and_fields) {
  testing::ManualClock clock;
  Captured captured;
  const Loggable user = loggable(UserId("anna"));
  {
    const auto logger = make_json_lines_logger(clock, {Severity::info, captured.file()});
    logger->debug("not_shown");
    logger->info("joined", {{"user", user}, {"people", 2}, {"ok", true}, {"why", Refusal::late}});
    clock.advance(milliseconds(1500));
    logger->error("store_failed", {{"took", milliseconds(25)},
                                   {"spin", std::chrono::microseconds(7)},
                                   {"big", std::numeric_limits<std::uint64_t>::max()},
                                   {"kind", "quote \" {} and \n end"}});
  }
  const auto lines = captured.lines();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0],
            R"({"time":"2026-11-24T10:00:00.000Z","level":"info","event":"joined","user":")" +
                std::string(user.text()) + R"(","people":2,"ok":true,"why":"late"})");
  EXPECT_EQ(
      lines[1],
      R"({"time":"2026-11-24T10:00:01.500Z","level":"error","event":"store_failed",)"
      R"("took_ms":25,"spin_us":7,"big":9223372036854775807,"kind":"quote \" {} and \n end"})");
}

TEST(JsonLines, threads_do_not_mix_their_lines_and_the_end_waits_for_all) {
  testing::ManualClock clock;
  Captured captured;
  {
    const auto logger = make_json_lines_logger(clock, {Severity::info, captured.file()});
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&logger, thread] {
        for (int line = 0; line < 500; ++line) logger->info("tick", {{"by", thread}, {"n", line}});
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const auto lines = captured.lines();
  EXPECT_EQ(lines.size(), 2000U);
  json::Document document;
  for (const std::string& line : lines) EXPECT_TRUE(document.parse(line).ok()) << line;
}

TEST(JsonLines, a_last_line_is_out_when_the_call_returns_and_leaves_the_logger_alone) {
  testing::ManualClock clock;
  Captured captured;
  const auto logger = make_json_lines_logger(clock, {Severity::info, captured.file()});
  write_json_line_now(clock, Severity::error, "store_failed", captured.file());
  EXPECT_EQ(captured.lines(),
            std::vector<std::string>{
                R"({"time":"2026-11-24T10:00:00.000Z","level":"error","event":"store_failed"})"});
  logger->info("goes_on");
}

/// A pipe that nobody reads: the logger must not wait, and must tell what it dropped.
TEST(JsonLines, a_reader_that_stops_costs_lines_and_never_time) {
  testing::ManualClock clock;
  int ends[2] = {};
  ASSERT_EQ(::pipe(ends), 0);
  std::FILE* const in = ::fdopen(ends[0], "r");
  std::FILE* const out = ::fdopen(ends[1], "w");
  auto logger = make_json_lines_logger(clock, {Severity::info, out});
  constexpr int lines_sent = 3 * static_cast<int>(kLinesWaitingMax);
  for (int line = 0; line < lines_sent; ++line) logger->info("tick", {{"n", line}});
  std::string text;
  std::thread reader([&text, in] {
    for (int byte = std::fgetc(in); byte != EOF; byte = std::fgetc(in)) {
      text += static_cast<char>(byte);
    }
  });
  logger->info("last");
  logger.reset();
  std::fclose(out);
  reader.join();
  std::fclose(in);
  const auto seen = std::count(text.begin(), text.end(), '\n');
  EXPECT_LT(seen, lines_sent);
  EXPECT_NE(text.find("\"event\":\"log_lines_dropped\",\"count\":"), std::string::npos);
  EXPECT_NE(text.find("\"event\":\"last\""), std::string::npos);
}

class RecordingLogger final : public Logger {
 public:
  void write(Severity, Literal event, std::span<const Field> fields) override {
    std::string line(event.text());
    for (const Field& field : fields) {
      line += ' ';
      if (const auto* number = std::get_if<std::int64_t>(&field.value())) {
        line += std::to_string(*number);
      } else {
        line += std::get<Literal>(field.value()).text();
      }
    }
    lines.push_back(line);
  }
  std::vector<std::string> lines;
};

using Lines = std::vector<std::string>;

TEST(BoundedLogger, each_kind_has_its_budget_for_a_second_and_the_rest_is_told) {
  testing::ManualClock clock;
  RecordingLogger recording;
  BoundedLogger logger(recording, clock, 2);
  for (int round = 0; round < 5; ++round) logger.warning("refused", {{"n", round}});
  logger.info("joined");
  EXPECT_EQ(recording.lines, (Lines{"refused 0", "refused 1", "joined"}));
  recording.lines.clear();
  clock.advance(seconds(1));
  logger.warning("refused", {{"n", 9}});
  EXPECT_EQ(recording.lines, (Lines{"events_suppressed refused 3", "refused 9"}));
}

TEST(BoundedLogger, flush_tells_what_no_later_event_would) {
  testing::ManualClock clock;
  RecordingLogger recording;
  BoundedLogger logger(recording, clock, 1);
  for (int round = 0; round < 4; ++round) logger.info("tick");
  logger.flush();
  EXPECT_EQ(recording.lines, Lines{"tick"}) << "the second is not over";
  clock.advance(seconds(1));
  logger.flush();
  logger.flush();
  EXPECT_EQ(recording.lines, (Lines{"tick", "events_suppressed tick 3"}));
}

TEST(BoundedLogger, errors_always_pass) {
  testing::ManualClock clock;
  RecordingLogger recording;
  BoundedLogger logger(recording, clock, 1);
  for (int round = 0; round < 10; ++round) logger.error("store_failed");
  EXPECT_EQ(recording.lines.size(), 10U);
}

}  // namespace
}  // namespace stillroom::telemetry
