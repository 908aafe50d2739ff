// SPDX-License-Identifier: Apache-2.0
#include "signalling/security_events.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace stillroom::signalling {
namespace {

SecurityKind kind_of(room::Refusal refusal) {
  const std::string_view event = room::text_of(refusal).event;
  if (event == "join-error") return SecurityKind::join_refused;
  if (event == "call-error") return SecurityKind::call_refused;
  return SecurityKind::signalling_refused;
}

const UserId* person_in(const audit::Record& record) {
  if (record.actor) return &*record.actor;
  return record.subject ? &*record.subject : nullptr;
}

}  // namespace

SecurityEvent event_of(SecurityKind kind, const audit::Record& record) {
  SecurityEvent event;
  event.kind = kind;
  event.reason = record.reason;
  event.digest = record.source;
  event.principal = person_in(record);
  event.recorded = record.kind;
  event.about = &record;
  return event;
}

SecurityEvent event_of(const Caller& who, room::Refusal refusal) {
  SecurityEvent event;
  event.kind = kind_of(refusal);
  event.reason = room::text_of(refusal).code;
  event.digest = who.source;
  event.principal = &who.principal.user();
  return event;
}

void SecurityEvents::tell(const SecurityEvent& event) {
  const std::size_t row = telemetry::find_security_row(event.kind, event.reason);
  metrics_.add_security(row, event.times);
  std::string_view digest = event.digest;
  if (event.recorded) {
    const std::string_view made = record(row, event);
    if (digest.empty() && event.principal == nullptr) digest = made;  // a person has many sources
  }
  log_line(telemetry::security_row(row), event, digest);
}

void SecurityEvents::log_line(const telemetry::SecurityRow& row, const SecurityEvent& event,
                              std::string_view digest) {
  const auto source = event.address.empty() || !digest.empty()
                          ? telemetry::loggable_source(digest)
                          : telemetry::loggable_source(source_digest_, event.address);
  const auto severity = telemetry::severity_of(row.kind);
  if (event.times > 1) {
    return log_.log(severity, row.name,
                    {{"reason", row.reason}, {"times", event.times}, {"source", source}});
  }
  if (event.principal == nullptr) {
    return log_.log(severity, row.name, {{"reason", row.reason}, {"source", source}});
  }
  log_.log(severity, row.name,
           {{"reason", row.reason},
            {"source", source},
            {"principal", telemetry::loggable_later(*event.principal)}});
}

/// The source's digest is made once in a window; the crowd has none.
std::string_view SecurityEvents::record(std::size_t row, const SecurityEvent& event) {
  Tally& tally = tally_of(row, event);
  tally.seen += 1;
  const std::uint64_t own = event.principal == nullptr ? kOwnRecordsMax : kOwnRecordsOfPersonMax;
  if (tally.seen <= own && own_records_ < kOwnRecordsOfAllMax) {
    own_records_ += 1;
    store_.note(record_of(event, tally.record.source));
  } else {
    tally.untold += 1;
    tally.record.at = clock_.wall_now();
  }
  return tally.record.source;
}

audit::Record SecurityEvents::record_of(const SecurityEvent& event, std::string_view source) {
  audit::Record record;
  if (event.about != nullptr) record = *event.about;
  record.kind = *event.recorded;
  record.outcome = audit::Outcome::refused;
  record.at = clock_.wall_now();
  if (event.about != nullptr) return record;
  record.reason = event.reason;
  if (event.principal != nullptr) record.actor = *event.principal;
  const bool made = event.principal == nullptr && !source.empty();
  record.source = made ? std::string(source) : digest_of(event);
  return record;
}

std::string SecurityEvents::digest_of(const SecurityEvent& event) {
  return event.address.empty() ? std::string(event.digest) : source_digest_.of(event.address);
}

/// Bounded: whoever comes when all places are taken is one of the crowd until the window ends.
SecurityEvents::Tally& SecurityEvents::tally_of(std::size_t row, const SecurityEvent& event) {
  std::string key(1, static_cast<char>(row));
  if (event.principal != nullptr) {
    key.append("p").append(event.principal->text());
  } else if (!event.address.empty()) {
    key.append("a").append(event.address);
  } else {
    key.append("d").append(event.digest);
  }
  const auto found = tallies_.find(key);
  if (found != tallies_.end()) return found->second;
  if (tallies_.size() < kTalliesMax) {
    Tally& fresh = tallies_[std::move(key)];
    fresh.row = row;
    fresh.record = record_of(event, {});
    fresh.record.reason.clear();
    fresh.record.session.reset();
    fresh.record.room.reset();
    fresh.record.connection.clear();
    if (event.principal != nullptr) fresh.record.source.clear();  // a person has many
    return fresh;
  }
  Tally& crowd = crowd_[row];
  crowd.row = row;
  crowd.seen = kOwnRecordsOfPersonMax;
  crowd.record.kind = *event.recorded;
  crowd.record.outcome = audit::Outcome::refused;
  return crowd;
}

void SecurityEvents::end_window() {
  std::size_t told = 0;
  for (auto& [key, tally] : std::exchange(tallies_, {})) {
    if (tally.untold == 0) continue;
    if (told < kTalliesToldMax) {
      told += 1;
      note(tally);
      continue;
    }
    Tally& crowd = crowd_[tally.row];
    crowd.row = tally.row;
    crowd.untold += tally.untold;
    crowd.record.kind = tally.record.kind;
    crowd.record.outcome = tally.record.outcome;
    crowd.record.at = std::max(crowd.record.at, tally.record.at);
  }
  for (const auto& [row, tally] : std::exchange(crowd_, {})) note(tally);
  own_records_ = 0;
}

void SecurityEvents::note(const Tally& tally) {
  audit::Record record = tally.record;
  record.reason = telemetry::security_row(tally.row).reason.text();
  record.reason += ":count:" + std::to_string(tally.untold);
  record.times = tally.untold;
  store_.note(std::move(record));
}

}  // namespace stillroom::signalling
