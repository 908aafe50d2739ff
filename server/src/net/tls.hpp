// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "net/certificate.hpp"
#include "net/staple.hpp"

struct bio_st;      // NOLINT(readability-identifier-naming): OpenSSL's name
struct ssl_ctx_st;  // NOLINT(readability-identifier-naming): OpenSSL's name
struct ssl_st;      // NOLINT(readability-identifier-naming): OpenSSL's name

namespace stillroom::net {

/// Buffers that every connection of one thread shares, and the one BIO behind all of its TLS
/// objects: ciphertext in and out passes through here, so that an idle connection keeps none.
struct TlsScratch {
  static constexpr std::size_t kReadBytes = 65'536;
  /// One record may have been waiting inside the TLS object for its last bytes.
  static constexpr std::size_t kRecordBytes = 18'432;

  TlsScratch();
  ~TlsScratch();
  TlsScratch(const TlsScratch&) = delete;
  TlsScratch& operator=(const TlsScratch&) = delete;

  std::vector<char> read;      ///< what recv() filled
  std::vector<char> plain;     ///< what SSL_read() made of it
  std::string_view cipher_in;  ///< not yet consumed by the TLS object being served
  std::string cipher_out;      ///< produced by the TLS object being served
  bio_st* bio = nullptr;
};

struct SslFree {
  void operator()(ssl_st* ssl) const;
};
using SslPtr = std::unique_ptr<ssl_st, SslFree>;

/// The server's certificate and protocol policy: TLS 1.3, and 1.2 with ECDHE and AEAD only; no
/// renegotiation, compression, early data or taking up of sessions (RFC 9325).
class TlsContext {
 public:
  /// `staple` may be null. The error is a sentence for the operator.
  [[nodiscard]] static Result<TlsContext, std::string> make(const Certificate& certificate,
                                                            const Staple* staple = nullptr);

  TlsContext(TlsContext&&) noexcept = default;
  TlsContext& operator=(TlsContext&&) noexcept = default;
  ~TlsContext();

  /// A server-side TLS object over the thread's BIO. It may outlive this.
  [[nodiscard]] SslPtr accept(TlsScratch& scratch) const;

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  explicit TlsContext(std::unique_ptr<ssl_ctx_st, Free> context);
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

/// The TLS object now belongs to another thread: it gets that thread's BIO.
void rebind(ssl_st& ssl, TlsScratch& scratch);

}  // namespace stillroom::net
