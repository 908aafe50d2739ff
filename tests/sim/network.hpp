// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "schedule.hpp"
#include "testing/seeded_rng.hpp"

namespace stillroom::sim {

/// How long things take; the script makes it worse and better.
struct Weather {
  milliseconds network_min{2};
  milliseconds network_max{40};
  milliseconds store_max{8};
  milliseconds mailbox_max{3};  ///< between workers; enough to overtake another sender

  [[nodiscard]] static milliseconds between(testing::SeededRng& rng, milliseconds low,
                                            milliseconds high) {
    return milliseconds(rng.between(static_cast<std::uint64_t>(low.count()),
                                    static_cast<std::uint64_t>(high.count())));
  }
};

/// One TCP connection: each way keeps its order; what is under way when it is cut is gone.
class Line : public std::enable_shared_from_this<Line> {
 public:
  Line(Schedule& schedule, testing::SeededRng& rng, const Weather& weather)
      : schedule_(schedule), rng_(rng), weather_(weather) {}

  void up(Task task) { send(last_up_, std::move(task)); }
  void down(Task task) { send(last_down_, std::move(task)); }
  void cut() { cut_ = true; }
  [[nodiscard]] bool is_cut() const { return cut_; }

  // The client's end of a websocket.
  std::function<void(std::string)> heard;
  std::function<void()> closed;

 private:
  void send(MonoTime& last, Task task) {
    if (cut_) return;
    const auto delay = Weather::between(rng_, weather_.network_min, weather_.network_max);
    last = std::max(last, schedule_.mono_now() + delay);
    schedule_.at(last, [line = shared_from_this(), task = std::move(task)] {
      if (!line->cut_) task();
    });
  }

  Schedule& schedule_;
  testing::SeededRng& rng_;
  const Weather& weather_;
  MonoTime last_up_{};
  MonoTime last_down_{};
  bool cut_ = false;
};

/// One HTTP request on its way, and where its answer goes.
struct Exchange {
  std::shared_ptr<Line> line;
  std::function<void(unsigned status, std::string body)> answered;
};

}  // namespace stillroom::sim
