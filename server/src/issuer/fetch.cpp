// SPDX-License-Identifier: Apache-2.0
#include "issuer/fetch.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "sdp/ip_address.hpp"

namespace stillroom::issuer {
namespace {

constexpr seconds kConnectTimeMax{5};
constexpr std::int64_t kAgeSecondsMax = 31'536'000;  // a year; beyond it nobody means it

struct CleanUp {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, CleanUp>;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

/// What one question hears and notices; libcurl's callbacks get its address.
struct Exchange {
  const Target& target;
  const std::atomic<bool>& stop;
  Answer answer;
  bool oversized = false;
  bool private_address = false;
};

std::size_t on_body(char* bytes, std::size_t, std::size_t count, void* user) {
  auto& exchange = *static_cast<Exchange*>(user);
  if (exchange.answer.text.size() + count > kAnswerBytesMax) {
    exchange.oversized = true;
    return 0;
  }
  exchange.answer.text.append(bytes, count);
  return count;
}

std::size_t on_field(char* bytes, std::size_t, std::size_t count, void* user) {
  constexpr std::string_view kName = "cache-control:";
  const std::string field = lower({bytes, count});
  if (field.starts_with(kName)) {
    const auto age = age_of(std::string_view(field).substr(kName.size()));
    if (age) static_cast<Exchange*>(user)->answer.age = age;
  }
  return count;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Exchange*>(user)->stop ? 1 : 0;
}

/// Here the name has become an address, and nothing can change it any more: whoever answers for the
/// name cannot send us into our own network.
curl_socket_t on_socket(void* user, curlsocktype, curl_sockaddr* to) {
  auto& exchange = *static_cast<Exchange*>(user);
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address = nullptr;
  if (to->family == AF_INET) {
    address = &reinterpret_cast<const sockaddr_in*>(&to->addr)->sin_addr;
  } else if (to->family == AF_INET6) {
    address = &reinterpret_cast<const sockaddr_in6*>(&to->addr)->sin6_addr;
  }
  const bool known =
      address != nullptr && ::inet_ntop(to->family, address, text.data(), text.size()) != nullptr;
  if (!known || !may_ask(text.data(), exchange.target.reach)) {
    exchange.private_address = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

void direct(CURL* curl, const Target& target) {
  curl_easy_setopt(curl, CURLOPT_URL, target.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // the environment names none for us
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "stillroom");
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!target.ca.empty()) {
    // This authority and no other.
    curl_easy_setopt(curl, CURLOPT_CAINFO, target.ca.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
}

void bound(CURL* curl) {
  const auto in_ms = [](seconds span) { return static_cast<long>(milliseconds(span).count()); };
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, in_ms(kConnectTimeMax));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, in_ms(kAnswerTimeMax));
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

void listen_to(CURL* curl, Exchange& exchange) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_field);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &on_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

Trouble trouble_of(CURLcode code, const Exchange& exchange) {
  if (exchange.private_address) return Trouble::private_address;
  if (exchange.oversized) return Trouble::oversized;
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return Trouble::interrupted;
    case CURLE_OPERATION_TIMEDOUT:
      return Trouble::timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
      return Trouble::tls;
    default:
      return Trouble::unreachable;
  }
}

}  // namespace

std::optional<milliseconds> age_of(std::string_view cache_control) {
  const std::string value = lower(cache_control);
  if (value.find("no-store") != std::string::npos || value.find("no-cache") != std::string::npos) {
    return milliseconds(0);
  }
  constexpr std::string_view kMember = "max-age=";
  std::size_t at = value.find(kMember);
  // `s-maxage` is for shared caches; this one is ours alone.
  if (at == std::string::npos) return std::nullopt;
  at += kMember.size();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data() + at, value.data() + value.size(), number);
  if (error == std::errc::result_out_of_range) return seconds(kAgeSecondsMax);
  if (error != std::errc() || number < 0) return std::nullopt;
  return seconds(std::min(number, kAgeSecondsMax));
}

bool may_ask(std::string_view text, Reach reach) {
  const auto address = sdp::IpAddress::parse(text);
  if (!address) return false;
  return reach == Reach::anywhere || address->scope() == sdp::IpAddress::Scope::internet;
}

Result<Answer, Trouble> fetch(const Target& target, const std::atomic<bool>& stop) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  const Handle curl(kReady == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) return fail(Trouble::unreachable);
  Exchange exchange{target, stop, {}, false, false};
  direct(curl.get(), target);
  bound(curl.get());
  listen_to(curl.get(), exchange);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return fail(trouble_of(code, exchange));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 300 && status < 400) return fail(Trouble::redirect);
  if (status != 200) return fail(Trouble::status);
  return std::move(exchange.answer);
}

}  // namespace stillroom::issuer
