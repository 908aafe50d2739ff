// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "audit/record.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/strong_id.hpp"
#include "room/refusal.hpp"
#include "signalling/caller.hpp"
#include "signalling/ports.hpp"
#include "telemetry/logger.hpp"
#include "telemetry/metrics.hpp"
#include "telemetry/security_catalogue.hpp"

namespace stillroom::signalling {

using telemetry::SecurityKind;

/// Something was refused, or a right ended. Borrows: it lives as long as the call that tells it.
struct SecurityEvent {
  SecurityKind kind = SecurityKind::unlisted;
  std::string_view reason;   ///< of the kind's in the catalogue
  std::string_view address;  ///< of the peer, as bytes; empty where only its digest is known
  std::string_view digest;   ///< of the peer's address, as in audit::Record
  const UserId* principal = nullptr;     ///< who it was, or was meant to be, where that is known
  std::optional<audit::Kind> recorded;   ///< the kind of its audit record; none: it makes none
  const audit::Record* about = nullptr;  ///< what that record says, where it says more
  std::uint64_t times = 1;
};
/// What `record` tells, with the same reason.
[[nodiscard]] SecurityEvent event_of(SecurityKind kind, const audit::Record& record);
/// Somebody who is connected was refused, by a room or on the way to it.
[[nodiscard]] SecurityEvent event_of(const Caller& who, room::Refusal refusal);

/// Events of one kind and reason of one source that have a record of their own in a window; the
/// others are counted. A record costs a hundred times what such a refusal does.
inline constexpr std::uint64_t kOwnRecordsMax = 1;
/// The same of one person, where that is known: what each was about is worth more.
inline constexpr std::uint64_t kOwnRecordsOfPersonMax = 8;
/// Such records of all sources in a window.
inline constexpr std::size_t kOwnRecordsOfAllMax = 1'024;
/// Sources and people counted apart in a window; the others are counted by kind and reason alone.
inline constexpr std::size_t kTalliesMax = 8'192;
/// Counts of a window that are told apart; the others are told by kind and reason alone.
inline constexpr std::size_t kTalliesToldMax = 512;
inline constexpr seconds kTallyWindow{60};

/// Where every refusal goes: a counter, a log line within the logger's bounds, and, where it
/// matters, an audit record: the first of a source in a window at once, the others as one record
/// with their count when it ends. One for each worker, on its thread.
class SecurityEvents {
 public:
  /// `source_key`: of the digests that records have of addresses.
  SecurityEvents(Store& store, const Clock& clock, telemetry::WorkerMetrics& metrics,
                 telemetry::Logger& log, const SecretText& source_key)
      : store_(store),
        clock_(clock),
        metrics_(metrics),
        log_(log),
        source_digest_(source_key.reveal()) {}
  SecurityEvents(const SecurityEvents&) = delete;
  SecurityEvents& operator=(const SecurityEvents&) = delete;

  void tell(const SecurityEvent& event);
  /// As records have it; `address` as bytes.
  [[nodiscard]] std::string source_digest(std::string_view address) {
    return source_digest_.of(address);
  }
  /// Ends the window: what was only counted gets its records. To be called once in a window, and
  /// when nothing more will come.
  void end_window();
  /// Sources and people that are counted apart at the moment.
  [[nodiscard]] std::size_t apart() const { return tallies_.size(); }

 private:
  struct Tally {
    std::size_t row = 0;
    std::uint64_t seen = 0;
    std::uint64_t untold = 0;
    audit::Record record;  ///< of all of them, without reason
  };
  void log_line(const telemetry::SecurityRow& row, const SecurityEvent& event,
                std::string_view digest);
  [[nodiscard]] std::string_view record(std::size_t row, const SecurityEvent& event);
  [[nodiscard]] audit::Record record_of(const SecurityEvent& event, std::string_view source);
  [[nodiscard]] std::string digest_of(const SecurityEvent& event);
  [[nodiscard]] Tally& tally_of(std::size_t row, const SecurityEvent& event);
  void note(const Tally& tally);

  Store& store_;
  const Clock& clock_;
  telemetry::WorkerMetrics& metrics_;
  telemetry::Logger& log_;
  telemetry::SourceDigest source_digest_;
  std::unordered_map<std::string, Tally> tallies_;
  std::map<std::size_t, Tally> crowd_;  ///< by row: whoever has no place above
  std::size_t own_records_ = 0;         ///< of this window
};

}  // namespace stillroom::signalling
