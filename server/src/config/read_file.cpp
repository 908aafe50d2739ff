// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "config/nearest_name.hpp"
#include "config/sources.hpp"

namespace stillroom::config {

Result<std::string, std::string> read_bounded(const std::filesystem::path& path,
                                              std::uintmax_t bytes_max) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem)) {
    return fail(path.string() + ": cannot be read: it is a folder");
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(path.string() + ": cannot be read: " + std::strerror(errno));
  std::string text(bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return fail(path.string() + ": cannot be read: " + std::strerror(errno));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > bytes_max) {
    return fail(path.string() + ": is larger than " + std::to_string(bytes_max) + " bytes");
  }
  return text;
}

void add_secret_file(const Row& row, const RawValue& raw, std::string_view name, Gathered& out) {
  const std::string begin = raw.where + ": " + std::string(name);
  const auto* const path = std::get_if<std::string>(&raw.value);
  if (path == nullptr || path->empty()) {
    out.problems.push_back(begin + " must be the path of a file");
    return;
  }
  auto text = read_bounded(*path, kSecretFileBytesMax);
  if (!text.ok()) {
    out.problems.push_back(begin + ": " + text.error());
    return;
  }
  // An editor's line end does not belong to the secret.
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  if (text->empty()) {
    out.problems.push_back(begin + ": " + *path + " is empty");
    return;
  }
  using std::filesystem::perms;
  std::error_code problem;
  const perms mode = std::filesystem::status(*path, problem).permissions();
  if (!problem && (mode & (perms::group_write | perms::others_all)) != perms::none) {
    out.warnings.push_back(begin + ": other accounts may read or change " + *path +
                           "; give it mode 0400");
  }
  out.values.emplace_back(&row, RawValue{*std::move(text), true, raw.where});
}

std::string unknown_key(std::string_view key) {
  std::vector<std::string> files;
  std::vector<std::string_view> candidates;
  for (const Row& row : table()) {
    candidates.push_back(row.key);
    if (row.secret()) files.push_back(std::string(row.key) + "_file");
  }
  candidates.insert(candidates.end(), files.begin(), files.end());
  const std::string_view nearest = nearest_name(key, candidates);
  std::string sentence = "unknown key ";
  sentence.append(key);
  if (!nearest.empty()) sentence.append("; did you mean ").append(nearest).append("?");
  return sentence;
}

}  // namespace stillroom::config
