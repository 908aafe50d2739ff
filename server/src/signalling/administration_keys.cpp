// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "signalling/administration_parts.hpp"

namespace stillroom::signalling {

void Administration::add_key(const KeyOrder& order, AdminAnswer<identity::NewServiceKey> answer,
                             const Author& by) {
  if (auto error = name_error(order.name)) return answer(fail(std::move(*error)));
  identity::Scopes scopes;
  for (const std::string& word : order.scopes) {
    const auto scope = identity::scope_from_text(word);
    if (!scope) {
      return answer(refused(AdminRefusal::invalid,
                            "A scope is users:read, users:write, sessions:read or "
                            "sessions:write."));
    }
    scopes.add(*scope);
  }
  if (scopes.empty()) {
    return answer(refused(AdminRefusal::invalid, "A key is good for one scope at least."));
  }
  const WallTime now = clock_.wall_now();
  // Shared because the reply is a copyable function and the key does not copy.
  const auto made = std::make_shared<identity::NewServiceKey>(
      identity::make_service_key(order.name, scopes, now, rng_));
  Commit commit;
  commit.changes.emplace_back(AddServiceKey{made->key});
  commit.records.push_back(record_of(audit::Kind::key_added, by, now));
  store_.commit(std::move(commit), [made, answer = std::move(answer)](const auto& done) {
    if (!done) return answer(store_failed(done.error()));
    answer(std::move(*made));
  });
}

void Administration::list_keys(Page page, AdminAnswer<std::vector<identity::ServiceKey>> answer,
                               const Author& by) {
  Commit commit;
  commit.records.push_back(record_of(audit::Kind::keys_listed, by, clock_.wall_now()));
  store_.commit(std::move(commit), [this, page, answer = std::move(answer)](const auto& done) {
    if (!done) return answer(store_failed(done.error()));
    store_.all_service_keys(page, [answer](auto found) {
      if (!found) return answer(store_failed(found.error()));
      answer(std::move(found).value());
    });
  });
}

void Administration::revoke_key(const std::string& id, AdminAnswer<RevokedAt> answer,
                                const Author& by) {
  const RevokedAt revoked{id, clock_.wall_now()};
  Commit commit;
  commit.changes.emplace_back(RevokeServiceKey{KeyId(id), revoked.at});
  commit.records.push_back(record_of(audit::Kind::key_revoked, by, revoked.at));
  store_.commit(std::move(commit), [revoked, answer = std::move(answer)](const auto& done) {
    if (done) return answer(revoked);
    if (done.error() != StoreError::conflict) return answer(store_failed(done.error()));
    answer(refused(AdminRefusal::key_unknown, "There is no such key, or it is revoked already."));
  });
}

void Administration::find_answer(const Once& once, AdminAnswer<std::optional<KeptAnswer>> answer) {
  store_.find_kept_answer(once.place, [this, once, answer = std::move(answer)](const auto& found) {
    if (!found) return answer(store_failed(found.error()));
    const std::optional<KeptAnswer>& kept = *found;
    if (!kept || clock_.wall_now() >= kept->expires) return answer(std::optional<KeptAnswer>());
    if (kept->request != once.request) {
      return answer(refused(AdminRefusal::key_reused, "The key came with another request."));
    }
    answer(kept);
  });
}

}  // namespace stillroom::signalling
