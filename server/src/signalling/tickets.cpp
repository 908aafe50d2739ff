// SPDX-License-Identifier: Apache-2.0
#include "signalling/tickets.hpp"

#include <utility>

#include "base/json.hpp"

namespace stillroom::signalling {
namespace {

constexpr std::size_t kTicketIdBytes = 16;

}  // namespace

void Tickets::issue(const identity::Principal& who, std::string_view party, const Trace& trace,
                    Answer<IssuedTicket> answer) {
  audit::Record record;
  record.kind = audit::Kind::ticket_issued;
  record.at = clock_.wall_now();
  record.actor = who.user();
  record.role = who.role();
  record.source = trace.source;
  Commit commit;
  commit.records.push_back(std::move(record));
  store_.commit(std::move(commit), [this, who, party = std::string(party),
                                    answer = std::move(answer)](const auto& done) {
    if (!done) return answer(fail(problems::kUnavailable));
    const WallTime issued = std::chrono::floor<seconds>(clock_.wall_now());
    answer(IssuedTicket{minter_.mint(who, {issued, random_token(rng_, kTicketIdBytes), party}),
                        issued + identity::kTicketLife});
  });
}

std::string encode_ticket(const IssuedTicket& issued) {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("ticket").string(issued.ticket.reveal());
  json.key("expiresAt").string(to_rfc3339(issued.expires)).end_object();
  return out;
}

}  // namespace stillroom::signalling
