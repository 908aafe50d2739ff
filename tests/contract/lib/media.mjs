// SPDX-License-Identifier: Apache-2.0
// Descriptions and candidates as a browser would make them, small.

const fingerprint = (byte) => Array(32).fill(byte).join(':');

/** One audio section over DTLS-SRTP; `version` tells two descriptions apart. */
export function description(type, { version = 1, extra = [] } = {}) {
  const lines = [
    'v=0',
    `o=- 4611731400430051336 ${version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    `a=ice-ufrag:${type === 'offer' ? 'ofFr' : 'anSw'}`,
    'a=ice-pwd:0123456789abcdefghijklmn',
    `a=fingerprint:sha-256 ${fingerprint(type === 'offer' ? 'A1' : 'B2')}`,
    `a=setup:${type === 'offer' ? 'actpass' : 'active'}`,
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:111 opus/48000/2',
    ...extra,
  ];
  return { type, sdp: `${lines.join('\r\n')}\r\n` };
}

export const offer = (options) => description('offer', options);
export const answer = (options) => description('answer', options);

/** `port` tells two candidates apart. */
export function candidate(port = 50_000) {
  return {
    candidate: `candidate:1 1 udp 2122260223 192.168.7.9 ${port} typ host generation 0`,
    sdpMid: '0',
    sdpMLineIndex: 0,
  };
}

export const versionOf = (sdp) => Number(/^o=- \d+ (\d+) /m.exec(sdp)?.[1]);
export const portOf = (line) => Number(line.split(' ')[5]);
