// SPDX-License-Identifier: Apache-2.0
#include "gateway/forwarded.hpp"

#include <string>

#include "fuzz/input.hpp"

// A line as a stranger wrote it, and the same line with what a proxy adds to it. Either the whole
// is refused, or its last hop is the proxy's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stillroom;
  using namespace stillroom::gateway;
  fuzz::Input input(data, size);
  const std::string line(input.rest());
  const auto alone = read_forwarded(line);
  fuzz::expect(!alone || (!alone->empty() && alone->size() <= kHopsMax), "hops are bounded");
  const auto ours = read_hop("[2001:db8::1]:443");
  for (const char* added :
       {", for=\"[2001:db8::1]:443\";proto=https", ",proto=https;for=\"[2001:db8::1]\""}) {
    const auto both = read_forwarded(line + added);
    fuzz::expect(both.has_value() == alone.has_value(), "what is good stays good");
    if (!both) continue;
    fuzz::expect(both->back().address == ours, "the last hop is the proxy's");
    fuzz::expect(both->back().scheme == ForwardedHop::Scheme::https, "and so is its scheme");
  }
  return 0;
}
