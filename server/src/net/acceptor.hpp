// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "net/peer_address.hpp"
#include "net/worker.hpp"

namespace stillroom::net {

struct Endpoint {
  std::string host;  ///< IPv4 or IPv6 literal
  std::uint16_t port = 0;
};

/// A listening socket of one worker. All workers bind the same address (SO_REUSEPORT); the kernel
/// spreads new connections over them.
class Acceptor final : public Pollable {
 public:
  /// Gets a non-blocking descriptor that it now owns.
  using Accepted = std::function<void(int fd, const PeerAddress& peer)>;

  /// A listening descriptor, not yet watched. The error is a sentence for the operator. Port 0 lets
  /// the kernel choose; `local_port()` says which.
  [[nodiscard]] static Result<int, std::string> listen(const Endpoint& endpoint);
  /// The same for the first worker: refused when any other program listens there already.
  [[nodiscard]] static Result<int, std::string> listen_alone(const Endpoint& endpoint);
  [[nodiscard]] static std::uint16_t local_port(int listen_fd);

  Acceptor(Worker& worker, int listen_fd, Accepted accepted);
  ~Acceptor() override;

  /// No more connections; those in the kernel's queue are refused.
  void stop();

 private:
  static constexpr int kAcceptsPerRound = 64;
  void ready(std::uint32_t epoll_events) override;
  void shed_one();

  Worker& worker_;
  int listen_fd_;
  int spare_fd_;  ///< given up for a moment when descriptors run out, to refuse instead of spin
  Accepted accepted_;
};

}  // namespace stillroom::net
