// SPDX-License-Identifier: Apache-2.0
#include "passwords/hasher.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace stillroom::passwords {
namespace {

using Place = signalling::Passwords::Place;

/// Little memory, so that tests are quick; what is true of it is true of more.
constexpr Cost kCheap{1, std::size_t{8} << 20U};

class HasherTest : public ::testing::Test {
 protected:
  template <class T, class Ask>
  Result<T, signalling::PasswordsBusy> wait(const Ask& ask) {
    std::optional<Result<T, signalling::PasswordsBusy>> answer;
    ask([&answer](const auto& result) { answer.emplace(result); });
    while (!answer) take_one();
    return *answer;
  }
  std::string hash(const std::string& password) {
    return wait<std::string>([&](auto answer) { face_->hash(SecretText(password), answer); })
        .value();
  }
  bool verify(const std::string& password, const std::optional<std::string>& hash) {
    return wait<bool>(
               [&](auto answer) { face_->verify(SecretText(password), hash, Place::open, answer); })
        .value();
  }
  void take_one() {
    std::unique_lock lock(mutex_);
    posted_.wait(lock, [this] { return !tasks_.empty(); });
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }

  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<std::function<void()>> tasks_;
  Hasher hasher_{2, kCheap};
  std::unique_ptr<signalling::Passwords> face_ =
      hasher_.for_worker([this](std::function<void()> task) {
        const std::lock_guard guard(mutex_);
        tasks_.push_back(std::move(task));
        posted_.notify_one();
      });
};

TEST_F(HasherTest, a_password_fits_its_own_hash_and_no_other) {
  const std::string text = hash("correct horse");
  EXPECT_TRUE(text.starts_with("$argon2id$v=19$")) << text;
  EXPECT_TRUE(verify("correct horse", text));
  EXPECT_FALSE(verify("correct hors", text));
  EXPECT_FALSE(verify("", text));
  EXPECT_NE(hash("correct horse"), text) << "each has a salt of its own";
}

TEST_F(HasherTest, the_shipped_cost_is_in_the_hash) {
  Hasher shipped(1);
  std::atomic<bool> done = false;
  std::string text;
  const auto face = shipped.for_worker([](const std::function<void()>& task) { task(); });
  face->hash(SecretText("x"), [&](const auto& result) {
    text = result.value();
    done = true;
    done.notify_one();
  });
  done.wait(false);
  EXPECT_TRUE(text.starts_with("$argon2id$v=19$m=65536,t=3,p=1$")) << text;
}

TEST_F(HasherTest, without_an_account_nothing_fits_and_the_work_is_done_all_the_same) {
  EXPECT_FALSE(verify("anything", std::nullopt));
  EXPECT_FALSE(verify(std::string(1, '\0'), std::nullopt));
  EXPECT_FALSE(verify("anything", "not a hash"));
}

TEST_F(HasherTest, passwords_of_any_bytes_and_length_are_different) {
  const std::string text = hash(std::string("a\0b", 3));
  EXPECT_TRUE(verify(std::string("a\0b", 3), text));
  EXPECT_FALSE(verify(std::string("a\0c", 3), text));
  EXPECT_FALSE(verify("a", text));
}

TEST_F(HasherTest, too_many_at_once_are_told_so) {
  std::size_t busy = 0;
  std::size_t answers = 0;
  constexpr std::size_t kAsked = kHashesWaitingMax + 20;
  for (std::size_t at = 0; at < kAsked; ++at) {
    face_->verify(SecretText("x"), std::nullopt, Place::open, [&](const auto& result) {
      ++answers;
      if (!result) ++busy;
    });
  }
  while (answers < kAsked) take_one();
  EXPECT_GT(busy, 0U);
  EXPECT_LE(busy, kAsked - (kHashesWaitingMax - kHashesKept));
}

/// One thread, which stands still with its first answer until it is let go: everybody else waits.
class QueueTest : public ::testing::Test {
 protected:
  QueueTest() {
    ask(Place::open, 0);
    held_.wait(false);
  }
  ~QueueTest() override { let_go(); }

  /// Whether it waits. Answers are noted by number, in their order.
  bool ask(Place place, int number) {
    bool busy = false;
    face_->verify(SecretText("x"), std::nullopt, place, [this, &busy, number](const auto& result) {
      if (!result) {
        busy = true;  // at once, by the test's own thread
      } else {
        order_.push_back(number);
      }
    });
    return !busy;
  }
  /// Of so many of each, how many have found room.
  int taken(Place place, int asked, int first = 1) {
    int waiting = 0;
    for (int at = 0; at < asked; ++at) waiting += ask(place, first + at) ? 1 : 0;
    return waiting;
  }
  void let_go() {
    go_ = true;
    go_.notify_all();
  }
  void wait_for(std::size_t answers) {
    while (done_ < answers) std::this_thread::yield();
  }

  const std::thread::id here_ = std::this_thread::get_id();
  std::atomic<bool> held_ = false;
  std::atomic<bool> go_ = false;
  std::atomic<std::size_t> done_ = 0;
  std::vector<int> order_;  ///< the thread's, until it has done as many
  Hasher hasher_{1, kCheap};
  std::unique_ptr<signalling::Passwords> face_ =
      hasher_.for_worker([this](const std::function<void()>& task) {
        if (std::this_thread::get_id() != here_) {
          held_ = true;
          held_.notify_all();
          go_.wait(false);
        }
        task();
        done_ += 1;
      });
};

TEST_F(QueueTest, strangers_fill_all_places_but_those_that_are_kept) {
  EXPECT_EQ(taken(Place::open, 100), 48);
  EXPECT_EQ(taken(Place::kept, 100), 16);
  EXPECT_EQ(taken(Place::open, 1), 0);
}

TEST_F(QueueTest, who_is_known_may_have_the_others_too) {
  EXPECT_EQ(taken(Place::kept, 100), 64);
  EXPECT_EQ(taken(Place::open, 100), 0);
}

TEST_F(QueueTest, new_passwords_have_a_kept_place) {
  ASSERT_EQ(taken(Place::open, 100), 48);
  bool busy = false;
  face_->hash(SecretText("x"), [&busy](const auto& result) { busy = !result; });
  EXPECT_FALSE(busy);
}

TEST_F(QueueTest, known_and_strange_are_taken_by_turns) {
  ASSERT_EQ(taken(Place::open, 4, 1), 4);
  ASSERT_EQ(taken(Place::kept, 2, 101), 2);
  let_go();
  wait_for(7);
  EXPECT_EQ(order_, (std::vector<int>{0, 101, 1, 102, 2, 3, 4}));
}

TEST_F(HasherTest, after_stop_everybody_is_told_that_it_is_busy) {
  hasher_.stop();
  const auto answer = wait<bool>(
      [&](auto told) { face_->verify(SecretText("x"), std::nullopt, Place::open, told); });
  EXPECT_FALSE(answer);
}

}  // namespace
}  // namespace stillroom::passwords
