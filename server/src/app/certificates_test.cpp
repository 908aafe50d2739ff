// SPDX-License-Identifier: Apache-2.0
#include "app/certificates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "testing/authority.hpp"
#include "testing/manual_clock.hpp"
#include "testing/scratch_folder.hpp"

namespace stillroom::app {
namespace {

using std::chrono::days;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Authority = stillroom::testing::Authority;

/// `event`, or `event reason`.
class ShortLogger final : public telemetry::Logger {
 public:
  void write(telemetry::Severity /*severity*/, telemetry::Literal event,
             std::span<const telemetry::Field> fields) override {
    std::string line(event.text());
    for (const telemetry::Field& field : fields) {
      const auto* const word = std::get_if<telemetry::Literal>(&field.value());
      if (word != nullptr) line.append(" ").append(word->text());
    }
    lines_.push_back(std::move(line));
  }
  [[nodiscard]] std::vector<std::string> take() { return std::exchange(lines_, {}); }

 private:
  std::vector<std::string> lines_;
};

class CertificatesTest : public ::testing::Test {
 protected:
  CertificatesTest() {
    certificates_.on_change([this](const auto& tls) { changes_ += tls ? 1 : 0; });
  }

  [[nodiscard]] std::filesystem::path file(std::string_view name) const {
    return folder_.path() / name;
  }
  void write(std::string_view name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
  }
  /// As renewing programs do: written beside it, then in its place.
  void replace(std::string_view name, const std::string& text) const {
    write("new", text);
    std::filesystem::rename(file("new"), file(name));
  }
  void replace_pair(const Authority::Issued& issued) const {
    replace("chain.pem", issued.chain_pem);
    replace("key.pem", issued.key_pem);
  }
  void open(const Authority::Issued& issued) {
    replace_pair(issued);
    ASSERT_TRUE(certificates_.open().ok());
    EXPECT_EQ(log_.take().front(), "tls_certificate_read");
  }
  void pulse(int times = 1) {
    for (int i = 0; i < times; ++i) {
      clock_.advance(Certificates::kPulse);
      certificates_.look();
    }
  }
  [[nodiscard]] int changes() { return std::exchange(changes_, 0); }
  [[nodiscard]] std::int64_t gauge() const {
    return metrics_.get(telemetry::Gauge::tls_certificate_expires);
  }
  static std::int64_t in_seconds(WallTime time) {
    return std::chrono::floor<seconds>(time).time_since_epoch().count();
  }

  stillroom::testing::ScratchFolder folder_;
  stillroom::testing::ManualClock clock_;
  const WallTime now_ = clock_.wall_now();
  Authority authority_{now_};
  const Authority::Issued first_ = authority_.issue(now_ - days(1), now_ + days(60));
  const Authority::Issued second_ = authority_.issue(now_ - days(1), now_ + days(90));
  ShortLogger log_;
  telemetry::WorkerMetrics metrics_;
  int changes_ = 0;
  Certificates certificates_{
      {file("chain.pem"), file("key.pem"), file("ocsp.der")}, clock_, log_, metrics_};
};

TEST_F(CertificatesTest, files_that_stay_change_nothing) {
  open(first_);
  EXPECT_EQ(gauge(), in_seconds(now_ + days(60)));
  pulse(100);
  EXPECT_EQ(changes(), 0);
  EXPECT_THAT(log_.take(), IsEmpty());
}

TEST_F(CertificatesTest, a_new_pair_is_taken_once_it_rests) {
  open(first_);
  replace_pair(second_);
  pulse();
  EXPECT_EQ(changes(), 0) << "the next file may be under way";
  pulse();
  EXPECT_EQ(changes(), 1);
  EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_read"));
  EXPECT_EQ(gauge(), in_seconds(now_ + days(90)));
  pulse(10);
  EXPECT_EQ(changes(), 0);
}

TEST_F(CertificatesTest, a_pair_that_comes_in_two_steps_is_not_read_between_them) {
  open(first_);
  replace("chain.pem", second_.chain_pem);
  pulse();
  replace("key.pem", second_.key_pem);
  pulse();
  pulse();
  EXPECT_EQ(changes(), 1);
  EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_read"));
}

TEST_F(CertificatesTest, written_in_place_and_behind_a_changed_link) {
  open(first_);
  write("chain.pem", second_.chain_pem);
  write("key.pem", second_.key_pem);
  pulse(2);
  EXPECT_EQ(changes(), 1);
  // With the old times, as copying programs can: the state of the file tells.
  const auto time = std::filesystem::last_write_time(file("chain.pem"));
  write("chain.pem", second_.chain_pem);
  std::filesystem::last_write_time(file("chain.pem"), time);
  pulse(2);
  EXPECT_EQ(changes(), 1);
  // As mounted secrets are: the files are links into a folder behind a link that is replaced.
  for (const auto& [name, issued] : {std::pair{"one", &first_}, std::pair{"two", &second_}}) {
    std::filesystem::create_directory(file(name));
    write(std::string(name) + "/chain.pem", issued->chain_pem);
    write(std::string(name) + "/key.pem", issued->key_pem);
  }
  std::filesystem::create_directory_symlink("one", file("data"));
  for (const char* const name : {"chain.pem", "key.pem"}) {
    std::filesystem::remove(file(name));
    std::filesystem::create_symlink(std::filesystem::path("data") / name, file(name));
  }
  pulse(2);
  EXPECT_EQ(changes(), 1);
  EXPECT_EQ(gauge(), in_seconds(now_ + days(60)));
  std::filesystem::create_directory_symlink("two", file("later"));
  std::filesystem::rename(file("later"), file("data"));
  pulse(2);
  EXPECT_EQ(changes(), 1);
  EXPECT_EQ(gauge(), in_seconds(now_ + days(90)));
}

TEST_F(CertificatesTest, what_cannot_be_used_leaves_the_old_pair_and_is_told_once) {
  open(first_);
  const Authority::Issued late = authority_.issue(now_ - days(9), now_ - days(1));
  const Authority::Issued early = authority_.issue(now_ + days(1), now_ + days(9));
  const Authority::Issued weak = authority_.issue_weak(now_ - days(1), now_ + days(90));
  const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> bad = {
      {"certificate_malformed", {"nothing", second_.key_pem}},
      {"certificate_malformed", {std::string(70'000, 'x'), second_.key_pem}},
      {"key_malformed", {second_.chain_pem, "nothing"}},
      {"key_malformed", {second_.chain_pem, Authority::key_pem(second_.key, "secret")}},
      {"key_of_another", {second_.chain_pem, first_.key_pem}},
      {"expired", {late.chain_pem, late.key_pem}},
      {"not_yet_valid", {early.chain_pem, early.key_pem}},
      {"too_weak", {weak.chain_pem, weak.key_pem}},
  };
  for (const auto& [reason, texts] : bad) {
    replace("chain.pem", texts.first);
    replace("key.pem", texts.second);
    pulse(5);
    EXPECT_EQ(changes(), 0) << reason;
    const std::string why = texts.first.size() > 65'536 ? "certificate_unreadable" : reason;
    EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_not_read " + why));
  }
  EXPECT_EQ(gauge(), in_seconds(now_ + days(60)));
  replace_pair(second_);
  pulse(2);
  EXPECT_EQ(changes(), 1);
}

TEST_F(CertificatesTest, files_that_are_gone_or_no_files_leave_the_old_pair) {
  open(first_);
  std::filesystem::remove(file("key.pem"));
  pulse(3);
  std::filesystem::remove(file("chain.pem"));
  std::filesystem::create_directory(file("chain.pem"));
  pulse(3);
  EXPECT_EQ(changes(), 0);
  EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_not_read key_unreadable",
                                       "tls_certificate_not_read certificate_unreadable"));
}

TEST_F(CertificatesTest, asked_for_it_reads_at_once) {
  open(first_);
  replace_pair(second_);
  certificates_.reread();
  EXPECT_EQ(changes(), 1);
  pulse(5);
  EXPECT_EQ(changes(), 0);
}

TEST_F(CertificatesTest, the_start_says_what_is_wrong) {
  EXPECT_EQ(certificates_.open().error(), "tls.certificate cannot be read");
  replace("chain.pem", first_.chain_pem);
  EXPECT_EQ(certificates_.open().error(), "tls.key cannot be read");
  replace("key.pem", second_.key_pem);
  EXPECT_EQ(certificates_.open().error(), "tls.key is not the key of tls.certificate");
}

TEST_F(CertificatesTest, two_weeks_before_its_end_it_warns_each_day) {
  replace_pair(authority_.issue(now_ - days(1), now_ + days(14) + hours(1)));
  ASSERT_TRUE(certificates_.open().ok());
  EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_read"));
  clock_.advance(hours(1));
  pulse(3);
  EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_expires_soon"));
  clock_.advance(hours(23));
  pulse();
  EXPECT_THAT(log_.take(), IsEmpty());
  clock_.advance(hours(1));
  pulse(3);
  EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_expires_soon"));
  clock_.advance(days(13));
  pulse(3);
  EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_expired"));
}

TEST_F(CertificatesTest, a_start_near_the_end_and_after_it_warns_at_once) {
  replace_pair(authority_.issue(now_ - days(1), now_ + days(2)));
  ASSERT_TRUE(certificates_.open().ok());
  EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_read", "tls_certificate_expires_soon"));
  replace_pair(authority_.issue(now_ - days(9), now_ - days(1)));
  ASSERT_TRUE(certificates_.open().ok());
  EXPECT_THAT(log_.take(), ElementsAre("tls_certificate_read", "tls_certificate_expired"));
}

TEST_F(CertificatesTest, an_ocsp_response_comes_goes_and_ends) {
  open(first_);
  replace("ocsp.der", authority_.word(first_, {now_ - hours(1), now_ + hours(1)}));
  pulse(2);
  EXPECT_EQ(changes(), 1);
  EXPECT_THAT(log_.take(), ElementsAre("tls_ocsp_read"));

  replace("ocsp.der", authority_.word(second_, {now_ - hours(1), now_ + hours(2)}));
  pulse(5);
  EXPECT_EQ(changes(), 0) << "the old one stays";
  EXPECT_THAT(log_.take(), ElementsAre("tls_ocsp_not_read of_another"));

  clock_.advance(hours(1));
  pulse(5);
  EXPECT_EQ(changes(), 1);
  EXPECT_THAT(log_.take(), ElementsAre("tls_ocsp_dropped"));

  replace("ocsp.der", authority_.word(first_, {clock_.wall_now(), clock_.wall_now() + hours(9)}));
  pulse(2);
  EXPECT_EQ(changes(), 1);
  EXPECT_THAT(log_.take(), ElementsAre("tls_ocsp_read"));
  std::filesystem::remove(file("ocsp.der"));
  pulse(2);
  EXPECT_EQ(changes(), 1) << "whoever takes the file away wants it gone";
}

TEST_F(CertificatesTest, a_response_about_the_old_certificate_goes_with_it) {
  replace("ocsp.der", authority_.word(first_, {now_ - hours(1), now_ + days(1)}));
  open(first_);
  replace_pair(second_);
  pulse(2);
  EXPECT_EQ(changes(), 1);
  EXPECT_THAT(log_.take(), ElementsAre("tls_ocsp_not_read of_another", "tls_certificate_read"));
  clock_.advance(days(2));
  pulse(2);
  EXPECT_EQ(changes(), 0) << "there is none to drop";
}

}  // namespace
}  // namespace stillroom::app
