// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/json.hpp"

namespace stillroom::socketio {

/// Finds the `{"_placeholder":true,…}` objects inside a value, in order of occurrence. Iterative:
/// its stack is as deep as the value, which the reader has bounded.
class PlaceholderWalk {
 public:
  explicit PlaceholderWalk(json::Value root);
  [[nodiscard]] std::optional<json::Value> next();

 private:
  struct Level {
    json::Value::Iterator at;
    json::Value::Iterator end;
    json::Kind kind;
  };
  /// True when `value` itself is a placeholder; a container's children come next otherwise.
  bool enter(json::Value value);
  std::optional<json::Value> root_;
  std::vector<Level> levels_;
};

/// The attachment that a placeholder names; nothing when `num` is no index below `attachments`.
[[nodiscard]] std::optional<std::uint32_t> placeholder_index(json::Value placeholder,
                                                             std::uint32_t attachments);

}  // namespace stillroom::socketio
