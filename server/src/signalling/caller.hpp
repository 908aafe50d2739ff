// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "room/caller.hpp"

namespace stillroom::signalling {

/// A connected socket and whose it is. Only `Door` makes one, after its record is durable.
using room::Caller;
using room::CallerRef;

/// How audit records tell one peer from another without saying who or where.
struct Trace {
  std::string connection;  ///< 8 characters, or empty for a REST request
  std::string source;      ///< keyed digest of the peer's address, 16 hex digits, or empty
};

/// What the gateway knows of a socket before anybody knows whose it is.
struct Arrival {
  room::Address address;
  SocketId socket;
  DeviceId device;  ///< empty when the client named none
  Trace trace;
  room::Transport transport = room::Transport::plain;
};

}  // namespace stillroom::signalling
