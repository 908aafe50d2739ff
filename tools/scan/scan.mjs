// SPDX-License-Identifier: Apache-2.0
// node tools/scan/scan.mjs FOLDER: a strict server with a throwaway certificate, both scanners, one
// line for each fault. Exit 1 when there is any.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Authority } from '../../tests/contract/lib/authority.mjs';
import { startSecure } from '../../tests/contract/lib/secure.mjs';
import { kLeftOut } from './findings.mjs';
import { sslscan, testssl } from './scanners.mjs';

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const authority = new Authority();
let faults = 0;
try {
  for (const kind of ['ecdsa', 'rsa']) {
    const server = await startSecure(authority, { kind });
    try {
      const into = join(folder, kind);
      mkdirSync(into, { recursive: true });
      for (const [name, scan] of Object.entries({
        sslscan: () => sslscan(into, server.port),
        testssl: () => testssl(into, server.port, authority.certificate),
      })) {
        const found = await scan();
        faults += found.length;
        console.log(`  ${name}, certificate of ${kind}: ${found.length} faults`);
        for (const fault of found) console.log(`    ${fault}`);
      }
    } finally {
      await server.stop();
    }
  }
} finally {
  authority.close();
}
for (const [id, why] of Object.entries(kLeftOut)) console.log(`\n  ${id} is left out: ${why}.`);
console.log(`\n  Everything they said: ${folder}`);
process.exitCode = faults === 0 ? 0 : 1;
