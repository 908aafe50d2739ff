// SPDX-License-Identifier: Apache-2.0
#include "app/certificates.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/secret.hpp"

namespace stillroom::app {
namespace {

using net::Certificate;
using net::CertificateTrouble;
using net::Staple;
using net::StapleTrouble;
using net::TlsContext;

constexpr std::size_t kTlsFileBytesMax = 65'536;

enum class ReadTrouble : std::uint8_t { absent, unreadable };

/// A regular file of a bounded size; never waits. As a secret, since one of them is.
Result<SecretText, ReadTrouble> read_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return fail(errno == ENOENT ? ReadTrouble::absent : ReadTrouble::unreadable);
  struct stat state{};
  std::string text(kTlsFileBytesMax + 1, '\0');
  std::size_t bytes = 0;
  ssize_t got = ::fstat(fd, &state) == 0 && S_ISREG(state.st_mode) ? 1 : -1;
  while (got > 0 && bytes < text.size()) {
    got = ::read(fd, text.data() + bytes, text.size() - bytes);
    if (got > 0) bytes += static_cast<std::size_t>(got);
  }
  ::close(fd);
  const bool whole = got == 0 && bytes <= kTlsFileBytesMax;
  text.resize(whole ? bytes : 0);
  SecretText secret(std::move(text));
  if (!whole) return fail(ReadTrouble::unreadable);
  return secret;
}

std::int64_t days_between(WallTime now, WallTime end) {
  return std::chrono::floor<std::chrono::days>(end - now).count();
}

}  // namespace

Certificates::Certificates(CertificateFiles files, const Clock& clock, telemetry::Logger& log,
                           telemetry::WorkerMetrics& metrics)
    : files_(std::move(files)), clock_(clock), log_(log), metrics_(metrics) {}

Certificates::Stamp Certificates::stamp_of(const std::filesystem::path& path) {
  struct stat state{};
  if (path.empty() || ::stat(path.c_str(), &state) != 0) return {};
  // The state changes with the rights too: what could not be read may be readable now.
  return {
      state.st_dev,
      state.st_ino,
      state.st_size,
      {state.st_mtim.tv_sec, state.st_mtim.tv_nsec, state.st_ctim.tv_sec, state.st_ctim.tv_nsec}};
}

Certificates::Stamps Certificates::stamps() const {
  return {{stamp_of(files_.certificate), stamp_of(files_.key)}, stamp_of(files_.ocsp)};
}

Result<Certificate, CertificateTrouble> Certificates::read_pair() const {
  const auto chain = read_file(files_.certificate);
  if (!chain) return fail(CertificateTrouble::certificate_unreadable);
  const auto key = read_file(files_.key);
  if (!key) return fail(CertificateTrouble::key_unreadable);
  return Certificate::from_pem(chain->reveal(), key->reveal());
}

std::optional<Staple> Certificates::old_staple(const Certificate& certificate, WallTime now) const {
  if (!staple_) return std::nullopt;
  auto still = Staple::from_der(staple_->der(), certificate, now);
  if (!still) return std::nullopt;
  return *std::move(still);
}

/// A file that is gone takes its response along; one that is bad does not.
std::optional<Staple> Certificates::read_staple(const Certificate& certificate, WallTime now) {
  if (files_.ocsp.empty()) return std::nullopt;
  const auto text = read_file(files_.ocsp);
  if (!text && text.error() == ReadTrouble::absent) return std::nullopt;
  auto made = text ? Staple::from_der(text->reveal(), certificate, now)
                   : Result<Staple, StapleTrouble>(fail(StapleTrouble::unreadable));
  if (made) return *std::move(made);
  auto old = old_staple(certificate, now);
  log_.warning("tls_ocsp_not_read", {{"reason", made.error()}, {"old_stays", old.has_value()}});
  return old;
}

Result<std::shared_ptr<const TlsContext>, std::string> Certificates::open() {
  const WallTime now = clock_.wall_now();
  read_ = seen_ = stamps();
  auto pair = read_pair();
  if (!pair) return fail(net::sentence(pair.error()));
  auto staple = read_staple(*pair, now);
  auto made = TlsContext::make(*pair, staple ? &*staple : nullptr);
  if (!made) return fail(made.error());
  certificate_ = *std::move(pair);
  staple_ = std::move(staple);
  note(now);
  return std::make_shared<const TlsContext>(*std::move(made));
}

void Certificates::look() {
  const WallTime now = clock_.wall_now();
  const Stamps current = stamps();
  const bool rests = current == seen_;
  seen_ = current;
  if (rests && current.pair != read_.pair) {
    reread();
  } else if (rests && current.ocsp != read_.ocsp) {
    read_.ocsp = current.ocsp;
    take(read_staple(*certificate_, now));
  }
  if (staple_ && now >= staple_->valid_until()) {
    log_.warning("tls_ocsp_dropped");
    take(std::nullopt);
  }
  warn_of_end(now);
}

void Certificates::reread() {
  read_ = seen_ = stamps();  // before they are read: what is written meanwhile is a change
  const WallTime now = clock_.wall_now();
  auto pair = read_pair();
  if (pair) {
    if (const auto timely = pair->check_time(now); !timely) pair = fail(timely.error());
  }
  if (pair) return take(*std::move(pair));
  log_.warning("tls_certificate_not_read", {{"reason", pair.error()}, {"old_stays", true}});
  take(read_staple(*certificate_, now));
}

void Certificates::take(Certificate certificate) {
  const WallTime now = clock_.wall_now();
  auto staple = read_staple(certificate, now);
  auto made = TlsContext::make(certificate, staple ? &*staple : nullptr);
  if (!made) {
    log_.warning("tls_certificate_not_read",
                 {{"reason", CertificateTrouble::too_weak}, {"old_stays", true}});
    return;
  }
  certificate_ = std::move(certificate);
  staple_ = std::move(staple);
  note(now);
  use_(std::make_shared<const TlsContext>(*std::move(made)));
}

void Certificates::take(std::optional<Staple> staple) {
  const bool same =
      staple_.has_value() == staple.has_value() && (!staple || staple->der() == staple_->der());
  if (same) return;
  auto made = TlsContext::make(*certificate_, staple ? &*staple : nullptr);
  if (!made) return log_.warning("tls_ocsp_not_used");
  staple_ = std::move(staple);
  if (staple_) log_.info("tls_ocsp_read");
  use_(std::make_shared<const TlsContext>(*std::move(made)));
}

void Certificates::note(WallTime now) {
  const WallTime end = certificate_->valid_until();
  metrics_.set(telemetry::Gauge::tls_certificate_expires,
               std::chrono::floor<seconds>(end).time_since_epoch().count());
  log_.info("tls_certificate_read",
            {{"days_left", days_between(now, end)}, {"stapled", staple_.has_value()}});
  warned_.reset();
  warn_of_end(now);
}

void Certificates::warn_of_end(WallTime now) {
  const WallTime end = certificate_->valid_until();
  const MonoTime at = clock_.mono_now();
  if (end - now >= kWarnBefore || (warned_ && at - *warned_ < kWarnEvery)) return;
  warned_ = at;
  if (now >= end) return log_.error("tls_certificate_expired");
  log_.warning("tls_certificate_expires_soon", {{"days_left", days_between(now, end)}});
}

}  // namespace stillroom::app
