// SPDX-License-Identifier: Apache-2.0
// `/api/links` and `/api/invites`: what staff hand to people, so that they come in.
#include <utility>

#include "gateway/rest_body.hpp"
#include "gateway/rest_routes.hpp"
#include "signalling/staff.hpp"

namespace stillroom::gateway {
namespace {

using signalling::About;
using signalling::MintedInvite;
using signalling::MintedLink;

/// Their bounds are `Administration`'s to hold.
template <class Order>
void take_life(Members& members, Order& order) {
  if (const auto ttl = members.integer("ttl")) order.life = seconds(*ttl);
}

HttpResponse refusal(const signalling::AdminError& error, About about) {
  return problem_response(signalling::problem_of(error.refusal, about));
}

}  // namespace

Task<HttpResponse> Rest::Routes::add_link(Rest* rest, StaffAsk ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  signalling::LinkOrder wanted{members.must(members.text("user")),
                               members.must(members.text("session"))};
  take_life(members, wanted);
  if (members.problem()) co_return problem_response(*members.problem());
  Ordering<MintedLink> order = [rest, wanted, by = ask.by](auto answer) {
    rest->administration_.mint_link(wanted, std::move(answer), by);
  };
  const auto made = co_await ordered<MintedLink>(rest, std::move(order));
  co_return made ? json_response(201, signalling::encode_minted_link(*made))
                 : refusal(made.error(), About::session);
}

Task<HttpResponse> Rest::Routes::add_invite(Rest* rest, StaffAsk ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  signalling::InviteOrder wanted{members.must(members.text("user"))};
  take_life(members, wanted);
  if (members.problem()) co_return problem_response(*members.problem());
  Ordering<MintedInvite> order = [rest, wanted, by = ask.by](auto answer) {
    rest->administration_.invite(wanted, std::move(answer), by);
  };
  const auto made = co_await ordered<MintedInvite>(rest, std::move(order));
  co_return made ? json_response(201, signalling::encode_minted_invite(*made))
                 : refusal(made.error(), About::user);
}

}  // namespace stillroom::gateway
