// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "websocket/test_client.hpp"

/// A client on a blocking socket, for tests of a running gateway. Every wait has an end.
namespace stillroom::gateway::test {

inline constexpr int kWaitSeconds = 20;

class Peer {
 public:
  struct Frame {
    websocket::Opcode opcode = websocket::Opcode::text;
    std::string payload;
  };

  /// How much the kernel takes for whoever does not read.
  enum class Room : std::uint8_t { usual, little };

  explicit Peer(std::uint16_t port, Room room = Room::usual)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) std::abort();
    constexpr int kLittle = 4096;
    if (room == Room::little) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &kLittle, sizeof kLittle);
    const timeval wait{kWaitSeconds, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Peer() { ::close(fd_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }

  void send(std::string_view bytes) const {
    if (::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) return;  // reading will tell
  }
  /// As a client that has heard enough: the server need not wait for it.
  void hang_up() const { ::shutdown(fd_, SHUT_RDWR); }
  /// The server has closed; whatever came before is thrown away.
  [[nodiscard]] bool ended() {
    while (receive()) bytes_.clear();
    return over_;
  }

  // HTTP.
  void get(std::string_view target) { request("GET", target, {}); }
  void post(std::string_view target, std::string_view body) { request("POST", target, body); }
  /// One answer, head and body; empty when the connection ended instead.
  [[nodiscard]] std::string answer() {
    constexpr std::string_view kEnd = "\r\n\r\n";
    constexpr std::string_view kLength = "Content-Length: ";
    std::size_t head = bytes_.find(kEnd);
    while (head == std::string::npos) {
      if (!receive()) return {};
      head = bytes_.find(kEnd);
    }
    std::size_t whole = head + kEnd.size();
    const std::size_t length = bytes_.find(kLength);
    if (length < head) whole += std::strtoul(bytes_.c_str() + length + kLength.size(), nullptr, 10);
    return take(whole);
  }

  // Engine.IO and Socket.IO over a WebSocket.
  /// The sid.
  [[nodiscard]] std::string open_websocket() {
    request("GET", "/socket.io/?EIO=4&transport=websocket",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
            {});
    static_cast<void>(answer());
    return sid_in(text());
  }
  /// CONNECT; true when the server let us in and said hello.
  [[nodiscard]] bool enter(std::string_view token) {
    say(std::string(R"(40{"token":")").append(token).append("\"}"));
    return text().starts_with("40{") && text().starts_with(R"(42["server:hello")");
  }
  void say(std::string text) const {
    send(websocket::test::whole(websocket::Opcode::text, std::move(text)));
  }
  void ping(std::string payload) const {
    send(websocket::test::whole(websocket::Opcode::ping, std::move(payload)));
  }
  [[nodiscard]] std::optional<Frame> frame() {
    if (!have(2)) return std::nullopt;
    std::size_t head = 2;
    std::size_t size = static_cast<std::uint8_t>(bytes_[1]);
    if (size > 125) {
      const std::size_t more = size == 126 ? 2 : 8;
      head += more;
      if (!have(head)) return std::nullopt;
      size = 0;
      for (std::size_t at = 2; at < head; ++at) {
        size = size << 8U | static_cast<std::uint8_t>(bytes_[at]);
      }
    }
    if (!have(head + size)) return std::nullopt;
    Frame frame{static_cast<websocket::Opcode>(bytes_[0] & 0xF), {}};
    frame.payload = take(head + size).substr(head);
    return frame;
  }
  /// The next text; empty when the server closes instead.
  [[nodiscard]] std::string text() {
    const auto next = frame();
    return next && next->opcode == websocket::Opcode::text ? next->payload : std::string();
  }
  /// Passes texts over until one begins so; empty when none does.
  [[nodiscard]] std::string text_from(std::string_view beginning) {
    std::string next = text();
    while (!next.empty() && !next.starts_with(beginning)) next = text();
    return next;
  }
  /// The code of the close frame that comes next; 0 when something else comes.
  [[nodiscard]] unsigned close_code() {
    const auto next = frame();
    if (!next || next->opcode != websocket::Opcode::close || next->payload.size() < 2) return 0;
    return static_cast<unsigned>(static_cast<std::uint8_t>(next->payload[0])) << 8U |
           static_cast<std::uint8_t>(next->payload[1]);
  }

  /// From an Engine.IO OPEN packet.
  [[nodiscard]] static std::string sid_in(std::string_view text) {
    constexpr std::string_view kName = R"("sid":")";
    const std::size_t at = text.find(kName);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = text.substr(at + kName.size());
    return std::string(rest.substr(0, rest.find('"')));
  }

 private:
  void request(std::string_view method, std::string_view target, std::string_view body) {
    request(method, target, {}, body);
  }
  void request(std::string_view method, std::string_view target, std::string_view fields,
               std::string_view body) {
    std::string text(method);
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(fields);
    if (method == "POST") {
      text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    }
    send(text.append("\r\n").append(body));
  }
  bool receive() {
    std::array<char, 4096> piece{};
    const ssize_t got = ::recv(fd_, piece.data(), piece.size(), 0);
    over_ = got == 0 || (got < 0 && errno == ECONNRESET);
    if (got <= 0) return false;
    bytes_.append(piece.data(), static_cast<std::size_t>(got));
    return true;
  }
  bool have(std::size_t count) {
    while (bytes_.size() < count) {
      if (!receive()) return false;
    }
    return true;
  }
  std::string take(std::size_t count) {
    if (!have(count)) return {};
    std::string taken = bytes_.substr(0, count);
    bytes_.erase(0, count);
    return taken;
  }

  int fd_;
  bool connected_ = false;
  bool over_ = false;
  std::string bytes_;
};

}  // namespace stillroom::gateway::test
