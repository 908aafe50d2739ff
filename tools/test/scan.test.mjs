// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOfSslscan, faultsOfTestssl } from '../scan/findings.mjs';

const kGood = `
  <protocol type="tls" version="1.1" enabled="0" />
  <protocol type="tls" version="1.2" enabled="1" />
  <protocol type="tls" version="1.3" enabled="1" />
  <renegotiation supported="0" secure="0" />
  <heartbleed sslversion="TLSv1.2" vulnerable="0" />
  <cipher status="accepted" sslversion="TLSv1.3" bits="256" cipher="TLS_AES_256_GCM_SHA384" />
  <cipher status="accepted" sslversion="TLSv1.3" bits="256" cipher="TLS_CHACHA20_POLY1305_SHA256" />
  <cipher status="accepted" sslversion="TLSv1.2" bits="256" cipher="ECDHE-RSA-AES256-GCM-SHA384" />
  <cipher status="accepted" sslversion="TLSv1.2" bits="256" cipher="ECDHE-ECDSA-CHACHA20-POLY1305" />
  <group sslversion="TLSv1.3" bits="128" name="secp256r1 (NIST P-256)" id="0x0017" />
  <connection-signature-algorithm sslversion="TLSv1.3" name="ecdsa_secp256r1_sha256" id="0x0403" />
`;

test('what sslscan says of a server within the policy is no fault', () => {
  assert.deepEqual(faultsOfSslscan(kGood), []);
});

for (const [from, to, fault] of [
  ['version="1.1" enabled="0"', 'version="1.1" enabled="1"', 'version: tls 1.1'],
  ['supported="0"', 'supported="1"', 'renegotiation: supported'],
  ['vulnerable="0"', 'vulnerable="1"', 'heartbleed: vulnerable'],
  ['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-SHA384', 'suite: ECDHE-RSA-AES256-SHA384'],
  ['ECDHE-RSA-AES256-GCM-SHA384', 'AES256-GCM-SHA384', 'suite: AES256-GCM-SHA384'],
  ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_CCM_SHA256', 'suite: TLS_AES_128_CCM_SHA256'],
  ['secp256r1 (NIST P-256)', 'secp521r1 (NIST P-521)', 'group: secp521r1 (NIST P-521)'],
  ['ecdsa_secp256r1_sha256', 'rsa_pkcs1_sha1', 'signature: rsa_pkcs1_sha1'],
]) {
  test(`sslscan: ${fault}`, () => {
    assert.deepEqual(faultsOfSslscan(kGood.replace(from, to)), [fault]);
  });
}

test('a scan that saw nothing is a fault', () => {
  assert.equal(faultsOfSslscan('<document></document>').length, 4);
  assert.equal(faultsOfTestssl('[]').length, 5);
});

const kSeen = ['TLS1_3', 'cipherlist_NULL', 'heartbleed', 'HSTS_time', 'scanTime'].map((id) => ({
  id,
  severity: 'OK',
  finding: 'fine',
}));
const testssl = (...findings) => faultsOfTestssl(JSON.stringify([...kSeen, ...findings]));

test('testssl: medium and above are faults, low and above are words', () => {
  const found = ['OK', 'INFO', 'WARN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL', 'FATAL'].map(
    (severity) => ({ id: 'LUCKY13', severity, finding: 'CBC' }),
  );
  assert.deepEqual(
    testssl(...found),
    ['MEDIUM', 'HIGH', 'CRITICAL', 'FATAL'].map((severity) => `LUCKY13: CBC (${severity})`),
  );
});

test('testssl: what is left out is left out, by its whole name', () => {
  const one = (id) => testssl({ id, severity: 'HIGH', finding: 'x' });
  assert.deepEqual(one('BREACH'), []);
  assert.deepEqual(one('cert_revocation'), []);
  assert.deepEqual(one('cert_revocation <hostCert#1>'), []);
  assert.deepEqual(one('BREACHED'), ['BREACHED: x (HIGH)']);
  assert.deepEqual(one('cert_keySize'), ['cert_keySize: x (HIGH)']);
});
