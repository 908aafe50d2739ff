// SPDX-License-Identifier: Apache-2.0
// Whom a relay must never reach, in every spelling that carries an IPv4 address, and whom it may.

/** IANA IPv4 special-purpose registry, first and last of most blocks. */
export const specialIPv4 = {
  'this network': ['0.0.0.0', '0.0.0.1', '0.255.255.255'],
  private: [
    '10.0.0.0',
    '10.1.2.3',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '192.168.255.255',
  ],
  CGNAT: ['100.64.0.1', '100.127.255.255'],
  loopback: ['127.0.0.1', '127.0.1.1', '127.255.255.255'],
  'link-local': ['169.254.0.1', '169.254.255.255'],
  metadata: ['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192'],
  'protocol assignments': ['192.0.0.1', '192.0.0.170'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.255'],
  AS112: ['192.31.196.1', '192.175.48.1'],
  AMT: ['192.52.193.1'],
  '6to4 relay': ['192.88.99.1'],
  benchmarking: ['198.18.0.1', '198.19.255.255'],
  multicast: ['224.0.0.1', '224.0.0.251', '239.255.255.250'],
  reserved: ['240.0.0.1', '254.254.254.254'],
  broadcast: ['255.255.255.255'],
};

/** Special in IPv6 itself. */
export const specialIPv6 = {
  unspecified: ['::'],
  loopback: ['::1'],
  discard: ['100::1'],
  'local NAT64': ['64:ff9b:1::a9fe:a9fe', '64:ff9b:1:ffff::1'],
  Teredo: ['2001::1', '2001:0:7f00:1::1'],
  benchmarking: ['2001:2::1'],
  ORCHID: ['2001:10::1', '2001:20::1'],
  documentation: ['2001:db8::1', '3fff::1'],
  'unique local': ['fc00::1', 'fd00:ec2::254', 'fdff:ffff::1'],
  'link-local': ['fe80::1', 'febf::1'],
  'site-local': ['fec0::1'],
  multicast: ['ff02::1', 'ff05::2', 'ff0e::1'],
  SRv6: ['5f00::1'],
  unassigned: ['4000::1', 'e000::1', '::2'],
};

const hex = (address) => {
  const [a, b, c, d] = address.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
};

/** How an IPv6 address can stand for an IPv4 one. */
export const encodings = {
  mapped: (address) => `::ffff:${hex(address)}`,
  compatible: (address) => `::${hex(address)}`,
  translated: (address) => `::ffff:0:${hex(address)}`,
  NAT64: (address) => `64:ff9b::${hex(address)}`,
  '6to4': (address) => `2002:${hex(address)}::1`,
};

/** Those that matter inside a network; each is tried in every encoding. */
export const embedded = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '8.8.8.8', // a public address takes no such detour either
];

export const publicIPv4 = [
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.1',
  '169.253.255.255',
  '169.255.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
];

export const publicIPv6 = [
  '2606:4700:4700::1111',
  '2a00:1450:4001:80b::200e',
  '2001:4860:4860::8888',
];

/**
 * Addresses outside of 2000::/3 with many zero bytes, where a range that is compared byte by byte
 * has its holes. The same ones in every run.
 */
export function randomNonGlobalIPv6(count) {
  let state = 20261124;
  const next = (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  const addresses = [];
  while (addresses.length < count) {
    const bytes = Array.from({ length: 16 }, () => (next(3) === 0 ? next(256) : 0));
    if (bytes[0] >> 5 === 1) continue;
    addresses.push(Buffer.from(bytes).toString('hex').match(/.{4}/g).join(':'));
  }
  return addresses;
}
