// SPDX-License-Identifier: Apache-2.0
#include "identity/token.hpp"

#include <algorithm>
#include <string>

namespace stillroom::identity {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

bool offered(const std::optional<std::string_view>& text) {
  return text && !text->empty();
}

}  // namespace

std::optional<std::string_view> bearer_token(std::string_view header_value) {
  constexpr std::string_view kScheme = "bearer";
  if (header_value.size() <= kScheme.size() || header_value[kScheme.size()] != ' ' ||
      !equals_ignoring_case(header_value.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  const std::size_t begin = header_value.find_first_not_of(' ', kScheme.size());
  if (begin == std::string_view::npos) return std::nullopt;
  return header_value.substr(begin);
}

std::optional<TokenText> choose_token(const OfferedTokens& offers, QueryTokens query_tokens) {
  if (offered(offers.auth)) return TokenText(std::string(*offers.auth));
  if (query_tokens == QueryTokens::accepted && offered(offers.query)) {
    return TokenText(std::string(*offers.query));
  }
  if (!offers.authorization) return std::nullopt;
  const auto bearer = bearer_token(*offers.authorization);
  if (!bearer) return std::nullopt;
  return TokenText(std::string(*bearer));
}

}  // namespace stillroom::identity
