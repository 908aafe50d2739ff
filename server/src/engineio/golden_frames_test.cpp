// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>

#include "base/json.hpp"
#include "engineio/test_port.hpp"

/// protocol/frames: what both sides hold to.
namespace stillroom::engineio::test {
namespace {

constexpr std::string_view kFiles[] = {"transport", "connect", "events", "binary"};
constexpr std::string_view kTypes[] = {"open",    "close",   "ping", "pong",
                                       "message", "upgrade", "noop"};

struct Frame {
  std::string direction;
  std::string transport;
  std::string text;
  std::string ends;
  std::optional<Lines> packets;
  bool probe = false;
};

std::string text_of(const json::Value& row, std::string_view name) {
  const auto member = row.find(name);
  return member ? member->as_string().value_or("") : "";
}

Frame read(const json::Value& row) {
  Frame frame{.direction = text_of(row, "direction"),
              .transport = text_of(row, "transport"),
              .text = text_of(row, "text"),
              .ends = text_of(row, "ends"),
              .packets = {},
              .probe = row.find("probe").has_value()};
  const auto types = row.find("engineio");
  if (types && types->is(json::Kind::array)) {
    frame.packets.emplace();
    for (const auto type : *types) frame.packets->push_back(*type.as_string());
  }
  return frame;
}

std::vector<Frame> all_frames() {
  std::vector<Frame> frames;
  for (const auto name : kFiles) {
    std::ifstream file(std::string(STILLROOM_SOURCE_DIR "/protocol/frames/").append(name) +
                       ".jsonl");
    for (std::string line; std::getline(file, line);) {
      json::Document document;
      const auto row = document.parse(line);
      if (row) frames.push_back(read(*row));
    }
  }
  return frames;
}

/// The types in a text; nothing when some packet is none.
std::optional<Lines> types_in(const Frame& frame) {
  Lines types;
  std::optional<std::string_view> body = frame.text;
  while (const auto packet = take_packet(body)) {
    if (frame.transport == "polling" && packet->starts_with('b')) {
      if (!from_base64(packet->substr(1))) return std::nullopt;
      types.emplace_back("binary");
    } else if (const auto decoded = decode_packet(*packet)) {
      types.emplace_back(kTypes[static_cast<std::size_t>(decoded->type)]);
    } else {
      return std::nullopt;
    }
  }
  return types;
}

TEST(GoldenFrames, are_there) {
  EXPECT_GE(all_frames().size(), 50U);
}

TEST(GoldenFrames, have_these_packet_types) {
  for (const Frame& frame : all_frames()) EXPECT_EQ(types_in(frame), frame.packets) << frame.text;
}

TEST(GoldenFrames, open_packets_are_ours) {
  unsigned seen = 0;
  for (const Frame& frame : all_frames()) {
    if (frame.packets != Lines{"open"}) continue;
    std::string ours;
    append_open(ours, {.sid = "AAECAwQFBgcICQoLDA0ODxAR",
                       .transport = frame.transport == "polling" ? Transport::polling
                                                                 : Transport::websocket});
    EXPECT_EQ(ours, frame.text);
    ++seen;
  }
  EXPECT_EQ(seen, 2U);
}

/// What a client sends, given to a link that has just opened and awaits a pong.
Lines outcome(const Frame& frame) {
  Bench bench;
  if (frame.transport == "polling") {
    bench.polling().tick(milliseconds(25'000));
    return bench.post(2, frame.text);
  }
  if (frame.probe) {
    bench.polling();
    bench.link.ws_attached(bench.now, channel(2));
    if (frame.text == "5") bench.ws(2, "2probe");
    return bench.ws(2, frame.text);
  }
  bench.websocket().tick(milliseconds(25'000));
  return bench.ws(1, frame.text);
}

TEST(GoldenFrames, of_clients_are_taken_or_end_the_link) {
  for (const Frame& frame : all_frames()) {
    if (frame.direction != "client") continue;
    const Lines lines = outcome(frame);
    const std::string last = lines.empty() ? "" : lines.back();
    if (frame.text == "1") {
      EXPECT_EQ(last, "closed client_close");
    } else if (!frame.ends.empty()) {
      EXPECT_EQ(last, "closed " + frame.ends) << frame.text;
    } else {
      EXPECT_FALSE(last.starts_with("closed") || last.find('!') != std::string::npos) << frame.text;
    }
  }
}

}  // namespace
}  // namespace stillroom::engineio::test
