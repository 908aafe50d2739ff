// SPDX-License-Identifier: Apache-2.0
// `POST /api/reports`.
#include <string>

#include "gateway/reports.hpp"
#include "gateway/rest_routes.hpp"

namespace stillroom::gateway {
namespace {

namespace problems = signalling::problems;
using signalling::SecurityKind;

const signalling::Problem& problem_of(ReportError error) {
  switch (error) {
    case ReportError::wrong_type:
      return problems::kWrongType;
    case ReportError::too_large:
      return problems::kTooLarge;
    case ReportError::malformed:
      break;
  }
  return problems::kMalformed;
}

}  // namespace

// The page's browser asks, so nobody is named; the origin was looked at like everybody's. The
// source is charged before anything is read.
Task<HttpResponse> Rest::Routes::reports(Rest* rest, Ask ask) {
  Front& front = rest->front_;
  if (const auto allowed = front.limiter().report(ask.peer, front.now()); !allowed) {
    front.tell(SecurityKind::request_refused, problems::kRateLimited.code, ask.peer);
    co_return limited_response(allowed.error().wait);
  }
  const auto type = ask.request.field("content-type").value_or("");
  const auto counts = read_reports(type, ask.request.body);
  if (!counts) {
    front.tell(SecurityKind::request_refused, "report_refused", ask.peer);
    co_return problem_response(problem_of(counts.error()));
  }
  for (std::size_t at = 0; at < kDirectives; ++at) {
    if ((*counts)[at] > 0) front.tell_violated(kDirectiveNames[at].text(), (*counts)[at], ask.peer);
  }
  HttpResponse taken;
  taken.status = 204;
  co_return taken;
}

}  // namespace stillroom::gateway
