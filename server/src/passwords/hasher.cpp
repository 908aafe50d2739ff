// SPDX-License-Identifier: Apache-2.0
#include "passwords/hasher.hpp"

#include <sodium.h>

#include <array>
#include <optional>
#include <utility>

#include "base/invariant.hpp"

namespace stillroom::passwords {
namespace {

using Place = signalling::Passwords::Place;

std::string hash_of(const SecretText& password, const Cost& cost) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  const std::string_view given = password.reveal();
  const int done = crypto_pwhash_str_alg(text.data(), given.data(), given.size(), cost.passes,
                                         cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13);
  ensure(done == 0, "there is memory for one more password");
  return text.data();
}

bool fits(const SecretText& password, const std::string& hash) {
  const std::string_view given = password.reveal();
  return crypto_pwhash_str_verify(hash.c_str(), given.data(), given.size()) == 0;
}

}  // namespace

class Hasher::Core {
 public:
  Core(std::size_t threads, Cost cost) : cost_(cost) {
    ensure(sodium_init() >= 0, "libsodium has random bytes");
    // Of a text that nobody can type; held against where there is no account.
    nobodys_ = hash_of(SecretText(std::string(1, '\0')), cost_);
    for (std::size_t at = 0; at < threads; ++at) threads_.emplace_back([this] { run(); });
  }

  [[nodiscard]] const Cost& cost() const { return cost_; }
  [[nodiscard]] const std::string& nobodys() const { return nobodys_; }

  /// False when too many wait already.
  bool add(Place place, std::function<void()> task) {
    {
      const std::lock_guard guard(mutex_);
      if (stopped_ || open_.size() + kept_.size() >= kHashesWaitingMax) return false;
      if (place == Place::open && open_.size() >= kHashesWaitingMax - kHashesKept) return false;
      (place == Place::open ? open_ : kept_).push_back(std::move(task));
    }
    changed_.notify_one();
    return true;
  }

  void stop() {
    {
      const std::lock_guard guard(mutex_);
      if (stopped_) return;
      stopped_ = true;
      open_.clear();
      kept_.clear();
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return stopped_ || !open_.empty() || !kept_.empty(); });
      if (stopped_) return;
      const auto task = next();
      lock.unlock();
      task();
      lock.lock();
    }
  }

  /// By turns, so that neither queue keeps the other waiting.
  std::function<void()> next() {
    const bool kept = !kept_.empty() && (kept_turn_ || open_.empty());
    kept_turn_ = !kept;
    auto& queue = kept ? kept_ : open_;
    auto task = std::move(queue.front());
    queue.pop_front();
    return task;
  }

  Cost cost_;
  std::string nobodys_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> open_;
  std::deque<std::function<void()>> kept_;
  bool kept_turn_ = true;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

class Hasher::Face final : public signalling::Passwords {
 public:
  Face(std::shared_ptr<Core> core, Poster worker)
      : core_(std::move(core)), worker_(std::make_shared<const Poster>(std::move(worker))) {}

  void hash(const SecretText& password, Answered<std::string> answer) override {
    submit<std::string>(
        Place::kept, password, std::move(answer),
        [](Core& core, const SecretText& given) { return hash_of(given, core.cost()); });
  }
  void verify(const SecretText& password, const std::optional<std::string>& hash, Place place,
              Answered<bool> answer) override {
    submit<bool>(place, password, std::move(answer), [hash](Core& core, const SecretText& given) {
      return fits(given, hash.value_or(core.nobodys())) && hash.has_value();
    });
  }

 private:
  template <class T, class Work>
  void submit(Place place, const SecretText& password, Answered<T> answer, const Work& work) {
    // Shared because a task is copyable and a secret is not.
    const auto given = std::make_shared<const SecretText>(password.duplicate());
    const auto waiting = std::make_shared<const Answered<T>>(std::move(answer));
    const bool taken =
        core_->add(place, [core = core_.get(), worker = worker_, given, waiting, work] {
          T result = work(*core, *given);
          (*worker)([waiting, result = std::move(result)] { (*waiting)(result); });
        });
    if (!taken) (*worker_)([waiting] { (*waiting)(fail(signalling::PasswordsBusy())); });
  }

  std::shared_ptr<Core> core_;
  std::shared_ptr<const Poster> worker_;
};

Hasher::Hasher(std::size_t threads, Cost cost) : core_(std::make_shared<Core>(threads, cost)) {}

Hasher::~Hasher() {
  stop();
}

std::unique_ptr<signalling::Passwords> Hasher::for_worker(Poster worker) {
  return std::make_unique<Face>(core_, std::move(worker));
}

void Hasher::stop() {
  core_->stop();
}

}  // namespace stillroom::passwords
