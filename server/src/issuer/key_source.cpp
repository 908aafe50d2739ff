// SPDX-License-Identifier: Apache-2.0
#include "issuer/key_source.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <utility>

namespace stillroom::issuer {
namespace {

/// libcurl writes to sockets that the other side may have closed.
void block_broken_pipes() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  // The main thread takes these; a thread that asks an issuer never does.
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

KeySource::KeySource(Target target, Ages ages, const Clock& clock, telemetry::Logger& log, Use use)
    : target_(std::move(target)), clock_(clock), log_(log), use_(std::move(use)), schedule_(ages) {}

KeySource::~KeySource() {
  stop();
}

void KeySource::start() {
  thread_ = std::thread([this] { run(); });
}

void KeySource::hurry() {
  if (hurried_.exchange(true)) return;
  const std::lock_guard lock(mutex_);  // else the waiting thread could miss it
  changed_.notify_one();
}

void KeySource::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

void KeySource::run() {
  block_broken_pipes();
  while (!stopping_) {
    const MonoTime now = clock_.mono_now();
    drop_old(now);
    const bool hurried = hurried_;
    MonoTime next = schedule_.next_question(hurried);
    if (next <= now) {
      hurried_ = false;
      schedule_.asked(now);
      ask();
      continue;
    }
    if (const auto end = schedule_.end_of_keys()) next = std::min(next, *end);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, next - now, [&] { return stopping_ || hurried_ != hurried; });
  }
}

void KeySource::ask() {
  const auto answer = fetch(target_, stopping_);
  if (!answer) return fail_with(answer.error());
  if (!use_(answer->text)) return fail_with(Trouble::content);
  schedule_.answered(clock_.mono_now(), answer->age);
  log_.info("issuer_keys_read");
}

void KeySource::fail_with(Trouble trouble) {
  schedule_.failed();
  if (trouble == Trouble::interrupted) return;
  log_.warning("issuer_keys_not_read",
               {{"reason", trouble}, {"old_keys_stay", schedule_.end_of_keys().has_value()}});
}

void KeySource::drop_old(MonoTime now) {
  const auto end = schedule_.end_of_keys();
  if (!end || now < *end) return;
  schedule_.dropped();
  static_cast<void>(use_(std::nullopt));
  log_.error("issuer_keys_dropped");
}

}  // namespace stillroom::issuer
