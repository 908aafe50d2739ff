// SPDX-License-Identifier: Apache-2.0
// `POST /api/reports`.
#include <string>

#include "gateway/reports.hpp"
#include "gateway/rest_routes.hpp"

namespace stillroom::gateway {
namespace {

namespace problems = signalling::problems;

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
    co_return limited_response(allowed.error().wait);
  }
  const auto type = ask.request.field("content-type").value_or("");
  const auto counts = read_reports(type, ask.request.body);
  if (!counts) co_return problem_response(problem_of(counts.error()));
  front.watch().page_violated(*counts, ask.peer);
  HttpResponse taken;
  taken.status = 204;
  co_return taken;
}

}  // namespace stillroom::gateway
