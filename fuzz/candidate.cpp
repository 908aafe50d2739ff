// SPDX-License-Identifier: Apache-2.0
#include "sdp/candidate.hpp"

#include <algorithm>

#include "fuzz/input.hpp"

// Lines: the candidate, its mid, its ufrag; then one byte for the section's index (`-` for none).
// The normal form is a fixed point of plain ASCII without quotes.
namespace stillroom::fuzz {
namespace {

using namespace stillroom::sdp;

std::optional<std::string_view> unless_dash(std::string_view text) {
  if (text == "-") return std::nullopt;
  return text;
}

CandidateInit init_from(Input& input) {
  CandidateInit init;
  init.line = input.until('\n');
  init.mid = unless_dash(input.until('\n'));
  init.ufrag = unless_dash(input.until('\n'));
  const std::uint8_t index = input.byte();
  if (index != '-') init.mline_index = index;
  return init;
}

void check(const CandidateInit& init, const Policy& policy) {
  const auto first = parse_candidate(init, policy);
  if (!first) return;
  expect(first->text().size() <= kCandidateBytesMax, "a candidate is short");
  expect(std::ranges::all_of(first->text(),
                             [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }),
         "a candidate needs no escaping");
  if (!first->relayable()) return;
  CandidateInit again;
  again.line = first->text();
  if (first->mid()) again.mid = *first->mid();
  if (first->ufrag()) again.ufrag = *first->ufrag();
  again.mline_index = first->mline_index();
  const auto second = parse_candidate(again, policy);
  expect(second.ok(), "the normal form is taken again");
  expect(second->text() == first->text(), "the normal form is a fixed point");
  expect(second->relayable() && second->type() == first->type(), "what it means stays");
}

}  // namespace
}  // namespace stillroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stillroom::fuzz;
  Input input(data, size);
  const CandidateInit init = init_from(input);
  check(init, {});
  check(init, {.path = Policy::Path::relay_only, .relay_ranges = {}});
  check(init, {.reach = Policy::Reach::lan, .tcp = Policy::Tcp::pass, .relay_ranges = {}});
  return 0;
}
