// SPDX-License-Identifier: Apache-2.0
#include "gateway/reports.hpp"

#include <numeric>

#include "fuzz/input.hpp"

// Both forms of every body: what is taken names no more directives than a body may have reports,
// and the older form names one.
namespace stillroom::fuzz {
namespace {

using namespace stillroom::gateway;

void check(std::string_view type, std::string_view body, std::size_t most) {
  const auto read = read_reports(type, body);
  if (!read) {
    expect(read.error() != ReportError::wrong_type, "the type is one of ours");
    expect((read.error() == ReportError::too_large) == (body.size() > kReportBytesMax),
           "too large is what is larger, and nothing else");
    return;
  }
  const auto named = std::accumulate(read->begin(), read->end(), std::size_t{0});
  expect(body.size() <= kReportBytesMax, "a body has an end");
  expect(named <= most, "a body names only so many");
}

}  // namespace
}  // namespace stillroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stillroom::fuzz;
  const std::string_view body = Input(data, size).rest();
  check("application/reports+json", body, kReportsPerBodyMax);
  check("application/csp-report", body, 1);
  return 0;
}
