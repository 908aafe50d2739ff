// SPDX-License-Identifier: Apache-2.0
// A strict server with TLS of its own, whose certificate a throwaway authority has signed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stillroom } from './stillroom.mjs';

/** `server.files` are its chain and its key. */
export async function startSecure(authority, { kind = 'ecdsa', settings = {} } = {}) {
  const { serial, chain, key } = authority.issue({ kind, days: 120 });
  const at = (name) => join(authority.folder, `${serial}-${name}`);
  const files = { chain: at('fullchain.pem'), key: at('privkey.pem') };
  writeFileSync(files.chain, chain);
  writeFileSync(files.key, key);
  const server = await Stillroom.startStrict({
    STILLROOM_TLS_CERTIFICATE: files.chain,
    STILLROOM_TLS_KEY: files.key,
    STILLROOM_SECURITY_ALLOW_NON_BROWSER: 'true',
    ...settings,
  });
  return Object.assign(server, { files });
}
