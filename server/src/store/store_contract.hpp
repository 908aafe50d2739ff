// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "store/store_harness.hpp"

/// The contract suite's fixture: its tests stand in several files, `store_contract_test.cpp` first.
namespace stillroom::store {

struct Implementation {
  const char* name;
  std::unique_ptr<StoreHarness> (*make)();
};

class StoreContract : public ::testing::TestWithParam<Implementation> {
 protected:
  Result<void, signalling::StoreError> add_user(const std::string& id,
                                                identity::Role role = identity::Role::client) {
    return store.commit({signalling::AddUser{samples::user(id, role)}});
  }
  Result<void, signalling::StoreError> add_session(const session::Session& session) {
    return store.commit({signalling::AddSession{session}});
  }
  void add_people_and_session(const std::string& session) {
    ASSERT_TRUE(add_user("client"));
    ASSERT_TRUE(add_user("therapist", identity::Role::psychologist));
    ASSERT_TRUE(add_session(samples::session(session, {"client", "therapist"})));
  }
  static std::optional<signalling::StoreError> error_of(
      const Result<void, signalling::StoreError>& result) {
    return result ? std::nullopt : std::optional(result.error());
  }
  void expect_conflict(signalling::Change change) {
    EXPECT_EQ(error_of(store.commit({std::move(change)})), signalling::StoreError::conflict);
  }

  std::unique_ptr<StoreHarness> harness = GetParam().make();
  Asker store{*harness};
};

}  // namespace stillroom::store
