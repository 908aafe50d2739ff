// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

/// A small offer for tests: audio, video and data, one transport. Never linked into the binary.
namespace stillroom::sdp::example {

inline constexpr std::string_view kDigest =
    "0A:29:51:97:51:D5:53:F1:2D:51:87:96:F3:B9:D4:3C:87:1E:1F:A6:99:74:DB:F9:8C:EA:DE:C5:F8:CD:99:"
    "45";

inline constexpr std::string_view kOffer =
    "v=0\r\n"
    "o=- 9067562874638741608 2 IN IP4 127.0.0.1\r\n"
    "s=-\r\n"
    "t=0 0\r\n"
    "a=group:BUNDLE 0 1 2\r\n"
    "a=msid-semantic: WMS *\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 9\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "a=rtcp:9 IN IP4 0.0.0.0\r\n"
    "a=candidate:1 1 udp 2113942271 192.168.1.20 51851 typ host generation 0\r\n"
    "a=ice-ufrag:ZrBe\r\n"
    "a=ice-pwd:UrM8qNB7aWAtQwFf+TpjOFpe\r\n"
    "a=ice-options:trickle\r\n"
    "a=fingerprint:sha-256 "
    "0A:29:51:97:51:D5:53:F1:2D:51:87:96:F3:B9:D4:3C:87:1E:1F:A6:99:74:DB:F9:8C:EA:DE:C5:F8:CD:99:"
    "45"
    "\r\n"
    "a=setup:actpass\r\n"
    "a=mid:0\r\n"
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n"
    "a=sendrecv\r\n"
    "a=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\n"
    "a=fmtp:111 minptime=10;useinbandfec=1\r\n"
    "a=ssrc:2778414480 cname:BNVaSvlrYqbc/i2C\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "b=AS:1500\r\n"
    "a=ice-ufrag:ZrBe\r\n"
    "a=ice-pwd:UrM8qNB7aWAtQwFf+TpjOFpe\r\n"
    "a=fingerprint:sha-256 "
    "0A:29:51:97:51:D5:53:F1:2D:51:87:96:F3:B9:D4:3C:87:1E:1F:A6:99:74:DB:F9:8C:EA:DE:C5:F8:CD:99:"
    "45"
    "\r\n"
    "a=setup:actpass\r\n"
    "a=mid:1\r\n"
    "a=sendonly\r\n"
    "a=rtcp-mux\r\n"
    "a=rtpmap:96 VP8/90000\r\n"
    "a=rtcp-fb:96 nack pli\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
    "c=IN IP4 0.0.0.0\r\n"
    "a=ice-ufrag:ZrBe\r\n"
    "a=ice-pwd:UrM8qNB7aWAtQwFf+TpjOFpe\r\n"
    "a=fingerprint:sha-256 "
    "0A:29:51:97:51:D5:53:F1:2D:51:87:96:F3:B9:D4:3C:87:1E:1F:A6:99:74:DB:F9:8C:EA:DE:C5:F8:CD:99:"
    "45"
    "\r\n"
    "a=setup:actpass\r\n"
    "a=mid:2\r\n"
    "a=sctp-port:5000\r\n"
    "a=max-message-size:262144\r\n";

/// The first `find` becomes `put`; one that is not there is a mistake in the test.
inline std::string replaced(std::string_view text, std::string_view find, std::string_view put) {
  const auto at = text.find(find);
  if (at == std::string_view::npos) throw std::logic_error("not in the text: " + std::string(find));
  std::string result(text);
  return result.replace(at, find.size(), put);
}

inline std::string replaced_everywhere(std::string_view text, std::string_view find,
                                       std::string_view put) {
  std::string result(text);
  for (auto at = result.find(find); at != std::string::npos;
       at = result.find(find, at + put.size())) {
    result.replace(at, find.size(), put);
  }
  return result;
}

inline std::string answer() {
  auto text = replaced_everywhere(kOffer, "a=setup:actpass", "a=setup:active");
  return replaced(text, "a=sendonly", "a=recvonly");
}

}  // namespace stillroom::sdp::example
