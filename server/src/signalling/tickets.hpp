// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/rng.hpp"
#include "identity/principal.hpp"
#include "identity/token_minter.hpp"
#include "signalling/caller.hpp"
#include "signalling/ports.hpp"
#include "signalling/problems.hpp"

namespace stillroom::signalling {

struct IssuedTicket {
  identity::TokenText ticket;
  WallTime expires;  ///< when it opens nothing any more
};

/// `POST /api/tickets`: the right that a request came with, as a text that may be shown where a
/// token would be seen by others. One for each worker.
class Tickets {
 public:
  Tickets(Store& store, const Clock& clock, Rng& rng, const identity::TicketMinter& minter)
      : store_(store), clock_(clock), rng_(rng), minter_(minter) {}

  /// For one CONNECT, or `auth:refresh`, of the same `party` (identity::OfferedTokens). Recorded
  /// before it is given; used up with the record of what it opens.
  void issue(const identity::Principal& who, std::string_view party, const Trace& trace,
             Answer<IssuedTicket> answer);

 private:
  Store& store_;
  const Clock& clock_;
  Rng& rng_;
  const identity::TicketMinter& minter_;
};

/// `{ticket, expiresAt}`
[[nodiscard]] std::string encode_ticket(const IssuedTicket& issued);

}  // namespace stillroom::signalling
