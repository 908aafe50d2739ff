// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "identity/principal.hpp"
#include "room/refusal.hpp"
#include "session/session.hpp"

/// Every refusal that REST or a CONNECT may answer. Those of rooms keep their words and codes in
/// room/refusal.cpp and get a status here; the others stand below: one table, one place for each.
namespace stillroom::signalling {

struct Problem {
  int status;             ///< of the REST answer
  std::string_view code;  ///< stable id, for programs
  std::string_view text;  ///< the contract's sentence, for people

  friend bool operator==(const Problem&, const Problem&) = default;
};

/// How a use case answers: exactly once; from within the call when it needs no store.
template <class T>
using Answer = std::function<void(Result<T, Problem>)>;

namespace problems {

// Who somebody is (contract §2). `unavailable` keeps the contract's message: the code tells.
inline constexpr Problem kTokenMissing{401, "token_missing", "Authentication token required"};
inline constexpr Problem kTokenInvalid{401, "token_invalid", "Authentication failed"};
inline constexpr Problem kTokenExpired{401, "token_expired", "Authentication failed"};
inline constexpr Problem kUserUnknown{401, "user_unknown", "User not found"};
inline constexpr Problem kUserInactive{401, "user_inactive", "Authentication failed"};
inline constexpr Problem kAuthUnavailable{503, "unavailable", "Authentication failed"};
inline constexpr Problem kRateLimited{429, "rate_limited", "Rate limit exceeded"};

// What the gateway refuses before anybody looks at it (contract §5).
inline constexpr Problem kOriginRefused{403, "origin_refused", "Unauthorized origin"};
inline constexpr Problem kInsecure{426, "insecure", "Secure connection required"};

// REST and link codes.
inline constexpr Problem kLinkInvalid{410, "link_invalid", "Link is no longer valid"};
// Accounts. A log-in has one refusal, whatever is wrong.
inline constexpr Problem kLogInFailed{401, "log_in_failed", "Name, password or code is wrong"};
inline constexpr Problem kInviteInvalid{410, "invite_invalid", "Invitation is no longer valid"};
inline constexpr Problem kPasswordRefused{400, "password_refused",
                                          "Password needs 12 characters or more"};
inline constexpr Problem kCodeWrong{400, "code_wrong", "Code is wrong"};
inline constexpr Problem kSecondFactorNeeded{400, "second_factor_needed",
                                             "A second factor is needed"};
inline constexpr Problem kNotRevocable{409, "not_revocable", "Token has no name to revoke"};
inline constexpr Problem kNotRenewable{403, "not_renewable", "Token cannot be renewed"};
inline constexpr Problem kMalformed{400, "malformed", "Request is malformed"};
inline constexpr Problem kNotFound{404, "not_found", "Not found"};
inline constexpr Problem kMethodNotAllowed{405, "method_not_allowed", "Method not allowed"};
inline constexpr Problem kTooLarge{413, "too_large", "Request is too large"};
inline constexpr Problem kWrongType{415, "wrong_type", "Content type is not accepted"};

// Staff and applications.
inline constexpr Problem kKeyInvalid{401, "key_invalid", "Authentication failed"};
inline constexpr Problem kForbidden{403, "forbidden", "Not allowed"};
inline constexpr Problem kInvalid{400, "invalid", "A value breaks its rule"};
inline constexpr Problem kUserExists{409, "user_exists", "User exists already"};
inline constexpr Problem kSessionExists{409, "session_exists", "Session exists already"};
inline constexpr Problem kUnfit{409, "participant_unfit", "Participant cannot take part"};
inline constexpr Problem kSessionOver{409, "session_over", "Session is over"};
inline constexpr Problem kStatusRefused{409, "status_refused", "Session cannot become that"};
inline constexpr Problem kKeyReused{409, "key_reused", "Idempotency key has been used"};
inline constexpr Problem kRowsRefused{409, "rows_refused", "Rows were refused, nothing was done"};
inline constexpr Problem kConflict{409, "conflict", "Something changed meanwhile"};
inline constexpr Problem kUnavailable{503, "unavailable", "Service unavailable"};

/// All of the above, for documents and tests.
inline constexpr std::array kAll{
    kTokenMissing,    kTokenInvalid,  kTokenExpired,    kUserUnknown, kUserInactive,
    kAuthUnavailable, kRateLimited,   kOriginRefused,   kInsecure,    kLinkInvalid,
    kLogInFailed,     kInviteInvalid, kPasswordRefused, kCodeWrong,   kSecondFactorNeeded,
    kNotRevocable,    kNotRenewable,  kMalformed,       kNotFound,    kMethodNotAllowed,
    kTooLarge,        kWrongType,     kUnavailable,     kKeyInvalid,  kForbidden,
    kInvalid,         kUserExists,    kSessionExists,   kUnfit,       kSessionOver,
    kStatusRefused,   kKeyReused,     kRowsRefused,     kConflict};

}  // namespace problems

[[nodiscard]] const Problem& problem_of(identity::Refusal refusal);
/// Words and code of the rooms' own table, with the status that REST adds.
[[nodiscard]] Problem problem_of(room::Refusal refusal);
/// What session::may said about entering or reading.
[[nodiscard]] Problem problem_of(session::Refusal refusal);

/// Members of an object that is already open, as `encode_problem` has them.
void append_problem(json::Writer& out, const Problem& problem);
/// RFC 9457 body: `{type, title, status, detail, error, code}`; `error` is the contract's member.
[[nodiscard]] std::string encode_problem(const Problem& problem);
/// `{message, data}` of a CONNECT_ERROR is `problem.text` and this: `{"code":…}`, with
/// `retryAfterMs` where it is known, rounded up.
[[nodiscard]] std::string encode_connect_error_data(
    const Problem& problem, std::optional<MonoTime::duration> retry_after = {});

}  // namespace stillroom::signalling
