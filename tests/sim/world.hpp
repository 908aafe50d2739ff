// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client.hpp"
#include "server.hpp"

namespace stillroom::sim {

/// One seed: three rooms, ten clients and a stranger, faults for a while, then peace. A promise
/// that breaks is thrown as a Violation.
class World {
 public:
  explicit World(std::uint64_t seed);
  ~World();

  /// `line` is called with what happens.
  void read_along(std::function<void(const std::string&)> line);
  void run();
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  [[nodiscard]] const Judge& judge() const { return ground_.judge; }

 private:
  void furnish();
  void add_session(const std::string& name, session::Type type,
                   const std::vector<std::string>& clients);
  void add_client(const std::string& user, const std::string& session, const std::string& device);
  void start_server();
  void end_server(Disk::End end);

  // The script.
  void next_fault();
  void fault();
  void fault_of_store();
  void fault_of_network();
  void next_whim(std::size_t client);
  void whim(Client& client);
  void mischief(Client& client);
  void cancel_a_session();
  void make_peace();

  void run_for(milliseconds time);
  void look();
  void demand(bool holds, const std::string& promise) const;
  void check_everybody_is_back();
  void check_room(const session::Session& session);
  void check_echoes();
  void say(const std::string& line) const;

  Ground ground_;
  std::shared_ptr<Server> server_;
  std::vector<session::Session> sessions_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::unique_ptr<Client> stranger_;
  std::uint64_t steps_ = 0;
  bool peace_ = false;
};

}  // namespace stillroom::sim
