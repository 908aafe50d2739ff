// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "telemetry/field.hpp"

namespace stillroom::gateway {

/// A body of reports, as a browser sends it (Reporting API §2.1, CSP 3 §5.3).
inline constexpr std::size_t kReportBytesMax = 16'384;
inline constexpr std::size_t kReportsPerBodyMax = 32;

/// What of the page's policy was violated. The names are those of CSP 3 §6; what is none of them is
/// `other`, so that no peer chooses what is counted.
enum class Directive : std::uint8_t {
  script_src,
  script_src_elem,
  script_src_attr,
  style_src_elem,
  style_src_attr,
  img_src,
  media_src,
  connect_src,
  worker_src,
  frame_ancestors,
  require_trusted_types_for,
  trusted_types,
  other,
};
inline constexpr std::size_t kDirectives = static_cast<std::size_t>(Directive::other) + 1;

/// In the order of Directive.
inline constexpr std::array<telemetry::Literal, kDirectives> kDirectiveNames{
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "style-src-elem",
    "style-src-attr",
    "img-src",
    "media-src",
    "connect-src",
    "worker-src",
    "frame-ancestors",
    "require-trusted-types-for",
    "trusted-types",
    "other",
};

using ViolationCounts = std::array<std::uint32_t, kDirectives>;

enum class ReportError : std::uint8_t { wrong_type, too_large, malformed };

/// How often each directive is named in a body of reports. Nothing else of it is looked at: the
/// page's address and a sample of what was there are somebody's.
[[nodiscard]] Result<ViolationCounts, ReportError> read_reports(std::string_view content_type,
                                                                std::string_view body);

}  // namespace stillroom::gateway
