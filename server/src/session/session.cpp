// SPDX-License-Identifier: Apache-2.0
#include "session/session.hpp"

#include <array>

namespace stillroom::session {
namespace {

template <class E>
struct Word {
  E value;
  std::string_view text;
};

constexpr std::array kTypes{Word{Type::individual, "individual"}, Word{Type::couples, "couples"},
                            Word{Type::family, "family"}, Word{Type::group, "group"}};

constexpr std::array kStatuses{
    Word{Status::pending, "pending"},     Word{Status::approved, "approved"},
    Word{Status::confirmed, "confirmed"}, Word{Status::in_progress, "in-progress"},
    Word{Status::completed, "completed"}, Word{Status::cancelled, "cancelled"},
    Word{Status::declined, "declined"},   Word{Status::no_show, "no-show"}};

constexpr std::array kPayments{Word{Payment::pending, "pending"},
                               Word{Payment::confirmed, "confirmed"},
                               Word{Payment::waived, "waived"}};

template <class E, std::size_t kWords>
std::string_view text_in(const std::array<Word<E>, kWords>& words, E value) {
  for (const Word<E>& word : words) {
    if (word.value == value) return word.text;
  }
  return {};
}

template <class E, std::size_t kWords>
std::optional<E> value_in(const std::array<Word<E>, kWords>& words, std::string_view text) {
  for (const Word<E>& word : words) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(Type type) {
  return text_in(kTypes, type);
}
std::string_view to_text(Status status) {
  return text_in(kStatuses, status);
}
std::string_view to_text(Payment payment) {
  return text_in(kPayments, payment);
}
std::optional<Type> type_from_text(std::string_view text) {
  return value_in(kTypes, text);
}
std::optional<Status> status_from_text(std::string_view text) {
  return value_in(kStatuses, text);
}
std::optional<Payment> payment_from_text(std::string_view text) {
  return value_in(kPayments, text);
}

bool may_begin_as(Status status) {
  return status == Status::pending || status == Status::approved || status == Status::confirmed;
}

bool is_over(Status status) {
  return status == Status::completed || status == Status::cancelled || status == Status::declined ||
         status == Status::no_show;
}

bool may_become(Status from, Status to) {
  if (from == to) return true;
  switch (from) {
    case Status::pending:
      return to == Status::approved || to == Status::confirmed || to == Status::declined ||
             to == Status::cancelled;
    case Status::approved:
      return to == Status::confirmed || to == Status::declined || to == Status::cancelled;
    case Status::confirmed:
      return to == Status::cancelled || to == Status::no_show;
    case Status::in_progress:
      return to == Status::cancelled;
    case Status::completed:
    case Status::cancelled:
    case Status::declined:
    case Status::no_show:
      return false;
  }
  return false;
}

}  // namespace stillroom::session
