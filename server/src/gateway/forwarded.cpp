// SPDX-License-Identifier: Apache-2.0
#include "gateway/forwarded.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "config/values.hpp"

namespace stillroom::gateway {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// RFC 9110 §5.6.2.
bool is_token_character(char c) {
  return is_letter(c) || is_digit(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// RFC 7239 §6: `node-port`, a number or a word that hides it.
bool is_port(std::string_view text) {
  constexpr std::size_t kDigitsMax = 5;
  if (text.starts_with('_')) {
    return text.size() > 1 && std::ranges::all_of(text, [](char c) {
             return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
           });
  }
  return !text.empty() && text.size() <= kDigitsMax && std::ranges::all_of(text, is_digit);
}

bool equals_folded(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a | 0x20) : a) == b;
  });
}

std::optional<net::PeerAddress> to_address(std::string_view text) {
  const auto ip = config::Network::parse_address(text);
  if (!ip) return std::nullopt;
  return net::PeerAddress{*ip, 0};
}

/// Reads one line from its beginning; false: it is malformed.
class Reader {
 public:
  explicit Reader(std::string_view line) : rest_(line) {}

  bool line(std::vector<ForwardedHop>& hops) {
    while (true) {
      if (hops.size() == kHopsMax) hops.erase(hops.begin());
      if (!element(hops.emplace_back())) return false;
      if (rest_.empty()) return true;
      if (!take(',')) return false;
    }
  }

 private:
  // RFC 7239 §4: pairs with semicolons between them, none of them twice.
  bool element(ForwardedHop& hop) {
    bool told_for = false;
    do {
      skip_space();
      if (rest_.empty() || rest_.front() == ',' || rest_.front() == ';') continue;
      const std::string_view name = token();
      std::string text;
      if (name.empty() || !take('=') || !value(text)) return false;
      if (equals_folded(name, "for")) {
        if (std::exchange(told_for, true)) return false;
        hop.address = read_hop(text);
      } else if (equals_folded(name, "proto")) {
        if (hop.scheme != ForwardedHop::Scheme::untold) return false;
        hop.scheme = read_scheme(text);
      }
      skip_space();
    } while (take(';'));
    return true;
  }

  bool value(std::string& out) {
    if (!take('"')) {
      out = token();
      return !out.empty();
    }
    while (!rest_.empty() && rest_.front() != '"') {
      if (take('\\') && rest_.empty()) return false;
      out += rest_.front();
      rest_.remove_prefix(1);
    }
    return take('"');
  }

  std::string_view token() {
    const auto* const end = std::ranges::find_if_not(rest_, is_token_character);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  void skip_space() {
    while (take(' ') || take('\t')) {
    }
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<net::PeerAddress> read_hop(std::string_view text) {
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    port = text.substr(end + 1);
    text = text.substr(1, end - 1);
    if (text.find(':') == std::string_view::npos) return std::nullopt;
    if (!port.empty()) {
      if (port.front() != ':') return std::nullopt;
      port.remove_prefix(1);
      has_port = true;
    }
  } else if (std::ranges::count(text, ':') == 1) {
    const auto colon = text.find(':');
    port = text.substr(colon + 1);
    text = text.substr(0, colon);
    has_port = true;
  }
  if (has_port && !is_port(port)) return std::nullopt;
  return to_address(text);
}

// RFC 3986 §3.1: in whatever case.
ForwardedHop::Scheme read_scheme(std::string_view text) {
  return equals_folded(text, "https") || equals_folded(text, "wss") ? ForwardedHop::Scheme::https
                                                                    : ForwardedHop::Scheme::other;
}

std::optional<std::vector<ForwardedHop>> read_forwarded(std::string_view line) {
  std::vector<ForwardedHop> hops;
  if (!Reader(line).line(hops)) return std::nullopt;
  return hops;
}

}  // namespace stillroom::gateway
