// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/order.hpp"
#include "base/result.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Boost's name
}

/// `control.sock` in the data folder: how commands reach a running server. Mode 0600 and the same
/// account only; one order line in, one reply line out.
namespace stillroom::app {

inline constexpr std::size_t kOrderBytesMax = 65'536;

class ControlSocket {
 public:
  /// Gets an order and must call `reply` once, on the same thread.
  using Handler = std::function<void(std::string order, std::function<void(Reply)> reply)>;

  [[nodiscard]] static Result<std::unique_ptr<ControlSocket>, std::string> listen(
      boost::asio::io_context& loop, const std::filesystem::path& folder, Handler handler);
  ~ControlSocket();

 private:
  struct Acceptor;
  explicit ControlSocket(std::unique_ptr<Acceptor> acceptor);
  std::unique_ptr<Acceptor> acceptor_;
};

/// Sends the order to the server that runs on `folder`; nothing when none does.
[[nodiscard]] std::optional<Reply> ask_server(const std::filesystem::path& folder,
                                              std::string_view order);

}  // namespace stillroom::app
