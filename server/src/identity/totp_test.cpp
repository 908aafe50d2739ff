// SPDX-License-Identifier: Apache-2.0
#include "identity/totp.hpp"

#include <gtest/gtest.h>

namespace stillroom::identity {
namespace {

constexpr std::string_view kSecret = "12345678901234567890";  // RFC 6238, appendix B

WallTime at(std::int64_t second) {
  return WallTime(seconds(second));
}

TEST(Totp, the_examples_of_the_rfc_come_out) {
  // Six digits are the last six of the eight that the appendix shows.
  EXPECT_EQ(totp_code(kSecret, 59 / 30), "287082");
  EXPECT_EQ(totp_code(kSecret, 1'111'111'109 / 30), "081804");
  EXPECT_EQ(totp_code(kSecret, 1'111'111'111 / 30), "050471");
  EXPECT_EQ(totp_code(kSecret, 1'234'567'890 / 30), "005924");
  EXPECT_EQ(totp_code(kSecret, 2'000'000'000 / 30), "279037");
  EXPECT_EQ(totp_code(kSecret, 20'000'000'000 / 30), "353130");
}

TEST(Totp, a_code_is_good_in_its_step_and_beside_it_and_once) {
  const std::string code = totp_code(kSecret, 100);
  EXPECT_EQ(totp_step(kSecret, code, at(100 * 30), 0), 100);
  EXPECT_EQ(totp_step(kSecret, code, at(99 * 30), 0), 100);
  EXPECT_EQ(totp_step(kSecret, code, at(102 * 30 - 1), 0), 100);
  EXPECT_EQ(totp_step(kSecret, code, at(102 * 30), 0), std::nullopt);
  EXPECT_EQ(totp_step(kSecret, code, at(99 * 30 - 1), 0), std::nullopt);
  EXPECT_EQ(totp_step(kSecret, code, at(100 * 30), 99), 100);
  EXPECT_EQ(totp_step(kSecret, code, at(100 * 30), 100), std::nullopt) << "used";
}

TEST(Totp, nothing_else_is_a_code) {
  const std::string code = totp_code(kSecret, 100);
  for (const std::string& text :
       {std::string(), code.substr(1), code + "0", " " + code, std::string("abcdef"),
        std::string(1000, '0'), std::string("\0\0\0\0\0\0", 6)}) {
    EXPECT_EQ(totp_step(kSecret, text, at(100 * 30), 0), std::nullopt) << text;
  }
  EXPECT_EQ(totp_step("another secret of 20b", code, at(100 * 30), 0), std::nullopt);
}

TEST(Totp, secrets_are_written_as_apps_read_them) {
  EXPECT_EQ(totp_secret_text(""), "");
  EXPECT_EQ(totp_secret_text("f"), "MY");  // RFC 4648 §10, without padding
  EXPECT_EQ(totp_secret_text("fo"), "MZXQ");
  EXPECT_EQ(totp_secret_text("foo"), "MZXW6");
  EXPECT_EQ(totp_secret_text("foob"), "MZXW6YQ");
  EXPECT_EQ(totp_secret_text("fooba"), "MZXW6YTB");
  EXPECT_EQ(totp_secret_text("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(totp_uri("foobar", "a b@c"),
            "otpauth://totp/Stillroom:a%20b%40c?secret=MZXW6YTBOI&issuer=Stillroom");
}

}  // namespace
}  // namespace stillroom::identity
