// SPDX-License-Identifier: Apache-2.0
#include "socketio/packet.hpp"

#include <algorithm>
#include <charconv>

#include "base/json.hpp"

namespace stillroom::socketio {
namespace {

constexpr std::uint64_t kAttachmentsMax = 999'999;  ///< beyond any limit; keeps the number small

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes the digits in front. Nothing when there are none, when they begin with a needless zero
/// (two texts would mean one number) or when the number is beyond `max`.
std::optional<std::uint64_t> take_number(std::string_view& text, std::uint64_t max) {
  const auto digits =
      static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
  if (digits == 0 || (digits > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t number = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + digits, number);
  if (problem != std::errc() || number > max) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

bool is_namespace(std::string_view nsp) {
  const auto printable = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; };
  return nsp.size() <= kNamespaceBytesMax && std::ranges::all_of(nsp, printable);
}

/// The comma behind a namespace may be missing when nothing follows it.
std::optional<std::string_view> take_namespace(std::string_view& text) {
  if (!text.starts_with('/')) return "/";
  const auto comma = text.find(',');
  const std::string_view nsp = text.substr(0, comma);
  if (!is_namespace(nsp)) return std::nullopt;
  text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  return nsp;
}

void append_digit(std::string& out, PacketType type) {
  out.push_back(static_cast<char>('0' + static_cast<int>(type)));
}

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  const auto [stop, problem] = std::to_chars(std::begin(digits), std::end(digits), number);
  out.append(digits, stop);
}

void append_namespace(std::string& out, std::string_view nsp) {
  if (nsp == "/") return;
  out.append(nsp).push_back(',');
}

void append_head(std::string& out, PacketType type, std::string_view nsp) {
  append_digit(out, type);
  append_namespace(out, nsp);
}

void append_binary_head(std::string& out, PacketType type, std::size_t attachments,
                        std::string_view nsp) {
  append_digit(out, type);
  append_number(out, attachments);
  out.push_back('-');
  append_namespace(out, nsp);
}

}  // namespace

Result<Packet, DecodeError> decode_packet(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '6')
    return fail(DecodeError::unknown_type);
  Packet packet;
  packet.type = static_cast<PacketType>(text.front() - '0');
  text.remove_prefix(1);

  if (packet.type == PacketType::binary_event || packet.type == PacketType::binary_ack) {
    const auto attachments = take_number(text, kAttachmentsMax);
    if (!attachments || !text.starts_with('-')) return fail(DecodeError::bad_attachments);
    packet.attachments = static_cast<std::uint32_t>(*attachments);
    text.remove_prefix(1);
  }
  const auto nsp = take_namespace(text);
  if (!nsp) return fail(DecodeError::bad_namespace);
  packet.nsp = *nsp;
  if (!text.empty() && is_digit(text.front())) {
    packet.id = take_number(text, kAckIdMax);
    if (!packet.id) return fail(DecodeError::bad_id);
  }
  packet.payload = text;
  return packet;
}

void append_event(std::string& out, std::string_view nsp, std::string_view array_json) {
  append_head(out, PacketType::event, nsp);
  out.append(array_json);
}

void append_event_with_ack(std::string& out, std::string_view nsp, std::uint64_t id,
                           std::string_view array_json) {
  append_head(out, PacketType::event, nsp);
  append_number(out, id);
  out.append(array_json);
}

void append_ack(std::string& out, std::string_view nsp, std::uint64_t id,
                std::string_view array_json) {
  append_head(out, PacketType::ack, nsp);
  append_number(out, id);
  out.append(array_json);
}

void append_binary_event(std::string& out, std::string_view nsp, std::size_t attachments,
                         std::string_view array_json) {
  append_binary_head(out, PacketType::binary_event, attachments, nsp);
  out.append(array_json);
}

void append_binary_ack(std::string& out, std::string_view nsp, std::size_t attachments,
                       std::uint64_t id, std::string_view array_json) {
  append_binary_head(out, PacketType::binary_ack, attachments, nsp);
  append_number(out, id);
  out.append(array_json);
}

void append_connect(std::string& out, std::string_view nsp, std::string_view sid,
                    std::string_view pid) {
  append_head(out, PacketType::connect, nsp);
  json::Writer writer(out);
  writer.begin_object().key("sid").string(sid);
  if (!pid.empty()) writer.key("pid").string(pid);
  writer.end_object();
}

void append_connect_error(std::string& out, std::string_view nsp, std::string_view message,
                          std::string_view data_json) {
  append_head(out, PacketType::connect_error, nsp);
  json::Writer writer(out);
  writer.begin_object().key("message").string(message);
  if (!data_json.empty()) writer.key("data").raw(data_json);
  writer.end_object();
}

void append_disconnect(std::string& out, std::string_view nsp) {
  append_head(out, PacketType::disconnect, nsp);
}

}  // namespace stillroom::socketio
