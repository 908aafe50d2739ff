// SPDX-License-Identifier: Apache-2.0
#include "sdp/description.hpp"

#include <gtest/gtest.h>

#include <string>

#include "sdp/example_offer.hpp"

namespace stillroom::sdp {
namespace {

using example::kOffer;
using example::replaced;
using example::replaced_everywhere;

std::string normal(std::string_view text, const Policy& policy = {}) {
  const auto parsed = parse_offer(text, policy);
  return parsed ? parsed->text() : std::string(code_text(parsed.error().code));
}

TEST(Description, a_plain_offer_stays_as_it_is) {
  EXPECT_EQ(normal(kOffer), kOffer);
}

TEST(Description, line_feeds_become_crlf) {
  EXPECT_EQ(normal(replaced_everywhere(kOffer, "\r\n", "\n")), kOffer);
}

TEST(Description, who_wrote_it_and_where_is_not_passed_on) {
  auto text = replaced(kOffer, "o=- 9067562874638741608 2 IN IP4 127.0.0.1",
                       "o=maria 9067562874638741608 2 IN IP6 2a00:1450::1");
  text = replaced(text, "s=-\r\n",
                  "s=Maria's talk\r\ni=private\r\nu=http://example.org\r\ne=m@example.org\r\n"
                  "p=+44 20\r\nc=IN IP4 8.8.4.4\r\n");
  text = replaced(text, "t=0 0", "t=3034423619 3042462419");
  text = replaced(text, "m=audio 9", "m=audio 51851");
  text = replaced(text, "c=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0",
                  "i=my voice\r\nc=IN IP4 8.8.4.4\r\na=rtcp:51852 IN IP4 8.8.4.4");
  EXPECT_EQ(normal(text), kOffer);
}

TEST(Description, a_section_without_connection_gets_the_empty_one) {
  EXPECT_EQ(normal(replaced(kOffer, "c=IN IP4 0.0.0.0\r\n", "")), kOffer);
}

TEST(Description, fingerprints_are_written_in_one_case) {
  auto text = replaced_everywhere(kOffer, "sha-256", "SHA-256");
  text = replaced(text, "0A:29:51", "0a:29:51");
  EXPECT_EQ(normal(text), kOffer);
}

TEST(Description, a_weak_fingerprint_beside_a_strong_one_is_left_out) {
  const auto text = replaced(kOffer, "a=fingerprint:sha-256",
                             "a=fingerprint:sha-1 AA:BB\r\na=fingerprint:sha-256");
  EXPECT_EQ(normal(text), kOffer);
}

TEST(Description, the_session_may_speak_for_its_sections) {
  auto text = std::string(kOffer);
  const std::string line = "a=fingerprint:sha-256 " + std::string(example::kDigest) + "\r\n";
  const std::string ice = "a=ice-ufrag:ZrBe\r\na=ice-pwd:UrM8qNB7aWAtQwFf+TpjOFpe\r\n";
  for (const std::string& each : {line, ice, std::string("a=setup:actpass\r\n")}) {
    text = replaced_everywhere(text, each, "");
    EXPECT_FALSE(parse_offer(text).ok()) << each;
    text = replaced(text, "t=0 0\r\n", "t=0 0\r\n" + each);
    ASSERT_TRUE(parse_offer(text).ok()) << each << normal(text);
  }
  EXPECT_EQ(parse_offer(text)->shape(), parse_offer(kOffer)->shape());
}

TEST(Description, sections_behind_the_first_of_the_bundle_may_be_silent_about_the_transport) {
  const auto cut = kOffer.find("m=video");
  auto rest = std::string(kOffer.substr(cut));
  for (const std::string_view each :
       {"a=setup:actpass\r\n", "a=ice-ufrag:ZrBe\r\n", "a=ice-pwd:UrM8qNB7aWAtQwFf+TpjOFpe\r\n"}) {
    rest = replaced_everywhere(rest, each, "");
  }
  const auto parsed = parse_offer(std::string(kOffer.substr(0, cut)) + rest);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->shape(), parse_offer(kOffer)->shape());
}

TEST(Description, new_harmless_attributes_go_on_and_others_do_not) {
  const auto with = [](std::string_view line) {
    return replaced(kOffer, "a=mid:0\r\n", "a=mid:0\r\n" + std::string(line) + "\r\n");
  };
  for (const std::string_view line :
       {"a=x-new", "a=x-new:1;2 (three) <four> \"five\"", "a=rtcp-xr:rcvr-rtt=all"}) {
    EXPECT_EQ(normal(with(line)), with(line));
  }
  for (const std::string& line :
       {std::string("a=x-new:\xc3\xa9"), std::string("a=") + std::string(65, 'x'),
        std::string("a=remote-candidates:1 10.0.0.1 5000")}) {
    EXPECT_EQ(normal(with(line)), kOffer) << line;
  }
}

TEST(Description, lines_about_a_removed_codec_are_left_out) {
  auto text =
      replaced(kOffer, "a=rtpmap:111", "a=rtpmap:8 PCMA/8000\r\na=fmtp:8 x=1\r\na=rtpmap:111");
  text = replaced(text, "a=rtcp-fb:96", "a=rtcp-fb:97 nack\r\na=rtcp-fb:96");
  EXPECT_EQ(normal(text), kOffer);
  const auto any = replaced(kOffer, "a=rtcp-fb:96 nack pli", "a=rtcp-fb:* nack");
  EXPECT_EQ(normal(any), any);
}

TEST(Description, candidates_that_policy_drops_are_left_out) {
  const Policy relay_only{.path = Policy::Path::relay_only, .relay_ranges = {}};
  EXPECT_EQ(
      normal(kOffer, relay_only),
      replaced(kOffer,
               "a=candidate:1 1 udp 2113942271 192.168.1.20 51851 typ host generation 0\r\n", ""));
}

TEST(Description, the_shape_tells_sections_and_generation) {
  const auto shape = parse_offer(kOffer)->shape();
  ASSERT_EQ(shape.sections.size(), 3u);
  EXPECT_EQ(shape.sections[0].kind, Kind::audio);
  EXPECT_EQ(shape.sections[1].direction, Direction::sendonly);
  EXPECT_EQ(shape.sections[2].kind, Kind::application);
  EXPECT_EQ(shape.sections[2].mid, "2");
  EXPECT_EQ(shape.sections[2].setup, Setup::actpass);
  EXPECT_TRUE(shape.knows_mid("1"));
  EXPECT_FALSE(shape.knows_mid("3"));
  EXPECT_EQ(shape.ufrags, std::vector<std::string>{"ZrBe"});
  EXPECT_FALSE(shape.knows_ufrag("other"));
}

Code misfit(std::string_view answer_text) {
  const auto answer = parse_answer(answer_text);
  EXPECT_TRUE(answer.ok()) << code_text(answer.error().code);
  const auto fits = answer_fits(parse_offer(kOffer)->shape(), answer->shape());
  EXPECT_FALSE(fits.ok());
  return fits.error().code;
}

TEST(Answer, fits_the_offer_it_answers) {
  const auto answer = parse_answer(example::answer());
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer_fits(parse_offer(kOffer)->shape(), answer->shape()).ok());
}

TEST(Answer, may_reject_sections_and_name_them_or_not) {
  auto text = replaced(example::answer(), "m=video 9", "m=video 0");
  text = replaced(text, "BUNDLE 0 1 2", "BUNDLE 0 2");
  const auto offer = parse_offer(kOffer)->shape();
  EXPECT_TRUE(answer_fits(offer, parse_answer(text)->shape()).ok());
  text = replaced(text, "a=mid:1\r\n", "");
  EXPECT_TRUE(answer_fits(offer, parse_answer(text)->shape()).ok());
}

TEST(Answer, cannot_change_the_sections) {
  const auto answer = example::answer();
  const auto data = answer.find("m=application");
  const auto shorter = replaced(answer.substr(0, data), "BUNDLE 0 1 2", "BUNDLE 0 1");
  EXPECT_EQ(misfit(shorter), Code::answer_sections);
  EXPECT_EQ(misfit(answer + "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n"), Code::answer_sections);
  EXPECT_EQ(misfit(replaced(answer, "m=video", "m=audio")), Code::answer_sections);
  auto renamed = replaced(replaced(answer, "a=mid:1", "a=mid:7"), "BUNDLE 0 1 2", "BUNDLE 0 7 2");
  EXPECT_EQ(misfit(renamed), Code::answer_sections);
  auto swapped = replaced(replaced(answer, "a=mid:1", "a=mid:x"), "a=mid:0", "a=mid:1");
  swapped = replaced(swapped, "a=mid:x", "a=mid:0");
  EXPECT_EQ(misfit(swapped), Code::answer_sections);
}

TEST(Answer, cannot_take_the_offerers_dtls_role) {
  const auto offer = parse_offer(replaced_everywhere(kOffer, "a=setup:actpass", "a=setup:active"));
  const auto answer = parse_answer(example::answer());
  ASSERT_TRUE(offer.ok() && answer.ok());
  EXPECT_EQ(answer_fits(offer->shape(), answer->shape()).error().code, Code::answer_setup);
}

TEST(Answer, cannot_revive_a_rejected_section) {
  auto text = replaced(kOffer, "m=video 9", "m=video 0");
  text = replaced(text, "BUNDLE 0 1 2", "BUNDLE 0 2");
  const auto answer = parse_answer(example::answer());
  EXPECT_EQ(answer_fits(parse_offer(text)->shape(), answer->shape()).error().code,
            Code::answer_revives);
}

TEST(Answer, sends_only_what_the_offer_receives) {
  EXPECT_EQ(misfit(replaced(example::answer(), "a=recvonly", "a=sendrecv")),
            Code::answer_direction);
  EXPECT_EQ(misfit(replaced(example::answer(), "a=recvonly", "a=sendonly")),
            Code::answer_direction);
  const auto quiet = parse_answer(replaced(example::answer(), "a=recvonly", "a=inactive"));
  EXPECT_TRUE(answer_fits(parse_offer(kOffer)->shape(), quiet->shape()).ok());
}

}  // namespace
}  // namespace stillroom::sdp
