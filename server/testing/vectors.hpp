// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace stillroom::testing {

/// Where outside test vectors lie: `STILLROOM_VECTORS`, else beside the project. They are not part
/// of it; a test without them skips and says so.
[[nodiscard]] inline std::filesystem::path vectors_root(const char* source_dir) {
  const char* const told = std::getenv("STILLROOM_VECTORS");
  if (told != nullptr && *told != '\0') return told;
  return std::filesystem::path(source_dir) / ".." / "shared" / "vectors";
}

[[nodiscard]] inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The regular files of a folder by name; empty when there is no such folder.
[[nodiscard]] inline std::vector<std::filesystem::path> files_in(
    const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace stillroom::testing

// NOLINTBEGIN(bugprone-macro-parentheses): a declared name cannot stand in parentheses
/// The path of a vector folder, or a loud skip. Only inside a test body.
#define STILLROOM_VECTORS_OR_SKIP(variable, folder)                                        \
  const auto variable = stillroom::testing::vectors_root(STILLROOM_SOURCE_DIR) / (folder); \
  if (!std::filesystem::is_directory(variable))                                            \
  GTEST_SKIP() << "0 cases ran: no test vectors at " << variable.string()                  \
               << " (set STILLROOM_VECTORS)"
// NOLINTEND(bugprone-macro-parentheses)
