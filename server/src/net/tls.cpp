// SPDX-License-Identifier: Apache-2.0
#include "net/tls.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "net/openssl_values.hpp"

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

// ---- policy (RFC 9325): all of it stands here
// ------------------------------------------------------------------------

/// 112 bits, RSA of 2048, no SHA-1 anywhere, whatever the system's openssl.cnf says.
constexpr int kSecurityLevel = 2;
constexpr const char* kSuites13 =
    "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
/// Forward secret and authenticated, nothing else.
constexpr const char* kSuites12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr const char* kSignatures =
    "ecdsa_secp256r1_sha256:ecdsa_secp384r1_sha384:ecdsa_secp521r1_sha512:ed25519:"
    "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:"
    "rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512";

/// RFC 7301 §3.2: a client that offers other protocols only is refused; so nobody's answer is taken
/// for another protocol's.
int choose_http1(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_length,
                 const unsigned char* offered, unsigned int offered_length, void* /*argument*/) {
  static constexpr std::string_view kHttp1 = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_length,
                                          reinterpret_cast<const unsigned char*>(kHttp1.data()),
                                          kHttp1.size(), offered, offered_length);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void set_policy(SSL_CTX* context) {
  SSL_CTX_set_security_level(context, kSecurityLevel);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // No session is taken up again: a key of tickets would open what it sealed for as long as it
  // lives, and connections here are few and long. Nor can there be early data, which may be
  // replayed.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_max_early_data(context, 0);
  // Memory per connection: buffers only while a record is under way.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_alpn_select_cb(context, choose_http1, nullptr);
  // No callback for server names: one server, one certificate, and whoever asks for another name
  // gets this one and judges it. Which names are ours is asked of Host and Origin.
}

bool set_choices(SSL_CTX* context) {
  return SSL_CTX_set_ciphersuites(context, kSuites13) == 1 &&
         SSL_CTX_set_cipher_list(context, kSuites12) == 1 &&
         SSL_CTX_set1_groups_list(context, kGroups) == 1 &&
         SSL_CTX_set1_sigalgs_list(context, kSignatures) == 1;
}

// ---- stapling
// ---------------------------------------------------------------------------------------

/// Connections outlive the TlsContext they came from, so the response belongs to OpenSSL's object,
/// which lives as long as the last of them.
void free_response(void* /*parent*/, void* response, CRYPTO_EX_DATA* /*data*/, int /*index*/,
                   long /*number*/, void* /*argument*/) {
  delete static_cast<std::string*>(response);
}

int response_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, free_response);
  return index;
}

int staple_response(SSL* ssl, void* /*argument*/) {
  const auto* response =
      static_cast<const std::string*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), response_index()));
  if (response == nullptr) return SSL_TLSEXT_ERR_NOACK;
  void* const copy = OPENSSL_memdup(response->data(), response->size());
  if (copy == nullptr) return SSL_TLSEXT_ERR_NOACK;
  SSL_set_tlsext_status_ocsp_resp(ssl, copy, static_cast<long>(response->size()));
  return SSL_TLSEXT_ERR_OK;
}

bool set_staple(SSL_CTX* context, std::string_view der) {
  auto response = std::make_unique<std::string>(der);
  if (SSL_CTX_set_ex_data(context, response_index(), response.get()) != 1) return false;
  [[maybe_unused]] const std::string* of_the_context = response.release();
  SSL_CTX_set_tlsext_status_cb(context, staple_response);
  return true;
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

Result<TlsContext, std::string> TlsContext::make(const Certificate& certificate,
                                                 const Staple* staple) {
  std::unique_ptr<ssl_ctx_st, Free> context(SSL_CTX_new(TLS_server_method()));
  if (!context) return fail(last_error("TLS cannot start"));
  SSL_CTX* const raw = context.get();
  set_policy(raw);
  if (!set_choices(raw)) return fail(last_error("TLS policy was refused by OpenSSL"));
  bool taken = SSL_CTX_use_certificate(raw, certificate.leaf()) == 1;
  for (x509_st* const next : certificate.rest_of_chain()) {
    taken = taken && SSL_CTX_add1_chain_cert(raw, next) == 1;
  }
  if (!taken || SSL_CTX_use_PrivateKey(raw, certificate.key()) != 1) {
    return fail(last_error(sentence(CertificateTrouble::too_weak)));
  }
  if (staple != nullptr && !set_staple(raw, staple->der())) {
    return fail(last_error("no OCSP response can be stapled"));
  }
  return TlsContext(std::move(context));
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
