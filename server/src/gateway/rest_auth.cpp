// SPDX-License-Identifier: Apache-2.0
// How somebody comes in: tickets.
#include <utility>

#include "gateway/rest_routes.hpp"

namespace stillroom::gateway {

Task<HttpResponse> Rest::Routes::ticket(Rest* rest, Ask ask) {
  const auto principal = co_await who(rest, &ask);
  if (!principal) co_return problem_response(principal.error());
  Asking<signalling::IssuedTicket> start =
      [rest, who = *principal, party = std::string(rest->front_.origins().party(ask.request)),
       trace = ask.trace](auto answer) {
        rest->tickets_.issue(who, party, trace, std::move(answer));
      };
  const auto issued = co_await heard<signalling::IssuedTicket>(rest, std::move(start));
  co_return issued ? json_response(signalling::encode_ticket(*issued))
                   : problem_response(issued.error());
}

}  // namespace stillroom::gateway
