// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <utility>

#include "identity/id_text.hpp"
#include "signalling/administration_parts.hpp"
#include "signalling/staff.hpp"

namespace stillroom::signalling {
namespace {

/// An application makes no administrators and touches none: it would lift itself above its key.
bool out_of_reach(const Author& by, const std::optional<identity::User>& from,
                  const identity::User& to) {
  if (!std::holds_alternative<identity::Service>(by.who)) return false;
  return to.role == identity::Role::admin || (from && from->role == identity::Role::admin);
}

Failure<AdminError> administrators_only() {
  return refused(AdminRefusal::forbidden, "Only an administrator makes or changes one.");
}

/// The user as `change` makes them. Deleted is for good.
Result<identity::User, AdminError> changed(identity::User user, const UserChange& change) {
  if (user.status == identity::UserStatus::deleted) return no_such_user(user.id.text());
  if (change.name) {
    if (auto error = name_error(*change.name)) return fail(std::move(*error));
    user.name = PersonName(*change.name);
  }
  user.role = change.role.value_or(user.role);
  user.status = change.status.value_or(user.status);
  return user;
}

Result<identity::User, AdminError> added(const UserRow& row) {
  if (!row.change.name || !row.change.role) {
    return refused(AdminRefusal::invalid, "Somebody new has a name and a role.");
  }
  return changed({UserId(row.id), *row.change.role, PersonName(), identity::UserStatus::active},
                 row.change);
}

void record_change(Commit& commit, const ChangedUser& change, const Author& by, WallTime now) {
  const bool disabled = change.was.status == identity::UserStatus::active &&
                        change.now.status != identity::UserStatus::active;
  commit.changes.emplace_back(ChangeUser{change.was, change.now});
  commit.records.push_back(
      record_of(disabled ? audit::Kind::user_disabled : audit::Kind::user_changed, by, now));
  commit.records.back().subject = change.now.id;
}

void record_added(Commit& commit, const identity::User& user, const Author& by, WallTime now) {
  commit.changes.emplace_back(AddUser{user});
  commit.records.push_back(record_of(audit::Kind::user_added, by, now));
  commit.records.back().subject = user.id;
}

}  // namespace

void Administration::add_user(const NewUser& order, AdminAnswer<identity::User> answer,
                              const Author& by) {
  if (auto error = id_error("A user id", order.id)) return answer(fail(std::move(*error)));
  if (auto error = name_error(order.name)) return answer(fail(std::move(*error)));
  const identity::User user{UserId(order.id), order.role, PersonName(order.name),
                            identity::UserStatus::active};
  if (out_of_reach(by, std::nullopt, user)) return answer(administrators_only());
  const WallTime now = clock_.wall_now();
  Commit commit;
  record_added(commit, user, by, now);
  keep_answer(commit, by, 201, encode_user_view(user), now);
  store_.commit(std::move(commit), [user, answer = std::move(answer)](const auto& done) {
    if (done) return answer(user);
    if (done.error() != StoreError::conflict) return answer(store_failed(done.error()));
    answer(refused(AdminRefusal::user_exists,
                   "The user " + quoted(user.id.text()) + " exists already."));
  });
}

/// Whatever else changes them meanwhile: an operator who shuts somebody out is not told to try
/// again.
void Administration::disable_user(const std::string& id, AdminAnswer<identity::User> answer) {
  if (auto error = id_error("A user id", id)) return answer(fail(std::move(*error)));
  store_.find_user(UserId(id), [this, id, answer = std::move(answer)](auto found) {
    if (!found) return answer(store_failed(found.error()));
    const std::optional<identity::User> known = std::move(found).value();
    if (!known || known->status == identity::UserStatus::deleted) return answer(no_such_user(id));
    identity::User user = *known;
    user.status = identity::UserStatus::inactive;
    Commit commit;
    commit.changes.emplace_back(SetUserStatus{user.id, user.status});
    commit.records.push_back(record_of(audit::Kind::user_disabled, Author{}, clock_.wall_now()));
    commit.records.back().subject = user.id;
    store_.commit(std::move(commit), [user, answer](const auto& done) {
      if (!done) return answer(store_failed(done.error()));
      answer(user);
    });
  });
}

void Administration::find_user(const std::string& id, const Author& by,
                               AdminAnswer<identity::User> answer) {
  if (!identity::is_id_text(id)) return answer(no_such_user(id));
  Commit commit;
  commit.records.push_back(record_of(audit::Kind::user_read, by, clock_.wall_now()));
  commit.records.back().subject = UserId(id);
  store_.commit(std::move(commit), [this, id, answer = std::move(answer)](const auto& done) {
    if (!done) return answer(store_failed(done.error()));
    store_.find_user(UserId(id), [id, answer](auto found) {
      if (!found) return answer(store_failed(found.error()));
      std::optional<identity::User> user = std::move(found).value();
      if (!user || user->status == identity::UserStatus::deleted) return answer(no_such_user(id));
      answer(std::move(*user));
    });
  });
}

void Administration::change_user(const std::string& id, const UserChange& change, const Author& by,
                                 AdminAnswer<ChangedUser> answer) {
  if (!identity::is_id_text(id)) return answer(no_such_user(id));
  store_.find_user(UserId(id),
                   [this, id, change, by, answer = std::move(answer)](const auto& found) {
                     if (!found) return answer(store_failed(found.error()));
                     const std::optional<identity::User>& known = *found;
                     if (!known) return answer(no_such_user(id));
                     auto to = changed(*known, change);
                     if (!to) return answer(fail(to.error()));
                     if (out_of_reach(by, known, *to)) return answer(administrators_only());
                     const ChangedUser done_so{*known, std::move(to).value()};
                     Commit commit;
                     record_change(commit, done_so, by, clock_.wall_now());
                     store_.commit(std::move(commit), [done_so, answer](const auto& done) {
                       if (!done) return answer(store_failed(done.error()));
                       answer(done_so);
                     });
                   });
}

void Administration::list_users(Page page, AdminAnswer<std::vector<identity::User>> answer,
                                const Author& by) {
  Commit commit;
  commit.records.push_back(record_of(audit::Kind::users_listed, by, clock_.wall_now()));
  store_.commit(std::move(commit), [this, page, answer = std::move(answer)](const auto& done) {
    if (!done) return answer(store_failed(done.error()));
    store_.all_users(page, [answer](auto found) {
      if (!found) return answer(store_failed(found.error()));
      answer(std::move(found).value());
    });
  });
}

/// Rows on their way into one commit, looked at one after the other.
struct Administration::UserRows {
  std::vector<UserRow> rows;
  Author by;
  AdminAnswer<UpsertedUsers> answer;
  UpsertedUsers result;
  Commit commit;
  std::set<std::string> seen;
  std::size_t next = 0;

  void refuse(AdminRefusal refusal) { result.refused.push_back({next, refusal}); }
};

void Administration::upsert_users(std::vector<UserRow> rows, const Author& by,
                                  AdminAnswer<UpsertedUsers> answer) {
  if (rows.size() > kRowsMax) {
    return answer(refused(AdminRefusal::invalid, "At most 200 rows at a time."));
  }
  auto all = std::make_shared<UserRows>();
  all->rows = std::move(rows);
  all->by = by;
  all->answer = std::move(answer);
  next_row(all);
}

void Administration::next_row(const std::shared_ptr<UserRows>& rows) {
  for (; rows->next < rows->rows.size(); ++rows->next) {
    const std::string& id = rows->rows[rows->next].id;
    if (!identity::is_id_text(id) || !rows->seen.insert(id).second) {
      rows->refuse(AdminRefusal::invalid);
      continue;
    }
    return store_.find_user(UserId(id), [this, rows](const auto& found) {
      if (!found) return rows->answer(store_failed(found.error()));
      take_row(rows, *found);
    });
  }
  store_rows(rows);
}

void Administration::take_row(const std::shared_ptr<UserRows>& rows,
                              const std::optional<identity::User>& known) {
  const UserRow& row = rows->rows[rows->next];
  const auto to = known ? changed(*known, row.change) : added(row);
  if (!to) {
    rows->refuse(to.error().refusal);
  } else if (out_of_reach(rows->by, known, *to)) {
    rows->refuse(AdminRefusal::forbidden);
  } else if (!known) {
    record_added(rows->commit, *to, rows->by, clock_.wall_now());
    rows->result.added.push_back(*to);
  } else if (*known != *to) {
    record_change(rows->commit, {*known, *to}, rows->by, clock_.wall_now());
    rows->result.changed.push_back({*known, *to});
  } else {
    rows->result.unchanged.push_back(*to);
  }
  ++rows->next;
  next_row(rows);
}

void Administration::store_rows(const std::shared_ptr<UserRows>& rows) {
  if (!rows->result.refused.empty() || rows->commit.changes.empty()) {
    return rows->answer(std::move(rows->result));
  }
  store_.commit(std::move(rows->commit), [rows](const auto& done) {
    if (!done) return rows->answer(store_failed(done.error()));
    rows->answer(std::move(rows->result));
  });
}

}  // namespace stillroom::signalling
