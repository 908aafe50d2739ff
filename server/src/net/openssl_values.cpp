// SPDX-License-Identifier: Apache-2.0
#include "net/openssl_values.hpp"

#include <openssl/asn1.h>
#include <openssl/err.h>

#include <array>
#include <ctime>
#include <limits>

namespace stillroom::net {

BioPtr memory_of(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::optional<WallTime> wall_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return WallTime(seconds(::timegm(&parts)));
}

std::string last_error(std::string what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return what.append(": ").append(text.data());
}

}  // namespace stillroom::net
