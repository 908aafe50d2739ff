// SPDX-License-Identifier: Apache-2.0
#include "app/own_hosts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "app/gateway_settings.hpp"

namespace stillroom::app {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

config::Settings lan(const std::string& listened) {
  config::Settings settings;
  settings.dev = config::DevMode::lan;
  settings.server.listen.host = listened;
  return settings;
}

std::vector<std::string> machine() {
  return {"127.0.0.1", "192.168.1.20", "10.0.0.7", "::1", "2001:db8::20"};
}

TEST(OwnHosts, a_server_on_all_addresses_is_reached_under_each_of_them) {
  EXPECT_THAT(own_hosts(lan("0.0.0.0"), machine()),
              ElementsAre("localhost", "127.0.0.1", "::1", "192.168.1.20", "10.0.0.7"));
  EXPECT_THAT(
      own_hosts(lan("::"), machine()),
      ElementsAre("localhost", "127.0.0.1", "::1", "192.168.1.20", "10.0.0.7", "2001:db8::20"));
}

TEST(OwnHosts, a_server_on_one_address_is_reached_there) {
  EXPECT_THAT(own_hosts(lan("192.168.1.20"), machine()),
              ElementsAre("localhost", "127.0.0.1", "::1", "192.168.1.20"));
}

TEST(OwnHosts, a_server_for_this_machine_names_no_other_address) {
  config::Settings settings = lan("127.0.0.1");
  settings.dev = config::DevMode::loopback;
  EXPECT_THAT(own_hosts(settings, machine()), ElementsAre("localhost", "127.0.0.1", "::1"));
}

TEST(OwnHosts, the_machine_has_addresses_without_zones) {
  const auto addresses = machine_addresses();
  EXPECT_THAT(addresses, Contains("127.0.0.1"));
  for (const std::string& address : addresses) EXPECT_FALSE(address.starts_with("fe80")) << address;
}

TEST(OwnOrigins, are_made_of_the_same_hosts) {
  const config::Settings settings = lan("::");
  const auto origins = own_origins(settings, 8443);
  for (const std::string& host : own_hosts(settings, machine_addresses())) {
    EXPECT_THAT(origins, Contains("https://" + host_in_url(host) + ":8443"));
  }
  EXPECT_THAT(origins, Contains("https://[::1]:8443"));
  EXPECT_THAT(origins, Not(Contains("https://[::]:8443")));
}

TEST(OwnOrigins, outside_of_development_only_the_configured_one) {
  config::Settings settings = lan("0.0.0.0");
  settings.dev = config::DevMode::off;
  settings.server.public_origin = config::WebOrigin::parse("https://rooms.example");
  EXPECT_THAT(own_origins(settings, 8443), ElementsAre("https://rooms.example"));
}

}  // namespace
}  // namespace stillroom::app
