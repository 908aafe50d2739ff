// SPDX-License-Identifier: Apache-2.0
#include "app/own_hosts.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace stillroom::app {
namespace {

bool is_v6(const std::string& host) {
  return host.find(':') != std::string::npos;
}

/// Nothing when it cannot stand in a URL or a certificate.
std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address != nullptr && address->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
    if (inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size()) != nullptr) return text.data();
  }
  if (address != nullptr && address->sa_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(address);
    if (IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr)) return {};
    if (inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size()) != nullptr)
      return text.data();
  }
  return {};
}

}  // namespace

std::vector<std::string> machine_addresses() {
  std::vector<std::string> v4;
  std::vector<std::string> v6;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return v4;
  for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
    std::string text = text_of(entry->ifa_addr);
    if (!text.empty()) (is_v6(text) ? v6 : v4).push_back(std::move(text));
  }
  ::freeifaddrs(first);
  std::move(v6.begin(), v6.end(), std::back_inserter(v4));
  return v4;
}

std::vector<std::string> own_hosts(const config::Settings& settings,
                                   const std::vector<std::string>& machine) {
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "::1"};
  const auto add = [&hosts](const std::string& host) {
    if (std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(host);
  };
  const std::string& listened = settings.server.listen.host;
  if (listened != "0.0.0.0" && listened != "::") {
    add(listened);
  } else if (settings.dev == config::DevMode::lan) {
    for (const std::string& address : machine) {
      if (listened == "::" || !is_v6(address)) add(address);
    }
  }
  return hosts;
}

std::string host_in_url(const std::string& host) {
  return is_v6(host) ? "[" + host + "]" : host;
}

}  // namespace stillroom::app
