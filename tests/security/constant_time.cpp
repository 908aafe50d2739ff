// SPDX-License-Identifier: Apache-2.0
// Handles secrets whose bytes memcheck has been told to take for uninitialised: every jump and
// every address that depends on one is then an error of memcheck's (the method of ctgrind).
//
//   valgrind --error-exitcode=9 constant_time CASE
//
// What a case gives away on purpose, such as whether two tags were equal, is marked as known.
#include <valgrind/memcheck.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "identity/token_key.hpp"

namespace stillroom::security {
namespace {

constexpr std::string_view kText = "header.payload";

void hide(const void* bytes, std::size_t count) {
  VALGRIND_MAKE_MEM_UNDEFINED(bytes, count);
}
template <class T>
T tell(T value) {
  VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
  return value;
}

/// A secret of 32 bytes that are known to nobody, memcheck included.
std::string hidden_secret() {
  std::string secret = "a secret of thirty-two bytes, ok";
  hide(secret.data(), secret.size());
  return secret;
}

/// The tag of a token against the one that the secret makes, equal and not.
bool compare_tags() {
  const crypto::Sha256 right = crypto::hmac_sha256(hidden_secret(), kText);
  crypto::Sha256 copy = right;
  const bool same = tell(crypto::equal_constant_time(right, copy));
  copy[0] ^= 1;
  const bool first_differs = tell(crypto::equal_constant_time(right, copy));
  copy[0] ^= 1;
  copy[31] ^= 1;
  const bool last_differs = tell(crypto::equal_constant_time(right, copy));
  return same && !first_differs && !last_differs;
}

/// Keys that are derived from the secret.
bool derive_keys() {
  const identity::TokenKey own = identity::own_token_key(SecretText(hidden_secret()));
  const crypto::Sha256 sha256 = crypto::hmac_sha256(own.key.reveal(), kText);
  const crypto::Sha1 sha1 = crypto::hmac_sha1(hidden_secret(), kText);
  return tell(sha256) != crypto::Sha256{} && tell(sha1) != crypto::Sha1{};
}

/// What must be caught: a comparison that ends at the first difference.
bool compare_early_exit() {
  const std::string secret = hidden_secret();
  const std::string_view guess = "a secret of thirty-two bytes, no";
  for (std::size_t at = 0; at < secret.size(); ++at) {
    if (secret[at] != guess[at]) return true;
  }
  return false;
}

int run(std::string_view name) {
  if (RUNNING_ON_VALGRIND == 0) {
    std::fputs("constant_time: shows nothing outside of valgrind\n", stderr);
    return 2;
  }
  if (name == "tags") return compare_tags() ? 0 : 1;
  if (name == "keys") return derive_keys() ? 0 : 1;
  if (name == "early-exit") return compare_early_exit() ? 0 : 1;
  std::fputs("constant_time tags|keys|early-exit\n", stderr);
  return 2;
}

}  // namespace
}  // namespace stillroom::security

int main(int count, char** words) {
  return stillroom::security::run(count == 2 ? words[1] : "");
}
