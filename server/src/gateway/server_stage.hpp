// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/invariant.hpp"
#include "crypto/digest.hpp"
#include "gateway/client.hpp"
#include "gateway/server.hpp"
#include "telemetry/logger.hpp"
#include "telemetry/metrics.hpp"
#include "testing/memory_store.hpp"
#include "testing/plain_passwords.hpp"

/// A gateway with threads, on a port of its own, over stores in memory. For tests only.
namespace stillroom::gateway::test {

class NoIce final : public signalling::IceServers {
 public:
  [[nodiscard]] std::vector<signalling::IceServer> issue(const UserId&, WallTime) override {
    return {};
  }
  [[nodiscard]] bool relay_only() const override { return false; }
};

struct Options {
  std::uint32_t workers = 1;
  milliseconds stop_grace{20'000};
  ProxySettings proxies{};
  LimiterSettings limiter{};
};

/// Tea and Ann have a session in each of these rooms, so that every worker owns some.
inline constexpr int kRooms = 32;
inline constexpr std::uint32_t kSlotsLookedAt = 16;

class ServerStage {
 public:
  explicit ServerStage(const Options& options = {}) : metrics_(options.workers) {
    ServerParts parts{settings(options),
                      {"127.0.0.1", 0},
                      options.workers,
                      nullptr,
                      system_clock(),
                      crypto::system_rng(),
                      verifier_,
                      minter_,
                      ticket_minter_,
                      [](net::Worker&) {
                        return std::make_unique<testing::PlainPasswords>(
                            [](const std::function<void()>& task) { task(); });
                      },
                      ice_,
                      SecretText("key of the digests"),
                      SecretText("key of the devices"),
                      SecretText("key of the passes"),
                      [this](net::Worker& worker) { return store_for(worker); },
                      [](std::uint16_t) { return std::vector<std::string>(); },
                      metrics_,
                      log_};
    server_ = std::make_unique<Server>(std::move(parts));
    ensure(server_->listen().ok(), "a port is free");
    server_->start();
  }

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  void stop() { server_->stop(); }

  [[nodiscard]] std::string token(const std::string& user) const {
    const WallTime now = system_clock().wall_now();
    const identity::Role role =
        user == "tea" ? identity::Role::psychologist : identity::Role::client;
    return std::string(
        minter_.mint({UserId(user), role, now, identity::kOwnTokenLife, now, "id"}).reveal());
  }
  [[nodiscard]] std::uint32_t owner_of_link(const std::string& sid) const {
    const auto parsed = engineio::Sid::parse(sid);
    ensure(parsed.has_value(), "a link has a sid");
    return server_->first_front().switchboard().owner(*parsed);
  }
  /// The number of a room that this worker owns.
  [[nodiscard]] int room_of(std::uint32_t worker) const {
    int number = 0;
    while (server_->first_front().switchboard().owner(room(number)) != worker) ++number;
    ensure(number < kRooms, "every worker owns a room that has a session");
    return number;
  }
  /// `join-room` with ack id 1.
  [[nodiscard]] static std::string join(int number) {
    const std::string text = std::to_string(number);
    return R"(421["join-room",{"roomId":"room-)" + text + R"(","sessionId":"s)" + text + R"("}])";
  }

  [[nodiscard]] net::Worker& worker(std::uint32_t index) const {
    return server_->first_front().switchboard().front(index).worker();
  }
  /// Does something on a worker's thread, with the store that is that thread's own.
  void with_store(std::uint32_t index, std::function<void(testing::MemoryStore&)> what) const {
    std::promise<void> done;
    worker(index).post_consequence(net::Task([&] {
      what(*stores_[index]);
      done.set_value();
    }));
    done.get_future().wait();
  }
  /// What the sockets of a worker have not taken from it yet; none of them was closed before.
  [[nodiscard]] std::size_t unsent(std::uint32_t index) const {
    std::size_t bytes = 0;
    with_store(index, [&](const testing::MemoryStore&) {
      const Front& front = server_->first_front().switchboard().front(index);
      for (std::uint32_t slot = 0; slot < kSlotsLookedAt; ++slot) {
        if (const Client* client = front.client({slot, 1})) bytes += client->connection().backlog();
      }
    });
    return bytes;
  }
  /// As an administrator does it: the person is inactive, and every worker is told.
  void suspend(const std::string& user) const {
    for (std::uint32_t index = 0; index < stores_.size(); ++index) {
      with_store(index, [&](testing::MemoryStore& store) {
        identity::User known = *store.user(UserId(user));
        known.status = identity::UserStatus::inactive;
        store.put(known);
      });
    }
    with_store(0, [&](const testing::MemoryStore&) {
      Front& front = server_->first_front();
      front.switchboard().access_changed(front, UserId(user));
    });
  }
  [[nodiscard]] std::uint64_t counted(telemetry::Counter counter) const {
    return metrics_.total(counter);
  }
  /// Returns when an operation waits in front of the held store.
  void wait_for_operation(std::uint32_t index) const {
    std::size_t waiting = 0;
    while (waiting == 0) {
      with_store(index, [&](const testing::MemoryStore& store) { waiting = store.waiting(); });
    }
  }

 private:
  static RoomId room(int number) { return RoomId("room-" + std::to_string(number)); }
  static SecretText secret() { return SecretText(std::string(32, 's')); }
  static std::vector<identity::TokenKey> keys() {
    std::vector<identity::TokenKey> keys;
    keys.push_back(identity::own_token_key(secret()));
    return keys;
  }
  static Settings settings(const Options& options) {
    Settings settings;
    settings.version = "0";
    settings.transport = TransportRule::any;
    settings.non_browser = OriginPolicy::NonBrowser::allow;
    settings.stop_grace = options.stop_grace;
    settings.proxies = options.proxies;
    settings.limiter = options.limiter;
    return settings;
  }

  std::unique_ptr<signalling::Store> store_for(net::Worker& worker) {
    const testing::Poster post = [&worker](std::function<void()> task) {
      worker.post_consequence(net::Task(std::move(task)));
    };
    stores_.push_back(std::make_unique<testing::MemoryStore>(post));
    testing::MemoryStore& store = *stores_.back();
    using identity::Role;
    store.put(identity::User{UserId("tea"), Role::psychologist, PersonName("Tea"),
                             identity::UserStatus::active});
    store.put(identity::User{UserId("ann"), Role::client, PersonName("Ann"),
                             identity::UserStatus::active});
    for (int number = 0; number < kRooms; ++number) {
      session::Session session;
      session.id = SessionId("s" + std::to_string(number));
      session.room = room(number);
      session.start = system_clock().wall_now();
      session.participants = {{UserId("tea"), Role::psychologist}, {UserId("ann"), Role::client}};
      store.put(std::move(session));
    }
    return store.for_worker(post);
  }

  identity::TokenVerifier verifier_{keys()};
  identity::TokenMinter minter_{identity::own_token_key(secret())};
  identity::TicketMinter ticket_minter_{identity::ticket_key(secret())};
  NoIce ice_;
  telemetry::Metrics metrics_;
  telemetry::NullLogger log_;
  /// One for each worker: the store in memory is for one thread. Each knows the same people.
  std::vector<std::unique_ptr<testing::MemoryStore>> stores_;
  std::unique_ptr<Server> server_;
};

}  // namespace stillroom::gateway::test
