// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/acceptor.hpp"
#include "net/connection.hpp"
#include "net/mailbox.hpp"
#include "net/test_proxy_header.hpp"
#include "net/tls.hpp"
#include "net/worker.hpp"

namespace stillroom::net {
namespace {

Result<TlsContext, std::string> self_made(const std::vector<std::string>& hosts) {
  const auto certificate = Certificate::self_made(hosts, system_clock().wall_now());
  if (!certificate) return fail(certificate.error());
  return TlsContext::make(*certificate);
}

/// Sends back what it gets; "close" ends the connection, "move" takes it to the other worker, "who"
/// asks for the port of the peer and how it came.
class Echo final : public Connection::Handler {
 public:
  Echo(Worker& worker, int fd, const PeerAddress& peer, const TlsContext* tls, Preface preface,
       Worker* other, std::atomic<int>& closed)
      : connection_(worker, *this, fd, peer, tls, preface),
        worker_(&worker),
        other_(other),
        closed_(closed) {}
  void start() { connection_.start(); }
  void on_announced() override {
    if (connection_.peer().ip == test::ip4(192, 0, 2, 66)) connection_.abort();
  }
  void on_bytes(std::span<char> bytes) override {
    const std::string text(bytes.data(), bytes.size());
    if (text == "move") return move();
    if (text == "who") {
      const std::string port = std::to_string(connection_.peer().port);
      return connection_.write(port + (connection_.secure() ? " by TLS" : " plainly"));
    }
    connection_.write(text);
    connection_.write("@" + std::to_string(worker_->index()));
    if (text == "close") connection_.close();
  }
  void on_drained() override {}
  void on_closed(CloseCause /*cause*/) override { ++closed_; }

 private:
  void move() {
    // Not from inside the callback: the connection is still at work there.
    worker_->after_event(Task([this] {
      connection_.detach();
      EXPECT_TRUE(other_->post(Task([this] {
        worker_ = other_;
        connection_.attach(*other_);
        connection_.write("moved");
      })));
    }));
  }
  Connection connection_;
  Worker* worker_;
  Worker* other_;
  std::atomic<int>& closed_;
};

class Server {
 public:
  explicit Server(const TlsContext* tls = nullptr, Preface preface = Preface::none)
      : first_(0, system_clock()), second_(1, system_clock()) {
    const auto fd = Acceptor::listen_alone({"127.0.0.1", 0});
    EXPECT_TRUE(fd.ok());
    port_ = Acceptor::local_port(*fd);
    acceptor_ = std::make_unique<Acceptor>(
        first_, *fd, [this, tls, preface](int client, const PeerAddress& peer) {
          EXPECT_TRUE(peer.is_loopback());
          echoes_.push_back(
              std::make_unique<Echo>(first_, client, peer, tls, preface, &second_, closed_));
          echoes_.back()->start();
        });
    threads_[0] = std::thread([this] { first_.run(); });
    threads_[1] = std::thread([this] { second_.run(); });
  }
  ~Server() {
    first_.stop();
    second_.stop();
    for (auto& thread : threads_) thread.join();
    acceptor_.reset();
  }
  [[nodiscard]] int connect() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) std::abort();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    return fd;
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int closed() const { return closed_; }
  Worker& first() { return first_; }

 private:
  Worker first_;
  Worker second_;
  std::uint16_t port_ = 0;
  std::atomic<int> closed_{0};
  std::vector<std::unique_ptr<Echo>> echoes_;  // of the first worker's thread, until it has ended
  std::unique_ptr<Acceptor> acceptor_;
  std::thread threads_[2];
};

std::string read_exactly(int fd, std::size_t bytes) {
  std::string text(bytes, '\0');
  std::size_t got = 0;
  while (got < bytes) {
    const ssize_t n = ::recv(fd, text.data() + got, bytes - got, 0);
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  text.resize(got);
  return text;
}

struct TlsClient {
  /// `only`: the one version that it speaks; 0: those that OpenSSL offers by itself.
  explicit TlsClient(int fd, int only = 0) : context(SSL_CTX_new(TLS_client_method())) {
    if (only != 0) {
      // Without a policy of its own: what is refused, the server refuses.
      SSL_CTX_set_security_level(context, 0);
      EXPECT_EQ(SSL_CTX_set_min_proto_version(context, only), 1);
      EXPECT_EQ(SSL_CTX_set_max_proto_version(context, only), 1);
    }
    ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    ERR_clear_error();
    connected = SSL_connect(ssl) == 1;
    if (!connected) refusal = ERR_GET_REASON(ERR_peek_error());
  }
  ~TlsClient() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  void send(std::string_view text) const {
    EXPECT_EQ(SSL_write(ssl, text.data(), static_cast<int>(text.size())),
              static_cast<int>(text.size()));
  }
  std::string receive(std::size_t bytes) const {
    std::string text(bytes, '\0');
    std::size_t got = 0;
    while (got < bytes) {
      const int n = SSL_read(ssl, text.data() + got, static_cast<int>(bytes - got));
      if (n <= 0) break;
      got += static_cast<std::size_t>(n);
    }
    text.resize(got);
    return text;
  }
  SSL_CTX* context;
  SSL* ssl = nullptr;
  bool connected = false;
  int refusal = 0;  ///< OpenSSL's reason, when not connected
};

TEST(Mailbox, keeps_order_and_refuses_beyond_its_bound) {
  Mailbox mailbox;
  std::vector<std::size_t> seen;
  for (std::size_t i = 0; i < Mailbox::kTasksMax; ++i) {
    ASSERT_TRUE(mailbox.post(Task([&seen, i] { seen.push_back(i); })));
  }
  EXPECT_FALSE(mailbox.post(Task([] {})));
  std::vector<Task> tasks;
  mailbox.take(tasks);
  for (Task& task : tasks) task();
  ASSERT_EQ(seen.size(), Mailbox::kTasksMax);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_TRUE(mailbox.post(Task([] {})));
}

TEST(Worker, serves_tasks_of_other_threads_and_deadlines) {
  Worker worker(0, system_clock());
  std::promise<void> ticked;
  const MonoTime due = system_clock().mono_now() + milliseconds(20);
  bool done = false;
  worker.on_tick([&](MonoTime now) -> std::optional<MonoTime> {
    if (now < due) return due;
    if (!std::exchange(done, true)) ticked.set_value();
    return std::nullopt;
  });
  std::thread thread([&worker] { worker.run(); });
  std::promise<std::thread::id> told;
  EXPECT_TRUE(worker.post(Task([&told] { told.set_value(std::this_thread::get_id()); })));
  EXPECT_EQ(told.get_future().get(), thread.get_id());
  ticked.get_future().wait();
  EXPECT_GE(system_clock().mono_now(), due);
  worker.stop();
  thread.join();
}

TEST(Connection, echoes_plain_bytes_and_closes_after_the_last_one) {
  const Server server;
  const int fd = server.connect();
  ::send(fd, "hello", 5, 0);
  EXPECT_EQ(read_exactly(fd, 7), "hello@0");
  ::send(fd, "close", 5, 0);
  EXPECT_EQ(read_exactly(fd, 8), "close@0");
  ::close(fd);
}

TEST(Connection, more_than_the_kernel_takes_waits_and_arrives_whole) {
  const Server server;
  const int fd = server.connect();
  const std::string piece(60'000, 'x');
  constexpr int kPieces = 100;
  std::thread sender([&] {
    for (int i = 0; i < kPieces; ++i) ::send(fd, piece.data(), piece.size(), 0);
  });
  std::size_t letters = 0;
  std::array<char, 4096> buffer{};
  while (letters < piece.size() * kPieces) {
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    ASSERT_GT(got, 0);
    letters += static_cast<std::size_t>(std::count(buffer.begin(), buffer.begin() + got, 'x'));
  }
  sender.join();
  EXPECT_EQ(letters, piece.size() * kPieces);
  ::close(fd);
}

TEST(Connection, moves_to_another_worker_with_its_tls_state) {
  const auto tls = self_made({"localhost", "127.0.0.1"});
  ASSERT_TRUE(tls.ok());
  const Server server(&*tls);
  const int fd = server.connect();
  const TlsClient client(fd);
  ASSERT_TRUE(client.connected);
  client.send("one");
  EXPECT_EQ(client.receive(5), "one@0");
  client.send("move");
  EXPECT_EQ(client.receive(5), "moved");
  client.send("two");
  EXPECT_EQ(client.receive(5), "two@1");
  ::close(fd);
}

TEST(Connection, tls_carries_large_and_small_pieces_over_both_versions) {
  const auto tls = self_made({"localhost"});
  ASSERT_TRUE(tls.ok());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Server server(&*tls);
    const int fd = server.connect();
    const TlsClient client(fd, version);
    ASSERT_TRUE(client.connected) << version;
    EXPECT_EQ(SSL_version(client.ssl), version);
    const std::string big(15'000, 'y');
    for (int i = 0; i < 20; ++i) {
      client.send(big);
      EXPECT_EQ(client.receive(big.size() + 2), big + "@0");
    }
    ::close(fd);
  }
}

TEST(Connection, tls_older_than_1_2_is_refused) {
  const auto tls = self_made({"localhost"});
  ASSERT_TRUE(tls.ok());
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    const Server server(&*tls);
    const int fd = server.connect();
    const TlsClient client(fd, version);
    EXPECT_FALSE(client.connected) << version;
    EXPECT_EQ(client.refusal, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION) << version;
    ::close(fd);
  }
}

TEST(Connection, a_peer_that_speaks_no_tls_is_closed) {
  const auto tls = self_made({"localhost"});
  ASSERT_TRUE(tls.ok());
  const Server server(&*tls);
  const int fd = server.connect();
  ::send(fd, "GET / HTTP/1.1\r\n\r\n", 18, 0);
  const std::string answer = read_exactly(fd, 1000);  // at most an alert, then the end
  EXPECT_LT(answer.size(), 16U);
  ::close(fd);
}

TEST(Connection, a_proxys_header_says_who_is_there_and_what_follows_it_is_his) {
  const Server server(nullptr, Preface::proxy_header);
  const std::string header = test::proxy_header(0x21, 0x11, test::kAnn4);
  const std::string by_tls =
      test::proxy_header(0x21, 0x11, test::kAnn4 + test::addition(0x20, test::kClientByTls));
  for (const auto& [bytes, answer] :
       {std::pair<std::string, std::string>(header, "12345 plainly"), {by_tls, "12345 by TLS"}}) {
    for (const std::size_t cut : {std::size_t{0}, std::size_t{7}, bytes.size() - 1, bytes.size()}) {
      const int fd = server.connect();
      const std::string all = bytes + "who";
      ::send(fd, all.data(), cut, 0);
      std::this_thread::yield();
      ::send(fd, all.data() + cut, all.size() - cut, 0);
      EXPECT_EQ(read_exactly(fd, answer.size()), answer) << cut;
      ::close(fd);
    }
  }
}

TEST(Connection, a_proxys_header_comes_before_tls) {
  const auto tls = self_made({"localhost"});
  ASSERT_TRUE(tls.ok());
  const Server server(&*tls, Preface::proxy_header);
  const int fd = server.connect();
  const std::string header = test::proxy_header(0x21, 0x11, test::kAnn4);
  ::send(fd, header.data(), header.size(), 0);
  const TlsClient client(fd);
  ASSERT_TRUE(client.connected);
  client.send("who");
  EXPECT_EQ(client.receive(12), "12345 by TLS");
  ::close(fd);
}

TEST(Connection, a_proxy_without_its_header_is_closed_unheard) {
  const Server server(nullptr, Preface::proxy_header);
  std::string mallory = test::kAnn4;
  mallory[3] = 66;
  for (const std::string& bytes :
       {std::string("who"), std::string("PROXY TCP4 192.0.2.7 127.0.0.1 1 2\r\nwho"),
        test::proxy_header(0x21, 0x12, test::kAnn4) + "who",
        test::proxy_header(0x21, 0x11, mallory) + "who"}) {  // whom the handler turns away
    const int fd = server.connect();
    ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    EXPECT_EQ(read_exactly(fd, 1), "");
    ::close(fd);
  }
}

TEST(Acceptor, a_taken_port_gets_a_clear_sentence) {
  const Server server;
  const auto second = Acceptor::listen_alone({"127.0.0.1", server.port()});
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().find("is taken by another program"), std::string::npos);
  EXPECT_FALSE(Acceptor::listen({"localhost", 0}).ok());
}

}  // namespace
}  // namespace stillroom::net
