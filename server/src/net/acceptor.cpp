// SPDX-License-Identifier: Apache-2.0
#include "net/acceptor.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace stillroom::net {
namespace {

constexpr int kListenBacklog = 1024;
/// A peer that acknowledges nothing for so long is gone.
constexpr unsigned kTcpUserTimeoutMs = 30'000;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

Result<SocketAddress, std::string> to_socket_address(const Endpoint& endpoint) {
  SocketAddress address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, endpoint.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(endpoint.port);
    address.length = sizeof(sockaddr_in);
    return address;
  }
  if (inet_pton(AF_INET6, endpoint.host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(endpoint.port);
    address.length = sizeof(sockaddr_in6);
    return address;
  }
  return fail(std::string("server.listen needs an IPv4 or IPv6 address, such as 127.0.0.1:8443"));
}

std::string listen_error(const Endpoint& endpoint, int error) {
  const std::string where = endpoint.host + ":" + std::to_string(endpoint.port);
  if (error == EADDRINUSE) return where + " is taken by another program; choose another port";
  if (error == EACCES) return where + " needs more rights; choose a port above 1023";
  return where + " cannot be listened on: " + std::strerror(error);
}

bool set(int fd, int level, int name, int value) {
  return ::setsockopt(fd, level, name, &value, sizeof value) == 0;
}

/// SO_REUSEPORT lets a second server of the same account share the port unnoticed; without it the
/// kernel tells.
Result<void, int> probe(const SocketAddress& address) {
  const int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return fail(errno);
  const auto* raw = reinterpret_cast<const sockaddr*>(&address.storage);
  const bool is_free = set(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
                       ::bind(fd, raw, address.length) == 0 && ::listen(fd, 1) == 0;
  const int error = errno;
  ::close(fd);
  if (!is_free) return fail(error);
  return {};
}

}  // namespace

Result<int, std::string> Acceptor::listen_alone(const Endpoint& endpoint) {
  const auto address = to_socket_address(endpoint);
  if (!address) return fail(address.error());
  if (const auto taken = probe(*address); !taken)
    return fail(listen_error(endpoint, taken.error()));
  return listen(endpoint);
}

Result<int, std::string> Acceptor::listen(const Endpoint& endpoint) {
  const auto address = to_socket_address(endpoint);
  if (!address) return fail(address.error());
  const int fd =
      ::socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return fail(listen_error(endpoint, errno));
  const auto* raw = reinterpret_cast<const sockaddr*>(&address->storage);
  if (!set(fd, SOL_SOCKET, SO_REUSEADDR, 1) || !set(fd, SOL_SOCKET, SO_REUSEPORT, 1) ||
      ::bind(fd, raw, address->length) != 0 || ::listen(fd, kListenBacklog) != 0) {
    const int error = errno;
    ::close(fd);
    return fail(listen_error(endpoint, error));
  }
  return fd;
}

std::uint16_t Acceptor::local_port(int listen_fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  ::getsockname(listen_fd, reinterpret_cast<sockaddr*>(&storage), &length);
  return to_peer_address(reinterpret_cast<const sockaddr*>(&storage)).port;
}

Acceptor::Acceptor(Worker& worker, int listen_fd, Accepted accepted)
    : worker_(worker),
      listen_fd_(listen_fd),
      spare_fd_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      accepted_(std::move(accepted)) {
  worker_.watch(listen_fd_, *this, EPOLLIN);
}

Acceptor::~Acceptor() {
  stop();
  if (spare_fd_ >= 0) ::close(spare_fd_);
}

void Acceptor::stop() {
  if (listen_fd_ < 0) return;
  worker_.unwatch(listen_fd_, *this);
  ::close(listen_fd_);
  listen_fd_ = -1;
}

void Acceptor::ready(std::uint32_t /*epoll_events*/) {
  for (int round = 0; round < kAcceptsPerRound && listen_fd_ >= 0; ++round) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    auto* raw = reinterpret_cast<sockaddr*>(&storage);
    const int fd = ::accept4(listen_fd_, raw, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
      if (errno == EMFILE || errno == ENFILE) shed_one();
      return;
    }
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(kTcpUserTimeoutMs));
    accepted_(fd, to_peer_address(raw));
  }
}

void Acceptor::shed_one() {
  if (spare_fd_ < 0) return;
  ::close(spare_fd_);
  const int fd = ::accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd >= 0) ::close(fd);
  spare_fd_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

}  // namespace stillroom::net
