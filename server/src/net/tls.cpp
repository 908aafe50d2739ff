// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace stillroom::net {
namespace {

// The BIO behind all TLS objects of a thread. Everything it is not asked for in words answers 0: a
// ctrl that answers 1 makes OpenSSL believe in kernel TLS.
int scratch_read(BIO* bio, char* out, int length) {
  auto* scratch = static_cast<TlsScratch*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (scratch->cipher_in.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t bytes = std::min(scratch->cipher_in.size(), static_cast<std::size_t>(length));
  std::memcpy(out, scratch->cipher_in.data(), bytes);
  scratch->cipher_in.remove_prefix(bytes);
  return static_cast<int>(bytes);
}

int scratch_write(BIO* bio, const char* bytes, int length) {
  auto* scratch = static_cast<TlsScratch*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  scratch->cipher_out.append(bytes, static_cast<std::size_t>(length));
  return length;
}

long scratch_ctrl(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int scratch_create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

BIO_METHOD* scratch_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made =
        BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "stillroom-scratch");
    if (made == nullptr || BIO_meth_set_read(made, scratch_read) != 1 ||
        BIO_meth_set_write(made, scratch_write) != 1 ||
        BIO_meth_set_ctrl(made, scratch_ctrl) != 1 ||
        BIO_meth_set_create(made, scratch_create) != 1) {
      std::abort();
    }
    return made;
  }();
  return method;
}

std::string last_error(std::string what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return what.append(": ").append(text.data());
}

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* key) { EVP_PKEY_free(key); })>;
using CertificatePtr = std::unique_ptr<X509, decltype([](X509* x) { X509_free(x); })>;
using ExtensionPtr =
    std::unique_ptr<X509_EXTENSION, decltype([](X509_EXTENSION* e) { X509_EXTENSION_free(e); })>;

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

CertificatePtr make_certificate(EVP_PKEY* key, const std::vector<std::string>& hosts,
                                WallTime now) {
  constexpr long kYearSeconds = 365L * 24 * 3600;
  CertificatePtr certificate(X509_new());
  if (!certificate) return nullptr;
  std::array<unsigned char, 16> serial{};
  if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return nullptr;
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3FU) | 0x40U);  // positive, fixed length
  BIGNUM* number = BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
  BN_free(number);
  time_t from = std::chrono::system_clock::to_time_t(now);
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_time_adj_ex(X509_getm_notBefore(certificate.get()), 0, -60, &from);
  X509_time_adj_ex(X509_getm_notAfter(certificate.get()), 0, kYearSeconds, &from);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const auto* common_name = reinterpret_cast<const unsigned char*>("Stillroom self-made");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  const bool whole =
      add_extension(certificate.get(), NID_subject_alt_name, alternative_names(hosts)) &&
      add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(certificate.get(), NID_ext_key_usage, "serverAuth") &&
      X509_sign(certificate.get(), key, EVP_sha256()) > 0;
  return whole ? std::move(certificate) : nullptr;
}

int choose_http1(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_length,
                 const unsigned char* offered, unsigned int offered_length, void* /*argument*/) {
  static constexpr std::string_view kHttp1 = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_length,
                                          reinterpret_cast<const unsigned char*>(kHttp1.data()),
                                          kHttp1.size(), offered, offered_length);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

TlsScratch::TlsScratch()
    : read(kReadBytes), plain(kReadBytes + kRecordBytes), bio(BIO_new(scratch_method())) {
  if (bio == nullptr) std::abort();
  BIO_set_data(bio, this);
}

TlsScratch::~TlsScratch() {
  BIO_free(bio);
}

void SslFree::operator()(ssl_st* ssl) const {
  SSL_free(ssl);
}
void TlsContext::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

TlsContext::TlsContext(std::unique_ptr<ssl_ctx_st, Free> context) : context_(std::move(context)) {}
TlsContext::~TlsContext() = default;

Result<TlsContext, std::string> TlsContext::with_policy() {
  std::unique_ptr<ssl_ctx_st, Free> context(SSL_CTX_new(TLS_server_method()));
  if (!context) return fail(last_error("TLS cannot start"));
  SSL_CTX* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // Memory per connection: buffers only while a record is under way.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_clear_mode(raw, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(raw, 1);
  SSL_CTX_set_alpn_select_cb(raw, choose_http1, nullptr);
  const bool suites =
      SSL_CTX_set_cipher_list(raw,
                              "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
                              "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
                              "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305") == 1 &&
      SSL_CTX_set1_groups_list(raw, "X25519:P-256:P-384") == 1;
  if (!suites) return fail(last_error("TLS policy was refused by OpenSSL"));
  return TlsContext(std::move(context));
}

Result<TlsContext, std::string> TlsContext::from_files(const std::string& certificate,
                                                       const std::string& key) {
  auto made = with_policy();
  if (!made) return made;
  SSL_CTX* const raw = made->context_.get();
  if (SSL_CTX_use_certificate_chain_file(raw, certificate.c_str()) != 1) {
    return fail(last_error("tls.certificate cannot be used"));
  }
  if (SSL_CTX_use_PrivateKey_file(raw, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(raw) != 1) {
    return fail(last_error("tls.key cannot be used"));
  }
  return made;
}

Result<TlsContext, std::string> TlsContext::self_made(const std::vector<std::string>& hosts,
                                                      WallTime now) {
  auto made = with_policy();
  if (!made) return made;
  const KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) return fail(last_error("no key could be made"));
  const CertificatePtr certificate = make_certificate(key.get(), hosts, now);
  if (!certificate || SSL_CTX_use_certificate(made->context_.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(made->context_.get(), key.get()) != 1) {
    return fail(last_error("no certificate could be made"));
  }
  return made;
}

SslPtr TlsContext::accept(TlsScratch& scratch) const {
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl) return ssl;
  rebind(*ssl, scratch);
  SSL_set_accept_state(ssl.get());
  return ssl;
}

void rebind(ssl_st& ssl, TlsScratch& scratch) {
  BIO_up_ref(scratch.bio);
  SSL_set_bio(&ssl, scratch.bio, scratch.bio);  // one reference serves both directions
}

}  // namespace stillroom::net
