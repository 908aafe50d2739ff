// SPDX-License-Identifier: Apache-2.0
#include "gateway/server.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <future>
#include <memory>
#include <tuple>
#include <utility>

namespace stillroom::gateway {
namespace {

std::uint64_t random_word(Rng& rng) {
  std::array<std::uint8_t, sizeof(std::uint64_t)> bytes{};
  rng.fill(bytes);
  return std::bit_cast<std::uint64_t>(bytes);
}

}  // namespace

Server::Server(ServerParts parts)
    : parts_(std::move(parts)),
      origins_(parts_.settings.origins, parts_.settings.non_browser),
      security_({}),
      proxies_(parts_.settings.proxies),
      limiter_(parts_.settings.limiter, random_word(parts_.rng)),
      log_in_guard_(std::move(parts_.device_key)),
      passes_(std::move(parts_.pass_key)),
      shared_{parts_.settings,
              parts_.clock,
              parts_.rng,
              parts_.verifier,
              parts_.minter,
              parts_.ticket_minter,
              parts_.passwords_for,
              parts_.ice,
              files_,
              origins_,
              security_,
              proxies_,
              limiter_,
              log_in_guard_,
              passes_,
              parts_.tls,
              std::move(parts_.source_key),
              switchboard_,
              parts_.metrics,
              parts_.log} {}

Server::~Server() {
  stop();
}

Result<void, std::string> Server::listen() {
  for (std::uint32_t index = 0; index < parts_.workers; ++index) {
    const auto fd = index == 0 ? net::Acceptor::listen_alone(parts_.listen)
                               : net::Acceptor::listen({parts_.listen.host, port_});
    if (!fd) return fail(fd.error());
    if (index == 0) {
      port_ = net::Acceptor::local_port(*fd);
      std::vector<std::string> own = parts_.own_origins(port_);
      security_ = SecurityFields(own);
      for (std::string& origin : own) origins_.allow_own(std::move(origin));
    }
    workers_.push_back(std::make_unique<net::Worker>(index, parts_.clock));
    net::Worker& worker = *workers_.back();
    fronts_.push_back(std::make_unique<Front>(worker, shared_, parts_.store_for(worker)));
    Front& front = *fronts_.back();
    acceptors_.push_back(std::make_unique<net::Acceptor>(
        worker, *fd,
        [&front](int client, const net::PeerAddress& peer) { front.accepted(client, peer); }));
  }
  return {};
}

void Server::adopt(session::Session session) {
  Front& front = switchboard_.front(switchboard_.owner(session.room));
  front.desk().adopt(std::move(session));
  front.arm_desk();
}

void Server::on_each_front(const std::function<void(Front& front)>& what) {
  for (const auto& front : fronts_) {
    if (threads_.empty()) {
      what(*front);
    } else {
      front->worker().post_consequence(net::Task([there = front.get(), what] { what(*there); }));
    }
  }
}

void Server::use_keys(const std::shared_ptr<const identity::TokenVerifier>& verifier,
                      signalling::IssuerKeys keys) {
  on_each_front([verifier, keys](Front& front) { front.door().use(verifier, keys); });
}

void Server::use_tls(const std::shared_ptr<const net::TlsContext>& tls) {
  on_each_front([tls](Front& front) { front.use_tls(tls); });
}

void Server::on_unknown_key(const std::function<void()>& told) {
  for (const auto& front : fronts_) front->door().on_unknown_key(told);
}

void Server::start() {
  for (const auto& worker : workers_) {
    threads_.emplace_back([loop = worker.get()] { loop->run(); });
  }
}

void Server::on_each_worker(
    milliseconds longest,
    const std::function<void(std::size_t index, std::function<void()> done)>& begin) {
  auto all_done = std::make_shared<std::promise<void>>();
  auto left = std::make_shared<std::atomic<std::size_t>>(workers_.size());
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    workers_[i]->post_consequence(net::Task([begin, i, all_done, left] {
      begin(i, [all_done, left] {
        if (left->fetch_sub(1) == 1) all_done->set_value();
      });
    }));
  }
  std::ignore = all_done->get_future().wait_for(longest);
}

void Server::stop() {
  if (threads_.empty()) return;
  const milliseconds grace = parts_.settings.stop_grace;
  const MonoTime end = parts_.clock.mono_now() + grace;
  // A store that hangs may not take the time in which people are told.
  on_each_worker(grace / 2, [this](std::size_t i, std::function<void()> done) {
    acceptors_[i]->stop();
    fronts_[i]->drain(std::move(done));
  });
  // Answers that another worker's desk has posted stand before this in each mailbox.
  on_each_worker(
      std::chrono::ceil<milliseconds>(end - parts_.clock.mono_now()),
      [this](std::size_t i, std::function<void()> done) { fronts_[i]->stop(std::move(done)); });
  for (const auto& worker : workers_) worker->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  acceptors_.clear();
  fronts_.clear();
}

}  // namespace stillroom::gateway
