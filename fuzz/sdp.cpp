// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/encoding.hpp"
#include "fuzz/input.hpp"
#include "sdp/description.hpp"

// The normal form is a fixed point, is clean text within the limits, and never carries keys.
namespace stillroom::fuzz {
namespace {

using namespace stillroom::sdp;
using Parse = Result<Description, Error> (*)(std::string_view, const Policy&);

void check_text(std::string_view text) {
  expect(is_utf8(text), "the normal form is UTF-8");
  expect(text.ends_with("\r\n"), "every line ends");
  for (const std::string_view keys : {"\na=crypto:", "\na=crypto\r", "\na=key-mgmt:", "\nk="}) {
    expect(text.find(keys) == std::string_view::npos, "keys never travel");
  }
  expect(text.find("a=fingerprint:") != std::string_view::npos, "a fingerprint is there");
  expect(std::ranges::none_of(text,
                              [](char c) {
                                const auto byte = static_cast<unsigned char>(c);
                                return (byte < 0x20 && c != '\r' && c != '\n') || byte == 0x7F;
                              }),
         "no control byte travels");
}

void check(Parse parse, std::string_view text, const Policy& policy) {
  const auto first = parse(text, policy);
  if (!first) {
    expect(!code_text(first.error().code).empty(), "a refusal has its code");
    return;
  }
  check_text(first->text());
  expect(first->shape().sections.size() <= kSectionsMax, "sections are few");
  const auto second = parse(first->text(), policy);
  expect(second.ok(), "the normal form is taken again");
  expect(second->text() == first->text(), "the normal form is a fixed point");
  expect(second->shape() == first->shape(), "the shape is a fixed point");
  (void)answer_fits(first->shape(), second->shape());
}

}  // namespace
}  // namespace stillroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stillroom::fuzz;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Policy internet;
  const Policy lan{.reach = Policy::Reach::lan, .tcp = Policy::Tcp::pass, .relay_ranges = {}};
  check(parse_offer, text, internet);
  check(parse_answer, text, lan);
  return 0;
}
