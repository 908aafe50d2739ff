// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <vector>

#include "fuzz/input.hpp"
#include "identity/signed_text.hpp"
#include "identity/token_verifier.hpp"

// `r` and a token's text, or `s`, a header's line and a payload, which get a good signature.
// Whatever is taken carries a good signature, names somebody and has not run out.
namespace stillroom::fuzz {
namespace {

using namespace stillroom::identity;

constexpr std::string_view kSecret = "a secret of thirty-two bytes, ok";
constexpr WallTime kNow{seconds(1'795'514'400)};

const TokenVerifier& verifier() {
  static const TokenVerifier one = [] {
    std::vector<TokenKey> keys;
    TokenKey key;
    key.key = SecretText(std::string(kSecret));
    keys.push_back(std::move(key));
    return TokenVerifier(std::move(keys));
  }();
  return one;
}

bool properly_signed(std::string_view text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos) return false;
  return sign_segments(text.substr(0, dot), kSecret) == text;
}

void check(const std::string& text) {
  const auto result = verifier().verify(TokenText(text), kNow);
  if (!result) {
    const bool told = result.error() == Refusal::token_expired;
    expect(!told || properly_signed(text), "that it ran out is told to owners of good tokens only");
    return;
  }
  expect(properly_signed(text), "what is taken is signed");
  expect(!result->user().empty(), "what is taken names somebody");
  expect(result->expires() > kNow, "what is taken has not run out");
  expect(text.size() <= kTokenBytesMax, "what is taken is short");
}

}  // namespace
}  // namespace stillroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stillroom::fuzz;
  Input input(data, size);
  if (input.byte() == 's') {
    const std::string_view header = input.until('\n');
    check(signed_text(header, input.rest(), kSecret));
  } else {
    check(std::string(input.rest()));
  }
  return 0;
}
