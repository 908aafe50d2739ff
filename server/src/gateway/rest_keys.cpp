// SPDX-License-Identifier: Apache-2.0
// `/api/keys`: service keys, for administrators.
#include <algorithm>
#include <utility>
#include <vector>

#include "gateway/rest_body.hpp"
#include "gateway/rest_routes.hpp"
#include "signalling/enquiries.hpp"
#include "signalling/staff.hpp"

namespace stillroom::gateway {
namespace {

HttpResponse refusal(const signalling::AdminError& error) {
  return problem_response(signalling::problem_of(error.refusal, signalling::About::key));
}

}  // namespace

Task<HttpResponse> Rest::Routes::list_keys(Rest* rest, StaffAsk ask) {
  signalling::Page page = page_of(ask.request);
  page.limit = std::clamp<std::uint32_t>(page.limit, 1, signalling::kPageLimitMax);
  using Keys = std::vector<identity::ServiceKey>;
  Ordering<Keys> order = [rest, page, by = ask.by](auto answer) {
    rest->administration_.list_keys(page, std::move(answer), by);
  };
  const auto keys = co_await ordered<Keys>(rest, std::move(order));
  co_return keys ? json_response(signalling::encode_keys(*keys)) : refusal(keys.error());
}

Task<HttpResponse> Rest::Routes::add_key(Rest* rest, StaffAsk ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  const signalling::KeyOrder wanted{members.must(members.text("name")),
                                    members.must(members.texts("scopes"))};
  if (members.problem()) co_return problem_response(*members.problem());
  Ordering<identity::NewServiceKey> order = [rest, wanted, by = ask.by](auto answer) {
    rest->administration_.add_key(wanted, std::move(answer), by);
  };
  const auto made = co_await ordered<identity::NewServiceKey>(rest, std::move(order));
  co_return made ? json_response(201, signalling::encode_new_key(*made)) : refusal(made.error());
}

Task<HttpResponse> Rest::Routes::revoke_key(Rest* rest, StaffAsk ask) {
  using signalling::RevokedAt;
  Ordering<RevokedAt> order = [rest, id = ask.argument, by = ask.by](auto answer) {
    rest->administration_.revoke_key(id, std::move(answer), by);
  };
  const auto revoked = co_await ordered<RevokedAt>(rest, std::move(order));
  co_return revoked ? json_response(signalling::encode_revoked_key(*revoked))
                    : refusal(revoked.error());
}

}  // namespace stillroom::gateway
