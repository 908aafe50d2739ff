// SPDX-License-Identifier: Apache-2.0
#include "net/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <utility>

#include "net/openssl_values.hpp"

namespace stillroom::net {
namespace {

using ExtensionPtr =
    std::unique_ptr<X509_EXTENSION, decltype([](X509_EXTENSION* e) { X509_EXTENSION_free(e); })>;

struct Words {
  telemetry::Literal log;
  std::string_view sentence;
};

Words words_of(CertificateTrouble trouble) {
  switch (trouble) {
    case CertificateTrouble::certificate_unreadable:
      return {"certificate_unreadable", "tls.certificate cannot be read"};
    case CertificateTrouble::certificate_malformed:
      return {"certificate_malformed",
              "tls.certificate must be a PEM file of the certificate and its chain"};
    case CertificateTrouble::key_unreadable:
      return {"key_unreadable", "tls.key cannot be read"};
    case CertificateTrouble::key_malformed:
      return {"key_malformed", "tls.key must be a PEM file of a private key without a passphrase"};
    case CertificateTrouble::key_of_another:
      return {"key_of_another", "tls.key is not the key of tls.certificate"};
    case CertificateTrouble::not_yet_valid:
      return {"not_yet_valid", "tls.certificate is not valid yet"};
    case CertificateTrouble::expired:
      return {"expired", "tls.certificate has expired"};
    case CertificateTrouble::too_weak:
      break;
  }
  return {"too_weak",
          "tls.certificate is too weak: RSA takes 2048 bits at least, signatures SHA-256"};
}

/// A key that wants a passphrase must not make the server ask at a terminal.
int no_passphrase(char* /*out*/, int /*size*/, int /*writing*/, void* /*argument*/) {
  return -1;
}

std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string names;
  for (const std::string& host : hosts) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    const bool is_ip = inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
                       inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
    if (!names.empty()) names += ',';
    names.append(is_ip ? "IP:" : "DNS:").append(host);
  }
  return names;
}

bool add_extension(X509* certificate, int nid, const std::string& value) {
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

}  // namespace

telemetry::Literal log_word(CertificateTrouble trouble) {
  return words_of(trouble).log;
}

std::string sentence(CertificateTrouble trouble) {
  return std::string(words_of(trouble).sentence);
}

void Certificate::Free::operator()(x509_st* certificate) const {
  X509_free(certificate);
}
void Certificate::Free::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

Certificate::Certificate(Chain chain, Key key)
    : chain_(std::move(chain)),
      key_(std::move(key)),
      from_(wall_time(X509_get0_notBefore(leaf())).value_or(WallTime::max())),
      until_(wall_time(X509_get0_notAfter(leaf())).value_or(WallTime::min())) {}

std::vector<x509_st*> Certificate::rest_of_chain() const {
  std::vector<x509_st*> rest;
  for (std::size_t i = 1; i < chain_.size(); ++i) rest.push_back(chain_[i].get());
  return rest;
}

Result<void, CertificateTrouble> Certificate::check_time(WallTime now) const {
  if (now < from_) return fail(CertificateTrouble::not_yet_valid);
  if (now >= until_) return fail(CertificateTrouble::expired);
  return {};
}

Certificate::Chain Certificate::read_chain(std::string_view pem) {
  const BioPtr bio = memory_of(pem);
  Chain chain;
  ERR_clear_error();
  while (bio && chain.size() <= kChainCertificatesMax) {
    X509* const read = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr);
    if (read == nullptr) break;
    chain.emplace_back(read);
  }
  // Whatever is no certificate, half of one or one too many ends it before the end of the text.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  return at_end ? std::move(chain) : Chain();
}

Certificate::Key Certificate::read_key(std::string_view pem) {
  const BioPtr bio = memory_of(pem);
  Key key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr) : nullptr);
  ERR_clear_error();
  return key;
}

Result<Certificate, CertificateTrouble> Certificate::from_pem(std::string_view chain,
                                                              std::string_view key) {
  Chain certificates = read_chain(chain);
  if (certificates.empty()) return fail(CertificateTrouble::certificate_malformed);
  Key own_key = read_key(key);
  if (!own_key) return fail(CertificateTrouble::key_malformed);
  const bool belongs = X509_check_private_key(certificates.front().get(), own_key.get()) == 1;
  ERR_clear_error();
  if (!belongs) return fail(CertificateTrouble::key_of_another);
  return Certificate(std::move(certificates), std::move(own_key));
}

Certificate::Chain Certificate::make_self_signed(evp_pkey_st* key,
                                                 const std::vector<std::string>& hosts,
                                                 WallTime now) {
  constexpr long kYearSeconds = 365L * 24 * 3600;
  Chain chain;
  chain.emplace_back(X509_new());
  X509* const certificate = chain.front().get();
  std::array<unsigned char, 16> serial{};
  if (certificate == nullptr || RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) {
    return {};
  }
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3FU) | 0x40U);  // positive, fixed length
  BIGNUM* number = BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
  BN_free(number);
  time_t from = std::chrono::system_clock::to_time_t(now);
  X509_set_version(certificate, X509_VERSION_3);
  X509_time_adj_ex(X509_getm_notBefore(certificate), 0, -60, &from);
  X509_time_adj_ex(X509_getm_notAfter(certificate), 0, kYearSeconds, &from);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* common_name = reinterpret_cast<const unsigned char*>("Stillroom self-made");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  const bool whole = add_extension(certificate, NID_subject_alt_name, alternative_names(hosts)) &&
                     add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
                     add_extension(certificate, NID_ext_key_usage, "serverAuth") &&
                     X509_sign(certificate, key, EVP_sha256()) > 0;
  return whole ? std::move(chain) : Chain();
}

Result<Certificate, std::string> Certificate::self_made(const std::vector<std::string>& hosts,
                                                        WallTime now) {
  Key key(EVP_EC_gen("P-256"));
  if (!key) return fail(last_error("no key could be made"));
  Chain chain = make_self_signed(key.get(), hosts, now);
  if (chain.empty()) return fail(last_error("no certificate could be made"));
  return Certificate(std::move(chain), std::move(key));
}

}  // namespace stillroom::net
