// SPDX-License-Identifier: Apache-2.0
#include "store/operation.hpp"

namespace stillroom::store {

void post_replies(std::vector<Asked> answered) {
  using Operations = std::vector<std::unique_ptr<Operation>>;
  // One task for each run of one worker's, never all of a worker's at once: what a worker posts to
  // another because of its reply must not overtake a reply to that one that was done before it.
  for (auto next = answered.begin(); next != answered.end();) {
    const std::shared_ptr<const Poster> worker = next->worker;
    // Shared: std::function wants to be copyable, and a task is run once all the same.
    const auto run = std::make_shared<Operations>();
    for (; next != answered.end() && next->worker == worker; ++next) {
      run->push_back(std::move(next->operation));
    }
    (*worker)([run] {
      for (const auto& operation : *run) operation->deliver();
    });
  }
}

}  // namespace stillroom::store
