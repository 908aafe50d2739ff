// SPDX-License-Identifier: Apache-2.0
#include "telemetry/json_lines.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <string>

#include "base/json.hpp"

namespace stillroom::telemetry {
namespace {

/// Only the pool's one thread comes here, so it needs no lock.
class FileSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit FileSink(std::FILE* out) : out_(out) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    // A log that cannot be written has nobody left to tell.
    (void)std::fwrite(message.payload.data(), 1, message.payload.size(), out_);
  }
  void flush_() override { (void)std::fflush(out_); }

 private:
  std::FILE* out_;
};

/// Of one with a field or two.
constexpr std::size_t kLineBytesExpected = 160;

spdlog::level::level_enum level_of(Severity severity) {
  switch (severity) {
    case Severity::debug:
      return spdlog::level::debug;
    case Severity::info:
      return spdlog::level::info;
    case Severity::warning:
      return spdlog::level::warn;
    case Severity::error:
      break;
  }
  return spdlog::level::err;
}

void write_value(json::Writer& writer, const Field::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    writer.integer(*number);
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    writer.boolean(*truth);
  } else if (const auto* word = std::get_if<Literal>(&value)) {
    writer.string(word->text());
  } else if (const auto* id = std::get_if<Loggable>(&value)) {
    writer.string(id->text());
  } else {
    writer.string(std::get<LoggableLater>(value).hashed().text());
  }
}

std::string line_of(const Clock& clock, Severity severity, Literal event,
                    std::span<const Field> fields) {
  std::string out;
  out.reserve(kLineBytesExpected);
  json::Writer writer(out);
  writer.begin_object();
  writer.key("time").string(to_rfc3339(clock.wall_now()));
  writer.key("level").string(log_word(severity).text());
  writer.key("event").string(event.text());
  for (const Field& field : fields) {
    writer.key(std::string(field.key()).append(field.unit()));
    write_value(writer, field.value());
  }
  writer.end_object();
  out += '\n';
  return out;
}

class JsonLinesLogger final : public Logger {
 public:
  JsonLinesLogger(const Clock& clock, JsonLinesOptions options)
      : clock_(clock),
        lowest_(options.lowest),
        pool_(std::make_shared<spdlog::details::thread_pool>(kLinesWaitingMax, 1)),
        lines_(std::make_shared<spdlog::async_logger>(
            "stillroom", std::make_shared<FileSink>(options.out), pool_,
            spdlog::async_overflow_policy::overrun_oldest)) {
    lines_->set_level(spdlog::level::trace);
    lines_->flush_on(spdlog::level::trace);  // a line is seen when it happens, also before a crash
  }

  JsonLinesLogger(const JsonLinesLogger&) = delete;
  JsonLinesLogger& operator=(const JsonLinesLogger&) = delete;
  /// The pool first: it writes what is left and joins its thread, which still uses the sink.
  ~JsonLinesLogger() override { pool_.reset(); }

  void write(Severity severity, Literal event, std::span<const Field> fields) override {
    if (severity < lowest_) return;
    tell_dropped();
    lines_->log(level_of(severity),
                spdlog::string_view_t(line_of(clock_, severity, event, fields)));
  }

 private:
  void tell_dropped() {
    const std::size_t dropped = pool_->overrun_counter();
    const std::size_t told = told_.exchange(dropped, std::memory_order_relaxed);
    if (dropped <= told) return;
    const Field count("count", dropped - told);
    lines_->log(spdlog::level::warn,
                spdlog::string_view_t(
                    line_of(clock_, Severity::warning, "log_lines_dropped", {&count, 1})));
  }

  const Clock& clock_;
  Severity lowest_;
  // spdlog shares the pool with its loggers by weak pointers and insists on shared ownership.
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> lines_;
  std::atomic<std::size_t> told_ = 0;
};

}  // namespace

std::unique_ptr<Logger> make_json_lines_logger(const Clock& clock, JsonLinesOptions options) {
  return std::make_unique<JsonLinesLogger>(clock, options);
}

void write_json_line_now(const Clock& clock, Severity severity, Literal event, std::FILE* out) {
  const std::string line = line_of(clock, severity, event, {});
  (void)std::fwrite(line.data(), 1, line.size(), out);
  (void)std::fflush(out);
}

}  // namespace stillroom::telemetry
