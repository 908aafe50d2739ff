// SPDX-License-Identifier: Apache-2.0
// What two scanners of TLS say, judged: what is left is a fault.

/** Severities of testssl that are faults. */
const kFaults = new Set(['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL']);

/** Findings of testssl that are no faults of the server, and why. */
export const kLeftOut = {
  cert_revocation: 'the throwaway authority runs no responder and publishes no list',
  BREACH:
    'only the page is compressed, which is the same for everybody: it holds no secret and repeats ' +
    'nothing of a request. Answers that do are never compressed',
};

/** testssl's `--jsonfile`: an array of findings. */
export function faultsOfTestssl(text) {
  const said = JSON.parse(text);
  const faults = said
    .filter(({ severity }) => kFaults.has(severity))
    // `<hostCert#1>` and the like stand behind an id when there are several certificates.
    .filter(({ id }) => !Object.hasOwn(kLeftOut, id.split(/[ <]/)[0]))
    .map(({ id, severity, finding }) => `${id}: ${finding} (${severity})`);
  const seen = new Set(said.map(({ id }) => id));
  for (const id of ['TLS1_3', 'cipherlist_NULL', 'heartbleed', 'HSTS_time', 'scanTime']) {
    if (!seen.has(id)) faults.push(`${id}: not looked at`);
  }
  return faults;
}

const attributesOf = (element) =>
  Object.fromEntries([...element.matchAll(/([a-z0-9-]+)="([^"]*)"/gi)].map(([, ...pair]) => pair));
const elements = (xml, name) =>
  [...xml.matchAll(new RegExp(`<${name} [^>]*>`, 'g'))].map(([text]) => attributesOf(text));

const kSuite =
  /^(TLS_|ECDHE-(ECDSA|RSA)-)(AES(128|256)?_?-?(128_|256_)?GCM[-_]|CHACHA20[-_]POLY1305)/;
const kGroup = /^(x25519|secp256r1|secp384r1)\b/;

const enabled = (list) =>
  list.filter((one) => one.enabled === '1').map(({ type, version }) => `${type} ${version}`);
const names = (list) => list.map(({ name }) => name);

/** What sslscan lists, and what the policy says of an entry. Each list has some. */
const kLists = {
  version: [(xml) => enabled(elements(xml, 'protocol')), (one) => /^tls 1\.[23]$/.test(one)],
  suite: [(xml) => elements(xml, 'cipher').map(({ cipher }) => cipher), (one) => kSuite.test(one)],
  group: [(xml) => names(elements(xml, 'group')), (one) => kGroup.test(one)],
  signature: [
    (xml) => names(elements(xml, 'connection-signature-algorithm')),
    (one) => !/sha1|md5|sha224/i.test(one),
  ],
};
const kNever = { renegotiation: 'supported', compression: 'supported', heartbleed: 'vulnerable' };

/** sslscan's `--xml`, against the policy. */
export function faultsOfSslscan(xml) {
  const faults = [];
  for (const [what, [read, fits]] of Object.entries(kLists)) {
    const seen = read(xml);
    if (seen.length === 0) faults.push(`${what}: none seen`);
    faults.push(...seen.filter((one) => !fits(one)).map((one) => `${what}: ${one}`));
  }
  for (const [what, attribute] of Object.entries(kNever)) {
    const found = elements(xml, what).some((one) => one[attribute] === '1');
    if (found) faults.push(`${what}: ${attribute}`);
  }
  return faults;
}
