// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "identity/token_minter.hpp"
#include "identity/token_verifier.hpp"
#include "session/session.hpp"
#include "session/window.hpp"

namespace stillroom::session {
namespace {

using identity::Principal;
using identity::Role;

constexpr WallTime kStart{seconds(1'795'514'400)};

constexpr std::array kRoles{Role::client, Role::psychologist, Role::admin, Role::interpreter,
                            Role::observer};
constexpr std::array kStatuses{Status::pending,     Status::approved,  Status::confirmed,
                               Status::in_progress, Status::completed, Status::cancelled,
                               Status::declined,    Status::no_show};
constexpr std::array kPayments{Payment::pending, Payment::confirmed, Payment::waived};
constexpr std::array kActs{Act::enter, Act::stay, Act::start, Act::end, Act::read};

Principal principal(const std::string& id, Role role,
                    const std::optional<SessionId>& session = std::nullopt) {
  const SecretText secret(std::string(32, 's'));
  std::vector<identity::TokenKey> keys;
  keys.push_back(identity::own_token_key(secret));
  const identity::TokenVerifier verifier(std::move(keys));
  const identity::TokenMinter minter(identity::own_token_key(secret));
  const auto token = verifier.verify(
      minter.mint({UserId(id), role, kStart, seconds(60), kStart, "j", session}), kStart);
  const identity::User user{UserId(id), role, PersonName(id), identity::UserStatus::active};
  return identity::establish(token.value(), {user}, kStart).value();
}

/// A session in which one person of each role takes part, named for the role.
Session session_with(Status status, Payment payment) {
  Session session;
  session.id = SessionId("s");
  session.room = RoomId("r");
  session.status = status;
  session.payment = payment;
  session.start = kStart;
  for (const Role role : kRoles) {
    session.participants.push_back({UserId(std::string(identity::to_text(role))), role});
  }
  return session;
}

std::string verdict(const Principal& who, const std::optional<Session>& session, Act act,
                    WallTime now) {
  const auto result = may(who, session, act, now, Settings{});
  if (result) return "may";
  switch (result.error()) {
    case Refusal::not_yours:
      return "not_yours";
    case Refusal::cancelled:
      return "cancelled";
    case Refusal::payment_pending:
      return "payment_pending";
    case Refusal::not_confirmed:
      return "not_confirmed";
    case Refusal::too_early:
      return "too_early";
    case Refusal::ended:
      return "ended";
    case Refusal::not_therapist:
      return "not_therapist";
  }
  return "?";
}

struct Edge {
  WallTime now;
  std::string entering;  ///< what the window alone says
};
const std::array kEdges{Edge{kStart - minutes(15) - milliseconds(1), "too_early"},
                        Edge{kStart - minutes(15), "may"}, Edge{kStart, "may"},
                        Edge{kStart + minutes(120), "may"},
                        Edge{kStart + minutes(120) + milliseconds(1), "ended"}};

/// The rule a second time, as the contract's tables have it: one column for each status.
std::string by_status(Status status) {
  switch (status) {
    case Status::cancelled:
    case Status::declined:
      return "cancelled";
    case Status::completed:
    case Status::no_show:
      return "ended";
    case Status::pending:
    case Status::approved:
      return "not_confirmed";
    case Status::confirmed:
    case Status::in_progress:
      return "may";
  }
  return "?";
}

std::string expected(Role role, Status status, Payment payment, Act act, const Edge& edge) {
  if (role == Role::admin) return "not_yours";
  if (act == Act::read) return "may";
  if (act == Act::end && role != Role::psychologist) return "not_therapist";
  const std::string status_says = by_status(status);
  if (act != Act::enter) return status_says;
  if (status_says == "cancelled" || status_says == "ended") return status_says;
  if (payment == Payment::pending) return "payment_pending";
  if (status_says != "may") return status_says;
  return edge.entering;
}

TEST(May, answers_the_whole_table_of_role_status_payment_act_and_time) {
  int asked = 0;
  for (const Role role : kRoles) {
    const Principal who = principal(std::string(identity::to_text(role)), role);
    for (const Status status : kStatuses) {
      for (const Payment payment : kPayments) {
        const Session session = session_with(status, payment);
        for (const Act act : kActs) {
          for (const Edge& edge : kEdges) {
            EXPECT_EQ(verdict(who, session, act, edge.now),
                      expected(role, status, payment, act, edge))
                << identity::to_text(role) << ' ' << to_text(status) << ' ' << to_text(payment)
                << ' ' << static_cast<int>(act);
            ++asked;
          }
        }
      }
    }
  }
  std::cout << "questions asked: " << asked << "\n";
  EXPECT_EQ(asked, 5 * 8 * 3 * 5 * 5);
}

TEST(May, a_stranger_hears_the_same_whatever_the_session_is_like) {
  for (const Role role : kRoles) {
    const Principal stranger = principal("stranger", role);
    for (const Act act : kActs) {
      for (const Edge& edge : kEdges) {
        EXPECT_EQ(verdict(stranger, std::nullopt, act, edge.now), "not_yours");
        for (const Status status : kStatuses) {
          for (const Payment payment : kPayments) {
            EXPECT_EQ(verdict(stranger, session_with(status, payment), act, edge.now), "not_yours");
          }
        }
      }
    }
  }
}

TEST(May, a_participant_in_another_role_than_the_session_gives_is_a_stranger) {
  const Session session = session_with(Status::confirmed, Payment::confirmed);
  for (const Role listed : kRoles) {
    for (const Role now_is : kRoles) {
      const Principal who = principal(std::string(identity::to_text(listed)), now_is);
      const bool same = listed == now_is && now_is != Role::admin;
      EXPECT_EQ(verdict(who, session, Act::enter, kStart), same ? "may" : "not_yours");
    }
  }
}

TEST(May, who_came_by_a_link_into_another_session_is_a_stranger) {
  for (const Role role : kRoles) {
    const std::string id(identity::to_text(role));
    const Principal anywhere = principal(id, role);
    const Principal here = principal(id, role, SessionId("s"));
    const Principal elsewhere = principal(id, role, SessionId("s2"));
    for (const Act act : kActs) {
      for (const Status status : kStatuses) {
        const Session session = session_with(status, Payment::confirmed);
        EXPECT_EQ(verdict(elsewhere, session, act, kStart), "not_yours");
        EXPECT_EQ(verdict(here, session, act, kStart), verdict(anywhere, session, act, kStart));
      }
    }
  }
}

TEST(May, the_window_is_a_setting) {
  const Principal who = principal("client", Role::client);
  const Session session = session_with(Status::confirmed, Payment::waived);
  const Settings narrow{minutes(0), minutes(1)};
  EXPECT_FALSE(may(who, session, Act::enter, kStart - milliseconds(1), narrow));
  EXPECT_TRUE(may(who, session, Act::enter, kStart, narrow));
  EXPECT_FALSE(may(who, session, Act::enter, kStart + minutes(1) + milliseconds(1), narrow));
  const Window window = joinable(session, narrow);
  EXPECT_EQ(window.opens, kStart);
  EXPECT_EQ(window.closes, kStart + minutes(1));
}

TEST(Becoming, follows_the_order_of_a_sessions_life) {
  std::string table;
  for (const Status from : kStatuses) {
    for (const Status to : kStatuses) table += may_become(from, to) ? '1' : '0';
    table += may_begin_as(from) ? " begins" : "";
    table += is_over(from) ? " over\n" : "\n";
  }
  // pending, approved, confirmed, in-progress, completed, cancelled, declined, no-show
  EXPECT_EQ(table,
            "11100110 begins\n"
            "01100110 begins\n"
            "00100101 begins\n"
            "00010100\n"
            "00001000 over\n"
            "00000100 over\n"
            "00000010 over\n"
            "00000001 over\n");
}

TEST(SessionWords, are_written_and_read_one_way) {
  for (const Status status : kStatuses) EXPECT_EQ(status_from_text(to_text(status)), status);
  for (const Payment payment : kPayments) EXPECT_EQ(payment_from_text(to_text(payment)), payment);
  for (const Type type : {Type::individual, Type::couples, Type::family, Type::group}) {
    EXPECT_EQ(type_from_text(to_text(type)), type);
  }
  EXPECT_EQ(to_text(Status::in_progress), "in-progress");
  EXPECT_EQ(to_text(Status::no_show), "no-show");
  for (const std::string_view text : {"", "Confirmed", "in_progress", "confirmed ", "paid"}) {
    EXPECT_FALSE(status_from_text(text)) << text;
    EXPECT_FALSE(type_from_text(text)) << text;
  }
}

}  // namespace
}  // namespace stillroom::session
