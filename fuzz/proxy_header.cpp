// SPDX-License-Identifier: Apache-2.0
#include "net/proxy_header.hpp"

#include <algorithm>
#include <optional>

#include "fuzz/input.hpp"

// The first byte says into which pieces the rest is cut. Cut or whole there is one outcome, and the
// reader never asks for a byte that does not belong to the header.
namespace stillroom::fuzz {
namespace {

using namespace stillroom::net;

struct Outcome {
  std::optional<ProxyHeaderError> error;
  std::optional<ProxyHeader> header;
  std::size_t taken = 0;
};

Outcome read(std::string_view bytes, std::size_t piece) {
  ProxyHeaderReader reader;
  Outcome outcome;
  while (outcome.taken < bytes.size()) {
    const std::size_t wants = reader.wants();
    expect(wants > 0, "who is not done wants more");
    expect(outcome.taken + wants <= kProxyHeaderBytesMax, "a header is bounded");
    const std::string_view next = bytes.substr(outcome.taken, std::min(wants, piece));
    outcome.taken += next.size();
    const auto header = reader.feed(next);
    if (!header) {
      outcome.error = header.error();
      return outcome;
    }
    if (*header) {
      outcome.header = **header;
      return outcome;
    }
  }
  return outcome;
}

}  // namespace
}  // namespace stillroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stillroom::fuzz;
  Input input(data, size);
  const std::size_t piece = std::size_t{input.byte()} + 1;
  const Outcome cut = read(input.rest(), piece);
  const Outcome whole = read(input.rest(), input.rest().size() + 1);
  expect(cut.error == whole.error, "cut or whole, one error");
  expect(cut.header.has_value() == whole.header.has_value(), "cut or whole, one header");
  if (!cut.header) return 0;
  expect(cut.taken == whole.taken, "what stands behind it stays");
  expect(cut.header->source == whole.header->source, "cut or whole, one source");
  expect(cut.header->client == whole.header->client, "cut or whole, one client");
  return 0;
}
