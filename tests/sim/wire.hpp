// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "network.hpp"
#include "server.hpp"

namespace stillroom::sim {

/// Who learns of a cut, besides the one whose timeouts find out.
enum class Notice : std::uint8_t { nobody, client, server, both };

/// The client's end of one Engine.IO session, as engine.io-client plays it. Lives once.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  enum class Way : std::uint8_t { websocket, polling, upgrade };

  Wire(Ground& ground, std::weak_ptr<Server> server, Way way)
      : ground_(ground), server_(std::move(server)), way_(way) {}

  std::function<void()> opened;
  std::function<void(std::string_view)> message;  ///< a Socket.IO packet
  std::function<void()> closed;                   ///< once; not after close()

  void open();
  void send(std::string packet);
  /// Says goodbye to the transport; nothing is heard any more.
  void close();
  /// The cable is pulled.
  void cut(Notice notice);
  [[nodiscard]] bool alive() const { return !over_; }

 private:
  std::shared_ptr<Line> line();
  void open_websocket();
  void heard(const std::string& text);
  void packet(std::string_view text);
  void pinged();
  void get();
  void post();
  void body(unsigned status, const std::string& text);
  void go_over();
  void flush();
  void end();

  Ground& ground_;
  std::weak_ptr<Server> server_;
  Way way_;
  std::string sid_;
  std::shared_ptr<Line> socket_;  ///< the websocket, or the probe of an upgrade
  std::shared_ptr<Line> getting_;
  std::shared_ptr<Line> posting_;
  std::deque<std::string> outgoing_;
  MonoTime silent_until_ = MonoTime::max();
  bool on_socket_ = false;
  bool probed_ = false;
  bool over_ = false;
};

}  // namespace stillroom::sim
