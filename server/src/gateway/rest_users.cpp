// SPDX-License-Identifier: Apache-2.0
// `/api/users`: people, for administrators and applications.
#include <algorithm>
#include <utility>
#include <vector>

#include "gateway/rest_body.hpp"
#include "gateway/rest_routes.hpp"
#include "gateway/switchboard.hpp"
#include "signalling/enquiries.hpp"
#include "signalling/staff.hpp"

namespace stillroom::gateway {
namespace {

using signalling::About;
using signalling::ChangedUser;
using signalling::UserChange;
namespace problems = signalling::problems;

HttpResponse refusal(const signalling::AdminError& error) {
  return problem_response(signalling::problem_of(error.refusal, About::user));
}

UserChange change_in(Members& members) {
  UserChange change;
  change.name = members.text("name");
  change.role = members.word("role", identity::role_from_text);
  change.status = members.word("status", identity::user_status_from_text);
  return change;
}

signalling::UserRow row_in(Members& row) {
  return {row.must(row.text("id")), change_in(row)};
}

/// Whoever loses something is cut off before anybody hears that it is done.
void tell(Front& front, const ChangedUser& change) {
  if (change.access_changed()) front.switchboard().access_changed(front, change.now.id);
}

}  // namespace

Task<HttpResponse> Rest::Routes::list_users(Rest* rest, StaffAsk ask) {
  signalling::Page page = page_of(ask.request);
  page.limit = std::clamp<std::uint32_t>(page.limit, 1, signalling::kPageLimitMax);
  Ordering<std::vector<identity::User>> order = [rest, page, by = ask.by](auto answer) {
    rest->administration_.list_users(page, std::move(answer), by);
  };
  const auto users = co_await ordered<std::vector<identity::User>>(rest, std::move(order));
  co_return users ? json_response(signalling::encode_user_page(*users, page))
                  : refusal(users.error());
}

Task<HttpResponse> Rest::Routes::find_user(Rest* rest, StaffAsk ask) {
  Ordering<identity::User> order = [rest, id = ask.argument, by = ask.by](auto answer) {
    rest->administration_.find_user(id, by, std::move(answer));
  };
  const auto user = co_await ordered<identity::User>(rest, std::move(order));
  co_return user ? json_response(signalling::encode_user_view(*user)) : refusal(user.error());
}

Task<HttpResponse> Rest::Routes::add_user(Rest* rest, StaffAsk ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  signalling::NewUser wanted{members.must(members.text("id")), members.must(members.text("name"))};
  wanted.role = members.must(members.word("role", identity::role_from_text));
  if (members.problem()) co_return problem_response(*members.problem());
  Ordering<identity::User> order = [rest, wanted, by = ask.by](auto answer) {
    rest->administration_.add_user(wanted, std::move(answer), by);
  };
  const auto user = co_await ordered<identity::User>(rest, std::move(order));
  co_return user ? json_response(201, signalling::encode_user_view(*user)) : refusal(user.error());
}

Task<HttpResponse> Rest::Routes::change_user(Rest* rest, StaffAsk ask) {
  const Body body(ask.request.body);
  Members members = body.members();
  const UserChange change = change_in(members);
  if (members.problem()) co_return problem_response(*members.problem());
  Ordering<ChangedUser> order = [rest, id = ask.argument, change, by = ask.by](auto answer) {
    rest->administration_.change_user(id, change, by, std::move(answer));
  };
  const auto changed = co_await ordered<ChangedUser>(rest, std::move(order));
  if (!changed) co_return refusal(changed.error());
  tell(rest->front_, *changed);
  co_return json_response(signalling::encode_user_view(changed->now));
}

Task<HttpResponse> Rest::Routes::upsert_users(Rest* rest, StaffAsk ask) {
  const auto rows = rows_in(Body(ask.request.body), "users", row_in);
  if (!rows) co_return problem_response(rows.error());
  using signalling::UpsertedUsers;
  Ordering<UpsertedUsers> order = [rest, rows = *rows, by = ask.by](auto answer) {
    rest->administration_.upsert_users(rows, by, std::move(answer));
  };
  const auto done = co_await ordered<UpsertedUsers>(rest, std::move(order));
  if (!done) co_return refusal(done.error());
  if (!done->refused.empty()) co_return rows_response(done->refused, About::user);
  for (const ChangedUser& change : done->changed) tell(rest->front_, change);
  co_return json_response(signalling::encode_upserted(*done));
}

}  // namespace stillroom::gateway
