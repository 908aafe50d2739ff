// SPDX-License-Identifier: Apache-2.0
#include "identity/service_key.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stillroom::identity {
namespace {

/// Counts up: keys that differ, and the same ones in each run.
class CountingRng final : public Rng {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = next_++;
  }

 private:
  std::uint8_t next_ = 0;
};

class ServiceKeys : public ::testing::Test {
 protected:
  NewServiceKey make() {
    Scopes scopes;
    scopes.add(Scope::sessions_read);
    return make_service_key("an application", scopes, WallTime(), rng_);
  }
  static std::string refusal(std::string_view text, const std::optional<ServiceKey>& known) {
    const auto presented = presented_key(text);
    if (!presented) return "malformed";
    const auto service = establish(*presented, known);
    return service ? "good" : std::string(to_text(service.error()));
  }
  CountingRng rng_;
};

TEST_F(ServiceKeys, what_was_made_is_good_for_its_scopes_only) {
  const NewServiceKey made = make();
  const auto presented = presented_key(made.text.reveal());
  ASSERT_TRUE(presented);
  const auto service = establish(*presented, made.key);
  ASSERT_TRUE(service);
  EXPECT_EQ(service->key(), made.key.id);
  for (const Scope scope : kScopes) EXPECT_EQ(service->may(scope), scope == Scope::sessions_read);
}

TEST_F(ServiceKeys, the_secret_is_not_in_what_is_stored) {
  const NewServiceKey made = make();
  const std::string_view secret = made.text.reveal().substr(20);
  EXPECT_EQ(secret.size(), 43U);
  EXPECT_EQ(made.key.digest.size(), 64U);
  EXPECT_EQ(made.key.digest.find(secret), std::string::npos);
  EXPECT_EQ(made.key.id.text().find(secret), std::string::npos);
}

TEST_F(ServiceKeys, unknown_wrong_and_revoked_are_refused) {
  NewServiceKey made = make();
  const NewServiceKey other = make();
  const std::string text(made.text.reveal());
  EXPECT_EQ(refusal(text, made.key), "good");
  EXPECT_EQ(refusal(text, std::nullopt), "unknown");
  EXPECT_EQ(refusal(text, other.key), "unknown");
  EXPECT_EQ(refusal(text.substr(0, 20) + std::string(other.text.reveal().substr(20)), made.key),
            "wrong_secret");
  made.key.revoked = WallTime();
  EXPECT_EQ(refusal(text, made.key), "revoked");
}

TEST_F(ServiceKeys, other_texts_are_no_keys) {
  const NewServiceKey made = make();
  const std::string good(made.text.reveal());
  std::string upper = good;
  upper[3 + 15] = 'F';
  std::string no_line = good;
  no_line[19] = '-';
  std::string padded = good;
  padded.back() = '=';
  for (const std::string& text :
       {std::string(), std::string("sk_"), good + "A", good.substr(0, 62), "xk_" + good.substr(3),
        upper, no_line, padded, good.substr(0, 20) + std::string(43, ' ')}) {
    EXPECT_FALSE(presented_key(text)) << text;
  }
  EXPECT_TRUE(is_meant_as_key("sk_"));
  EXPECT_FALSE(is_meant_as_key("eyJhbGciOiJIUzI1NiJ9.e30.x"));
}

TEST(Scopes, words_and_back) {
  Scopes scopes;
  EXPECT_TRUE(scopes.empty());
  scopes.add(Scope::sessions_write);
  scopes.add(Scope::users_read);
  EXPECT_EQ(scopes.text(), "users:read sessions:write");
  EXPECT_EQ(Scopes::from_text(scopes.text()), scopes);
  for (const char* bad : {"users", "users:read,users:write", " users:read", "keys:write", "*"}) {
    EXPECT_FALSE(Scopes::from_text(bad)) << bad;
  }
  for (const Scope scope : kScopes) EXPECT_EQ(scope_from_text(to_text(scope)), scope);
}

}  // namespace
}  // namespace stillroom::identity
