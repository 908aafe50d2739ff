// SPDX-License-Identifier: Apache-2.0
#include "crypto/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <cstdint>
#include <string>
#include <tuple>

#include "base/encoding.hpp"

namespace stillroom::crypto {
namespace {

constexpr std::size_t kCurveBytes = 32;
constexpr std::size_t kRsaExponentBytesMax = 4;

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using BignumPtr = std::unique_ptr<BIGNUM, Free<BN_free>>;
using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>>;
using ParamsPtr = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>>;
using ContextPtr = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using MdContextPtr = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using SignaturePtr = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;

const unsigned char* bytes(std::string_view text) {
  return as_bytes(text).data();
}

BignumPtr number(std::string_view big_endian) {
  return BignumPtr(BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

EVP_PKEY* from_params(const char* type, OSSL_PARAM_BLD* builder) {
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder));
  const ContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return key;
}

/// What OpenSSL wrote to its error queue about an untrusted input is of no use to the next caller.
struct QuietErrors {
  QuietErrors() = default;
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
  ~QuietErrors() { ERR_clear_error(); }
};

enum class Padding : std::uint8_t { none, pss };

bool verify(EVP_PKEY* key, const EVP_MD* md, Padding padding, std::string_view message,
            std::string_view signature) {
  const QuietErrors quiet;
  const MdContextPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (!context || EVP_DigestVerifyInit(context.get(), &parameters, md, nullptr, key) != 1) {
    return false;
  }
  if (padding == Padding::pss &&
      (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message),
                          message.size()) == 1;
}

/// R and S -> the DER sequence that OpenSSL reads.
std::string to_der(std::string_view signature) {
  const SignaturePtr pair(ECDSA_SIG_new());
  BignumPtr r = number(signature.substr(0, kCurveBytes));
  BignumPtr s = number(signature.substr(kCurveBytes));
  if (!pair || !r || !s || ECDSA_SIG_set0(pair.get(), r.get(), s.get()) != 1) return {};
  std::ignore = r.release();  // theirs now
  std::ignore = s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return {};
  std::string out(as_text({der, static_cast<std::size_t>(size)}));
  OPENSSL_free(der);
  return out;
}

}  // namespace

std::optional<PublicKey> PublicKey::checked(evp_pkey_st* key) {
  if (key == nullptr) return std::nullopt;
  const Pkey owned(key, EVP_PKEY_free);
  const ContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context || EVP_PKEY_public_check(context.get()) != 1) return std::nullopt;
  return PublicKey(owned);
}

std::optional<PublicKey> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
  const QuietErrors quiet;
  if (modulus.empty() || modulus.size() > kRsaBitsMax / 8 || modulus.front() == '\0') {
    return std::nullopt;
  }
  if (exponent.empty() || exponent.size() > kRsaExponentBytesMax) return std::nullopt;
  const BignumPtr n = number(modulus);
  const BignumPtr e = number(exponent);
  if (!n || !e || BN_num_bits(n.get()) < static_cast<int>(kRsaBitsMin)) return std::nullopt;
  if (!BN_is_odd(n.get()) || !BN_is_odd(e.get()) || BN_is_one(e.get())) return std::nullopt;
  const BuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return std::nullopt;
  }
  return checked(from_params("RSA", builder.get()));
}

std::optional<PublicKey> PublicKey::p256(std::string_view x, std::string_view y) {
  const QuietErrors quiet;
  if (x.size() != kCurveBytes || y.size() != kCurveBytes) return std::nullopt;
  std::string point("\x04");  // uncompressed, SEC 1 §2.3.3
  point.append(x).append(y);
  const BuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return std::nullopt;
  }
  return checked(from_params("EC", builder.get()));
}

std::optional<PublicKey> PublicKey::ed25519(std::string_view x) {
  const QuietErrors quiet;
  if (x.size() != kCurveBytes) return std::nullopt;
  EVP_PKEY* key = EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, bytes(x), x.size());
  if (key == nullptr) return std::nullopt;
  return PublicKey(Pkey(key, EVP_PKEY_free));
}

bool PublicKey::is(const char* type) const {
  return EVP_PKEY_is_a(key_.get(), type) == 1;
}

bool PublicKey::verifies_rs256(std::string_view message, std::string_view signature) const {
  return is("RSA") && verify(key_.get(), EVP_sha256(), Padding::none, message, signature);
}

bool PublicKey::verifies_ps256(std::string_view message, std::string_view signature) const {
  return is("RSA") && verify(key_.get(), EVP_sha256(), Padding::pss, message, signature);
}

bool PublicKey::verifies_es256(std::string_view message, std::string_view signature) const {
  if (!is("EC") || signature.size() != 2 * kCurveBytes) return false;
  const std::string der = to_der(signature);
  return !der.empty() && verify(key_.get(), EVP_sha256(), Padding::none, message, der);
}

bool PublicKey::verifies_ed25519(std::string_view message, std::string_view signature) const {
  return is("ED25519") && verify(key_.get(), nullptr, Padding::none, message, signature);
}

}  // namespace stillroom::crypto
