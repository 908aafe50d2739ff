// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <utility>

#include "identity/id_text.hpp"
#include "signalling/administration_parts.hpp"

namespace stillroom::signalling {
namespace {

Result<session::Session, AdminError> added(const SessionRow& row) {
  const SessionChange& given = row.change;
  if (!given.clients || !given.therapist || !given.start) {
    return refused(AdminRefusal::invalid, "A new session has clients, a therapist and a start.");
  }
  NewSession order;
  order.clients = *given.clients;
  order.therapist = *given.therapist;
  order.start = *given.start;
  order.length = given.length.value_or(order.length);
  order.type = given.type;
  order.status = given.status.value_or(order.status);
  order.payment = given.payment.value_or(order.payment);
  order.outside_id = row.outside_id;
  if (!session::may_begin_as(order.status)) {
    return refused(AdminRefusal::status_refused, "A new session is not over, and no call runs.");
  }
  return draft_of(order);
}

}  // namespace

/// Rows on their way into one commit, looked at one after the other.
struct Administration::SessionRows {
  std::vector<SessionRow> rows;
  Author by;
  AdminAnswer<UpsertedSessions> answer;
  UpsertedSessions result;
  Commit commit;
  std::set<std::string> seen;
  std::size_t next = 0;

  void refuse(AdminRefusal refusal) { result.refused.push_back({next, refusal}); }
};

void Administration::upsert_sessions(std::vector<SessionRow> rows, const Author& by,
                                     AdminAnswer<UpsertedSessions> answer) {
  if (rows.size() > kRowsMax) {
    return answer(refused(AdminRefusal::invalid, "At most 200 rows at a time."));
  }
  if (therapist(by) != nullptr) {
    return answer(refused(AdminRefusal::forbidden, "Outside ids are an application's."));
  }
  auto all = std::make_shared<SessionRows>();
  all->rows = std::move(rows);
  all->by = by;
  all->answer = std::move(answer);
  next_row(all);
}

void Administration::next_row(const std::shared_ptr<SessionRows>& rows) {
  for (; rows->next < rows->rows.size(); ++rows->next) {
    const std::string& id = rows->rows[rows->next].outside_id;
    if (!identity::is_id_text(id) || !rows->seen.insert(id).second) {
      rows->refuse(AdminRefusal::invalid);
      continue;
    }
    return store_.find_outside_session(OutsideId(id), [this, rows](const auto& found) {
      if (!found) return rows->answer(store_failed(found.error()));
      take_row(rows, *found);
    });
  }
  store_rows(rows);
}

void Administration::take_row(const std::shared_ptr<SessionRows>& rows,
                              const std::optional<session::Session>& known) {
  const SessionRow& row = rows->rows[rows->next];
  auto to = known ? changed(*known, row.change) : added(row);
  if (!to) {
    rows->refuse(to.error().refusal);
    ++rows->next;
    return next_row(rows);
  }
  if (!known) {
    to->id = SessionId(random_uuid4(rng_));
    to->room = RoomId("room-" + random_uuid4(rng_));
  }
  const auto there = known ? known->participants : std::vector<session::Participant>();
  check_people(std::move(to).value(), there, [this, rows, known](const auto& checked) {
    const WallTime now = clock_.wall_now();
    if (!checked && checked.error().refusal == AdminRefusal::unavailable) {
      return rows->answer(fail(checked.error()));
    }
    if (!checked) {
      rows->refuse(checked.error().refusal);
    } else if (!known) {
      rows->commit.changes.emplace_back(AddSession{*checked});
      rows->commit.records.push_back(record_of(audit::Kind::session_added, rows->by, now));
      rows->commit.records.back().session = checked->id;
      rows->commit.records.back().room = checked->room;
      rows->result.added.push_back(*checked);
    } else if (*known != *checked) {
      add_change(rows->commit, {*known, *checked}, rows->by, now);
      rows->result.changed.push_back({*known, *checked});
    } else {
      rows->result.unchanged.push_back(*checked);
    }
    ++rows->next;
    next_row(rows);
  });
}

void Administration::store_rows(const std::shared_ptr<SessionRows>& rows) {
  if (!rows->result.refused.empty()) return rows->answer(std::move(rows->result));
  if (rows->commit.changes.empty()) {
    // Nothing changes, but the rooms' ids are shown.
    rows->commit.records.push_back(
        record_of(audit::Kind::sessions_listed, rows->by, clock_.wall_now()));
  }
  store_.commit(std::move(rows->commit), [rows](const auto& done) {
    if (!done) return rows->answer(store_failed(done.error()));
    rows->answer(std::move(rows->result));
  });
}

}  // namespace stillroom::signalling
