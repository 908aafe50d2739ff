// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/secret.hpp"

/// Where a token is found in a handshake or request. Nothing here says that it is good.
namespace stillroom::identity {

/// Text that somebody offers as a token: readable by the verifier only.
using TokenText = SecretText;

/// Who shows a ticket, as far as a request tells: the origin of a foreign page that may come, or
/// one of these.
inline constexpr std::string_view kOwnPage = "self";  ///< no origin is written so
inline constexpr std::string_view kNoPage = "";       ///< not a browser's

enum class QueryTokens : std::uint8_t { accepted, ignored };

/// The three places of contract §3, as they arrived; an empty text counts as absent.
struct OfferedTokens {
  std::optional<std::string_view> auth;           ///< `auth.token` of CONNECT, or `x-auth-token`
  std::optional<std::string_view> query;          ///< `token` of the URL, percent-decoded
  std::optional<std::string_view> authorization;  ///< the whole header value
  std::string_view party = kNoPage;               ///< who shows them
};

/// `auth`, else `query` (unless the setting ignores it), else the header's Bearer credentials.
/// The first that is there decides: a bad one is never replaced by a later one.
[[nodiscard]] std::optional<TokenText> choose_token(const OfferedTokens& offered,
                                                    QueryTokens query_tokens);

/// The credentials of `Authorization: Bearer <token>` (RFC 6750 §2.1; the scheme in any case).
[[nodiscard]] std::optional<std::string_view> bearer_token(std::string_view header_value);

}  // namespace stillroom::identity
