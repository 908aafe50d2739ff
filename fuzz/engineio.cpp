// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "engineio/link.hpp"
#include "fuzz/input.hpp"

// A script of inputs to one link: requests, messages, losses, sends, time. Every exchange is
// answered exactly once, nothing is sent to a socket that is gone, the end is told once and last.
namespace stillroom::fuzz {
namespace {

using namespace stillroom::engineio;

Settings small_settings() {
  Settings settings;
  settings.max_payload = 64;
  settings.queue_bytes_max = 1024;
  return settings;
}

/// What a server may send: JSON never holds the separator of a polling body unescaped.
std::string speakable(std::string text) {
  std::ranges::replace(text, kSeparator, ' ');
  return text;
}

class World : public LinkPort {
 public:
  explicit World(Input input) : input_(input), link_(settings_, *this, *Sid::parse(kSid)) {}

  void run() {
    open();
    while (!input_.empty() && steps_++ < kStepsMax) {
      step();
      check();
    }
    finish();
  }

  void ws_send(Channel socket, MessageKind kind, std::string_view head,
               std::string_view data) override {
    expect(!ended_, "nothing is sent behind the end");
    expect(sockets_.contains(socket), "a socket that is written to is there");
    expect(kind == MessageKind::text || head.empty(), "binary has no type");
    (void)data;
  }
  void ws_close(Channel socket, std::uint16_t code) override {
    expect(code >= 1000 && code < 5000, "a close code is valid");
    expect(sockets_.erase(socket) == 1, "a socket is closed once");
  }
  std::size_t ws_unsent_bytes(Channel) const override { return unsent_; }
  void answer(Channel exchange, const PollAnswer& answer) override {
    expect(exchanges_.erase(exchange) == 1, "an exchange is answered once");
    expect(answer.status == 200 || answer.kind == Body::error, "an error has its body");
    std::optional<std::string_view> body = answer.body;
    std::size_t packets = 0;
    while (take_packet(body)) ++packets;
    expect(packets <= kPacketsPerBodyMax, "a body holds sixteen packets at most");
  }
  void message(MessageKind kind, std::string_view data) override {
    expect(!ended_ && link_.open(), "messages come while the link is open");
    if (!data.empty() && data.front() == '!') return link_.close(now_, CloseReason::server_close);
    if (!data.empty() && data.front() == '=') link_.send(now_, kind, speakable(std::string(data)));
  }
  void upgraded(Channel socket) override {
    expect(sockets_.contains(socket), "the socket that carries on is there");
  }
  void closed(CloseReason) override {
    expect(!ended_, "the end is told once");
    expect(exchanges_.empty() || answering_, "the end leaves no exchange hanging");
    ended_ = true;
  }

 private:
  static constexpr std::string_view kSid = "AAAAAAAAAAAAAAAAAAAAAAAA";
  static constexpr int kStepsMax = 400;

  Channel fresh() { return Channel{++last_channel_}; }
  Channel exchange() {
    const Channel c = fresh();
    exchanges_.insert(c);
    answering_ = true;
    return c;
  }
  template <class Set>
  Channel pick(const Set& set) {
    if (set.empty()) return Channel{9999};
    auto at = set.begin();
    std::advance(at, input_.byte() % set.size());
    return *at;
  }

  void open() {
    if (input_.byte() % 2 == 0) {
      link_.open_polling(now_, exchange());
    } else {
      const Channel socket = fresh();
      sockets_.insert(socket);
      link_.open_websocket(now_, socket);
    }
    answering_ = false;
  }

  std::string text() {
    static constexpr std::string_view kTexts[] = {"2probe", "5", "3", "1", "6", "4a", "4=b", "4!"};
    const std::uint8_t choice = input_.byte();
    if (choice < std::size(kTexts)) return std::string(kTexts[choice]);
    return std::string(input_.bytes(choice % 80));
  }

  void step() {
    switch (input_.byte() % 14) {
      case 0:
        return link_.poll_get(now_, exchange());
      case 1:
        return link_.poll_post(now_, exchange(), PostContent::text, text());
      case 2:
        return link_.poll_post(now_, exchange(), PostContent::octets, text());
      case 3:
        return begin_post();
      case 4:
        return finish_post();
      case 5:
        return lose_exchange();
      case 6:
        return attach();
      case 7:
        return socket_message(MessageKind::text);
      case 8:
        return socket_message(MessageKind::binary);
      case 9:
        return lose_socket();
      case 10:
        return link_.send(now_, MessageKind::text, speakable(text()));
      case 11:
        return time_passes();
      case 12:
        return burst();
      default:
        unsent_ = input_.byte() * std::size_t{8};
    }
  }
  void begin_post() {
    begun_ = exchange();
    link_.poll_post_began(now_, begun_);
  }
  void finish_post() {
    if (!exchanges_.contains(begun_)) return;  // answered while the body came: the owner drops it
    link_.poll_post(now_, begun_, PostContent::text, text());
  }
  void lose_exchange() {
    const Channel lost = pick(exchanges_);
    exchanges_.erase(lost);
    link_.poll_lost(now_, lost);
  }
  void attach() {
    const Channel socket = fresh();
    sockets_.insert(socket);
    link_.ws_attached(now_, socket);
  }
  void socket_message(MessageKind kind) {
    const Channel socket = pick(sockets_);
    std::string data = text();
    if (kind == MessageKind::text && !is_utf8(data)) data = "4x";  // the websocket has checked it
    link_.ws_message(now_, socket, kind, data);
  }
  void lose_socket() {
    const Channel lost = pick(sockets_);
    sockets_.erase(lost);
    link_.ws_lost(now_, lost, CloseReason::transport_lost);
  }
  void time_passes() {
    static constexpr int kTimes[] = {0,     1,      99,     100,    101,   5'000,
                                     9'999, 10'000, 19'999, 25'000, 45'000};
    now_ += milliseconds(kTimes[input_.byte() % std::size(kTimes)]);
    if (input_.byte() % 2 == 0) link_.tick(now_);
  }
  void burst() {
    const Cork cork(link_, now_);
    for (int i = input_.byte() % 40; i > 0; --i) {
      if (!link_.send_volatile(now_, MessageKind::binary, "ab")) {
        link_.send(now_, MessageKind::text, "x");
      }
    }
  }

  void check() {
    answering_ = false;
    expect(!ended_ || exchanges_.empty(), "behind the end nothing hangs");
    expect(link_.over() == ended_, "over is told");
    expect(link_.buffered_bytes() <= 4096, "memory is bounded");
    link_.tick(now_);
    expect(link_.next_deadline() > now_, "a tick leaves nothing due");
  }

  /// Time alone ends everything that is left.
  void finish() {
    for (int i = 0; i < 8 && !ended_; ++i) {
      now_ = std::max(now_, link_.next_deadline());
      link_.tick(now_);
    }
    expect(ended_, "silence ends a link");
    expect(exchanges_.empty(), "no exchange is forgotten");
  }

  Input input_;
  Settings settings_ = small_settings();
  MonoTime now_{std::chrono::hours(1)};
  std::uint64_t last_channel_ = 0;
  std::set<Channel> exchanges_;
  std::set<Channel> sockets_;
  Channel begun_ = Channel::none;
  std::size_t unsent_ = 0;
  int steps_ = 0;
  bool ended_ = false;
  bool answering_ = false;
  Link link_;
};

}  // namespace
}  // namespace stillroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  stillroom::fuzz::World(stillroom::fuzz::Input(data, size)).run();
  return 0;
}
