// SPDX-License-Identifier: Apache-2.0
#include "store/operation.hpp"

#include <algorithm>

namespace stillroom::store {

void post_replies(std::vector<Asked> answered) {
  using Operations = std::vector<std::unique_ptr<Operation>>;
  // Few workers and a small group: a list that is searched beats a map.
  std::vector<std::pair<std::shared_ptr<const Poster>, std::shared_ptr<Operations>>> by_worker;
  for (Asked& asked : answered) {
    auto place = std::find_if(by_worker.begin(), by_worker.end(),
                              [&asked](const auto& one) { return one.first == asked.worker; });
    if (place == by_worker.end()) {
      // Shared: std::function wants to be copyable, and a task is run once all the same.
      by_worker.emplace_back(asked.worker, std::make_shared<Operations>());
      place = std::prev(by_worker.end());
    }
    place->second->push_back(std::move(asked.operation));
  }
  for (auto& [worker, operations] : by_worker) {
    (*worker)([finished = std::move(operations)] {
      for (const auto& operation : *finished) operation->deliver();
    });
  }
}

}  // namespace stillroom::store
