// SPDX-License-Identifier: Apache-2.0
#include "signalling/commands.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "base/encoding.hpp"
#include "identity/token_verifier.hpp"

namespace stillroom::signalling {
namespace {

using room::Refusal;

/// The payload's members; everything is absent when there is no object.
class Fields {
 public:
  explicit Fields(json::Value args) {
    const auto payload = args.at(1);
    if (payload && payload->is(json::Kind::object)) payload_ = payload;
  }
  explicit Fields(std::optional<json::Value> object) : payload_(object) {}

  [[nodiscard]] std::optional<json::Value> find(std::string_view name) const {
    return payload_ ? payload_->find(name) : std::nullopt;
  }
  /// A string of 1 to `bytes_max` bytes.
  [[nodiscard]] std::optional<std::string> text(std::string_view name,
                                                std::size_t bytes_max) const {
    const auto value = find(name);
    // The raw text with its quotes is never shorter than what it stands for, by six to one at most.
    if (!value || value->raw().size() > bytes_max * 6 + 2) return std::nullopt;
    auto text = value->as_string();
    if (!text || text->empty() || text->size() > bytes_max) return std::nullopt;
    return text;
  }

 private:
  std::optional<json::Value> payload_;
};

std::optional<RoomId> room_of(const Fields& fields) {
  auto text = fields.text("roomId", kRoomIdBytesMax);
  return text ? std::optional(RoomId(std::move(*text))) : std::nullopt;
}

std::optional<SocketId> target_of(const Fields& fields) {
  auto text = fields.text("to", kIdBytesMax);
  return text ? std::optional(SocketId(std::move(*text))) : std::nullopt;
}

bool present(const std::optional<json::Value>& value) {
  return value && !value->is(json::Kind::null);
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

/// Nothing when it is there but cannot be a device's id; empty when it is not there.
std::optional<DeviceId> device_in(const Fields& fields) {
  if (!present(fields.find("deviceId"))) return DeviceId();
  auto text = fields.text("deviceId", kDeviceIdCharactersMax * 4);
  if (!text || characters(*text) > kDeviceIdCharactersMax) return std::nullopt;
  return DeviceId(std::move(*text));
}

Decoded decode_join(const Fields& fields) {
  auto session = fields.text("sessionId", kIdBytesMax);
  if (!session) return Refusal::session_not_found;
  auto room = room_of(fields);
  if (!room) return Refusal::wrong_room;
  auto device = device_in(fields);
  if (!device) return Refusal::join_failed;
  return Request{std::move(*room), room::Join{SessionId(std::move(*session)), std::move(*device)}};
}

using ParseDescription = Result<sdp::Description, sdp::Error> (*)(std::string_view,
                                                                  const sdp::Policy&);

/// `{type, sdp}` under the event's own name; the type has to be that name too.
std::optional<sdp::Description> description_in(const Fields& fields, std::string_view name,
                                               ParseDescription parse, const sdp::Policy& policy) {
  const Fields body(fields.find(name));
  const auto type = body.find("type");
  if (!type || type->as_string() != name) return std::nullopt;
  const auto text = body.text("sdp", sdp::kDescriptionBytesMax);
  if (!text) return std::nullopt;
  auto parsed = parse(*text, policy);
  return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

Decoded decode_offer(const Fields& fields, const sdp::Policy& policy) {
  auto room = room_of(fields);
  auto to = target_of(fields);
  if (!room || !to) return Refusal::invalid_attempt;
  auto description = description_in(fields, "offer", sdp::parse_offer, policy);
  if (!description) return Refusal::invalid_offer;
  return Request{std::move(*room), room::Offer{std::move(*to), std::move(*description)}};
}

Decoded decode_answer(const Fields& fields, const sdp::Policy& policy) {
  auto room = room_of(fields);
  auto to = target_of(fields);
  if (!room || !to) return Refusal::invalid_attempt;
  auto description = description_in(fields, "answer", sdp::parse_answer, policy);
  if (!description) return Refusal::invalid_answer;
  return Request{std::move(*room), room::Answer{std::move(*to), std::move(*description)}};
}

/// W3C RTCIceCandidateInit. Null, or an empty string, ends the candidates (RFC 8838 §8.2).
std::optional<sdp::Candidate> candidate_in(const Fields& fields, const sdp::Policy& policy) {
  const auto body = fields.find("candidate");
  if (!body) return std::nullopt;
  sdp::CandidateInit init;
  std::optional<std::string> line;
  std::optional<std::string> mid;
  std::optional<std::string> ufrag;
  const bool ends = body->is(json::Kind::null) || body->as_plain_string() == "";
  if (!ends) {
    if (!body->is(json::Kind::object)) return std::nullopt;
    const auto text = body->find("candidate");
    if (!text || text->raw().size() > sdp::kCandidateBytesMax * 6) return std::nullopt;
    line = text->as_string();
    if (!line) return std::nullopt;
    init.line = *line;
    if (const auto value = body->find("sdpMid"); present(value)) {
      mid = value->as_string();
      if (!mid || mid->size() > sdp::kMidBytesMax) return std::nullopt;
      init.mid = *mid;
    }
    if (const auto value = body->find("usernameFragment"); present(value)) {
      ufrag = value->as_string();
      if (!ufrag) return std::nullopt;
      init.ufrag = *ufrag;
    }
    if (const auto value = body->find("sdpMLineIndex"); present(value)) {
      const auto index = value->as_integer();
      if (!index || *index < 0 || *index > std::numeric_limits<std::uint16_t>::max()) {
        return std::nullopt;
      }
      init.mline_index = static_cast<std::uint32_t>(*index);
    }
  }
  auto parsed = sdp::parse_candidate(init, policy);
  return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

Decoded decode_candidate(const Fields& fields, const sdp::Policy& policy) {
  auto room = room_of(fields);
  auto to = target_of(fields);
  if (!room || !to) return Refusal::invalid_attempt;
  auto candidate = candidate_in(fields, policy);
  if (!candidate) return Refusal::invalid_candidate;
  return Request{std::move(*room), room::Candidate{std::move(*to), std::move(*candidate)}};
}

/// `start-call` and `end-call`: a session that is named has to be one.
template <class Ask>
Decoded decode_call(const Fields& fields) {
  auto room = room_of(fields);
  if (!room) return Refusal::not_in_room;
  Ask ask;
  if (present(fields.find("sessionId"))) {
    auto session = fields.text("sessionId", kIdBytesMax);
    if (!session) return Refusal::not_in_room;
    ask.session = SessionId(std::move(*session));
  }
  return Request{std::move(*room), std::move(ask)};
}

/// A text that is no token is the verifier's to refuse, like any other bad one.
Refresh decode_refresh(const Fields& fields) {
  auto token = fields.text("token", identity::kTokenBytesMax);
  if (token) return {identity::TokenText(std::move(*token))};
  if (!present(fields.find("token"))) return {};
  return {identity::TokenText()};
}

Refusal limit_of(EventKind kind) {
  switch (kind) {
    case EventKind::join:
      return Refusal::join_limited;
    case EventKind::call:
    case EventKind::leave:
      return Refusal::call_limited;
    case EventKind::offer:
    case EventKind::answer:
    case EventKind::candidate:
    case EventKind::other:
      break;
  }
  return Refusal::signaling_limited;
}

}  // namespace

Decoded decode(std::string_view event, json::Value args, const sdp::Policy& policy) {
  const Fields fields(args);
  if (event == "ice-candidate") return decode_candidate(fields, policy);
  if (event == "offer") return decode_offer(fields, policy);
  if (event == "answer") return decode_answer(fields, policy);
  if (event == "join-room") return decode_join(fields);
  if (event == "start-call") return decode_call<room::StartCall>(fields);
  if (event == "end-call") return decode_call<room::EndCall>(fields);
  if (event == "leave-room") {
    auto room = room_of(fields);
    return room ? Decoded(Request{std::move(*room), room::Leave{}}) : Refusal::not_in_room;
  }
  if (event == "ice-servers") {
    auto room = room_of(fields);
    return room ? Decoded(Request{std::move(*room), room::AskIceServers{}})
                : Refusal::invalid_attempt;
  }
  if (event == "auth:refresh") return decode_refresh(fields);
  return Refusal::unknown_event;
}

Decoded take_event(std::string_view event, json::Value args, const sdp::Policy& policy,
                   Budget& budget, const BudgetSettings& settings, MonoTime now) {
  const EventKind kind = kind_of(event);
  if (!budget.take(kind, now, settings)) return limit_of(kind);
  return decode(event, args, policy);
}

DeviceId device_of(json::Value auth) {
  if (!auth.is(json::Kind::object)) return {};
  return device_in(Fields(std::optional(auth))).value_or(DeviceId());
}

}  // namespace stillroom::signalling
