// SPDX-License-Identifier: Apache-2.0
#include "net/connection.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <utility>

namespace stillroom::net {
namespace {
/// SSL_write() takes an int, and one TLS record carries no more anyway.
constexpr std::size_t kRecordBytesMax = 16'384;
}  // namespace

Connection::Connection(Worker& worker, Handler& handler, int fd, const PeerAddress& peer,
                       const TlsContext* tls, Preface preface)
    : worker_(&worker), handler_(handler), fd_(fd), peer_(peer) {
  if (preface == Preface::proxy_header) preface_ = std::make_unique<ProxyHeaderReader>();
  if (tls != nullptr) ssl_ = tls->accept(worker.scratch());
}

Connection::~Connection() {
  if (fd_ < 0) return;
  if (worker_ != nullptr) {
    worker_->forget_dirty(*this);
    worker_->unwatch(fd_, *this);
  }
  ::close(fd_);
}

void Connection::start() {
  worker_->watch(fd_, *this, EPOLLIN);
}

std::string& Connection::cork() {
  if (!dirty_) {
    dirty_ = true;
    worker_->mark_dirty(*this);
    if (corked_.empty()) corked_ = worker_->take_buffer();
  }
  return corked_;
}

void Connection::write(std::string_view bytes) {
  if (fd_ >= 0 && !closing_) cork().append(bytes);
}

void Connection::flush() {
  dirty_ = false;
  if (fd_ < 0) return;
  if (!corked_.empty()) {
    if (ssl_) {
      seal(corked_);
    } else {
      transmit(corked_);
    }
    worker_->give_buffer(std::exchange(corked_, {}));
  }
  if (fd_ >= 0 && closing_ && unsent_.empty()) ::shutdown(fd_, SHUT_WR);
}

void Connection::seal(std::string_view plain) {
  TlsScratch& scratch = worker_->scratch();
  scratch.cipher_in = {};
  scratch.cipher_out.clear();
  while (!plain.empty()) {
    const std::size_t piece = std::min(plain.size(), kRecordBytesMax);
    ERR_clear_error();
    if (SSL_write(ssl_.get(), plain.data(), static_cast<int>(piece)) <= 0) {
      return shut(CloseCause::tls_error);  // our BIO takes everything, so nothing else is possible
    }
    plain.remove_prefix(piece);
  }
  transmit(scratch.cipher_out);
}

void Connection::transmit(std::string_view bytes) {
  while (unsent_.empty() && !bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno != EINTR) {
      return shut(CloseCause::by_peer);
    }
  }
  if (bytes.empty()) return;
  unsent_.append(bytes);
  watch_writable();
}

void Connection::watch_writable() {
  if (writable_watched_) return;
  writable_watched_ = true;
  worker_->rewatch(fd_, *this, EPOLLIN | EPOLLOUT);
}

void Connection::send_unsent() {
  std::string pending;
  pending.swap(unsent_);
  transmit(pending);
  if (fd_ < 0 || !unsent_.empty()) return;
  writable_watched_ = false;
  worker_->rewatch(fd_, *this, EPOLLIN);
  if (closing_) {
    ::shutdown(fd_, SHUT_WR);
  } else {
    handler_.on_drained();
  }
}

void Connection::ready(std::uint32_t epoll_events) {
  if ((epoll_events & EPOLLOUT) != 0) send_unsent();
  if (fd_ >= 0 && (epoll_events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive();
}

/// Into the scratch buffer; nothing when there is nothing now, or nothing any more.
std::optional<std::size_t> Connection::receive_some(std::size_t bytes_max) {
  const ssize_t got = ::recv(fd_, worker_->scratch().read.data(), bytes_max, 0);
  if (got > 0) return static_cast<std::size_t>(got);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return std::nullopt;
  shut(got == 0 && closing_ ? CloseCause::by_us : CloseCause::by_peer);
  return std::nullopt;
}

void Connection::receive() {
  if (preface_ && !closing_ && !receive_preface()) return;
  std::vector<char>& buffer = worker_->scratch().read;
  const auto got = receive_some(buffer.size());
  if (!got) return;
  if (closing_)
    return;  // lingering: what still arrives is thrown away, so that no RST eats our answer
  if (ssl_) {
    receive_sealed(*got);
  } else {
    handler_.on_bytes({buffer.data(), *got});
  }
}

/// True once the header has come and we are still open; what follows it is still in the socket.
bool Connection::receive_preface() {
  static_assert(kProxyHeaderBytesMax <= TlsScratch::kReadBytes);
  while (true) {
    const auto got = receive_some(preface_->wants());
    if (!got) return false;
    const auto header = preface_->feed({worker_->scratch().read.data(), *got});
    if (!header) {
      shut(CloseCause::no_header);
      return false;
    }
    if (!*header) continue;
    preface_.reset();
    client_ = (*header)->client;
    if ((*header)->source) peer_ = *(*header)->source;
    handler_.on_announced();
    return fd_ >= 0;
  }
}

void Connection::receive_sealed(std::size_t bytes) {
  TlsScratch& scratch = worker_->scratch();
  scratch.cipher_in = {scratch.read.data(), bytes};
  scratch.cipher_out.clear();
  std::size_t plain_bytes = 0;
  bool peer_done = false;
  bool broken = false;
  while (plain_bytes < scratch.plain.size()) {
    ERR_clear_error();
    const int got = SSL_read(ssl_.get(), scratch.plain.data() + plain_bytes,
                             static_cast<int>(scratch.plain.size() - plain_bytes));
    if (got > 0) {
      plain_bytes += static_cast<std::size_t>(got);
      continue;
    }
    const int reason = SSL_get_error(ssl_.get(), got);
    peer_done = reason == SSL_ERROR_ZERO_RETURN;
    broken = !peer_done && reason != SSL_ERROR_WANT_READ;
    break;
  }
  // Handshake flights, alerts and tickets leave before any answer to the plaintext.
  if (!scratch.cipher_out.empty()) transmit(scratch.cipher_out);
  if (fd_ >= 0 && broken) return shut(CloseCause::tls_error);
  if (fd_ >= 0 && plain_bytes > 0) handler_.on_bytes({scratch.plain.data(), plain_bytes});
  if (fd_ >= 0 && peer_done) shut(CloseCause::by_peer);
}

void Connection::close() {
  if (fd_ < 0 || closing_) return;
  if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1) {
    if (!corked_.empty()) flush();
    if (fd_ < 0) return;
    TlsScratch& scratch = worker_->scratch();
    scratch.cipher_in = {};
    scratch.cipher_out.clear();
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    transmit(scratch.cipher_out);
    if (fd_ < 0) return;
  }
  closing_ = true;
  std::ignore = cork();  // so that flush() half-closes when this event is done
}

void Connection::abort() {
  shut(CloseCause::by_us);
}

void Connection::shut(CloseCause cause) {
  if (fd_ < 0) return;
  worker_->forget_dirty(*this);
  worker_->unwatch(fd_, *this);
  ::close(fd_);
  fd_ = -1;
  ssl_.reset();
  std::string().swap(corked_);
  std::string().swap(unsent_);
  handler_.on_closed(cause);
}

void Connection::detach() {
  flush();
  if (fd_ < 0) return;
  worker_->forget_dirty(*this);
  worker_->unwatch(fd_, *this);
  worker_ = nullptr;  // nobody's, until attach()
  writable_watched_ = false;
}

void Connection::attach(Worker& worker) {
  worker_ = &worker;
  if (fd_ < 0) return;
  if (ssl_) rebind(*ssl_, worker.scratch());
  writable_watched_ = !unsent_.empty();
  const std::uint32_t events = EPOLLIN;
  worker_->watch(fd_, *this, writable_watched_ ? events | EPOLLOUT : events);
}

}  // namespace stillroom::net
