// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include "base/invariant.hpp"
#include "config/checks.hpp"
#include "config/sources.hpp"

namespace stillroom::config {
namespace {

void assign_defaults(DevMode dev, Settings& settings) {
  for (const Row& row : table()) {
    const bool eased = dev == DevMode::loopback && !row.dev_fallback.empty();
    const std::string_view text = eased ? row.dev_fallback : row.fallback;
    const std::string problem = assign(row, {std::string(text), true, "default"}, settings);
    ensure(problem.empty(), "a setting's default passes its own check");
  }
  settings.dev = dev;
}

class Loader {
 public:
  explicit Loader(const Sources& sources) : purpose_(sources.purpose) {
    if (sources.file) take(gather_file(*sources.file));
    take(gather_environment(sources.environment));
    take(gather_overrides(sources.overrides));
  }

  Result<Loaded, Problems> run() {
    Settings settings;
    assign_defaults(dev_mode(), settings);
    for (const auto& [row, raw] : values_) {
      const std::string phrase = assign(*row, raw, settings);
      if (phrase.empty()) continue;
      problems_.push_back(raw.where + ": " + std::string(row->key) + " " + phrase);
    }
    // A value that was refused would make the combinations talk about its default.
    if (!problems_.empty()) return fail(std::move(problems_));
    if (purpose_ == Purpose::serve) problems_ = find_problems(settings);
    if (!problems_.empty()) return fail(std::move(problems_));
    if (purpose_ == Purpose::serve) {
      for (std::string& warning : find_warnings(settings)) warnings_.push_back(std::move(warning));
    }
    return Loaded{std::move(settings), std::move(warnings_)};
  }

 private:
  void take(Gathered gathered) {
    for (auto& value : gathered.values) values_.push_back(std::move(value));
    for (auto& problem : gathered.problems) problems_.push_back(std::move(problem));
    for (auto& warning : gathered.warnings) warnings_.push_back(std::move(warning));
  }

  /// Looked up first, because some defaults depend on it.
  [[nodiscard]] DevMode dev_mode() const {
    Settings probe;
    for (const auto& [row, raw] : values_) {
      // A bad value is reported when it is assigned for good.
      if (row->key == "dev") (void)assign(*row, raw, probe);
    }
    return probe.dev;
  }

  Purpose purpose_;
  std::vector<std::pair<const Row*, RawValue>> values_;  ///< weakest source first
  Problems problems_;
  std::vector<std::string> warnings_;
};

}  // namespace

Result<Loaded, Problems> load(const Sources& sources) {
  return Loader(sources).run();
}

}  // namespace stillroom::config
