// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <utility>

#include "sdp/example_offer.hpp"

namespace stillroom::sim {
namespace {

/// Acks of leave-room are told from others by it.
const std::string kLeaveAck = "9000";

std::string text_json(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

const std::string& offer_json() {
  static const std::string json =
      R"({"type":"offer","sdp":)" + text_json(sdp::example::kOffer) + "}";
  return json;
}

const std::string& answer_json() {
  static const std::string json =
      R"({"type":"answer","sdp":)" + text_json(sdp::example::answer()) + "}";
  return json;
}

/// What the server's moment is to blame for: worth another try.
bool is_passing(const std::string& error) {
  return error == "Failed to join room" || error == "Rate limit exceeded" ||
         error == "Room is full";
}

/// The session is over for everybody. Other refusals answer what the script made people try.
bool is_final(const std::string& error) {
  return error == "Cannot join cancelled or declined session" || error == "Session has ended";
}

/// The member that tells one event from the next, for whoever reads along.
std::string what_of(const json::Value& body) {
  for (const char* name : {"from", "socketId", "error", "reason"}) {
    const auto member = body.find(name);
    if (member) return " " + member->as_string().value_or("").substr(0, 40);
  }
  return "";
}

}  // namespace

std::string Client::room_json() const {
  std::string json = R"({"roomId":)" + text_json(persona_.room.text()) + R"(,"sessionId":)" +
                     text_json(persona_.session.text());
  // A device may be named at CONNECT alone, or here again.
  if (persona_.device == "tablet") json += R"(,"deviceId":"tablet")";
  return json + "}";
}

void Client::come() {
  wants_in_ = true;
  if (refused_for_good_) return;
  if (away()) return connect();
  if (connected_ && !seated_ && leaving_.empty()) join();
}

void Client::connect() {
  attempt_ += 1;
  connected_ = seated_ = false;
  leaving_.clear();
  others_.clear();
  wire_ = std::make_shared<Wire>(ground_, server_, persona_.way);
  wire_->opened = [this] {
    std::string auth = R"(0{"token":)" + text_json(persona_.token);
    if (!persona_.device.empty()) auth += R"(,"deviceId":)" + text_json(persona_.device);
    wire_->send(auth + "}");
  };
  wire_->message = [this](std::string_view text) { packet(text); };
  wire_->closed = [this] {
    connected_ = seated_ = false;
    others_.clear();
    retry(milliseconds(500), milliseconds(5000));
  };
  wire_->open();
}

void Client::retry(milliseconds low, milliseconds high) {
  if (!wants_in_ || refused_for_good_) return;
  const std::uint64_t meant = ++attempt_;
  ground_.schedule.after(Weather::between(ground_.rng, low, high), [this, meant] {
    if (meant != attempt_ || !wants_in_) return;
    if (away()) return connect();
    if (connected_ && !seated_ && leaving_.empty()) join();
  });
}

std::string Client::label() const {
  return persona_.user.text() + persona_.device + " (" + socket_.substr(0, 4) + ")";
}

void Client::say(const std::string& event, const std::string& payload) {
  if (!connected_ || away()) return;
  if (ground_.trace) ground_.trace(label() + " -> " + event);
  // Half of what is said asks for an ack.
  const std::string id = ++acks_ % 2 == 0 ? std::to_string(acks_) : "";
  wire_->send("2" + id + "[" + text_json(event) + "," + payload + "]");
}

void Client::join(bool twice) {
  say("join-room", room_json());
  if (twice) say("join-room", room_json());
}

void Client::leave_room() {
  if (!connected_ || away()) return;
  leaving_ = kLeaveAck + std::to_string(++acks_);
  wire_->send("2" + leaving_ + R"(["leave-room",)" + room_json() + "]");
  seated_ = false;
  others_.clear();
}

/// Joins that were on their way when we left have been answered before this.
void Client::left() {
  leaving_.clear();
  retry(milliseconds(500), milliseconds(4000));
}

void Client::go() {
  wants_in_ = false;
  if (away()) return;
  if (connected_) {
    say("leave-room", room_json());
    wire_->send("1");
  }
  vanish();
}

void Client::vanish() {
  wants_in_ = false;
  attempt_ += 1;
  connected_ = seated_ = false;
  others_.clear();
  if (wire_) wire_->close();
}

void Client::cut(Notice notice) {
  if (!away()) wire_->cut(notice);
}

void Client::offer_to(const std::string& socket) {
  say("offer", R"({"offer":)" + offer_json() + R"(,"to":)" + text_json(socket) + R"(,"roomId":)" +
                   text_json(persona_.room.text()) + "}");
}

/// Once for all that failed, and not at once: what failed now fails again in the same moment.
void Client::offer_again() {
  if (std::exchange(offers_again_, true)) return;
  ground_.schedule.after(Weather::between(ground_.rng, milliseconds(1000), milliseconds(2500)),
                         [this] {
                           offers_again_ = false;
                           for (const std::string& other : others_) offer_to(other);
                         });
}

void Client::answer_to(const std::string& socket) {
  say("answer", R"({"answer":)" + answer_json() + R"(,"to":)" + text_json(socket) +
                    R"(,"roomId":)" + text_json(persona_.room.text()) + "}");
}

void Client::candidate_to(const std::string& socket, const std::string& mark) {
  say("ice-candidate",
      R"({"candidate":{"candidate":"candidate:1 1 udp 2113937151 8.8.8.8 5000 typ host",)"
      R"("sdpMid":)" +
          text_json(mark) + R"(},"to":)" + text_json(socket) + R"(,"roomId":)" +
          text_json(persona_.room.text()) + "}");
}

void Client::echo(const std::string& mark) {
  for (const std::string& other : others_) candidate_to(other, mark);
}

void Client::packet(std::string_view text) {
  json::Document document;
  if (text.starts_with("0{")) {
    socket_ = *document.parse(text.substr(1)).value().find("sid")->as_string();
    connected_ = true;
    if (wants_in_) join(ground_.rng.chance(1, 8));
    return;
  }
  if (text.starts_with("4{")) {
    wire_->close();
    return retry(milliseconds(500), milliseconds(3000));
  }
  if (!leaving_.empty() && text.starts_with("3" + leaving_ + "[")) return left();
  if (!text.starts_with("2")) return;  // other acks say what the events have said
  const auto args = document.parse(text.substr(1)).value();
  event(*args.at(0)->as_string(), *args.at(1));
}

void Client::refused(const std::string& error) {
  if (is_final(error)) refused_for_good_ = true;
  if (is_passing(error)) retry(milliseconds(1000), milliseconds(4000));
}

void Client::event(const std::string& name, const json::Value& body) {
  if (ground_.trace) ground_.trace(label() + " <- " + name + what_of(body));
  const auto member = [&](const char* key) { return *body.find(key)->as_string(); };
  if (name == "join-success") {
    seated_ = wants_in_ && leaving_.empty();
  } else if (name == "existing-participants") {
    others_.clear();
    for (const json::Value person : body) {
      others_.insert(*person.find("socketId")->as_string());
    }
    for (const std::string& other : others_) offer_to(other);
  } else if (name == "user-joined") {
    others_.insert(member("socketId"));
  } else if (name == "user-left") {
    others_.erase(member("socketId"));
  } else if (name == "offer") {
    answer_to(member("from"));
    candidate_to(member("from"), "0");
  } else if (name == "ice-candidate") {
    echoes_.insert(member("from") + " " + *body.find("candidate")->find("sdpMid")->as_string());
  } else if (name == "join-error") {
    refused(member("error"));
  } else if (name == "call-ended") {
    refused_for_good_ = true;
  } else if (name == "access:revoked") {
    seated_ = false;
    others_.clear();
    if (member("reason") != "replaced") refused_for_good_ = true;
    retry(milliseconds(500), milliseconds(2000));
  } else if (name == "signaling-error") {
    const std::string error = member("error");
    if (error == "Failed to relay offer" || error == "Rate limit exceeded") offer_again();
  }
}

}  // namespace stillroom::sim
