// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"

namespace stillroom::config {

inline const std::string kSecret = "correct-horse-battery-staple-0123456789";

/// A folder of its own for each test, gone afterwards.
class LoadTest : public ::testing::Test {
 public:
  ~LoadTest() override { std::filesystem::remove_all(folder_); }

 protected:
  LoadTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stillroom-config-XXXXXX");
    folder_ = ::mkdtemp(pattern.data());
  }

  std::filesystem::path write(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    return path;
  }
  /// Sources with a file of this content, and a good secret so that only the file is judged.
  Sources with_file(const std::string& toml) {
    Sources sources;
    sources.file = write("stillroom.toml", toml);
    sources.environment["JWT_SECRET"] = kSecret;
    return sources;
  }
  /// The problems with the folder's name taken out.
  Problems problems(const Sources& sources) {
    const auto loaded = load(sources);
    if (loaded.ok()) return {};
    Problems shortened;
    for (std::string problem : loaded.error()) {
      const std::string prefix = folder_.string() + "/";
      for (auto at = problem.find(prefix); at != std::string::npos; at = problem.find(prefix)) {
        problem.erase(at, prefix.size());
      }
      shortened.push_back(problem);
    }
    return shortened;
  }
  Problems file_problems(const std::string& toml) { return problems(with_file(toml)); }

  std::filesystem::path folder_;
};

inline Sources dev() {
  Sources sources;
  sources.overrides["dev"] = "loopback";
  return sources;
}

inline bool any_starts_with(const std::vector<std::string>& lines, std::string_view begin) {
  return std::any_of(lines.begin(), lines.end(),
                     [begin](const std::string& line) { return line.starts_with(begin); });
}

}  // namespace stillroom::config
