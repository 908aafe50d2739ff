// SPDX-License-Identifier: Apache-2.0
#include "websocket/decoder.hpp"

#include <optional>
#include <span>
#include <vector>

#include "base/encoding.hpp"
#include "fuzz/input.hpp"
#include "websocket/header.hpp"

// One byte that says how the rest is cut, then a client's stream. Cut or whole, the outcome is one;
// a message never exceeds its limit, text is UTF-8, and what is held is bounded.
namespace stillroom::fuzz {
namespace {

using namespace stillroom::websocket;

constexpr Limits kLimits{.message_bytes_max = 512, .fragments_max = 4};

class Notes : public Sink {
 public:
  Next text(std::string_view message) override {
    expect(is_utf8(message), "text is UTF-8");
    return note('t', message);
  }
  Next binary(std::string_view message) override { return note('b', message); }
  Next ping(std::string_view payload) override { return control('i', payload); }
  Next pong(std::string_view payload) override { return control('o', payload); }
  void close(std::uint16_t code, std::string_view reason) override {
    expect(!closed, "one close at most");
    closed = true;
    expect(code == 1005 || may_be_sent(code), "a close code is valid");
    expect(is_utf8(reason), "a reason is UTF-8");
    lines.push_back("c" + std::to_string(code) + ":" + std::string(reason));
  }

  std::vector<std::string> lines;
  bool closed = false;

 private:
  Next control(char kind, std::string_view payload) {
    expect(payload.size() <= kControlPayloadBytesMax, "a control frame is short");
    return note(kind, payload);
  }
  Next note(char kind, std::string_view bytes) {
    expect(!closed, "nothing counts behind a close");
    expect(bytes.size() <= kLimits.message_bytes_max, "a message keeps its limit");
    lines.push_back(kind + std::string(bytes));
    return Next::more;
  }
};

struct Outcome {
  std::vector<std::string> lines;
  std::optional<CloseCode> error;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome run(std::string bytes, std::uint8_t cut, const Limits& limits) {
  Decoder decoder;
  Notes notes;
  Outcome outcome;
  unsigned state = cut;
  for (std::size_t at = 0; at < bytes.size() && !outcome.error;) {
    state = state * 1103515245U + 12345U;
    const std::size_t piece = cut == 0 ? bytes.size() : 1 + (state >> 16) % 9;
    const auto span = std::span(bytes).subspan(at, std::min(piece, bytes.size() - at));
    const auto fed = decoder.feed(span, limits, notes);
    if (fed) {
      expect(*fed == span.size(), "all bytes are taken");
    } else {
      outcome.error = fed.error();
    }
    expect(decoder.buffered_bytes() <= 2 * limits.message_bytes_max + 1024, "memory is bounded");
    at += span.size();
  }
  outcome.lines = notes.lines;
  return outcome;
}

/// What we write, a client can read: the frame decodes to its payload.
void check_encoder(std::string_view payload) {
  std::string out;
  append_frame(out, Opcode::binary, payload);
  std::string masked = out;
  masked[1] = static_cast<char>(masked[1] | 0x80);
  masked.insert(out.size() - payload.size(), "\0\0\0\0", 4);
  const auto header = read_header(masked);
  expect(header.ok() && header->has_value(), "our header can be read");
  expect((*header)->payload_bytes == payload.size(), "our length is right");
}

}  // namespace
}  // namespace stillroom::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stillroom::fuzz;
  Input input(data, size);
  const std::uint8_t cut = input.byte();
  const std::string stream(input.rest());
  auto limits = kLimits;
#ifdef STILLROOM_FUZZ_CANARY
  // The bent rule: a fragment too few, for cuts that no seed has. The fuzzer has to get there
  // itself.
  if (cut >= 0x80) limits.fragments_max = kLimits.fragments_max - 1;
#endif
  expect(run(stream, 0, kLimits) == run(stream, cut, limits),
         "the outcome depends on how the bytes are cut");
  check_encoder(stream);
  return 0;
}
