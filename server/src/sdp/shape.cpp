// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sdp/description.hpp"

namespace stillroom::sdp {
namespace {

bool sends(Direction direction) {
  return direction == Direction::sendrecv || direction == Direction::sendonly;
}
bool receives(Direction direction) {
  return direction == Direction::sendrecv || direction == Direction::recvonly;
}

Result<void, Error> section_fits(const Section& offer, const Section& answer) {
  // Firefox leaves the mid out of a section that it rejects.
  const bool same_mid = offer.mid == answer.mid || (answer.rejected && answer.mid.empty());
  if (offer.kind != answer.kind || !same_mid) return fail(Error{Code::answer_sections});
  if (answer.rejected) return {};
  if (offer.rejected) return fail(Error{Code::answer_revives});
  // RFC 4145 §4.1: one side connects, the other waits.
  if (offer.setup == answer.setup) return fail(Error{Code::answer_setup});
  if (offer.kind == Kind::application) return {};
  // RFC 3264 §6.1.
  const bool heard = !sends(answer.direction) || receives(offer.direction);
  const bool asked = !receives(answer.direction) || sends(offer.direction);
  if (!heard || !asked) return fail(Error{Code::answer_direction});
  return {};
}

}  // namespace

bool Shape::knows_ufrag(std::string_view ufrag) const {
  return std::find(ufrags.begin(), ufrags.end(), ufrag) != ufrags.end();
}

bool Shape::knows_mid(std::string_view mid) const {
  return std::any_of(sections.begin(), sections.end(),
                     [mid](const Section& section) { return section.mid == mid; });
}

Result<void, Error> answer_fits(const Shape& offer, const Shape& answer) {
  if (offer.sections.size() != answer.sections.size()) return fail(Error{Code::answer_sections});
  for (std::size_t index = 0; index < offer.sections.size(); ++index) {
    const auto fits = section_fits(offer.sections[index], answer.sections[index]);
    if (!fits) return fits;
  }
  return {};
}

}  // namespace stillroom::sdp
