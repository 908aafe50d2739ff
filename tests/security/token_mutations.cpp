// SPDX-License-Identifier: Apache-2.0
#include "token_mutations.hpp"

#include <algorithm>
#include <utility>

namespace stillroom::security {
namespace {

using testing::SeededRng;

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::vector<std::string> segments_of(std::string_view text) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t dot = text.find('.');
    out.emplace_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return out;
    text.remove_prefix(dot + 1);
  }
}

std::string joined(const std::vector<std::string>& segments) {
  std::string out;
  for (const std::string& segment : segments) {
    if (&segment != &segments.front()) out += '.';
    out += segment;
  }
  return out;
}

/// Half of the time one of the alphabet, so that the change survives decoding.
char some_byte(SeededRng& rng) {
  if (rng.chance(1, 2)) return kAlphabet[rng.below(kAlphabet.size())];
  return static_cast<char>(rng.below(256));
}

void exchange_segments(std::string& text, const std::vector<std::string>& all, SeededRng& rng) {
  std::vector<std::string> own = segments_of(text);
  std::string& chosen = own[rng.below(own.size())];
  if (rng.chance(1, 2)) {
    std::swap(chosen, own[rng.below(own.size())]);
  } else {
    const std::vector<std::string> other = segments_of(all[rng.below(all.size())]);
    chosen = other[rng.below(other.size())];
  }
  text = joined(own);
}

void change(std::string& text, const std::vector<std::string>& all, SeededRng& rng) {
  const std::size_t at = text.empty() ? 0 : rng.below(text.size());
  switch (text.empty() ? 1 : rng.below(8)) {
    case 0:
      text[at] = static_cast<char>(text[at] ^ (1 << rng.below(8)));
      break;
    case 1:
      text.insert(at, 1, some_byte(rng));
      break;
    case 2:
      text.erase(at, 1 + rng.below(4));
      break;
    case 3:
    case 4:
      text[at] = some_byte(rng);
      break;
    case 5:
      exchange_segments(text, all, rng);
      break;
    case 6:
      text.resize(at);
      break;
    default:
      text.insert(at, text.substr(at, 1 + rng.below(8)));
      break;
  }
}

}  // namespace

std::string mutated(std::string_view good, const std::vector<std::string>& all, SeededRng& rng) {
  std::string out(good);
  for (std::uint64_t left = 1 + rng.below(3); left > 0; --left) change(out, all, rng);
  return out;
}

MutationCount try_mutations(const identity::TokenVerifier& verifier, std::string_view good,
                            const std::vector<std::string>& all, std::uint64_t count,
                            SeededRng& rng, WallTime now) {
  MutationCount out;
  while (out.tried < count) {
    std::string text = mutated(good, all, rng);
    if (std::find(all.begin(), all.end(), text) != all.end()) {
      ++out.identical;
      continue;
    }
    ++out.tried;
    if (!verifier.verify(identity::TokenText(std::string(text)), now)) continue;
    if (out.accepted == 0) out.first_accepted = std::move(text);
    ++out.accepted;
  }
  return out;
}

}  // namespace stillroom::security
