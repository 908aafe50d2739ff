// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"

#include <vector>

#include "base/encoding.hpp"
#include "fuzz/input.hpp"

// What the reader takes, the writer can say again, and it means the same; limits hold.
namespace stillroom::fuzz {
namespace {

using namespace stillroom::json;

constexpr Limits kLimits{.depth_max = 8, .members_max = 64};

struct Level {
  Value::Iterator at;
  Value::Iterator end;
  Kind kind;
};

struct Walk {
  std::string text;
  std::size_t members = 0;
  std::size_t depth = 0;
};

void write_leaf(Writer& writer, Value value) {
  switch (value.kind()) {
    case Kind::null:
      writer.null();
      return;
    case Kind::boolean:
      writer.boolean(*value.as_boolean());
      return;
    case Kind::string:
      writer.string(*value.as_string());
      return;
    default:
      writer.raw(value.raw());
  }
}

void open(Writer& writer, Value value, std::vector<Level>& levels, Walk& walk) {
  const Kind kind = value.kind();
  if (kind != Kind::array && kind != Kind::object) return write_leaf(writer, value);
  if (kind == Kind::array) {
    writer.begin_array();
  } else {
    writer.begin_object();
  }
  walk.members += value.size();
  levels.push_back({value.begin(), value.end(), kind});
  walk.depth = std::max(walk.depth, levels.size());
}

/// The value written anew, by the writer.
Walk copy(Value root) {
  Walk walk;
  Writer writer(walk.text);
  std::vector<Level> levels;
  open(writer, root, levels, walk);
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.at == level.end) {
      if (level.kind == Kind::array) {
        writer.end_array();
      } else {
        writer.end_object();
      }
      levels.pop_back();
      continue;
    }
    if (level.kind == Kind::object) {
      writer.key(*(*level.at).as_string());
      ++level.at;
    }
    const Value child = *level.at;
    ++level.at;
    open(writer, child, levels, walk);
  }
  return walk;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace
}  // namespace stillroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stillroom::fuzz;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Document document;
  const auto first = document.parse(text, kLimits);
  if (!first) return 0;
  expect(stillroom::is_utf8(text), "what is taken is UTF-8");
  expect(first->raw() == trimmed(text), "the root is the whole text");
  const Walk once = copy(*first);
  expect(once.depth <= kLimits.depth_max, "depth is bounded");
  expect(once.members <= kLimits.members_max, "members are bounded");

  Document again;
  const auto second = again.parse(once.text, kLimits);
  expect(second.ok(), "what the writer says can be read");
  expect(copy(*second).text == once.text, "writing is stable");
  return 0;
}
