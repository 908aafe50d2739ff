// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/bio.h>
#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

/// OpenSSL's values and ours; for the .cpp files of this module only.
namespace stillroom::net {

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioFree>;

/// Reads from the text, which must live longer.
[[nodiscard]] BioPtr memory_of(std::string_view text);
[[nodiscard]] std::optional<WallTime> wall_time(const ASN1_TIME* time);
/// `what`, and the oldest error that OpenSSL has queued.
[[nodiscard]] std::string last_error(std::string what);

}  // namespace stillroom::net
