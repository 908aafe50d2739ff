// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "gateway/http.hpp"
#include "gateway/slots.hpp"
#include "signalling/accounts.hpp"
#include "signalling/administration.hpp"
#include "signalling/enquiries.hpp"
#include "signalling/links.hpp"
#include "signalling/problems.hpp"
#include "signalling/service_keys.hpp"
#include "signalling/tickets.hpp"

namespace stillroom::gateway {

class Client;
class Front;
struct Shared;

/// `live`: the loop turns. `ready`: the store answers too, and no issuer's keys are missing.
enum class Health : std::uint8_t { live, ready };

/// `/api/…` of one worker (contract §8): each request is a coroutine that reads top to bottom:
/// who asks, what for, may they, the answer.
class Rest {
 public:
  Rest(Front& front, const Shared& shared);
  ~Rest();

  /// Answers through the client, if it is still there.
  void handle(Client& client, HttpRequest request);
  /// Whether its route is one for applications: then a service key stands in for an Origin.
  [[nodiscard]] static bool takes_key(const HttpRequest& request);
  /// `/livez` and `/readyz`.
  void answer_health(Client& client, Health health);

 private:
  struct Routes;
  void respond(SlotId client, const HttpResponse& response);

  Front& front_;
  signalling::Enquiries enquiries_;
  signalling::Links links_;
  signalling::Tickets tickets_;
  std::unique_ptr<signalling::Passwords> passwords_;
  signalling::Accounts accounts_;
  signalling::Administration administration_;
  signalling::ServiceKeys keys_;
};

[[nodiscard]] HttpResponse json_response(std::string body);
[[nodiscard]] HttpResponse problem_response(const signalling::Problem& problem);
/// 429 with the seconds that `wait` rounds up to.
[[nodiscard]] HttpResponse limited_response(MonoTime::duration wait);

}  // namespace stillroom::gateway
