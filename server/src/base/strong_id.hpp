// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace stillroom {

/// Text that names a thing or a person. Two tags are two types, and there is deliberately no stream
/// operator and no formatter: an id reaches a log only through `telemetry::loggable(id)`.
template <class Tag>
class StrongText {
 public:
  StrongText() = default;
  explicit StrongText(std::string text) : text_(std::move(text)) {}

  /// For codecs and stores, never for logs.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend auto operator<=>(const StrongText&, const StrongText&) = default;
  friend bool operator==(const StrongText&, const StrongText&) = default;

 private:
  std::string text_;
};

using SessionId = StrongText<struct SessionIdTag>;  ///< a scheduled therapy meeting
using RoomId = StrongText<struct RoomIdTag>;        ///< `room-<uuid4>`
using UserId = StrongText<struct UserIdTag>;
using SocketId = StrongText<struct SocketIdTag>;    ///< Socket.IO sid, public to peers
using SeatId = StrongText<struct SeatIdTag>;        ///< one device of one participant in a room
using DeviceId = StrongText<struct DeviceIdTag>;    ///< chosen by the client, 64 characters at most
using OutsideId = StrongText<struct OutsideIdTag>;  ///< what an application calls a session
using KeyId = StrongText<struct KeyIdTag>;          ///< of a service key: public, 16 hex digits
using PersonName = StrongText<struct PersonNameTag>;

}  // namespace stillroom

template <class Tag>
struct std::hash<stillroom::StrongText<Tag>> {
  std::size_t operator()(const stillroom::StrongText<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
