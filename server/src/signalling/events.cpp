// SPDX-License-Identifier: Apache-2.0
#include "signalling/events.hpp"

#include <utility>

namespace stillroom::signalling::events {
namespace {

using json::Writer;

/// `["name",{` … `}]` around the members that `body` writes.
template <class Body>
std::string event_of(std::string_view name, const Body& body) {
  std::string out;
  out.reserve(256);
  Writer writer(out);
  writer.begin_array().string(name).begin_object();
  body(writer);
  writer.end_object().end_array();
  return out;
}

/// `[{"ok":true` … `}]`.
template <class Body>
std::string ack_of(const Body& body) {
  std::string out;
  Writer writer(out);
  writer.begin_array().begin_object().key("ok").boolean(true);
  body(writer);
  writer.end_object().end_array();
  return out;
}

void append_time(Writer& out, std::string_view name, WallTime time) {
  out.key(name).string(to_rfc3339(time));
}

void append_policy(Writer& out, IcePolicy policy) {
  out.key("policy").begin_object().key("iceTransportPolicy");
  out.string(policy == IcePolicy::relay ? "relay" : "all").end_object();
}

void append_call_status(Writer& out, WallTime started) {
  out.key("status").string("in-progress");
  append_time(out, "startTime", started);
}

void append_joined(Writer& out, const room::TellJoined& joined, const Context& context) {
  out.key("roomId").string(context.room.text());
  out.key("sessionId").string(joined.session.text());
  out.key("participantCount").integer(static_cast<std::int64_t>(joined.people));
  out.key("userRole").string(to_text(joined.role));
  out.key("secureConnection").boolean(joined.transport == room::Transport::encrypted);
  out.key("seatId").string(joined.seat.text());
  append_ice(out, context.ice);
}

/// The body of a relayed event, in normal form.
struct Body {
  Writer& out;

  void description(std::string_view type, const sdp::Description& description) const {
    out.key(type).begin_object().key("type").string(type);
    out.key("sdp").string(description.text()).end_object();
  }
  void operator()(const room::Offer& offer) const { description("offer", offer.description); }
  void operator()(const room::Answer& answer) const { description("answer", answer.description); }
  void operator()(const room::Candidate& command) const {
    const sdp::Candidate& candidate = command.candidate;
    out.key("candidate");
    if (candidate.ends() && !candidate.mid() && !candidate.mline_index()) {
      out.null();
      return;
    }
    out.begin_object().key("candidate").string(candidate.text());
    if (candidate.mid()) out.key("sdpMid").string(*candidate.mid());
    if (const auto index = candidate.mline_index()) out.key("sdpMLineIndex").integer(*index);
    if (candidate.ufrag()) out.key("usernameFragment").string(*candidate.ufrag());
    out.end_object();
  }
  template <class Other>
  void operator()(const Other&) const {}
};

std::string_view relayed_name(const room::Command& command) {
  if (std::holds_alternative<room::Offer>(command)) return "offer";
  if (std::holds_alternative<room::Answer>(command)) return "answer";
  return "ice-candidate";
}

std::size_t relayed_bytes(const room::Command& command) {
  if (const auto* offer = std::get_if<room::Offer>(&command)) {
    return offer->description.text().size();
  }
  if (const auto* answer = std::get_if<room::Answer>(&command)) {
    return answer->description.text().size();
  }
  return 128;
}

struct Encode {
  const Context& context;

  std::string operator()(const room::TellCallStarted& told) const {
    return event_of("call-started", [&](Writer& out) {
      append_time(out, "startTime", told.at);
      out.key("sessionId").string(told.session.text());
      out.key("status").string("in-progress");
    });
  }
  std::string operator()(const room::TellUserJoined& told) const {
    return event_of("user-joined", [&](Writer& out) {
      out.key("userId").string(told.person.user.text());
      out.key("userName").string(told.person.name.text());
      out.key("userRole").string(to_text(told.person.role));
      out.key("socketId").string(told.person.socket.text());
    });
  }
  std::string operator()(const room::TellExisting& told) const {
    std::string text;
    Writer out(text);
    out.begin_array().string("existing-participants").begin_array();
    for (const room::Person& person : told.people) {
      out.begin_object().key("socketId").string(person.socket.text());
      out.key("userId").string(person.user.text());
      out.key("userName").string(person.name.text());
      out.key("userRole").string(to_text(person.role));
      out.key("seatId").string(person.seat.text()).end_object();
    }
    out.end_array().end_array();
    return text;
  }
  std::string operator()(const room::TellCallStatus& told) const {
    return event_of("call-status", [&](Writer& out) { append_call_status(out, told.started); });
  }
  std::string operator()(const room::TellJoined& told) const {
    return event_of("join-success", [&](Writer& out) { append_joined(out, told, context); });
  }
  std::string operator()(const room::TellUserLeft& told) const {
    return event_of("user-left", [&](Writer& out) {
      out.key("userId").string(told.person.user.text());
      out.key("socketId").string(told.person.socket.text());
      out.key("userName").string(told.person.name.text());
      append_time(out, "timestamp", context.now);
      out.key("reason").string(to_text(told.reason));
    });
  }
  std::string operator()(const room::TellCallEnded& told) const {
    return event_of("call-ended", [&](Writer& out) {
      append_time(out, "endTime", told.at);
      out.key("duration").integer(told.length.count());
      out.key("sessionId").string(told.session.text());
      out.key("status").string("completed");
    });
  }
  std::string operator()(const room::TellRevoked& told) const {
    return event_of("access:revoked", [&](Writer& out) {
      out.key("reason").string(told.reason);
      out.key("roomId").string(context.room.text());
    });
  }
  /// One string, one pass over the description.
  std::string operator()(const room::TellRelay& told) const {
    std::string text;
    text.reserve(relayed_bytes(context.relayed) * 9 / 8 + 256);
    Writer out(text);
    out.begin_array().string(relayed_name(context.relayed)).begin_object();
    std::visit(Body{out}, context.relayed);
    out.key("from").string(told.from.text());
    out.key("roomId").string(context.room.text());
    append_time(out, "timestamp", context.now);
    out.end_object().end_array();
    return text;
  }
};

struct EncodeAck {
  const Context& context;

  std::string operator()(const room::Done&) const { return R"([{"ok":true}])"; }
  std::string operator()(const room::NotRelayed&) const {
    return R"([{"ok":true,"relayed":false}])";
  }
  std::string operator()(const room::TellJoined& joined) const {
    return ack_of([&](Writer& out) { append_joined(out, joined, context); });
  }
  std::string operator()(const room::TellCallStatus& told) const {
    return ack_of([&](Writer& out) { append_call_status(out, told.started); });
  }
  std::string operator()(const room::IceServersGranted&) const {
    return ack_of([&](Writer& out) { append_ice(out, context.ice); });
  }
  std::string operator()(const room::Refusal& refused) const { return refusal_ack(refused); }
};

std::string refused_ack(std::string_view error, std::string_view code) {
  std::string text;
  Writer out(text);
  out.begin_array().begin_object().key("ok").boolean(false);
  out.key("error").string(error).key("code").string(code);
  out.end_object().end_array();
  return text;
}

}  // namespace

void append_ice(Writer& out, const Ice& ice) {
  out.key("iceServers").begin_array();
  for (const IceServer& server : ice.servers) {
    out.begin_object().key("urls").begin_array();
    for (const std::string& url : server.urls) out.string(url);
    out.end_array();
    if (!server.username.empty()) {
      out.key("username").string(server.username);
      out.key("credential").string(server.credential.reveal());
    }
    out.end_object();
  }
  out.end_array();
  append_policy(out, ice.policy);
}

std::string hello(WallTime now, std::string_view version, IcePolicy policy,
                  std::string_view return_pass) {
  return event_of("server:hello", [&](Writer& out) {
    append_time(out, "serverTime", now);
    out.key("version").string(version);
    append_policy(out, policy);
    out.key("returnPass").string(return_pass);
  });
}

std::optional<std::string> refusal(room::Refusal refusal) {
  const room::RefusalText& words = text_of(refusal);
  if (words.event.empty()) return std::nullopt;
  return event_of(words.event, [&](Writer& out) {
    out.key("error").string(words.text);
    out.key("code").string(words.code);
  });
}

std::string refusal_ack(room::Refusal refusal) {
  const room::RefusalText& words = text_of(refusal);
  return refused_ack(words.text, words.code);
}

std::string problem_ack(const Problem& problem) {
  return refused_ack(problem.text, problem.code);
}

std::string refreshed_ack(WallTime expires) {
  return ack_of([&](Writer& out) { append_time(out, "expiresAt", expires); });
}

std::string access_revoked(std::string_view reason) {
  return event_of("access:revoked", [&](Writer& out) { out.key("reason").string(reason); });
}

std::string message(const room::Message& message, const Context& context) {
  return std::visit(Encode{context}, message);
}

std::string ack(const room::Outcome& outcome, const Context& context) {
  return std::visit(EncodeAck{context}, outcome);
}

}  // namespace stillroom::signalling::events
