// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "room/example_people.hpp"
#include "room/example_stage.hpp"
#include "signalling/desk.hpp"
#include "testing/manual_clock.hpp"
#include "testing/memory_store.hpp"
#include "testing/seeded_rng.hpp"

/// A desk with a store in memory and time that a test turns. Never linked into the binary.
namespace stillroom::signalling::example {

/// Writes down what leaves: `<slot>:<event name>` and `<slot>#<ack id>:<text>`,
/// and who lost a right.
class Heard final : public Outbox {
 public:
  void emit(const room::Address& to, std::string_view json) override {
    json::Document document;
    const auto name = document.parse(json).value().at(0)->as_string();
    lines.push_back(std::to_string(to.slot) + ":" + *name);
    texts.emplace_back(json);
  }
  void ack(const room::Address& to, std::uint64_t id, std::string_view json) override {
    lines.push_back(std::to_string(to.slot) + "#" + std::to_string(id) + ":" +
                    std::string(json.substr(0, 12)));
    texts.emplace_back(json);
  }
  void right_lost(const room::Address& to, const RoomId& room, std::string_view reason) override {
    lines.push_back(std::to_string(to.slot) + " may not be in " + room.text() + ": " +
                    std::string(reason));
  }
  std::vector<std::string> take() { return std::exchange(lines, {}); }

  std::vector<std::string> lines;
  std::vector<std::string> texts;
};

class NoIce final : public IceServers {
 public:
  std::vector<IceServer> issue(const UserId& user, WallTime) override {
    issued.push_back(user);
    return {};
  }
  [[nodiscard]] bool relay_only() const override { return false; }
  std::vector<UserId> issued;
};

class DeskStage {
 public:
  DeskStage() : store([this](std::function<void()> task) { tasks.push_back(std::move(task)); }) {
    open();
    store.put(room::example::session());
  }

  void open() {
    const DeskPorts ports{store, heard, ice, clock, rng, metrics, events};
    desk = std::make_unique<Desk>(ports, settings);
  }
  /// Everything the store owes, until nothing is left.
  void settle() {
    while (!tasks.empty()) step();
  }
  void step() {
    const auto task = std::move(tasks.front());
    tasks.pop_front();
    task();
  }
  void pass(milliseconds time) {
    clock.advance(time);
    desk->tick(clock.mono_now());
    settle();
  }
  void submit(const CallerRef& who, room::Command command,
              std::optional<std::uint64_t> ack = std::nullopt) {
    desk->submit(who, room, std::move(command), ack);
  }
  void join(const CallerRef& who, std::optional<std::uint64_t> ack = std::nullopt) {
    submit(who, room::Join{SessionId("s1"), {}}, ack);
  }
  void lose(const CallerRef& who, room::Loss loss = room::Loss::transport) {
    desk->connection_lost(who->address, room, loss);
  }
  void both_join() {
    join(tea);
    join(ann);
    settle();
    heard.take();
  }
  [[nodiscard]] std::size_t records(audit::Kind kind) const {
    std::size_t count = 0;
    for (const audit::Record& record : store.records()) count += record.kind == kind ? 1U : 0U;
    return count;
  }
  [[nodiscard]] session::Status status() const { return store.session(SessionId("s1"))->status; }

  RoomId room{"room-1"};
  std::deque<std::function<void()>> tasks;
  testing::MemoryStore store;
  testing::ManualClock clock;
  testing::SeededRng rng{7};
  Heard heard;
  NoIce ice;
  telemetry::WorkerMetrics metrics;
  telemetry::NullLogger log;
  SecretText source_key{"source key"};
  SecurityEvents events{store, clock, metrics, log, source_key};
  room::Settings settings;
  std::unique_ptr<Desk> desk;

  CallerRef tea = room::example::caller(
      room::example::principal(room::example::user("tea", identity::Role::psychologist)), 1);
  CallerRef ann = room::example::caller(room::example::principal(room::example::user("ann")), 2);
  CallerRef bob = room::example::caller(room::example::principal(room::example::user("bob")), 3);
  CallerRef eve = room::example::caller(room::example::principal(room::example::user("eve")), 9);
};

}  // namespace stillroom::signalling::example
