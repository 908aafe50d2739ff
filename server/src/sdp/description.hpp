// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sdp/error.hpp"
#include "sdp/policy.hpp"

namespace stillroom::sdp {

// Over any of these the description is refused.
inline constexpr std::size_t kDescriptionBytesMax = 64 * 1024;
inline constexpr std::size_t kLineBytesMax = 4096;
inline constexpr std::size_t kLinesMax = 4096;
inline constexpr std::size_t kSectionsMax = 32;
inline constexpr std::size_t kCandidatesMax = 100;  ///< lines in one description
inline constexpr std::size_t kMidBytesMax = 32;

enum class Kind : std::uint8_t { audio, video, application };
enum class Setup : std::uint8_t { none, actpass, active, passive };
enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };

struct Section {
  Kind kind = Kind::audio;
  bool rejected = false;  ///< port 0 and not bundle-only
  Setup setup = Setup::none;
  Direction direction = Direction::sendrecv;
  std::string mid{};  ///< empty only when rejected

  friend bool operator==(const Section&, const Section&) = default;
};

/// What a room remembers of a description: enough to judge the answer and the candidates.
struct Shape {
  std::vector<Section> sections;
  std::vector<std::string> ufrags;  ///< each once; the ICE generation

  [[nodiscard]] bool knows_ufrag(std::string_view ufrag) const;
  [[nodiscard]] bool knows_mid(std::string_view mid) const;
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// A description that cannot be wrong, in the form in which it is relayed.
class Description {
 public:
  /// CRLF lines, valid UTF-8 without control bytes; never the bytes received.
  [[nodiscard]] const std::string& text() const& { return text_; }
  [[nodiscard]] std::string text() && { return std::move(text_); }
  [[nodiscard]] const Shape& shape() const& { return shape_; }
  [[nodiscard]] Shape shape() && { return std::move(shape_); }

 private:
  friend class Reader;
  Description() = default;
  std::string text_;
  Shape shape_;
};

[[nodiscard]] Result<Description, Error> parse_offer(std::string_view text,
                                                     const Policy& policy = {});
[[nodiscard]] Result<Description, Error> parse_answer(std::string_view text,
                                                      const Policy& policy = {});

/// RFC 3264 §6, RFC 8842 §5.3: the answer has the offer's sections and takes the other role.
[[nodiscard]] Result<void, Error> answer_fits(const Shape& offer, const Shape& answer);

}  // namespace stillroom::sdp
