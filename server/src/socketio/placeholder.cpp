// SPDX-License-Identifier: Apache-2.0
#include "socketio/placeholder.hpp"

#include <limits>
#include <string>
#include <utility>

#include "socketio/peer.hpp"

namespace stillroom::socketio {

PlaceholderWalk::PlaceholderWalk(json::Value root) : root_(root) {}

bool PlaceholderWalk::enter(json::Value value) {
  const json::Kind kind = value.kind();
  if (kind == json::Kind::object) {
    const auto mark = value.find("_placeholder");
    if (mark && mark->as_boolean() == true) return true;
  }
  if (kind == json::Kind::object || kind == json::Kind::array) {
    levels_.push_back({value.begin(), value.end(), kind});
  }
  return false;
}

std::optional<json::Value> PlaceholderWalk::next() {
  if (const auto root = std::exchange(root_, std::nullopt); root && enter(*root)) return root;
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.at == level.end) {
      levels_.pop_back();
      continue;
    }
    if (level.kind == json::Kind::object) ++level.at;  // over the name
    const json::Value child = *level.at;
    ++level.at;
    if (enter(child)) return child;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> placeholder_index(json::Value placeholder, std::uint32_t attachments) {
  const auto num = placeholder.find("num");
  const auto index = num ? num->as_integer() : std::nullopt;
  if (!index || *index < 0 || *index >= std::int64_t{attachments}) return std::nullopt;
  return static_cast<std::uint32_t>(*index);
}

void append_renumbered(std::string& out, json::Value value, std::uint32_t first,
                       std::vector<std::uint32_t>& order) {
  const std::string_view text = value.raw();
  std::size_t done = 0;
  PlaceholderWalk walk(value);
  while (const auto placeholder = walk.next()) {
    const auto old = placeholder_index(*placeholder, std::numeric_limits<std::uint32_t>::max());
    if (!old) continue;
    const std::string_view raw = placeholder->raw();
    const auto begin = static_cast<std::size_t>(raw.data() - text.data());
    out.append(text.substr(done, begin - done));
    json::Writer writer(out);
    writer.begin_object()
        .key("_placeholder")
        .boolean(true)
        .key("num")
        .integer(std::int64_t{first} + static_cast<std::int64_t>(order.size()));
    writer.end_object();
    order.push_back(*old);
    done = begin + raw.size();
  }
  out.append(text.substr(done));
}

}  // namespace stillroom::socketio
