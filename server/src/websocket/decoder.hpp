// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "websocket/frame.hpp"

namespace stillroom::websocket {

/// One per server or route, not one per connection.
struct Limits {
  std::size_t message_bytes_max = 131'072;  ///< over it: 1009, told by the header already
  std::uint32_t fragments_max = 16;         ///< frames of one message; over it: 1008; 0 = no cap
};

/// What a sink wants after a frame.
enum class Next : std::uint8_t {
  more,
  stop,  ///< feed() returns behind this frame; the rest may be fed later or never
};

/// Receives whole messages and control frames in order. Views end with the call. The decoder must
/// outlive the call: destroy it after feed() has returned.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Next text(std::string_view message) = 0;  ///< valid UTF-8
  virtual Next binary(std::string_view message) = 0;
  virtual Next ping(
      std::string_view payload) = 0;  ///< to be answered with a pong of the same bytes
  virtual Next pong(std::string_view payload) = 0;
  /// `code` is valid or `no_status`. Whatever the peer sends behind it is discarded (§5.5.1).
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
};

/// Reads a client's frames. It always takes all bytes: an incomplete header, frame or message is
/// kept inside (one heap object, alive only while something is incomplete), so the caller may read
/// into a scratch buffer shared by all connections. Idle it is two words.
class Decoder {
 public:
  Decoder();
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  /// Unmasks `bytes` in place and hands over what is complete. A message or control frame that lies
  /// wholly in `bytes` is never copied. Returns the bytes taken: all of them unless the sink said
  /// stop. An error is the code to close with; after it, feeding is pointless (same error again).
  [[nodiscard]] Result<std::size_t, CloseCode> feed(std::span<char> bytes, const Limits& limits,
                                                    Sink& sink);

  /// Heap memory held now, to be charged to the connection. 0 between messages.
  [[nodiscard]] std::size_t buffered_bytes() const;
  /// True between messages: nothing incomplete is held.
  [[nodiscard]] bool idle() const { return partial_ == nullptr && state_ == State::open; }
  [[nodiscard]] bool closed() const { return state_ == State::closed; }

 private:
  struct Partial;
  class Run;
  enum class State : std::uint8_t { open, closed, failed };

  std::unique_ptr<Partial> partial_;
  State state_ = State::open;
  CloseCode failure_ = CloseCode::normal;
};

}  // namespace stillroom::websocket
