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
                            std::string why(identity::to_text(service.error()));
                            if (*found) why += ":" + key->id.text();
                            refuse(why, trace);
                            answer(fail(problems::kKeyInvalid));
                          });
}

void ServiceKeys::refused(const Author& by) {
  audit::Record record = record_of(audit::Kind::staff_refused, by, clock_.wall_now());
  record.outcome = audit::Outcome::refused;
  if (record.reason.empty()) record.reason = problems::kForbidden.code;
  store_.note(std::move(record));
}

void ServiceKeys::refuse(std::string_view why, const Trace& trace) {
  audit::Record record = record_of(audit::Kind::key_refused, {{}, trace, {}}, clock_.wall_now());
  record.outcome = audit::Outcome::refused;
  record.reason = why;
  store_.note(std::move(record));
}

}  // namespace stillroom::signalling
