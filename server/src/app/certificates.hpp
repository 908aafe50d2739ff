// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/certificate.hpp"
#include "net/staple.hpp"
#include "net/tls.hpp"
#include "telemetry/logger.hpp"
#include "telemetry/metrics.hpp"

namespace stillroom::app {

struct CertificateFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path ocsp;  ///< empty: none. The file may come later
};

/// The server's certificate, taken up anew when its files change: renamed over, written in place,
/// or behind a link that leads elsewhere now. What cannot be used changes nothing. One thread's.
class Certificates {
 public:
  using Use = std::function<void(const std::shared_ptr<const net::TlsContext>& tls)>;

  /// How often look() wants to be called. A change counts once it was there twice, so that a pair
  /// of files is not read between the writing of the two.
  static constexpr seconds kPulse{2};
  static constexpr std::chrono::days kWarnBefore{14};
  static constexpr std::chrono::hours kWarnEvery{24};

  Certificates(CertificateFiles files, const Clock& clock, telemetry::Logger& log,
               telemetry::WorkerMetrics& metrics);

  /// At start, first of all. A certificate out of its time is taken: nobody accepts it, and it may
  /// be renewed while we run. The error is a sentence for the operator.
  [[nodiscard]] Result<std::shared_ptr<const net::TlsContext>, std::string> open();
  /// What happens with each new one, on the thread that calls the next two.
  void on_change(Use use) { use_ = std::move(use); }
  /// Looks whether something has to be done, by the files or by time.
  void look();
  /// Reads the files at once.
  void reread();

 private:
  /// Whether a file is the one it was. Zeros: there is none.
  struct Stamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::array<std::int64_t, 4> times{};  ///< of its content, of its state
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  struct Stamps {
    std::array<Stamp, 2> pair;
    Stamp ocsp;
    friend bool operator==(const Stamps&, const Stamps&) = default;
  };

  [[nodiscard]] static Stamp stamp_of(const std::filesystem::path& path);
  [[nodiscard]] Stamps stamps() const;
  [[nodiscard]] Result<net::Certificate, net::CertificateTrouble> read_pair() const;
  [[nodiscard]] std::optional<net::Staple> read_staple(const net::Certificate& certificate,
                                                       WallTime now);
  [[nodiscard]] std::optional<net::Staple> old_staple(const net::Certificate& certificate,
                                                      WallTime now) const;
  void take(net::Certificate certificate);
  void take(std::optional<net::Staple> staple);
  void note(WallTime now);
  void warn_of_end(WallTime now);

  const CertificateFiles files_;
  const Clock& clock_;
  telemetry::Logger& log_;
  telemetry::WorkerMetrics& metrics_;
  Use use_;
  std::optional<net::Certificate> certificate_;  ///< after open() there is one
  std::optional<net::Staple> staple_;
  Stamps read_;  ///< of the files when they were last read, for good or bad
  Stamps seen_;
  std::optional<MonoTime> warned_;
};

}  // namespace stillroom::app
