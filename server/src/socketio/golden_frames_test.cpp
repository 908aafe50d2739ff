// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "socketio/test_port.hpp"

/// protocol/frames: what both sides hold to.
namespace stillroom::socketio::test {
namespace {

constexpr std::string_view kFiles[] = {"connect", "events", "binary"};
constexpr std::string_view kTypes[] = {"connect",       "disconnect",   "event",     "ack",
                                       "connect_error", "binary_event", "binary_ack"};

constexpr std::pair<std::string_view, Violation> kViolations[] = {
    {"bad_packet", Violation::bad_packet},
    {"bad_json", Violation::bad_json},
    {"bad_payload", Violation::bad_payload},
    {"bad_event_name", Violation::bad_event_name},
    {"not_connected", Violation::not_connected},
    {"unexpected_packet", Violation::unexpected_packet},
    {"binary_refused", Violation::binary_refused},
};

/// One line of a file: the packet is the message's text without its Engine.IO digit.
struct Frame {
  json::Document document;
  std::string line;
  std::optional<json::Value> row;

  [[nodiscard]] std::string text(std::string_view name) const {
    const auto member = row->find(name);
    return member ? member->as_string().value_or("") : "";
  }
  [[nodiscard]] std::string packet() const { return text("text").substr(1); }
  [[nodiscard]] std::string canonical() const {
    const auto own = text("canonical");
    return own.empty() ? packet() : own.substr(1);
  }
  [[nodiscard]] std::optional<json::Value> expected() const {
    const auto socketio = row->find("socketio");
    return socketio && socketio->is(json::Kind::object) ? socketio : std::nullopt;
  }
};

using Frames = std::vector<std::unique_ptr<Frame>>;

Frames all_frames() {
  Frames frames;
  for (const auto name : kFiles) {
    std::ifstream file(std::string(STILLROOM_SOURCE_DIR "/protocol/frames/").append(name) +
                       ".jsonl");
    for (std::string line; std::getline(file, line);) {
      auto frame = std::make_unique<Frame>();
      frame->line = line;
      const auto row = frame->document.parse(frame->line);
      if (!row) continue;
      frame->row = *row;
      frames.push_back(std::move(frame));
    }
  }
  return frames;
}

std::optional<std::uint64_t> number(const json::Value& object, std::string_view name) {
  const auto member = object.find(name);
  if (!member) return std::nullopt;
  return static_cast<std::uint64_t>(*member->as_integer());
}

std::string encoded(const Packet& packet) {
  std::string out;
  switch (packet.type) {
    case PacketType::event:
      if (packet.id) {
        append_event_with_ack(out, packet.nsp, *packet.id, packet.payload);
      } else {
        append_event(out, packet.nsp, packet.payload);
      }
      break;
    case PacketType::ack:
      append_ack(out, packet.nsp, *packet.id, packet.payload);
      break;
    case PacketType::binary_event:
      append_binary_event(out, packet.nsp, packet.attachments, packet.payload);
      break;
    case PacketType::binary_ack:
      append_binary_ack(out, packet.nsp, packet.attachments, *packet.id, packet.payload);
      break;
    case PacketType::disconnect:
      append_disconnect(out, packet.nsp);
      break;
    default:
      break;
  }
  return out;
}

TEST(GoldenFrames, are_there) {
  EXPECT_GE(all_frames().size(), 40U);
}

TEST(GoldenFrames, are_taken_apart_as_written) {
  for (const auto& frame : all_frames()) {
    const std::string text = frame->packet();
    const auto packet = decode_packet(text);
    const auto expected = frame->expected();
    ASSERT_EQ(packet.ok(), expected.has_value()) << text;
    if (!packet) continue;
    EXPECT_EQ(kTypes[static_cast<std::size_t>(packet->type)], *expected->find("type")->as_string());
    EXPECT_EQ(packet->nsp, *expected->find("nsp")->as_string()) << text;
    EXPECT_EQ(packet->payload, *expected->find("payload")->as_string()) << text;
    EXPECT_EQ(packet->id, number(*expected, "id")) << text;
    EXPECT_EQ(packet->attachments, number(*expected, "attachments").value_or(0)) << text;
  }
}

TEST(GoldenFrames, are_what_our_encoders_write) {
  unsigned compared = 0;
  for (const auto& frame : all_frames()) {
    const std::string text = frame->packet();
    const auto packet = decode_packet(text);
    if (!packet || !frame->text("violation").empty()) continue;
    const std::string ours = encoded(*packet);
    if (ours.empty()) continue;
    EXPECT_EQ(ours, frame->canonical());
    ++compared;
  }
  EXPECT_GE(compared, 15U);
}

TEST(GoldenFrames, connect_replies_are_ours) {
  std::string packet;
  append_connect(packet, "/", "GvTzH0S2kPpXvZ1bAAAB", "q1w2e3r4t5y6u7i8o9p0");
  std::string refusal;
  append_connect_error(refusal, "/", "Rate limit exceeded",
                       R"({"code":"rate_limited","retryAfterMs":30000})");
  unsigned seen = 0;
  for (const auto& frame : all_frames()) {
    seen += frame->packet() == packet || frame->packet() == refusal ? 1U : 0U;
  }
  EXPECT_EQ(seen, 2U);
}

/// Nothing is offered but `/`, and binary is refused: the shipped settings.
std::optional<Violation> violation_by(const Frame& frame) {
  Bench bench{Settings{}};
  const bool joining = frame.packet().starts_with('0');
  const auto joined = frame.row->find("joined");
  if (!joining && !(joined && joined->as_boolean() == false)) bench.joined();
  bench.text(frame.packet());
  return bench.port.last_violation;
}

TEST(GoldenFrames, that_violate_end_the_connection) {
  unsigned seen = 0;
  for (const auto& frame : all_frames()) {
    const std::string name = frame->text("violation");
    if (name.empty()) continue;
    const auto row = std::ranges::find(kViolations, name, [](const auto& v) { return v.first; });
    ASSERT_NE(row, std::end(kViolations)) << name;
    EXPECT_EQ(violation_by(*frame), row->second) << frame->packet();
    ++seen;
  }
  EXPECT_GE(seen, 12U);
}

}  // namespace
}  // namespace stillroom::socketio::test
