// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include "base/result.hpp"

namespace stillroom {

enum class QueueError { full };

/// First in, first out, never more than `capacity`: the caller decides what a full queue means
/// (reject, drop, disconnect) and says so where the bound is named. Not for several threads.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] Result<void, QueueError> push(T item) {
    if (items_.size() >= capacity_) return fail(QueueError::full);
    items_.push_back(std::move(item));
    return {};
  }
  /// The oldest item; the queue must not be empty.
  [[nodiscard]] T pop() {
    T item = std::move(items_.front());
    items_.pop_front();
    return item;
  }
  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  std::deque<T> items_;
  std::size_t capacity_;
};

}  // namespace stillroom
