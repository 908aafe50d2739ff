// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/strong_id.hpp"
#include "identity/principal.hpp"
#include "room/address.hpp"

namespace stillroom::room {

/// What the connection runs over, as the person is told in `join-success`.
enum class Transport : std::uint8_t { plain, encrypted };

/// One connection of one person: what a room knows of whoever speaks. Never changes; a reconnect
/// makes a new one.
struct Caller {
  Address address;
  SocketId socket;
  identity::Principal principal;
  DeviceId device;         ///< from CONNECT; empty when the client names none
  std::string connection;  ///< as in audit::Record
  std::string source;      ///< as in audit::Record
  Transport transport = Transport::plain;
};

/// Shared because it is immutable and crosses threads: the link's worker holds it, and each seat.
using CallerRef = std::shared_ptr<const Caller>;

}  // namespace stillroom::room
