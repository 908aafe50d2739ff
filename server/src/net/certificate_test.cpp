// SPDX-License-Identifier: Apache-2.0
#include "net/certificate.hpp"

#include <gtest/gtest.h>

#include <string>

#include "net/staple.hpp"
#include "net/tls.hpp"
#include "testing/authority.hpp"
#include "testing/manual_clock.hpp"

namespace stillroom::net {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::Authority;

class CertificateTest : public ::testing::Test {
 protected:
  [[nodiscard]] static CertificateTrouble trouble(const std::string& chain,
                                                  const std::string& key) {
    const auto read = Certificate::from_pem(chain, key);
    EXPECT_FALSE(read.ok());
    return read.error();
  }
  [[nodiscard]] static Certificate whole(const Authority::Issued& issued) {
    auto read = Certificate::from_pem(issued.chain_pem, issued.key_pem);
    EXPECT_TRUE(read.ok());
    return *std::move(read);
  }
  [[nodiscard]] StapleTrouble misfit(const std::string& der, const Certificate& certificate) const {
    const auto read = Staple::from_der(der, certificate, now_);
    EXPECT_FALSE(read.ok());
    return read.error();
  }

  const WallTime now_ = testing::ManualClock().wall_now();
  Authority authority_{now_};
  const Authority::Issued own_ = authority_.issue(now_ - days(1), now_ + days(89));
  const Authority::Issued other_ = authority_.issue(now_ - days(1), now_ + days(89));
};

TEST_F(CertificateTest, a_pair_is_read_with_its_times_and_its_signer) {
  const Certificate read = whole(own_);
  EXPECT_EQ(read.valid_from(), now_ - days(1));
  EXPECT_EQ(read.valid_until(), now_ + days(89));
  EXPECT_NE(read.signer(), nullptr);
  EXPECT_EQ(read.rest_of_chain().size(), 1U);
  EXPECT_TRUE(TlsContext::make(read).ok());
  const auto alone = Certificate::from_pem(own_.leaf_pem, own_.key_pem);
  ASSERT_TRUE(alone.ok());
  EXPECT_EQ(alone->signer(), nullptr);
}

TEST_F(CertificateTest, each_way_to_be_wrong_has_a_name) {
  using enum CertificateTrouble;
  EXPECT_EQ(trouble("", own_.key_pem), certificate_malformed);
  EXPECT_EQ(trouble(own_.key_pem, own_.key_pem), certificate_malformed);
  EXPECT_EQ(trouble(own_.leaf_pem.substr(0, 300), own_.key_pem), certificate_malformed);
  const std::string half = own_.chain_pem.substr(0, own_.chain_pem.size() - 100);
  EXPECT_EQ(trouble(half, own_.key_pem), certificate_malformed);
  EXPECT_EQ(trouble(own_.chain_pem, ""), key_malformed);
  EXPECT_EQ(trouble(own_.chain_pem, own_.key_pem.substr(0, 100)), key_malformed);
  EXPECT_EQ(trouble(own_.chain_pem, Authority::key_pem(own_.key, "secret")), key_malformed);
  EXPECT_EQ(trouble(own_.chain_pem, other_.key_pem), key_of_another);
}

TEST_F(CertificateTest, a_chain_without_end_is_not_read) {
  std::string chain;
  for (std::size_t i = 0; i < Certificate::kChainCertificatesMax; ++i) chain += own_.leaf_pem;
  EXPECT_TRUE(Certificate::from_pem(chain, own_.key_pem).ok());
  EXPECT_EQ(trouble(chain + own_.leaf_pem, own_.key_pem),
            CertificateTrouble::certificate_malformed);
}

TEST_F(CertificateTest, it_has_a_first_and_a_last_moment) {
  const Certificate read = whole(own_);
  EXPECT_TRUE(read.check_time(now_).ok());
  EXPECT_TRUE(read.check_time(now_ - days(1)).ok());
  EXPECT_EQ(read.check_time(now_ - days(1) - milliseconds(1)).error(),
            CertificateTrouble::not_yet_valid);
  EXPECT_TRUE(read.check_time(now_ + days(89) - milliseconds(1)).ok());
  EXPECT_EQ(read.check_time(now_ + days(89)).error(), CertificateTrouble::expired);
}

TEST_F(CertificateTest, a_short_key_is_refused_by_the_policy) {
  const auto made = TlsContext::make(whole(authority_.issue_weak(now_, now_ + days(1))));
  ASSERT_FALSE(made.ok());
  EXPECT_TRUE(made.error().starts_with("tls.certificate is too weak")) << made.error();
}

TEST_F(CertificateTest, a_good_word_is_stapled_until_its_end) {
  const Certificate certificate = whole(own_);
  const std::string word = authority_.word(own_, {now_ - hours(1), now_ + days(3)});
  const auto staple = Staple::from_der(word, certificate, now_);
  ASSERT_TRUE(staple.ok());
  EXPECT_EQ(staple->der(), word);
  EXPECT_EQ(staple->valid_until(), now_ + days(3));
  const WallTime end = now_ + days(3);
  EXPECT_TRUE(Staple::from_der(word, certificate, end - milliseconds(1)).ok());
  EXPECT_EQ(Staple::from_der(word, certificate, end).error(), StapleTrouble::expired);
}

TEST_F(CertificateTest, no_other_word_is_stapled) {
  using enum StapleTrouble;
  const Certificate certificate = whole(own_);
  const WallTime ago = now_ - hours(1);
  const WallTime later = now_ + days(3);
  const std::string good = authority_.word(own_, {ago, later});
  EXPECT_EQ(misfit("", certificate), malformed);
  EXPECT_EQ(misfit(good.substr(0, good.size() - 1), certificate), malformed);
  EXPECT_EQ(misfit(good + '\0', certificate), malformed);
  EXPECT_EQ(misfit(Authority::try_later(), certificate), not_good);
  EXPECT_EQ(misfit(authority_.word(own_, {ago, later, V_OCSP_CERTSTATUS_REVOKED}), certificate),
            not_good);
  EXPECT_EQ(misfit(authority_.word(own_, {ago, later, V_OCSP_CERTSTATUS_UNKNOWN}), certificate),
            not_good);
  EXPECT_EQ(misfit(authority_.word(other_, {ago, later}), certificate), of_another);
  EXPECT_EQ(misfit(authority_.word(own_, {ago, std::nullopt}), certificate), without_an_end);
  EXPECT_EQ(misfit(authority_.word(own_, {now_ + minutes(6), later}), certificate), not_yet_valid);
  EXPECT_TRUE(
      Staple::from_der(authority_.word(own_, {now_ + minutes(4), later}), certificate, now_).ok());
}

TEST_F(CertificateTest, a_word_of_a_stranger_is_not_stapled) {
  const Certificate certificate = whole(own_);
  const Authority::Word good{now_, now_ + days(3)};
  // Of the same name: its key alone tells who it is.
  for (const char* const name : {"Authority", "Stranger"}) {
    const Authority stranger(now_, name);
    EXPECT_EQ(misfit(authority_.word(own_, good, &stranger), certificate),
              StapleTrouble::not_signed);
    EXPECT_EQ(misfit(stranger.word(own_, good), certificate), StapleTrouble::of_another);
  }
}

TEST_F(CertificateTest, without_the_signer_the_word_has_to_name_certificate_and_authority) {
  const auto alone = Certificate::from_pem(own_.leaf_pem, own_.key_pem);
  ASSERT_TRUE(alone.ok());
  const auto about = [&](Authority& who, const Authority::Issued& issued) {
    return Staple::from_der(who.word(issued, {now_, now_ + days(3)}), *alone, now_);
  };
  EXPECT_TRUE(about(authority_, own_).ok());
  EXPECT_EQ(about(authority_, other_).error(), StapleTrouble::of_another);
  Authority stranger(now_, "Stranger");
  const Authority::Issued namesake = stranger.issue(now_, now_ + days(89));  // same number
  EXPECT_EQ(about(stranger, namesake).error(), StapleTrouble::of_another);
}

}  // namespace
}  // namespace stillroom::net
