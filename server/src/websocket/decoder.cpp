// SPDX-License-Identifier: Apache-2.0
#include "websocket/decoder.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/encoding.hpp"
#include "websocket/header.hpp"

namespace stillroom::websocket {

/// What is incomplete: a header, a frame, a message, or a control frame amid a message.
struct Decoder::Partial {
  std::array<char, kClientHeaderBytesMax> header_bytes{};
  std::uint8_t header_have = 0;

  Header frame;
  std::uint64_t frame_left = 0;
  bool in_frame = false;

  std::string message;
  Utf8Stream utf8;
  Opcode message_opcode = Opcode::continuation;  ///< continuation: no message has begun
  std::uint32_t frames = 0;

  std::array<char, kControlPayloadBytesMax> control{};
  std::uint8_t control_have = 0;

  [[nodiscard]] bool in_message() const { return message_opcode != Opcode::continuation; }
  [[nodiscard]] bool needed() const { return header_have > 0 || in_frame || in_message(); }
};

/// One call of feed().
class Decoder::Run {
 public:
  Run(Decoder& decoder, std::span<char> bytes, const Limits& limits, Sink& sink)
      : decoder_(decoder), rest_(bytes), total_(bytes.size()), limits_(limits), sink_(sink) {}

  Result<std::size_t, CloseCode> all() {
    while (!rest_.empty() && next_ == Next::more && decoder_.state_ == State::open) step();
    if (decoder_.state_ == State::failed) return fail(decoder_.failure_);
    if (decoder_.state_ == State::closed) return total_;
    return total_ - rest_.size();
  }

 private:
  void step() {
    if (decoder_.partial_ && decoder_.partial_->in_frame) {
      go_on_with_frame();
    } else if (decoder_.partial_ && decoder_.partial_->header_have > 0) {
      go_on_with_header();
    } else {
      begin_frame();
    }
    if (decoder_.partial_ && !decoder_.partial_->needed()) decoder_.partial_.reset();
  }

  void begin_frame() {
    const auto header = read_header(rest_);
    if (!header) return failed(header.error());
    if (header->has_value()) {
      rest_ = rest_.subspan((*header)->bytes);
      return payload(**header);
    }
    Partial& kept = partial();
    std::copy(rest_.begin(), rest_.end(), kept.header_bytes.begin());
    kept.header_have = static_cast<std::uint8_t>(rest_.size());
    rest_ = {};
  }

  /// A header that came in pieces is completed byte by byte: that is rare and at most 13 of them.
  void go_on_with_header() {
    Partial& kept = partial();
    while (!rest_.empty()) {
      kept.header_bytes[kept.header_have++] = rest_.front();
      rest_ = rest_.subspan(1);
      const auto header = read_header(std::span(kept.header_bytes).first(kept.header_have));
      if (!header) return failed(header.error());
      if (header->has_value()) {
        kept.header_have = 0;
        return payload(**header);
      }
    }
  }

  void payload(const Header& header) {
    if (!frame_allowed(header)) return;
    if (header.payload_bytes > rest_.size()) return keep_frame(header);
    const auto bytes = rest_.first(static_cast<std::size_t>(header.payload_bytes));
    rest_ = rest_.subspan(bytes.size());
    Mask mask = header.mask;
    unmask(bytes, mask);
    const std::string_view view(bytes.data(), bytes.size());
    if (header.control()) return control(header.opcode, view);
    const bool whole_message = header.fin && header.opcode != Opcode::continuation;
    if (whole_message) return message(header.opcode, view);
    if (take_piece(view) && header.fin) finish_message();
  }

  /// Order and size, told by the header alone (§5.4, §10.4).
  bool frame_allowed(const Header& header) {
    if (header.control()) return true;
    const bool begun = decoder_.partial_ && decoder_.partial_->in_message();
    if (begun != (header.opcode == Opcode::continuation)) {
      failed(CloseCode::protocol_error);
      return false;
    }
    const std::size_t have = begun ? decoder_.partial_->message.size() : 0;
    if (header.payload_bytes >
        limits_.message_bytes_max - std::min(have, limits_.message_bytes_max)) {
      failed(CloseCode::message_too_big);
      return false;
    }
    return count_fragment(header);
  }

  bool count_fragment(const Header& header) {
    if (header.fin && header.opcode != Opcode::continuation) return true;
    Partial& kept = partial();
    if (header.opcode != Opcode::continuation) kept.message_opcode = header.opcode;
    ++kept.frames;
    if (limits_.fragments_max == 0 || kept.frames <= limits_.fragments_max) return true;
    failed(CloseCode::policy_violation);
    return false;
  }

  void keep_frame(const Header& header) {
    Partial& kept = partial();
    kept.frame = header;
    kept.frame_left = header.payload_bytes;
    kept.in_frame = true;
    if (!header.control() && header.opcode != Opcode::continuation) {
      kept.message_opcode = header.opcode;
    }
    if (!rest_.empty()) go_on_with_frame();
  }

  void go_on_with_frame() {
    Partial& kept = partial();
    const auto size = std::min<std::uint64_t>(kept.frame_left, rest_.size());
    const auto bytes = rest_.first(static_cast<std::size_t>(size));
    rest_ = rest_.subspan(bytes.size());
    kept.frame_left -= bytes.size();
    unmask(bytes, kept.frame.mask);
    const std::string_view view(bytes.data(), bytes.size());
    if (kept.frame.control()) {
      std::copy(view.begin(), view.end(), kept.control.begin() + kept.control_have);
      kept.control_have = static_cast<std::uint8_t>(kept.control_have + view.size());
    } else if (!take_piece(view)) {
      return;
    }
    if (kept.frame_left == 0) finish_frame(kept);
  }

  void finish_frame(Partial& kept) {
    kept.in_frame = false;
    if (kept.frame.control()) {
      const std::size_t size = std::exchange(kept.control_have, std::uint8_t{0});
      return control(kept.frame.opcode, {kept.control.data(), size});
    }
    if (kept.frame.fin) finish_message();
  }

  /// §8.1: text fails at its first bad byte, not at its end.
  bool take_piece(std::string_view piece) {
    Partial& kept = partial();
    if (kept.message_opcode == Opcode::text && !kept.utf8.accept(piece)) {
      failed(CloseCode::invalid_payload);
      return false;
    }
    kept.message.append(piece);
    return true;
  }

  void finish_message() {
    Partial& kept = partial();
    if (kept.message_opcode == Opcode::text && !kept.utf8.complete()) {
      return failed(CloseCode::invalid_payload);
    }
    const Opcode opcode = std::exchange(kept.message_opcode, Opcode::continuation);
    deliver(opcode, kept.message);
  }

  void message(Opcode opcode, std::string_view view) {
    if (opcode == Opcode::text && !is_utf8(view)) return failed(CloseCode::invalid_payload);
    deliver(opcode, view);
  }

  void deliver(Opcode opcode, std::string_view view) {
    next_ = opcode == Opcode::text ? sink_.text(view) : sink_.binary(view);
  }

  void control(Opcode opcode, std::string_view view) {
    if (opcode == Opcode::ping) {
      next_ = sink_.ping(view);
    } else if (opcode == Opcode::pong) {
      next_ = sink_.pong(view);
    } else {
      close(view);
    }
  }

  /// §5.5.1: nothing, or a code and a reason in UTF-8.
  void close(std::string_view view) {
    if (view.size() == 1) return failed(CloseCode::protocol_error);
    auto code = static_cast<std::uint16_t>(CloseCode::no_status);
    if (view.size() >= 2) {
      code = static_cast<std::uint16_t>((static_cast<unsigned char>(view[0]) << 8) |
                                        static_cast<unsigned char>(view[1]));
      if (!may_be_sent(code)) return failed(CloseCode::protocol_error);
      view.remove_prefix(2);
      if (!is_utf8(view)) return failed(CloseCode::invalid_payload);
    }
    decoder_.state_ = State::closed;
    sink_.close(code, view);
    decoder_.partial_.reset();
  }

  void failed(CloseCode code) {
    decoder_.state_ = State::failed;
    decoder_.failure_ = code;
    decoder_.partial_.reset();
  }

  Partial& partial() {
    if (!decoder_.partial_) decoder_.partial_ = std::make_unique<Partial>();
    return *decoder_.partial_;
  }

  Decoder& decoder_;
  std::span<char> rest_;
  std::size_t total_;
  const Limits& limits_;
  Sink& sink_;
  Next next_ = Next::more;
};

Decoder::Decoder() = default;
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

Result<std::size_t, CloseCode> Decoder::feed(std::span<char> bytes, const Limits& limits,
                                             Sink& sink) {
  if (state_ == State::failed) return fail(failure_);
  return Run(*this, bytes, limits, sink).all();
}

std::size_t Decoder::buffered_bytes() const {
  return partial_ ? sizeof(Partial) + partial_->message.capacity() : 0;
}

}  // namespace stillroom::websocket
