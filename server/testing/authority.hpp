// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace stillroom::testing {

/// A certificate authority for a test: signs certificates, and says by OCSP what it thinks of them.
class Authority {
 public:
  using Key = std::shared_ptr<EVP_PKEY>;
  using Signed = std::shared_ptr<X509>;

  /// A server's certificate with its key.
  struct Issued {
    Signed certificate;
    Key key;
    std::string leaf_pem;
    std::string chain_pem;  ///< the leaf, and who signed it
    std::string key_pem;
  };
  struct Word {
    WallTime from;
    std::optional<WallTime> until;
    int status = V_OCSP_CERTSTATUS_GOOD;
  };

  explicit Authority(WallTime now, const char* name = "Authority")
      : key_(new_key()),
        own_(sign(name, name, key_, now - std::chrono::days(1), now + std::chrono::days(900),
                  "critical,CA:TRUE", key_, 1)) {}

  [[nodiscard]] Issued issue(WallTime from, WallTime until, const Key& key = new_key()) {
    Signed leaf = sign("call.example", nullptr, key, from, until, "CA:FALSE", key_, ++serial_);
    const std::string text = pem(leaf);
    return {leaf, key, text, text + pem(own_), key_pem(key)};
  }
  /// A weak one: RSA of 1,024 bits.
  [[nodiscard]] Issued issue_weak(WallTime from, WallTime until) {
    return issue(from, until, Key(EVP_RSA_gen(1024), EVP_PKEY_free));
  }

  /// An OCSPResponse about a certificate of ours, signed by us, or by somebody who is not asked.
  [[nodiscard]] std::string word(const Issued& about, const Word& said,
                                 const Authority* other = nullptr) const {
    const Authority& speaker = other != nullptr ? *other : *this;
    OCSP_BASICRESP* const basic = OCSP_BASICRESP_new();
    OCSP_CERTID* const id = OCSP_cert_to_id(EVP_sha1(), about.certificate.get(), own_.get());
    ASN1_TIME* const from = asn1(said.from);
    ASN1_TIME* const until = said.until ? asn1(*said.until) : nullptr;
    ASN1_TIME* const revoked = said.status == V_OCSP_CERTSTATUS_REVOKED ? from : nullptr;
    OCSP_basic_add1_status(basic, id, said.status, 0, revoked, from, until);
    OCSP_basic_sign(basic, speaker.own_.get(), speaker.key_.get(), EVP_sha256(), nullptr, 0);
    OCSP_RESPONSE* const response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    std::string out = der(response);
    OCSP_RESPONSE_free(response);
    ASN1_TIME_free(until);
    ASN1_TIME_free(from);
    OCSP_CERTID_free(id);
    OCSP_BASICRESP_free(basic);
    return out;
  }
  /// What a responder says that has nothing to say.
  [[nodiscard]] static std::string try_later() {
    OCSP_RESPONSE* const response = OCSP_response_create(OCSP_RESPONSE_STATUS_TRYLATER, nullptr);
    std::string out = der(response);
    OCSP_RESPONSE_free(response);
    return out;
  }

  [[nodiscard]] static std::string key_pem(const Key& key, const char* passphrase = nullptr) {
    BIO* const bio = BIO_new(BIO_s_mem());
    const EVP_CIPHER* const cipher = passphrase != nullptr ? EVP_aes_256_cbc() : nullptr;
    PEM_write_bio_PKCS8PrivateKey(bio, key.get(), cipher, nullptr, 0, nullptr,
                                  const_cast<char*>(passphrase));
    return taken(bio);
  }

 private:
  static Key new_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

  static ASN1_TIME* asn1(WallTime time) {
    return ASN1_GENERALIZEDTIME_set(nullptr, std::chrono::system_clock::to_time_t(time));
  }
  static std::string taken(BIO* bio) {
    char* data = nullptr;
    const long bytes = BIO_get_mem_data(bio, &data);
    std::string out(data, static_cast<std::size_t>(bytes));
    BIO_free(bio);
    return out;
  }
  static std::string pem(const Signed& certificate) {
    BIO* const bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate.get());
    return taken(bio);
  }
  static std::string der(OCSP_RESPONSE* response) {
    BIO* const bio = BIO_new(BIO_s_mem());
    i2d_OCSP_RESPONSE_bio(bio, response);
    return taken(bio);
  }

  /// `signer_name`: null for our own.
  Signed sign(const char* name, const char* signer_name, const Key& key, WallTime from,
              WallTime until, const char* constraints, const Key& signer, long serial) {
    Signed made(X509_new(), X509_free);
    if (!made) std::abort();
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
    time_t first = std::chrono::system_clock::to_time_t(from);
    time_t last = std::chrono::system_clock::to_time_t(until);
    X509_time_adj_ex(X509_getm_notBefore(made.get()), 0, 0, &first);
    X509_time_adj_ex(X509_getm_notAfter(made.get()), 0, 0, &last);
    X509_set_pubkey(made.get(), key.get());
    set_name(X509_get_subject_name(made.get()), name);
    if (signer_name != nullptr) {
      set_name(X509_get_issuer_name(made.get()), signer_name);
    } else {
      X509_set_issuer_name(made.get(), X509_get_subject_name(own_.get()));
    }
    X509_EXTENSION* const extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, constraints);
    X509_add_ext(made.get(), extension, -1);
    X509_EXTENSION_free(extension);
    if (X509_sign(made.get(), signer.get(), EVP_sha256()) <= 0) std::abort();
    return made;
  }
  static void set_name(X509_NAME* name, const char* text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(text), -1, -1, 0);
  }

  Key key_;
  Signed own_;
  long serial_ = 1;
};

}  // namespace stillroom::testing
