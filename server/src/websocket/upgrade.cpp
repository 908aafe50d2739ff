// SPDX-License-Identifier: Apache-2.0
#include "websocket/upgrade.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

namespace stillroom::websocket {
namespace {

constexpr std::string_view kProtocolGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // §1.3
constexpr std::size_t kKeyChars = 24;
constexpr std::size_t kKeyBytes = 16;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// RFC 9110 §5.6.1: a comma list, members compared without case.
bool has_token(std::string_view list, std::string_view token) {
  while (true) {
    const auto comma = list.find(',');
    if (equal_ignoring_case(trimmed(list.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

bool is_key(std::string_view key) {
  if (key.size() != kKeyChars) return false;
  const auto bytes = from_base64(key);
  return bytes && bytes->size() == kKeyBytes;
}

}  // namespace

unsigned status_of(UpgradeError error) {
  switch (error) {
    case UpgradeError::wrong_method:
      return 405;
    case UpgradeError::wrong_http_version:
      return 505;
    case UpgradeError::wrong_version:
      return 426;
    case UpgradeError::not_an_upgrade:
    case UpgradeError::bad_key:
      break;
  }
  return 400;
}

std::string_view sentence(UpgradeError error) {
  switch (error) {
    case UpgradeError::wrong_method:
      return "A websocket opens with GET";
    case UpgradeError::wrong_http_version:
      return "A websocket opens over HTTP/1.1";
    case UpgradeError::not_an_upgrade:
      return "The request is no websocket upgrade";
    case UpgradeError::bad_key:
      return "Sec-WebSocket-Key is not 16 bytes in base64";
    case UpgradeError::wrong_version:
      return "Only Sec-WebSocket-Version 13 is spoken here";
  }
  return {};
}

bool asks_for_websocket(std::string_view connection, std::string_view upgrade) {
  return has_token(upgrade, "websocket") && has_token(connection, "upgrade");
}

Result<std::string, UpgradeError> check_upgrade(const UpgradeRequest& request) {
  if (request.method != "GET") return fail(UpgradeError::wrong_method);
  if (request.http_version < 11) return fail(UpgradeError::wrong_http_version);
  if (!asks_for_websocket(request.connection, request.upgrade)) {
    return fail(UpgradeError::not_an_upgrade);
  }
  if (trimmed(request.version) != "13") return fail(UpgradeError::wrong_version);
  const std::string_view key = trimmed(request.key);
  if (!is_key(key)) return fail(UpgradeError::bad_key);
  std::array<char, kKeyChars + kProtocolGuid.size()> whole{};  // §4.2.2
  std::ranges::copy(kProtocolGuid, std::ranges::copy(key, whole.begin()).out);
  return to_base64(crypto::sha1({whole.data(), whole.size()}));
}

void append_switching_protocols(std::string& out, std::string_view accept,
                                std::string_view extra_fields) {
  out.append("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
  out.append("Sec-WebSocket-Accept: ").append(accept).append("\r\n");
  out.append(extra_fields).append("\r\n");
}

}  // namespace stillroom::websocket
