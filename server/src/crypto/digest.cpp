// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "base/invariant.hpp"
#include "base/secret.hpp"

namespace stillroom::crypto {
namespace {

/// A digest that fails has nothing to say about its input: memory is gone or the provider is
/// broken.
constexpr const char* kDigestWorks = "OpenSSL computes a digest";

struct FreeMd {
  void operator()(EVP_MD* md) const { EVP_MD_free(md); }
};
struct FreeMdContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
};
struct FreeMacContext {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MdPtr = std::unique_ptr<EVP_MD, FreeMd>;
using MdContextPtr = std::unique_ptr<EVP_MD_CTX, FreeMdContext>;
using MacPtr = std::unique_ptr<EVP_MAC, FreeMac>;
using MacContextPtr = std::unique_ptr<EVP_MAC_CTX, FreeMacContext>;

/// Fetched once: a fetch searches the providers under a lock.
struct Algorithms {
  MdPtr sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  MdPtr sha1{EVP_MD_fetch(nullptr, "SHA1", nullptr)};
  MacPtr hmac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
};

const Algorithms& algorithms() {
  static const Algorithms kAlgorithms;
  ensure(kAlgorithms.sha256 && kAlgorithms.sha1 && kAlgorithms.hmac,
         "OpenSSL has SHA-256, SHA-1 and HMAC");
  return kAlgorithms;
}

template <class Digest>
Digest digest_of(const EVP_MD* md, std::string_view data) {
  // One for each thread and algorithm, taken up again: a new one is a handful of allocations.
  thread_local const MdContextPtr context(EVP_MD_CTX_new());
  Digest digest{};
  unsigned written = 0;
  const bool done = EVP_DigestInit_ex2(context.get(), md, nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), digest.data(), &written) == 1;
  ensure(done && written == digest.size(), kDigestWorks);
  return digest;
}

MacContextPtr keyed_hmac(const char* md_name, std::string_view key) {
  MacContextPtr context(EVP_MAC_CTX_new(algorithms().hmac.get()));
  ensure(context != nullptr, kDigestWorks);
  // The parameter takes a mutable pointer and only reads.
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(md_name), 0),
      OSSL_PARAM_construct_end()};
  // A null key means "keep the old one": an empty key needs an address all the same.
  static constexpr unsigned char kEmpty = 0;
  const auto* key_bytes =
      key.empty() ? &kEmpty : reinterpret_cast<const unsigned char*>(key.data());
  ensure(EVP_MAC_init(context.get(), key_bytes, key.size(), params) == 1, kDigestWorks);
  return context;
}

template <class Digest>
Digest finish_hmac(EVP_MAC_CTX* context, std::string_view data) {
  ensure(EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(data.data()),
                        data.size()) == 1,
         kDigestWorks);
  Digest digest{};
  std::size_t written = 0;
  const int done = EVP_MAC_final(context, digest.data(), &written, digest.size());
  ensure(done == 1 && written == digest.size(), kDigestWorks);
  return digest;
}

void draw(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::size_t part =
        std::min(out.size(), static_cast<std::size_t>(std::numeric_limits<int>::max()));
    ensure(RAND_bytes(out.data(), static_cast<int>(part)) == 1, "the system has random bytes");
    out = out.subspan(part);
  }
}

/// Random bytes of one thread that nobody has had yet: one draw from OpenSSL costs the same for an
/// id as for hundreds of bytes. What is handed out is gone from here.
class RandomBlock {
 public:
  static constexpr std::size_t kBytes = 512;

  RandomBlock() = default;
  ~RandomBlock() { wipe(bytes_.data(), bytes_.size()); }
  RandomBlock(const RandomBlock&) = delete;
  RandomBlock& operator=(const RandomBlock&) = delete;

  void take(std::span<std::uint8_t> out) {
    if (left_ < out.size()) {
      draw(bytes_);
      left_ = kBytes;
    }
    left_ -= out.size();
    std::copy_n(bytes_.begin() + left_, out.size(), out.begin());
    wipe(bytes_.data() + left_, out.size());
  }

 private:
  std::array<std::uint8_t, kBytes> bytes_{};
  std::size_t left_ = 0;
};

class SystemRng final : public Rng {
 public:
  void fill(std::span<std::uint8_t> out) override {
    static constexpr std::size_t kIdBytes = 24;  // and less; keys are drawn by themselves
    thread_local RandomBlock block;
    if (out.size() <= kIdBytes) return block.take(out);
    draw(out);
  }
};

}  // namespace

Sha256 sha256(std::string_view data) {
  return digest_of<Sha256>(algorithms().sha256.get(), data);
}

Sha1 sha1(std::string_view data) {
  return digest_of<Sha1>(algorithms().sha1.get(), data);
}

Sha256 hmac_sha256(std::string_view key, std::string_view data) {
  return finish_hmac<Sha256>(keyed_hmac("SHA256", key).get(), data);
}

Sha1 hmac_sha1(std::string_view key, std::string_view data) {
  return finish_hmac<Sha1>(keyed_hmac("SHA1", key).get(), data);
}

struct HmacSha256::State {
  MacContextPtr context;
};

HmacSha256::HmacSha256(std::string_view key)
    : state_(std::make_unique<State>(keyed_hmac("SHA256", key))) {}
HmacSha256::~HmacSha256() = default;

Sha256 HmacSha256::of(std::string_view data) {
  // Without a key the one it has is taken up again.
  ensure(EVP_MAC_init(state_->context.get(), nullptr, 0, nullptr) == 1, kDigestWorks);
  return finish_hmac<Sha256>(state_->context.get(), data);
}

bool equal_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Rng& system_rng() {
  static SystemRng rng;  // what state there is, ours and OpenSSL's, is of each thread
  return rng;
}

}  // namespace stillroom::crypto
