// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sdp/description.hpp"
#include "sdp/example_offer.hpp"
#include "testing/vectors.hpp"

namespace stillroom::sdp {
namespace {

using example::kOffer;
using example::replaced;

struct Refusal {
  std::string_view fact;
  std::string_view find;
  std::string_view put;
  Code code;
};

constexpr std::string_view kAudio = "m=audio 9 UDP/TLS/RTP/SAVPF 111 9\r\n";
constexpr std::string_view kData = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
constexpr std::string_view kCandidate =
    "a=candidate:1 1 udp 2113942271 192.168.1.20 51851 typ host generation 0\r\n";

// One change each to an offer that is taken as it is.
const std::vector<Refusal> kRefusals{
    {"version 1", "v=0", "v=1", Code::version_line},
    {"empty version", "v=0", "v=", Code::line_grammar},
    {"version with a space", "v=0", "v=0 ", Code::version_line},
    {"no version", "v=0\r\n", "", Code::line_missing},
    {"version twice", "v=0\r\n", "v=0\r\nv=0\r\n", Code::line_order},
    {"byte order mark", "v=0", "\xEF\xBB\xBFv=0", Code::line_grammar},
    {"leading empty line", "v=0", "\r\nv=0", Code::line_grammar},
    {"leading space", "v=0", " v=0", Code::line_grammar},
    {"no origin", "o=- 9067562874638741608 2 IN IP4 127.0.0.1\r\n", "", Code::line_missing},
    {"origin with five words", "o=- 9067562874638741608 2 ", "o=- 9067562874638741608 ",
     Code::origin_line},
    {"origin with seven words", "IN IP4 127.0.0.1", "IN IP4 127.0.0.1 x", Code::origin_line},
    {"origin id no number", "9067562874638741608", "90675x", Code::origin_line},
    {"origin id negative", "9067562874638741608", "-1", Code::origin_line},
    {"origin id beyond 64 bits", "9067562874638741608", "99999999999999999999", Code::origin_line},
    {"origin with two spaces", "o=- 9", "o=-  9", Code::origin_line},
    {"origin of another net", "2 IN IP4", "2 XX IP4", Code::origin_line},
    {"origin of another address kind", "2 IN IP4", "2 IN IP5", Code::origin_line},
    {"origin address with markup", "IP4 127.0.0.1", "IP4 <b>", Code::origin_line},
    {"origin before version", "v=0\r\no=- 9067562874638741608 2 IN IP4 127.0.0.1\r\n",
     "o=- 9067562874638741608 2 IN IP4 127.0.0.1\r\nv=0\r\n", Code::line_missing},
    {"no name", "s=-\r\n", "", Code::line_missing},
    {"name twice", "s=-\r\n", "s=-\r\ns=-\r\n", Code::line_order},
    {"no time", "t=0 0\r\n", "", Code::line_missing},
    {"time with one number", "t=0 0", "t=0", Code::time_line},
    {"time with letters", "t=0 0", "t=0 x", Code::time_line},
    {"time twice", "t=0 0\r\n", "t=0 0\r\nt=0 0\r\n", Code::line_order},
    {"time after attributes", "t=0 0\r\na=group:BUNDLE 0 1 2\r\n",
     "a=group:BUNDLE 0 1 2\r\nt=0 0\r\n", Code::line_missing},
    {"session key", "t=0 0\r\n", "t=0 0\r\nk=clear:x\r\n", Code::key_line},
    {"section key", "b=AS:1500\r\n", "b=AS:1500\r\nk=prompt\r\n", Code::key_line},
    {"unknown letter", "s=-\r\n", "s=-\r\nx=1\r\n", Code::line_grammar},
    {"capital letter", "s=-", "S=-", Code::line_grammar},
    {"digit for a letter", "s=-\r\n", "s=-\r\n1=1\r\n", Code::line_grammar},
    {"no equals sign", "s=-", "s:-", Code::line_grammar},
    {"a line of one byte", "s=-", "s", Code::line_grammar},
    {"empty line between", "t=0 0\r\n", "t=0 0\r\n\r\n", Code::line_grammar},
    {"NUL", "a=sendrecv", std::string_view("a=send\0recv", 11), Code::control_byte},
    {"tab", "a=rtpmap:111 opus", "a=rtpmap:111\topus", Code::control_byte},
    {"escape", "cname:BN", "cname:\x1b[", Code::control_byte},
    {"DEL", "cname:BN", "cname:\x7f", Code::control_byte},
    {"lone CR", "s=-\r\n", "s=-\rt=0 0\r\n", Code::control_byte},
    {"two CRs", "s=-\r\n", "s=-\r\r\n", Code::control_byte},
    {"no last line end", "a=max-message-size:262144\r\n", "a=max-message-size:262144",
     Code::line_end},
    {"broken UTF-8 in a dropped line", "s=-", "s=\xc3\x28", Code::not_utf8},
    {"overlong UTF-8", "s=-", "s=\xc0\xaf", Code::not_utf8},
    {"surrogate in UTF-8", "s=-", "s=\xed\xa0\x80", Code::not_utf8},
    {"broken UTF-8 in an unknown attribute", "a=sendrecv\r\n", "a=sendrecv\r\na=x-new:\xff\r\n",
     Code::not_utf8},
    {"beyond ASCII in a known attribute", "cname:BN", "cname:\xc3\xa9", Code::attribute_grammar},

    {"media of another kind", "m=audio", "m=text", Code::media_kind},
    {"media kind in capitals", "m=audio", "m=AUDIO", Code::media_kind},
    {"image", "m=video", "m=image", Code::media_kind},
    {"message", "m=application", "m=message", Code::media_kind},
    {"no port", "m=audio 9 UDP", "m=audio UDP", Code::media_line},
    {"port beyond 65535", "m=audio 9", "m=audio 65536", Code::media_line},
    {"negative port", "m=audio 9", "m=audio -9", Code::media_line},
    {"port range", "m=audio 9", "m=audio 9/2", Code::media_line},
    {"no formats", "SAVPF 111 9\r\n", "SAVPF\r\n", Code::media_line},
    {"plain RTP", "UDP/TLS/RTP/SAVPF 111", "RTP/AVP 111", Code::media_protocol},
    {"plain RTP with feedback", "UDP/TLS/RTP/SAVPF 111", "RTP/AVPF 111", Code::media_protocol},
    {"SDES profile", "UDP/TLS/RTP/SAVPF 111", "RTP/SAVPF 111", Code::media_protocol},
    {"no feedback profile", "UDP/TLS/RTP/SAVPF 111", "UDP/TLS/RTP/SAVP 111", Code::media_protocol},
    {"TCP", "UDP/TLS/RTP/SAVPF 111", "TCP/TLS/RTP/SAVPF 111", Code::media_protocol},
    {"protocol in small letters", "UDP/TLS/RTP/SAVPF 111", "udp/tls/rtp/savpf 111",
     Code::media_protocol},
    {"old data protocol", "UDP/DTLS/SCTP", "DTLS/SCTP", Code::media_protocol},
    {"data over TCP", "UDP/DTLS/SCTP", "TCP/DTLS/SCTP", Code::media_protocol},
    {"data as RTP", "UDP/DTLS/SCTP", "UDP/TLS/RTP/SAVPF", Code::media_protocol},
    {"other data format", "webrtc-datachannel", "5000", Code::media_formats},
    {"two data formats", "webrtc-datachannel", "webrtc-datachannel x", Code::media_formats},
    {"payload type beyond 127", "SAVPF 111", "SAVPF 128", Code::media_formats},
    {"payload type twice", "SAVPF 111 9", "SAVPF 111 111", Code::media_formats},
    {"payload type no number", "SAVPF 111", "SAVPF opus", Code::media_formats},
    {"two spaces before a payload type", "SAVPF 111", "SAVPF  111", Code::media_formats},
    {"space behind the payload types", "SAVPF 111 9", "SAVPF 111 9 ", Code::media_formats},
    {"connection after attributes", "a=mid:0\r\n", "a=mid:0\r\nc=IN IP4 0.0.0.0\r\n",
     Code::line_order},
    {"connection twice", "c=IN IP4 0.0.0.0\r\n", "c=IN IP4 0.0.0.0\r\nc=IN IP4 0.0.0.0\r\n",
     Code::line_order},
    {"connection of two words", "c=IN IP4 0.0.0.0", "c=IN IP4", Code::connection_line},
    {"connection of another net", "c=IN IP4", "c=ATM IP4", Code::connection_line},
    {"connection address with a quote", "c=IN IP4 0.0.0.0", "c=IN IP4 \"", Code::connection_line},
    {"origin in a section", "a=mid:0\r\n", "a=mid:0\r\no=- 1 1 IN IP4 0.0.0.0\r\n",
     Code::line_order},
    {"time in a section", "b=AS:1500\r\n", "t=0 0\r\n", Code::line_order},
    {"bandwidth without a number", "b=AS:1500", "b=AS:many", Code::line_grammar},
    {"bandwidth without a colon", "b=AS:1500", "b=AS1500", Code::line_grammar},

    {"SDES key", "a=mid:0\r\n",
     "a=mid:0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "\r\n",
     Code::crypto_refused},
    {"SDES key at the session", "t=0 0\r\n", "t=0 0\r\na=crypto:1 x inline:y\r\n",
     Code::crypto_refused},
    {"SDES key without a value", "a=mid:0\r\n", "a=mid:0\r\na=crypto\r\n", Code::crypto_refused},
    {"MIKEY", "a=mid:0\r\n", "a=mid:0\r\na=key-mgmt:mikey AAAA\r\n", Code::crypto_refused},
    {"ZRTP", "a=mid:0\r\n", "a=mid:0\r\na=zrtp-hash:1.10 aa\r\n", Code::crypto_refused},

    {"fingerprint only SHA-1",
     "a=fingerprint:sha-256 0A:29:51:97:51:D5:53:F1:2D:51:87:96:F3:B9:D4:3C:"
     "87:1E:1F:A6:99:74:DB:F9:8C:EA:DE:C5:F8:CD:99:45",
     "a=fingerprint:sha-1 0A:29:51:97:51:D5:53:F1:2D:51:87:96:F3:B9:D4:3C:87:1E:1F:A6",
     Code::fingerprint_weak},
    {"fingerprint missing in one section",
     "a=fingerprint:sha-256 0A:29:51:97:51:D5:53:F1:2D:51:87:96:F3:B9:D4:3C:87:1E:1F:A6:99:74:DB:"
     "F9:8C:EA:DE:C5:F8:CD:99:45\r\n",
     "", Code::fingerprint_missing},
    {"fingerprint of MD5", "a=fingerprint:sha-256 0A:29", "a=fingerprint:md5 0A:29",
     Code::fingerprint_weak},
    {"fingerprint a byte short", "CD:99:45", "CD:99", Code::fingerprint_grammar},
    {"fingerprint a byte long", "CD:99:45", "CD:99:45:00", Code::fingerprint_grammar},
    {"fingerprint not hexadecimal", "CD:99:45", "CD:99:4G", Code::fingerprint_grammar},
    {"fingerprint without colons", "0A:29:51", "0A 29 51", Code::fingerprint_grammar},
    {"fingerprint with dashes", "CD:99:45", "CD-99:45", Code::fingerprint_grammar},
    {"fingerprint of the wrong length for its hash", "a=fingerprint:sha-256",
     "a=fingerprint:sha-512", Code::fingerprint_grammar},
    {"fingerprint without a hash", "a=fingerprint:sha-256 ",
     "a=fingerprint:", Code::fingerprint_grammar},
    {"fingerprints that differ", "CD:99:45", "CD:99:46", Code::fingerprint_differs},
    {"empty fingerprint", "a=fingerprint:sha-256 0A:29", "a=fingerprint:\r\na=x:0A:29",
     Code::attribute_grammar},

    {"setup holdconn", "a=setup:actpass", "a=setup:holdconn", Code::setup_value},
    {"setup in capitals", "a=setup:actpass", "a=setup:ACTPASS", Code::setup_value},
    {"setup twice", "a=setup:actpass\r\n", "a=setup:actpass\r\na=setup:actpass\r\n",
     Code::attribute_twice},
    {"setup missing", "a=setup:actpass\r\n", "", Code::setup_missing},
    {"setups that differ", "a=setup:actpass", "a=setup:active", Code::setup_differs},

    {"ufrag missing", "a=ice-ufrag:ZrBe\r\n", "", Code::ice_missing},
    {"password missing", "a=ice-pwd:UrM8qNB7aWAtQwFf+TpjOFpe\r\n", "", Code::ice_missing},
    {"ufrag of three", "a=ice-ufrag:ZrBe", "a=ice-ufrag:ZrB", Code::ice_grammar},
    {"ufrag with a dash", "a=ice-ufrag:ZrBe", "a=ice-ufrag:Zr-Be", Code::ice_grammar},
    {"ufrag twice", "a=ice-ufrag:ZrBe\r\n", "a=ice-ufrag:ZrBe\r\na=ice-ufrag:ZrBe\r\n",
     Code::attribute_twice},
    {"password of 21", "a=ice-pwd:UrM8qNB7aWAtQwFf+TpjOFpe", "a=ice-pwd:UrM8qNB7aWAtQwFf+Tpjo",
     Code::ice_grammar},
    {"password with a space", "a=ice-pwd:UrM8qNB7", "a=ice-pwd:UrM8 NB7", Code::ice_grammar},
    {"options with two spaces", "a=ice-options:trickle", "a=ice-options:trickle  x",
     Code::attribute_grammar},

    {"no BUNDLE group", "a=group:BUNDLE 0 1 2\r\n", "", Code::bundle_missing},
    {"another group", "a=group:BUNDLE", "a=group:LS", Code::bundle_missing},
    {"a section outside of the group", "BUNDLE 0 1 2", "BUNDLE 0 1", Code::bundle_missing},
    {"empty group", "BUNDLE 0 1 2", "BUNDLE", Code::bundle_missing},
    {"an unknown section in the group", "BUNDLE 0 1 2", "BUNDLE 0 1 2 3", Code::bundle_grammar},
    {"a section twice in the group", "BUNDLE 0 1 2", "BUNDLE 0 1 2 2", Code::bundle_grammar},
    {"two groups", "a=group:BUNDLE 0 1 2\r\n", "a=group:BUNDLE 0 1 2\r\na=group:BUNDLE 0\r\n",
     Code::bundle_grammar},
    {"two spaces in the group", "BUNDLE 0 1 2", "BUNDLE 0  1 2", Code::bundle_grammar},
    {"group in a section", "a=mid:0\r\n", "a=mid:0\r\na=group:BUNDLE 0 1 2\r\n",
     Code::attribute_place},
    {"no rtcp-mux", "a=rtcp-mux\r\n", "", Code::rtcp_mux_missing},
    {"rtcp-mux at the session", "t=0 0\r\n", "t=0 0\r\na=rtcp-mux\r\n", Code::attribute_place},
    {"rtcp-mux with a value", "a=rtcp-mux\r\n", "a=rtcp-mux:1\r\n", Code::attribute_grammar},
    {"rtcp-mux twice", "a=rtcp-mux\r\n", "a=rtcp-mux\r\na=rtcp-mux\r\n", Code::attribute_twice},
    {"no mid", "a=mid:0\r\n", "", Code::mid_missing},
    {"mid at the session", "t=0 0\r\n", "t=0 0\r\na=mid:0\r\n", Code::attribute_place},
    {"mid of 33 bytes", "a=mid:0", "a=mid:000000000000000000000000000000000", Code::mid_grammar},
    {"mid with a space", "a=mid:0", "a=mid:0 1", Code::mid_grammar},
    {"mid with markup", "a=mid:0", "a=mid:<b>", Code::mid_grammar},
    {"empty mid", "a=mid:0", "a=mid:", Code::attribute_grammar},
    {"the same mid twice", "a=mid:1", "a=mid:0", Code::mid_twice},
    {"two mids in a section", "a=mid:1\r\n", "a=mid:1\r\na=mid:7\r\n", Code::attribute_twice},
    {"two directions", "a=sendrecv\r\n", "a=sendrecv\r\na=sendonly\r\n", Code::attribute_twice},
    {"direction with a value", "a=sendrecv", "a=sendrecv:1", Code::attribute_grammar},

    {"attribute without a name", "a=mid:0\r\n", "a=mid:0\r\na=:x\r\n", Code::attribute_grammar},
    {"empty attribute", "a=sendrecv\r\n", "a=\r\n", Code::line_grammar},
    {"unknown attribute with a space in its name", "a=mid:0\r\n", "a=mid:0\r\na=x y:z\r\n",
     Code::attribute_grammar},
    {"unknown attribute with an empty value", "a=mid:0\r\n", "a=mid:0\r\na=x:\r\n",
     Code::attribute_grammar},
    {"rtpmap at the session", "t=0 0\r\n", "t=0 0\r\na=rtpmap:111 opus/48000\r\n",
     Code::attribute_place},
    {"rtpmap without a clock", "opus/48000/2", "opus", Code::attribute_grammar},
    {"rtpmap with a clock in words", "opus/48000/2", "opus/fast", Code::attribute_grammar},
    {"rtpmap with 256 channels", "opus/48000/2", "opus/48000/256", Code::attribute_grammar},
    {"rtpmap without a codec", "a=rtpmap:111 opus/48000/2", "a=rtpmap:111",
     Code::attribute_grammar},
    {"rtpmap of a payload type beyond 127", "a=rtpmap:111", "a=rtpmap:200",
     Code::attribute_grammar},
    {"fmtp for every payload type", "a=fmtp:111", "a=fmtp:*", Code::attribute_grammar},
    {"ssrc beyond 32 bits", "a=ssrc:2778414480", "a=ssrc:4294967296", Code::attribute_grammar},
    {"ssrc without an attribute", "a=ssrc:2778414480 cname:BNVaSvlrYqbc/i2C", "a=ssrc:2778414480",
     Code::attribute_grammar},
    {"extension 0", "a=extmap:1 ", "a=extmap:0 ", Code::attribute_grammar},
    {"extension without a URI", "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
     "a=extmap:1", Code::attribute_grammar},
    {"rtcp without a port", "a=rtcp:9 IN", "a=rtcp:IN", Code::attribute_grammar},
    {"SCTP port 0", "a=sctp-port:5000", "a=sctp-port:0", Code::attribute_grammar},
    {"SCTP port beyond 65535", "a=sctp-port:5000", "a=sctp-port:65536", Code::attribute_grammar},
    {"message size in words", "a=max-message-size:262144", "a=max-message-size:big",
     Code::attribute_grammar},
    {"a candidate with a host name", "192.168.1.20 51851", "intern.example.com 51851",
     Code::candidate_address},
    {"a malformed candidate", "typ host", "type host", Code::candidate_grammar},
    {"a candidate at the session", "t=0 0\r\n",
     "t=0 0\r\na=candidate:1 1 udp 1 192.168.1.20 5000 typ host\r\n", Code::attribute_place},
    {"a candidate of another generation", "typ host generation 0", "typ host ufrag ABCD",
     Code::candidate_ufrag},
    {"two data sections", kData,
     "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:9\r\na=setup:actpass\r\n"
     "a=fingerprint:sha-256 0A:29:51:97:51:D5:53:F1:2D:51:87:96:F3:B9:D4:3C:87:1E:1F:A6:99:74:DB:"
     "F9:8C:EA:DE:C5:F8:CD:99:45\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n",
     Code::media_kind},
};

std::string many(std::string_view line, std::size_t count) {
  std::string result;
  for (std::size_t at = 0; at < count; ++at) result += line;
  return result;
}

TEST(SdpRefusals, each_malformed_offer_is_refused_for_its_own_reason) {
  ASSERT_TRUE(parse_offer(kOffer).ok());
  for (const auto& [fact, find, put, code] : kRefusals) {
    const auto parsed = parse_offer(replaced(kOffer, find, put));
    ASSERT_FALSE(parsed.ok()) << fact;
    EXPECT_EQ(code_text(parsed.error().code), code_text(code)) << fact;
  }
  EXPECT_GE(kRefusals.size(), 100u);
  RecordProperty("refusals", static_cast<int>(kRefusals.size()));
}

TEST(SdpRefusals, an_error_names_the_line) {
  const auto parsed = parse_offer(replaced(kOffer, "a=rtcp-fb:96", "a=rtcp-fb:x"));
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error(), (Error{Code::attribute_grammar, 34}));
  const auto missing = parse_offer(replaced(kOffer, "a=mid:1\r\n", ""));
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error(), (Error{Code::mid_missing, 23}));
}

TEST(SdpRefusals, nothing_at_all_is_refused) {
  for (const std::string_view text : {"", "\n", "\r\n", "v", "v=0", "v=0\r\n", "{}", "null"}) {
    EXPECT_FALSE(parse_offer(text).ok()) << text;
    EXPECT_FALSE(parse_answer(text).ok()) << text;
  }
  const auto session_only = kOffer.substr(0, kOffer.find(kAudio));
  EXPECT_EQ(parse_offer(session_only).error().code, Code::line_missing);
}

TEST(SdpRefusals, every_cut_of_an_offer_is_refused) {
  for (std::size_t bytes = 0; bytes < kOffer.find("a=sctp-port"); ++bytes) {
    ASSERT_FALSE(parse_offer(kOffer.substr(0, bytes)).ok()) << bytes;
  }
}

TEST(SdpRefusals, bounds_hold_at_their_last_value) {
  const auto at_limit = [](std::string_view line, std::size_t count) {
    return replaced(kOffer, "a=mid:0\r\n", "a=mid:0\r\n" + many(line, count));
  };
  const std::string long_line = "a=x-new:" + std::string(kLineBytesMax - 8, 'x') + "\r\n";
  EXPECT_TRUE(parse_offer(at_limit(long_line, 1)).ok());
  EXPECT_EQ(parse_offer(at_limit("a=x-new:y" + std::string(kLineBytesMax - 8, 'x') + "\r\n", 1))
                .error()
                .code,
            Code::line_too_long);
  EXPECT_TRUE(parse_offer(at_limit(kCandidate, kCandidatesMax - 1)).ok());
  EXPECT_EQ(parse_offer(at_limit(kCandidate, kCandidatesMax)).error().code,
            Code::too_many_candidates);
  EXPECT_EQ(parse_offer(at_limit("a=x\r\n", kLinesMax)).error().code, Code::too_many_lines);

  std::string full = at_limit(long_line, 15);
  full = replaced(full, "s=-", "s=" + std::string(kDescriptionBytesMax - full.size() + 1, 'x'));
  ASSERT_EQ(full.size(), kDescriptionBytesMax);
  EXPECT_TRUE(parse_offer(full).ok());
  EXPECT_EQ(parse_offer(full + "a=x\r\n").error().code, Code::too_large);
}

TEST(SdpRefusals, the_33rd_section_is_refused) {
  const auto with_rejected = [](std::size_t count) {
    return std::string(kOffer) + many("m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n", count);
  };
  EXPECT_TRUE(parse_offer(with_rejected(kSectionsMax - 3)).ok());
  EXPECT_EQ(parse_offer(with_rejected(kSectionsMax - 2)).error().code, Code::too_many_sections);
}

TEST(SdpRefusals, fingerprints_of_different_hashes_in_two_sections_are_refused) {
  const std::string other = "sha-512 " + many("AA:", 63) + "AA";
  const auto text = replaced(kOffer, "sha-256 " + std::string(example::kDigest), other);
  EXPECT_EQ(parse_offer(text).error().code, Code::fingerprint_differs);
}

TEST(SdpRefusals, one_who_rejects_everything_still_says_who_it_is) {
  const std::string head(kOffer.substr(0, kOffer.find("a=group")));
  const std::string rejected = "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n";
  EXPECT_EQ(parse_answer(head + rejected).error().code, Code::fingerprint_missing);
  const std::string weak = "a=fingerprint:sha-1 AA\r\n";
  EXPECT_EQ(parse_answer(head + weak + rejected).error().code, Code::fingerprint_weak);
  const std::string strong = "a=fingerprint:sha-256 " + std::string(example::kDigest) + "\r\n";
  EXPECT_TRUE(parse_answer(head + strong + rejected).ok());
}

TEST(SdpRefusals, an_answer_cannot_leave_the_dtls_role_open) {
  EXPECT_TRUE(parse_answer(example::answer()).ok());
  EXPECT_EQ(parse_answer(kOffer).error().code, Code::setup_value);
}

TEST(SdpRefusals, every_code_has_its_own_text_and_stands_in_the_protocol) {
  const auto page = stillroom::testing::read_file(STILLROOM_SOURCE_DIR "/protocol/sdp.md");
  std::vector<std::string_view> seen;
  for (int code = 0; code <= static_cast<int>(Code::answer_direction); ++code) {
    const auto text = code_text(static_cast<Code>(code));
    const auto row = "| `" + std::string(text) + "` | " +
                     std::string(sentence(static_cast<Code>(code))) + " |\n";
    EXPECT_NE(page.find(row), std::string::npos) << row;
    EXPECT_EQ(std::count(seen.begin(), seen.end(), text), 0) << text;
    seen.push_back(text);
  }
}

}  // namespace
}  // namespace stillroom::sdp
