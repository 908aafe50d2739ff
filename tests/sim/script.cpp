// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "world.hpp"

// What goes wrong, and what people do meanwhile.
namespace stillroom::sim {
namespace {

constexpr milliseconds kFaultMin{1500};
constexpr milliseconds kFaultMax{12'000};
constexpr milliseconds kWhimMin{3000};
constexpr milliseconds kWhimMax{25'000};

}  // namespace

void World::next_fault() {
  ground_.schedule.after(Weather::between(ground_.rng, kFaultMin, kFaultMax), [this] {
    if (peace_) return;
    fault();
    next_fault();
  });
}

void World::fault() {
  testing::SeededRng& rng = ground_.rng;
  switch (rng.below(12)) {
    case 0:
      return end_server(rng.chance(1, 2) ? Disk::End::power : Disk::End::process);
    case 1:
      if (rng.chance(1, 6)) cancel_a_session();
      return;
    case 2:
    case 3:
    case 4:
    case 5:
      return fault_of_store();
    default:
      return fault_of_network();
  }
}

void World::fault_of_store() {
  testing::SeededRng& rng = ground_.rng;
  switch (rng.below(4)) {
    case 0:
      if (!rng.chance(1, 4)) return;
      say("the disk breaks");
      return ground_.disk.break_at(static_cast<int>(rng.below(8)));
    case 1:
      say("the disk is full");
      ground_.disk.fill_up();
      ground_.schedule.after(Weather::between(rng, milliseconds(10), milliseconds(4000)),
                             [this] { ground_.disk.make_room(); });
      return;
    case 2:
      say("the store hangs");
      ground_.disk.hang();
      ground_.schedule.after(Weather::between(rng, milliseconds(100), milliseconds(3000)),
                             [this] { ground_.disk.go_on(); });
      return;
    default:
      say("the store is slow");
      ground_.weather.store_max = Weather::between(rng, milliseconds(50), milliseconds(900));
      ground_.schedule.after(milliseconds(4000),
                             [this] { ground_.weather.store_max = Weather{}.store_max; });
      return;
  }
}

void World::fault_of_network() {
  testing::SeededRng& rng = ground_.rng;
  if (rng.chance(1, 5)) {
    say("the network is slow");
    ground_.weather.network_max = Weather::between(rng, milliseconds(200), milliseconds(2500));
    ground_.weather.mailbox_max = milliseconds(60);
    ground_.schedule.after(milliseconds(5000), [this] {
      ground_.weather.network_max = Weather{}.network_max;
      ground_.weather.mailbox_max = Weather{}.mailbox_max;
    });
    return;
  }
  const std::size_t many = 1 + rng.below(3);
  for (std::size_t count = 0; count < many; ++count) {
    Client& client = *clients_[rng.below(clients_.size())];
    say("cut: " + client.persona().user.text());
    client.cut(static_cast<Notice>(rng.below(4)));
  }
}

void World::cancel_a_session() {
  if (!server_) return;
  const SessionId& chosen = sessions_[ground_.rng.below(sessions_.size())].id;
  say("to be cancelled: " + chosen.text());
  server_->cancel(chosen);
}

void World::next_whim(std::size_t client) {
  ground_.schedule.after(Weather::between(ground_.rng, kWhimMin, kWhimMax), [this, client] {
    if (peace_) return;
    whim(*clients_[client]);
    if (ground_.rng.chance(1, 3)) mischief(*stranger_);
    next_whim(client);
  });
}

void World::whim(Client& client) {
  testing::SeededRng& rng = ground_.rng;
  const auto& others = client.others();
  say("whim of " + client.persona().user.text());
  switch (rng.below(10)) {
    case 0:
      return client.leave_room();
    case 1:
    case 2: {
      if (rng.chance(1, 2)) {
        client.go();
      } else {
        client.vanish();
      }
      const auto back = Weather::between(rng, milliseconds(300), milliseconds(20'000));
      ground_.schedule.after(back, [&client] { client.come(); });
      return;
    }
    case 3:
      return client.join(true);
    case 4:
      return client.say("start-call", client.room_json());
    case 5:
      return client.say("ice-servers", client.room_json());
    case 6:
      if (!others.empty()) client.offer_to(*others.begin());
      return;
    case 7:
      return client.echo("0");
    case 8:
      // Only now and then: a call that is over takes its room out of the game.
      if (rng.chance(1, 25)) client.end_call();
      return;
    default:
      return mischief(client);
  }
}

/// What nobody may do: speak into another room, go into it, end what is not theirs.
void World::mischief(Client& client) {
  testing::SeededRng& rng = ground_.rng;
  Client& victim = *clients_[rng.below(clients_.size())];
  const std::string own = R"({"roomId":")" + client.persona().room.text() + R"(","sessionId":")";
  const std::string theirs = R"({"roomId":")" + victim.persona().room.text() + R"(","sessionId":")";
  if (client.persona().session == victim.persona().session && &client != stranger_.get()) return;
  switch (rng.below(7)) {
    case 0:
      return client.say("join-room", own + victim.persona().session.text() + "\"}");
    case 1:
      return client.say("join-room", theirs + victim.persona().session.text() + "\"}");
    case 2:
      return client.say("join-room", theirs + client.persona().session.text() + "\"}");
    case 3:
      return client.offer_to(victim.socket());
    case 4:
      return client.say("ice-candidate", R"({"candidate":null,"to":")" + victim.socket() +
                                             R"(","roomId":")" + victim.persona().room.text() +
                                             "\"}");
    case 5:
      return client.say("end-call", theirs + victim.persona().session.text() + "\"}");
    default:
      return client.say("leave-room", theirs + victim.persona().session.text() + "\"}");
  }
}

}  // namespace stillroom::sim
