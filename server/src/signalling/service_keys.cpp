// SPDX-License-Identifier: Apache-2.0
#include "signalling/service_keys.hpp"

#include <memory>
#include <string>
#include <utility>

namespace stillroom::signalling {

void ServiceKeys::authenticate(std::string_view text, const Trace& trace,
                               Answer<identity::Service> answer) {
  auto presented = identity::presented_key(text);
  if (!presented) {
    refuse("malformed", trace);
    return answer(fail(problems::kKeyInvalid));
  }
  // Shared because the reply is a copyable function and a secret does not copy.
  const auto key = std::make_shared<const identity::PresentedKey>(std::move(*presented));
  store_.find_service_key(key->id,
                          [this, key, trace, answer = std::move(answer)](const auto& found) {
                            if (!found) return answer(fail(problems::kAuthUnavailable));
                            auto service = identity::establish(*key, *found);
                            if (service) return answer(std::move(service).value());
                            // The id is that of a key only where there is one: what else was sent
                            // is not kept.
                            refuse(identity::to_text(service.error()), trace,
                                   *found ? std::string_view(key->id.text()) : "");
                            answer(fail(problems::kKeyInvalid));
                          });
}

void ServiceKeys::refused(const Author& by, std::string_view code,
                          const std::optional<SessionId>& session) {
  audit::Record record = record_of(audit::Kind::staff_refused, by, clock_.wall_now());
  if (record.reason.empty()) record.reason = code;
  record.session = session;
  SecurityEvent event = event_of(SecurityKind::staff_refused, record);
  event.reason = code;
  events_.tell(event);
}

void ServiceKeys::refuse(std::string_view why, const Trace& trace, std::string_view key) {
  audit::Record record = record_of(audit::Kind::key_refused, {{}, trace, {}}, clock_.wall_now());
  record.reason = why;
  if (!key.empty()) record.reason.append(":").append(key);
  SecurityEvent event = event_of(SecurityKind::key_refused, record);
  event.reason = why;
  events_.tell(event);
}

}  // namespace stillroom::signalling
