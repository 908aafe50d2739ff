// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <unistd.h>

#include "world.hpp"

// Runs seeds of the simulated world. A seed is all that is needed to see a failure again.
namespace {

using stillroom::sim::Violation;
using stillroom::sim::World;

constexpr std::size_t kTraceLinesMax = 80;

struct Options {
  std::uint64_t first = 1;
  std::uint64_t seeds = 500;
  std::optional<std::string> wanted;  ///< the promise that has to be broken; nothing: none
  bool trace = false;
};

volatile std::uint64_t current_seed = 0;

/// A broken invariant of the server ends the process; the seed must not be lost with it.
extern "C" void on_abort(int) {
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), "sim: aborted in --seed %llu\n",
                                   static_cast<unsigned long long>(current_seed));
  if (length > 0 && write(STDERR_FILENO, text.data(), static_cast<std::size_t>(length)) < 0) {
    _exit(3);
  }
  std::signal(SIGABRT, SIG_DFL);
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Options> parse(int count, char** args) {
  Options options;
  for (int at = 1; at < count; ++at) {
    const std::string_view arg = args[at];
    if (arg == "--trace") {
      options.trace = true;
    } else if (arg == "--expect-caught" && at + 1 < count) {
      options.wanted = args[++at];
    } else if ((arg == "--seed" || arg == "--seeds" || arg == "--first") && at + 1 < count) {
      const auto value = number(args[++at]);
      if (!value) return std::nullopt;
      if (arg != "--seeds") options.first = *value;
      if (arg != "--first") options.seeds = arg == "--seed" ? 1 : *value;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

struct Tally {
  std::uint64_t seeds = 0;
  std::uint64_t steps = 0;
  std::uint64_t checks = 0;
  std::map<std::string, std::size_t> seen;
};

/// What was broken, or nothing.
std::optional<std::string> run(std::uint64_t seed, Tally& tally) {
  current_seed = seed;
  World world(seed);
  std::optional<std::string> broken;
  try {
    world.run();
  } catch (const Violation& violation) {
    broken = violation.what();
  }
  tally.seeds += 1;
  tally.steps += world.steps();
  tally.checks += world.judge().checks();
  for (const auto& [event, count] : world.judge().seen()) tally.seen[event] += count;
  return broken;
}

/// The same seed goes the same way; this time it is written down.
void replay(std::uint64_t seed, std::size_t lines_max) {
  World world(seed);
  std::deque<std::string> lines;
  world.read_along([&](const std::string& line) {
    lines.push_back(line);
    if (lines.size() > lines_max) lines.pop_front();
  });
  try {
    world.run();
  } catch (const Violation& violation) {
    lines.push_back(violation.what());
  }
  for (const std::string& line : lines) std::fprintf(stderr, "  %s\n", line.c_str());
}

void report(const Options& options, const Tally& tally) {
  for (const auto& [event, count] : tally.seen) std::printf("  %8zu  %s\n", count, event.c_str());
  std::printf("sim: seeds %llu to %llu, %llu steps, %llu checks, nothing broken\n",
              static_cast<unsigned long long>(options.first),
              static_cast<unsigned long long>(options.first + options.seeds - 1),
              static_cast<unsigned long long>(tally.steps),
              static_cast<unsigned long long>(tally.checks));
}

}  // namespace

int main(int count, char** args) {
  const auto options = parse(count, args);
  if (!options) {
    std::fprintf(stderr,
                 "sim [--seeds N] [--first N] [--seed N] [--trace] [--expect-caught PROMISE]\n");
    return 2;
  }
  std::signal(SIGABRT, on_abort);
  Tally tally;
  for (std::uint64_t at = 0; at < options->seeds; ++at) {
    const std::uint64_t seed = options->first + at;
    if (options->trace) replay(seed, SIZE_MAX);
    const auto broken = run(seed, tally);
    if (!broken) continue;
    if (options->wanted) {
      // Another promise may break first; it does not show that this one is watched.
      const bool caught = broken->ends_with(": " + *options->wanted);
      std::printf("sim: %s seed %llu: %s\n", caught ? "caught by" : "something else in",
                  static_cast<unsigned long long>(seed), broken->c_str());
      if (caught) return 0;
      continue;
    }
    std::fprintf(stderr, "sim: --seed %llu: %s\n", static_cast<unsigned long long>(seed),
                 broken->c_str());
    replay(seed, kTraceLinesMax);
    return 1;
  }
  if (options->wanted) {
    std::fprintf(stderr, "sim: no seed broke this promise: %s\n", options->wanted->c_str());
    return 1;
  }
  report(*options, tally);
  return 0;
}
