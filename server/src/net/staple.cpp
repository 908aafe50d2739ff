// SPDX-License-Identifier: Apache-2.0
#include "net/staple.hpp"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <memory>

#include "net/openssl_values.hpp"

namespace stillroom::net {
namespace {

using ResponsePtr =
    std::unique_ptr<OCSP_RESPONSE, decltype([](OCSP_RESPONSE* r) { OCSP_RESPONSE_free(r); })>;
using BasicPtr =
    std::unique_ptr<OCSP_BASICRESP, decltype([](OCSP_BASICRESP* b) { OCSP_BASICRESP_free(b); })>;
using CertIdPtr =
    std::unique_ptr<OCSP_CERTID, decltype([](OCSP_CERTID* i) { OCSP_CERTID_free(i); })>;
using StorePtr = std::unique_ptr<X509_STORE, decltype([](X509_STORE* s) { X509_STORE_free(s); })>;
using StackPtr =
    std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * s) { sk_X509_free(s); })>;

/// RFC 6960 §4.1.1: by the hashes of its signer's name and key, and its serial number. Without the
/// signer in the chain the name has to do.
bool is_about(OCSP_CERTID& id, const Certificate& certificate) {
  ASN1_OBJECT* digest = nullptr;
  ASN1_OCTET_STRING* name_hash = nullptr;
  ASN1_INTEGER* serial = nullptr;
  OCSP_id_get0_info(&name_hash, &digest, nullptr, &serial, &id);
  const EVP_MD* const kind = EVP_get_digestbyobj(digest);
  if (kind == nullptr) return false;
  if (certificate.signer() != nullptr) {
    const CertIdPtr own(OCSP_cert_to_id(kind, certificate.leaf(), certificate.signer()));
    return own && OCSP_id_cmp(own.get(), &id) == 0;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int bytes = 0;
  const X509_NAME* const signer = X509_get_issuer_name(certificate.leaf());
  return X509_NAME_digest(signer, kind, hash.data(), &bytes) == 1 &&
         std::string_view(reinterpret_cast<const char*>(hash.data()), bytes) ==
             std::string_view(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name_hash)),
                              static_cast<std::size_t>(ASN1_STRING_length(name_hash))) &&
         ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(certificate.leaf())) == 0;
}

OCSP_SINGLERESP* find_own(OCSP_BASICRESP& basic, const Certificate& certificate) {
  for (int i = 0; i < OCSP_resp_count(&basic); ++i) {
    OCSP_SINGLERESP* const single = OCSP_resp_get0(&basic, i);
    // OCSP_id_get0_info() takes no const; it changes nothing.
    auto* const id = const_cast<OCSP_CERTID*>(OCSP_SINGLERESP_get0_id(single));
    if (is_about(*id, certificate)) return single;
  }
  return nullptr;
}

/// By the certificate's signer, or by whom that one gave the right to (RFC 6960 §4.2.2.2). The
/// times of those certificates are the clients' to judge.
bool is_signed(OCSP_BASICRESP& basic, const Certificate& certificate) {
  if (certificate.signer() == nullptr) return true;  // nobody here knows its key
  const StorePtr store(X509_STORE_new());
  const StackPtr known(sk_X509_new_null());
  if (!store || !known || X509_STORE_add_cert(store.get(), certificate.signer()) != 1 ||
      sk_X509_push(known.get(), certificate.signer()) <= 0) {
    return false;
  }
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  return OCSP_basic_verify(&basic, known.get(), store.get(), 0) == 1;
}

}  // namespace

telemetry::Literal log_word(StapleTrouble trouble) {
  switch (trouble) {
    case StapleTrouble::unreadable:
      return "unreadable";
    case StapleTrouble::malformed:
      return "malformed";
    case StapleTrouble::not_good:
      return "not_good";
    case StapleTrouble::of_another:
      return "of_another";
    case StapleTrouble::not_signed:
      return "not_signed";
    case StapleTrouble::not_yet_valid:
      return "not_yet_valid";
    case StapleTrouble::expired:
      return "expired";
    case StapleTrouble::without_an_end:
      break;
  }
  return "without_an_end";
}

Result<Staple, StapleTrouble> Staple::from_der(std::string_view der, const Certificate& certificate,
                                               WallTime now) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = at + der.size();
  const ResponsePtr response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
  const BasicPtr basic(response && at == end ? OCSP_response_get1_basic(response.get()) : nullptr);
  const bool answered =
      response && OCSP_response_status(response.get()) == OCSP_RESPONSE_STATUS_SUCCESSFUL;
  ERR_clear_error();
  if (!response || at != end) return fail(StapleTrouble::malformed);
  if (!answered) return fail(StapleTrouble::not_good);
  if (!basic) return fail(StapleTrouble::malformed);
  OCSP_SINGLERESP* const single = find_own(*basic, certificate);
  if (single == nullptr) return fail(StapleTrouble::of_another);
  const bool signed_well = is_signed(*basic, certificate);
  ERR_clear_error();
  if (!signed_well) return fail(StapleTrouble::not_signed);
  ASN1_GENERALIZEDTIME* from = nullptr;
  ASN1_GENERALIZEDTIME* until = nullptr;
  const int status = OCSP_single_get0_status(single, nullptr, nullptr, &from, &until);
  if (status != V_OCSP_CERTSTATUS_GOOD) return fail(StapleTrouble::not_good);
  const auto starts = wall_time(from);
  const auto ends = wall_time(until);
  if (!ends) return fail(StapleTrouble::without_an_end);
  if (!starts || *starts > now + kAhead) return fail(StapleTrouble::not_yet_valid);
  if (now >= *ends) return fail(StapleTrouble::expired);
  return Staple(der, *ends);
}

}  // namespace stillroom::net
