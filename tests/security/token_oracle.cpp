// SPDX-License-Identifier: Apache-2.0
// Asks the shipped verifier about tokens, with nothing around it.
//
//   token_oracle KEYS NOW                      one line for each line of standard input
//   token_oracle KEYS NOW --mutate SEED        standard input: COUNT TOKEN on each line
//
// KEYS is a JSON file: {"secret", "issuer", "audience", "jwks"}. A token comes base64url-encoded
// once more, so that it may hold any byte. Answers: `accept ID`, or `refuse CODE STEP`, where STEP
// is the first that said no: jws (shape, header, key, signature), claims, or times.
#include <charconv>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "identity/claims.hpp"
#include "identity/jwks.hpp"
#include "identity/jws.hpp"
#include "identity/token_verifier.hpp"
#include "token_mutations.hpp"

namespace stillroom::security {
namespace {

struct Wrong {
  std::string sentence;
};

std::vector<identity::TokenKey> read_keys(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  json::Document document;
  const auto root = document.parse(text, {.depth_max = 8, .members_max = 4096});
  if (!root) throw Wrong{std::string(path) + " is no JSON"};
  const auto member = [&](std::string_view name) {
    const auto value = root->find(name);
    return value ? value->as_string().value_or(std::string()) : std::string();
  };
  identity::KeyRules rules;
  rules.issuer = member("issuer");
  rules.audience = member("audience");
  std::vector<identity::TokenKey> keys;
  // As the server lays them out: the outside secret, its own key derived from it, the issuer's.
  const SecretText secret(member("secret"));
  identity::TokenKey outside;
  outside.key = secret.duplicate();
  outside.rules = rules;
  keys.push_back(std::move(outside));
  keys.push_back(identity::own_token_key(secret));
  const auto set = root->find("jwks");
  auto issuer = identity::read_jwks(set ? set->raw() : std::string_view(), rules);
  if (!issuer) throw Wrong{"jwks: " + issuer.error()};
  for (identity::TokenKey& key : issuer->keys) keys.push_back(std::move(key));
  return keys;
}

/// The first step that refuses, found by taking the verifier's steps one by one.
std::string_view step_of(const std::string& token, const std::vector<identity::TokenKey>& keys) {
  const auto proven = identity::open_jws(token, keys);
  if (!proven) return "jws";
  if (!identity::read_claims(proven->text, proven->key->rules)) return "claims";
  return "times";
}

void answer_lines(const identity::TokenVerifier& verifier,
                  const std::vector<identity::TokenKey>& keys, WallTime now) {
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto token = from_base64url(line);
    if (!token) throw Wrong{"a line is not base64url"};
    const auto verified = verifier.verify(identity::TokenText(std::string(*token)), now);
    if (verified) {
      std::cout << "accept " << verified->user().text() << "\n";
    } else {
      std::cout << "refuse " << identity::code(verified.error()) << " " << step_of(*token, keys)
                << "\n";
    }
  }
}

template <class Number>
Number number_of(std::string_view text) {
  Number out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) throw Wrong{"no number"};
  return out;
}

struct Order {
  std::uint64_t count = 0;
  std::string token;
};

std::vector<Order> read_orders() {
  std::vector<Order> out;
  std::string line;
  while (std::getline(std::cin, line)) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string::npos) throw Wrong{"a line is no COUNT TOKEN"};
    out.push_back({number_of<std::uint64_t>(std::string_view(line).substr(0, blank)),
                   line.substr(blank + 1)});
  }
  return out;
}

void mutate(const identity::TokenVerifier& verifier, std::uint64_t seed, WallTime now) {
  const std::vector<Order> orders = read_orders();
  std::vector<std::string> all;
  for (const Order& order : orders) {
    if (!verifier.verify(identity::TokenText(std::string(order.token)), now)) {
      throw Wrong{"a token to start from is not good"};
    }
    all.push_back(order.token);
  }
  testing::SeededRng rng(seed);
  for (const Order& order : orders) {
    const MutationCount count = try_mutations(verifier, order.token, all, order.count, rng, now);
    std::cout << "tried " << count.tried << " accepted " << count.accepted << " identical "
              << count.identical << " first "
              << to_base64url(as_bytes(std::string_view(count.first_accepted))) << "\n"
              << std::flush;
  }
}

int run(const std::vector<std::string_view>& words) {
  if (words.size() != 2 && (words.size() != 4 || words[2] != "--mutate")) {
    throw Wrong{"token_oracle KEYS NOW [--mutate SEED]"};
  }
  const WallTime now{seconds(number_of<std::int64_t>(words[1]))};
  const std::string path(words[0]);
  const identity::TokenVerifier verifier(read_keys(path.c_str()));
  if (words.size() == 4) {
    mutate(verifier, number_of<std::uint64_t>(words[3]), now);
  } else {
    answer_lines(verifier, read_keys(path.c_str()), now);
  }
  return 0;
}

}  // namespace
}  // namespace stillroom::security

int main(int count, char** words) {
  try {
    return stillroom::security::run({words + 1, words + count});
  } catch (const stillroom::security::Wrong& wrong) {
    std::fprintf(stderr, "token_oracle: %s\n", wrong.sentence.c_str());
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "token_oracle: %s\n", problem.what());
  }
  return 2;
}
