// SPDX-License-Identifier: Apache-2.0
#include "signalling/problems.hpp"

#include "base/json.hpp"

namespace stillroom::signalling {
namespace {

/// A code and a wait.
constexpr std::size_t kErrorDataBytesExpected = 64;

/// RFC 9110 §15: the title of a problem whose type is `about:blank` (RFC 9457 §4.2.1).
std::string_view title(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Error";
  }
}

int status_of(room::Refusal refusal) {
  using enum room::Refusal;
  switch (refusal) {
    case cancelled:
    case wrong_room:
    case invalid_offer:
    case invalid_answer:
    case invalid_candidate:
    case unknown_event:
      return 400;
    case not_yours:
    case therapist_only:
    case invalid_attempt:
      return 403;
    case session_not_found:
      return 404;
    case unpaid:
    case not_confirmed:
    case too_early:
    case session_ended:
    case room_full:
    case not_in_room:
    case call_not_started:
      return 409;
    case join_limited:
    case call_limited:
    case signaling_limited:
      return 429;
    case join_failed:
    case start_failed:
    case end_failed:
    case leave_failed:
    case offer_failed:
    case answer_failed:
    case candidate_failed:
    case ice_servers_failed:
      return 503;
  }
  return 503;
}

}  // namespace

const Problem& problem_of(identity::Refusal refusal) {
  switch (refusal) {
    case identity::Refusal::token_missing:
      return problems::kTokenMissing;
    case identity::Refusal::token_expired:
      return problems::kTokenExpired;
    case identity::Refusal::user_unknown:
      return problems::kUserUnknown;
    case identity::Refusal::user_inactive:
    case identity::Refusal::role_changed:
      return problems::kUserInactive;
    case identity::Refusal::token_invalid:
    case identity::Refusal::token_revoked:
      break;
  }
  return problems::kTokenInvalid;
}

Problem problem_of(room::Refusal refusal) {
  const room::RefusalText& words = room::text_of(refusal);
  return {status_of(refusal), words.code, words.text};
}

Problem problem_of(session::Refusal refusal) {
  return problem_of(room::entry_refusal(refusal));
}

void append_problem(json::Writer& out, const Problem& problem) {
  out.key("type").string("about:blank").key("title").string(title(problem.status));
  out.key("status").integer(problem.status).key("detail").string(problem.text);
  out.key("error").string(problem.text).key("code").string(problem.code);
}

std::string encode_problem(const Problem& problem) {
  std::string out;
  json::Writer json(out);
  json.begin_object();
  append_problem(json, problem);
  json.end_object();
  return out;
}

std::string encode_connect_error_data(const Problem& problem,
                                      std::optional<MonoTime::duration> retry_after) {
  std::string out;
  out.reserve(kErrorDataBytesExpected);
  json::Writer json(out);
  json.begin_object().key("code").string(problem.code);
  if (retry_after) {
    json.key("retryAfterMs").integer(std::chrono::ceil<milliseconds>(*retry_after).count());
  }
  json.end_object();
  return out;
}

}  // namespace stillroom::signalling
