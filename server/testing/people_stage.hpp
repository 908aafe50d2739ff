// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/invariant.hpp"
#include "identity/token_minter.hpp"
#include "identity/token_verifier.hpp"
#include "signalling/accounts.hpp"
#include "signalling/administration.hpp"
#include "signalling/door.hpp"
#include "signalling/enquiries.hpp"
#include "signalling/links.hpp"
#include "signalling/security_events.hpp"
#include "signalling/tickets.hpp"
#include "testing/manual_clock.hpp"
#include "testing/memory_store.hpp"
#include "testing/plain_passwords.hpp"
#include "testing/seeded_rng.hpp"

namespace stillroom::testing {

/// Takes one answer of a use case and insists that it comes once.
template <class Outcome>
class Heard {
 public:
  [[nodiscard]] auto listener() {
    return [box = box_](Outcome outcome) {
      ensure(!box->has_value(), "an answer comes exactly once");
      box->emplace(std::move(outcome));
    };
  }
  [[nodiscard]] bool came() const { return box_->has_value(); }
  [[nodiscard]] bool ok() const { return came() && (*box_)->ok(); }
  [[nodiscard]] auto& value() { return (*box_)->value(); }
  [[nodiscard]] const auto& error() const { return (*box_)->error(); }

 private:
  // Shared: an answer that comes too late must not find a dead listener.
  std::shared_ptr<std::optional<Outcome>> box_ = std::make_shared<std::optional<Outcome>>();
};
template <class T>
using HeardAnswer = Heard<Result<T, signalling::Problem>>;
template <class T>
using HeardAdmin = Heard<Result<T, signalling::AdminError>>;

/// Pauses a person whose second factor was wrong so often.
class CountingFactors final : public signalling::FactorGuard {
 public:
  [[nodiscard]] bool paused(const UserId& user, MonoTime) override { return wrong[user] >= limit; }
  void failed(const UserId& user, MonoTime) override { wrong[user] += 1; }
  void passed(const UserId& user) override { wrong.erase(user); }
  std::map<UserId, int> wrong;
  int limit = 1000;
};

class StageIce final : public signalling::IceServers {
 public:
  [[nodiscard]] std::vector<signalling::IceServer> issue(const UserId& user, WallTime) override {
    ++issued;
    std::vector<signalling::IceServer> servers;
    servers.push_back({{"turn:turn.example:3478"}, "1:" + user.text(), SecretText("pass")});
    return servers;
  }
  [[nodiscard]] bool relay_only() const override { return relay; }
  int issued = 0;
  bool relay = false;
};

/// A therapist, clients, an administrator, one session due now, and every use case of people over a
/// store in memory. `step` runs one task of the store, `settle` all of them.
class PeopleStage {
 public:
  static constexpr std::string_view kSecret = "a secret of thirty-two bytes, ok";

  PeopleStage() {
    put_user("tea", identity::Role::psychologist);
    put_user("ann", identity::Role::client);
    put_user("bob", identity::Role::client);
    put_user("adm", identity::Role::admin);
    store.put(due("s1"));
  }

  void put_user(const std::string& id, identity::Role role,
                identity::UserStatus status = identity::UserStatus::active) {
    store.put(identity::User{UserId(id), role, PersonName("Name of " + id), status});
  }
  /// A session of tea and ann that starts now.
  [[nodiscard]] session::Session due(const std::string& id) const {
    session::Session session;
    session.id = SessionId(id);
    session.room = RoomId("room-" + id);
    session.start = clock.wall_now();
    session.participants = {{UserId("tea"), identity::Role::psychologist},
                            {UserId("ann"), identity::Role::client}};
    return session;
  }

  bool step() {
    if (tasks.empty()) return false;
    const auto task = std::move(tasks.front());
    tasks.pop_front();
    task();
    return true;
  }
  void settle() {
    while (step()) {
    }
  }

  /// So often it happened, as all records together say.
  [[nodiscard]] std::size_t recorded(audit::Kind kind,
                                     audit::Outcome outcome = audit::Outcome::allowed) const {
    std::size_t count = 0;
    for (const audit::Record& record : store.records()) {
      if (record.kind == kind && record.outcome == outcome) count += record.times;
    }
    return count;
  }
  [[nodiscard]] bool audit_mentions(std::string_view text) const {
    for (const audit::Record& record : store.records()) {
      if (audit::canonical(record).find(text) != std::string::npos) return true;
    }
    return false;
  }

  [[nodiscard]] std::string token(const std::string& user, identity::Role role,
                                  seconds age = seconds(0),
                                  const std::optional<SessionId>& session = std::nullopt) const {
    const WallTime issued = clock.wall_now() - age;
    return std::string(
        minter.mint({UserId(user), role, issued, seconds(600), issued, "id", session}).reveal());
  }
  [[nodiscard]] identity::VerifiedToken verified(const std::string& user,
                                                 identity::Role role) const {
    return verifier.verify(identity::TokenText(token(user, role)), clock.wall_now()).value();
  }
  /// `session`: they came by a link into it.
  [[nodiscard]] identity::Principal principal(
      const std::string& user, const std::optional<SessionId>& session = std::nullopt) const {
    const auto known = store.user(UserId(user));
    const identity::Role role = known ? known->role : identity::Role::client;
    const identity::User stand_in{UserId(user), role, PersonName(user),
                                  identity::UserStatus::active};
    const identity::TokenText shown(token(user, role, seconds(0), session));
    const auto right = verifier.verify(shown, clock.wall_now()).value();
    return identity::establish(right, {stand_in}, clock.wall_now()).value();
  }

  std::deque<std::function<void()>> tasks;
  ManualClock clock;
  SeededRng rng{7};
  MemoryStore store{[this](std::function<void()> task) { tasks.push_back(std::move(task)); }};
  StageIce ice;
  identity::TokenMinter minter{identity::own_token_key(SecretText(std::string(kSecret)))};
  identity::TokenVerifier verifier{key_table()};
  signalling::Trace trace{"AbCdEf12", "0123456789abcdef"};
  telemetry::WorkerMetrics metrics;
  telemetry::NullLogger log;
  SecretText source_key{std::string(kSecret)};
  signalling::SecurityEvents events{store, clock, metrics, log, source_key};
  signalling::Door door{store, events, clock, verifier, identity::QueryTokens::accepted};
  signalling::Links links{store, events, clock, rng, minter, {}};
  identity::TicketMinter ticket_minter{identity::ticket_key(SecretText(std::string(kSecret)))};
  signalling::Tickets tickets{store, clock, rng, ticket_minter};
  PlainPasswords passwords{
      [this](std::function<void()> task) { tasks.push_back(std::move(task)); }};
  CountingFactors factors;
  signalling::Accounts accounts{store, events, passwords, factors, clock, rng, {}};
  signalling::Enquiries enquiries{store, events, clock, ice, {}};
  signalling::Administration administration{store, clock, rng, &minter};

 private:
  static std::vector<identity::TokenKey> key_table() {
    std::vector<identity::TokenKey> keys(1);
    keys[0].key = SecretText(std::string(kSecret));
    keys.push_back(identity::own_token_key(keys[0].key));
    keys.push_back(identity::ticket_key(keys[0].key));
    return keys;
  }
};

}  // namespace stillroom::testing
