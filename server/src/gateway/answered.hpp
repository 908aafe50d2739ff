// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace stillroom::gateway {

/// Turns a callback-style use case into something a coroutine can wait for. `start` gets the
/// callback; it is called exactly once, on this thread. The coroutine goes on from the loop, never
/// from inside the callback. Name `start` before the co_await: GCC 12 destroys a capturing lambda
/// twice when it is a temporary of the awaiting expression.
template <class R>
boost::asio::awaitable<R> answered(boost::asio::io_context* loop,
                                   std::function<void(std::function<void(R)>)> start) {
  auto initiate = [loop](auto handler, const std::function<void(std::function<void(R)>)>& begin) {
    // Shared because std::function has to be copyable; called once all the same.
    auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
    begin([loop, waiting](R result) {
      boost::asio::post(*loop, [waiting, result = std::move(result)]() mutable {
        std::move (*waiting)(std::move(result));
      });
    });
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(R)>(
      initiate, boost::asio::use_awaitable, std::move(start));
}

}  // namespace stillroom::gateway
