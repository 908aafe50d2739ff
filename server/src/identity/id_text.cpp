// SPDX-License-Identifier: Apache-2.0
#include "identity/id_text.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/encoding.hpp"

namespace stillroom::identity {
namespace {

bool is_id_character(char c) {
  if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return true;
  return std::string_view("._@:+~=|-").find(c) != std::string_view::npos;
}

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7F;
}

/// Characters that show nothing, break lines, or turn the text around them: a name made of them
/// could pass for another's on a screen or in a log. All begin with C2 or E2 or EF in UTF-8.
constexpr std::array<std::string_view, 17> kHidden{
    "\u200B", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202B", "\u202C", "\u202D",
    "\u202E", "\u2060", "\u2066", "\u2067", "\u2068", "\u2069", "\uFEFF", "\u061C"};

bool has_hidden(std::string_view text) {
  for (const std::string_view hidden : kHidden) {
    if (text.find(hidden) != std::string_view::npos) return true;
  }
  // U+0080 to U+009F: C1 controls.
  for (std::size_t at = text.find('\xC2'); at != std::string_view::npos;
       at = text.find('\xC2', at + 1)) {
    if (static_cast<unsigned char>(text[at + 1]) < 0xA0) return true;
  }
  return false;
}

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

bool is_id_text(std::string_view text) {
  return !text.empty() && text.size() <= kIdCharactersMax &&
         std::all_of(text.begin(), text.end(), is_id_character);
}

std::optional<UserId> user_id_from_text(std::string_view text) {
  if (!is_id_text(text)) return std::nullopt;
  return UserId(std::string(text));
}

std::optional<PersonName> person_name_from_text(std::string_view text) {
  if (text.empty() || text.size() > kNameBytesMax || !is_utf8(text)) return std::nullopt;
  if (text.front() == ' ' || text.back() == ' ') return std::nullopt;
  const bool controls = std::any_of(
      text.begin(), text.end(), [](char c) { return is_control(static_cast<unsigned char>(c)); });
  if (controls || has_hidden(text)) return std::nullopt;
  if (count_characters(text) > kNameCharactersMax) return std::nullopt;
  return PersonName(std::string(text));
}

}  // namespace stillroom::identity
