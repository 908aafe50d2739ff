// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "websocket/decoder.hpp"

/// What a client would send, rightly or wrongly, and what the decoder made of it. For tests only.
namespace stillroom::websocket::test {

inline constexpr unsigned kFin = 0x80;

/// How the length is written: `shortest` is the only right way.
enum class LengthForm : std::uint8_t { shortest, two_bytes, eight_bytes };

struct ClientFrame {
  unsigned first_byte = kFin | 0x1;
  std::string payload;
  std::optional<std::uint32_t> mask = 0x37FA213D;
  LengthForm form = LengthForm::shortest;
  std::optional<std::uint64_t> announced = {};  ///< instead of the payload's size
};

inline void append_number(std::string& out, std::uint64_t value, unsigned bytes) {
  while (bytes-- > 0) out.push_back(static_cast<char>((value >> (8 * bytes)) & 0xFF));
}

inline void append_length(std::string& out, const ClientFrame& frame) {
  const std::uint64_t size = frame.announced.value_or(frame.payload.size());
  const unsigned mask_bit = frame.mask ? 0x80 : 0;
  if (frame.form == LengthForm::shortest && size <= 125) {
    out.push_back(static_cast<char>(mask_bit | static_cast<unsigned>(size)));
  } else if (frame.form == LengthForm::two_bytes ||
             (frame.form == LengthForm::shortest && size <= 0xFFFF)) {
    out.push_back(static_cast<char>(mask_bit | 126U));
    append_number(out, size, 2);
  } else {
    out.push_back(static_cast<char>(mask_bit | 127U));
    append_number(out, size, 8);
  }
}

inline std::string bytes_of(const ClientFrame& frame) {
  std::string out(1, static_cast<char>(frame.first_byte));
  append_length(out, frame);
  if (!frame.mask) return out + frame.payload;
  std::string mask;
  append_number(mask, *frame.mask, 4);
  out += mask;
  for (std::size_t i = 0; i < frame.payload.size(); ++i) {
    out.push_back(static_cast<char>(frame.payload[i] ^ mask[i % 4]));
  }
  return out;
}

inline std::string frame(unsigned first_byte, std::string payload = {}) {
  return bytes_of({.first_byte = first_byte, .payload = std::move(payload)});
}
inline std::string whole(Opcode opcode, std::string payload = {}) {
  return frame(kFin | static_cast<unsigned>(opcode), std::move(payload));
}

/// Writes down what arrives: `text:…`, `binary:…`, `ping:…`, `pong:…`, `close:code:reason`.
class Notes : public Sink {
 public:
  Next text(std::string_view message) override { return note("text:", message); }
  Next binary(std::string_view message) override { return note("binary:", message); }
  Next ping(std::string_view payload) override { return note("ping:", payload); }
  Next pong(std::string_view payload) override { return note("pong:", payload); }
  void close(std::uint16_t code, std::string_view reason) override {
    note("close:" + std::to_string(code) + ":", reason);
  }

  std::vector<std::string> lines;
  Next answer = Next::more;
  std::string_view last_view;

 private:
  Next note(std::string what, std::string_view bytes) {
    last_view = bytes;
    lines.push_back(what.append(bytes));
    return answer;
  }
};

struct Outcome {
  std::vector<std::string> lines;
  std::optional<CloseCode> error;
  std::size_t error_behind = 0;  ///< bytes fed before the piece that failed
  std::size_t held_max = 0;
};

/// Feeds `bytes` in pieces of `piece` bytes (0 = all at once) until they end or fail.
inline Outcome run(std::string bytes, std::size_t piece = 0, const Limits& limits = {}) {
  Decoder decoder;
  Notes notes;
  Outcome outcome;
  if (piece == 0) piece = bytes.size();
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto span = std::span(bytes).subspan(at, std::min(piece, bytes.size() - at));
    const auto fed = decoder.feed(span, limits, notes);
    outcome.held_max = std::max(outcome.held_max, decoder.buffered_bytes());
    if (!fed) {
      outcome.error = fed.error();
      outcome.error_behind = at;
      break;
    }
  }
  outcome.lines = notes.lines;
  return outcome;
}

}  // namespace stillroom::websocket::test
