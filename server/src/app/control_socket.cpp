// SPDX-License-Identifier: Apache-2.0
#include "app/control_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <istream>
#include <utility>

namespace stillroom::app {
namespace {

using Protocol = boost::asio::local::stream_protocol;
using boost::asio::redirect_error;
using boost::asio::use_awaitable;

std::string socket_path(const std::filesystem::path& folder) {
  return (folder / "control.sock").string();
}

bool same_account(Protocol::socket& peer) {
  ucred credentials{};
  socklen_t length = sizeof credentials;
  return ::getsockopt(peer.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 &&
         (credentials.uid == ::geteuid() || credentials.uid == 0);
}

void write_reply(const std::shared_ptr<Protocol::socket>& peer, const Reply& reply) {
  auto line = std::make_shared<std::string>(encode_reply(reply) + "\n");
  boost::asio::async_write(*peer, boost::asio::buffer(*line),
                           [peer, line](const boost::system::error_code&, std::size_t) {});
}

boost::asio::awaitable<void> serve(std::shared_ptr<Protocol::socket> peer,
                                   ControlSocket::Handler handler) {
  boost::asio::streambuf buffer(kOrderBytesMax);
  boost::system::error_code error;
  co_await boost::asio::async_read_until(*peer, buffer, '\n', redirect_error(use_awaitable, error));
  if (error) co_return;
  std::string order;
  std::istream stream(&buffer);
  std::getline(stream, order);
  handler(std::move(order), [peer](const Reply& reply) { write_reply(peer, reply); });
}

boost::asio::awaitable<void> accept_all(Protocol::acceptor* acceptor,
                                        ControlSocket::Handler handler) {
  while (true) {
    boost::system::error_code error;
    auto peer = std::make_shared<Protocol::socket>(acceptor->get_executor());
    co_await acceptor->async_accept(*peer, redirect_error(use_awaitable, error));
    if (error == boost::asio::error::operation_aborted) co_return;
    if (error || !same_account(*peer)) continue;
    boost::asio::co_spawn(acceptor->get_executor(), serve(std::move(peer), handler),
                          boost::asio::detached);
  }
}

}  // namespace

struct ControlSocket::Acceptor {
  explicit Acceptor(boost::asio::io_context& loop, std::string at)
      : acceptor(loop), path(std::move(at)) {}
  Protocol::acceptor acceptor;
  std::string path;
};

ControlSocket::ControlSocket(std::unique_ptr<Acceptor> acceptor) : acceptor_(std::move(acceptor)) {}

ControlSocket::~ControlSocket() {
  ::unlink(acceptor_->path.c_str());
}

Result<std::unique_ptr<ControlSocket>, std::string> ControlSocket::listen(
    boost::asio::io_context& loop, const std::filesystem::path& folder, Handler handler) {
  auto made = std::make_unique<Acceptor>(loop, socket_path(folder));
  const std::string problem = made->path + " cannot be opened: ";
  if (made->path.size() >= sizeof(sockaddr::sa_data) + 90) {
    return fail(problem + "the path of the data folder is too long");
  }
  ::unlink(made->path.c_str());  // the folder's lock is ours: whoever left it is gone
  boost::system::error_code error;
  made->acceptor.open(Protocol(), error);
  const mode_t before = ::umask(0177);
  if (!error) made->acceptor.bind(Protocol::endpoint(made->path), error);
  ::umask(before);
  if (!error) made->acceptor.listen(16, error);
  if (error) return fail(problem + error.message());
  boost::asio::co_spawn(loop, accept_all(&made->acceptor, std::move(handler)),
                        boost::asio::detached);
  return std::unique_ptr<ControlSocket>(new ControlSocket(std::move(made)));
}

std::optional<Reply> ask_server(const std::filesystem::path& folder, std::string_view order) {
  boost::asio::io_context loop;
  Protocol::socket server(loop);
  boost::system::error_code error;
  const std::string path = socket_path(folder);
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  server.connect(Protocol::endpoint(path), error);
  if (error) return std::nullopt;  // a socket that a killed server left behind
  const std::string line = std::string(order) + "\n";
  boost::asio::write(server, boost::asio::buffer(line), error);
  std::string reply;
  boost::asio::read_until(server, boost::asio::dynamic_buffer(reply), '\n', error);
  return decode_reply(reply.substr(0, reply.find('\n')));
}

}  // namespace stillroom::app
